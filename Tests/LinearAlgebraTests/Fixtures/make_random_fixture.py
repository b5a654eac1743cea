"""Writes random.json, what NumPy's PCG64DXSM and a plain transcription of our documented draws give.

    python3 make_random_fixture.py        # needs numpy and scipy; checks itself against scipy's ndtri

Doubles are written as their 64 bits in hexadecimal, so that they are exact.
"""
import json
import math
import os
import struct

import numpy as np
from scipy.special import ndtri

here = os.path.dirname(os.path.abspath(__file__))


def bits(x):
    return format(struct.unpack("<Q", struct.pack("<d", float(x)))[0], "016x")


def raw(bit_generator, count):
    return [format(int(v), "016x") for v in bit_generator.random_raw(count)]


class Draws:
    """The documented draws, in Python's integers and IEEE doubles."""

    def __init__(self, seed):
        self.generator = np.random.PCG64DXSM(seed)

    def next(self):
        return int(self.generator.random_raw())

    def integer(self, bound):
        product = self.next() * bound
        while product % 2**64 < 2**64 % bound:
            product = self.next() * bound
        return product >> 64

    def permutation(self, count):
        order = list(range(count))
        for i in range(count - 1, 0, -1):
            j = self.integer(i + 1)
            order[i], order[j] = order[j], order[i]
        return order

    def normal(self):
        k = self.next() >> 11
        if k >= 2**52:
            k -= 2**53
        return k, quantile(k)


def log(x):
    m, e = math.frexp(x)
    m, e = 2 * m, e - 1
    if m > 1.4142135623730951:
        m, e = m / 2, e + 1
    s = (m - 1) / (m + 1)
    series = 0.0
    for n in range(21, 2, -2):
        series = (series + 1 / n) * (s * s)
    high, low = float.fromhex("0x1.62e42feep-1"), float.fromhex("0x1.a39ef35793c76p-33")
    return e * high + (2 * s + (2 * s * series + e * low))


def horner(c, x):
    value = c[-1]
    for a in reversed(c[:-1]):
        value = value * x + a
    return value


# AS 241, PPND16, constant term first.
CENTRE = (
    [3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
     4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3],
    [1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3])
MIDDLE = (
    [1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
     1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4],
    [1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9])
TAIL = (
    [6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
     2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7],
    [1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15])


def quantile(k):
    q = (k + 0.5) * 2.0**-53
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * horner(CENTRE[0], r) / horner(CENTRE[1], r)
    r = math.sqrt(-log(0.5 - abs(q)))
    num, den, shift = (*MIDDLE, 1.6) if r <= 5 else (*TAIL, 5)
    value = horner(num, r - shift) / horner(den, r - shift)
    return -value if q < 0 else value


def check_against_scipy(k):
    expected = ndtri(0.5 - abs((k + 0.5) * 2.0**-53)) * (1 if k < 0 else -1)
    # Near the median ndtri sees u rounded to a double; the absolute error of that is below 3e-16.
    assert abs(quantile(k) - expected) <= 2e-15 * abs(expected) + 3e-16, (k, quantile(k), expected)


seeds = [0, 1, 42, 2**32 - 1, 2**32, 2**63, 2**64 - 1]
edges = [0, -1, 1, 2**52 - 1, -(2**52), 2**51, -(2**51), int(0.425 * 2**53), int(0.425 * 2**53) + 1,
         2**52 - 2, 2**52 - 100, 2**52 - 125000, 2**52 - 126000, 2**52 - 2**30]
rng = np.random.default_rng(1)
quantiles = edges + [int(v) for v in rng.integers(-(2**52), 2**52, 200)]
for k in quantiles:
    check_against_scipy(k)

draws = Draws(7)
fixture = {
    "raw": [{"seed": str(s), "values": raw(np.random.PCG64DXSM(s), 20)} for s in seeds],
    "unit": [{"seed": str(s), "values": [bits(v) for v in np.random.Generator(np.random.PCG64DXSM(s)).random(20)]}
             for s in seeds],
    "advanced": [{"seed": "42", "count": str(n), "values": raw(np.random.PCG64DXSM(42).advance(n), 5)}
                 for n in [0, 1, 2, 3, 1000, 2**64, 2**64 + 12345, 2**127, 2**128 - 1]],
    "jumped": [{"seed": "42", "jumps": j, "values": raw(np.random.PCG64DXSM(42).jumped(j), 5)}
               for j in [0, 1, 2, 3, 10, 1000]],
    "integers": [{"seed": "7", "bound": str(b), "values": [str(d.integer(b)) for _ in range(40)]}
                 for b in [1, 2, 3, 10, 60000, 2**31, 2**62 + 1, 3 * 2**61, 2**63 - 1] for d in [Draws(7)]],
    "permutations": [{"seed": str(s), "order": Draws(s).permutation(n)}
                     for s, n in [(0, 0), (0, 1), (0, 2), (1, 10), (42, 257)]],
    "normal": [{"seed": str(s), "values": [bits(d.normal()[1]) for _ in range(100)]}
               for s in [0, 42] for d in [Draws(s)]],
    "quantiles": [{"k": str(k), "value": bits(quantile(k))} for k in quantiles],
}

temporary = os.path.join(here, "random.json.part")
with open(temporary, "w") as file:
    json.dump(fixture, file, indent=0)
    file.write("\n")
os.replace(temporary, os.path.join(here, "random.json"))
