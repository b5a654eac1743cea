"""Writes distributions.json, probabilities of Student's and the normal distribution to 17 digits.

    python3 make_distribution_fixture.py      # needs mpmath and scipy; checks itself against scipy.stats

Computed with 40 to 60 digits: scipy's own last three digits differ between versions.
"""
import json
import os

from mpmath import betainc, erfc, inf, mp, mpf, sqrt
from scipy import stats

mp.dps = 50
here = os.path.dirname(os.path.abspath(__file__))


def upper_tail(nu, t):
    nu, t = mpf(nu), mpf(t)
    return betainc(nu / 2, mpf(1) / 2, 0, nu / (nu + t * t), regularized=True) / 2


student = []
for nu in (0.1, 0.5, 1, 2, 3, 4.5, 10, 29, 30, 100, 1000, 12345.5, 1e6):
    for t in (1e-8, 0.01, 0.3, 0.7, 1, 1.5, 2, 3, 5, 8, 12, 40, 1e3, 1e10):
        tail = upper_tail(nu, t)
        if tail < mpf(10) ** -250:
            continue
        reference = stats.t.sf(t, nu)
        assert abs(reference / float(tail) - 1) < 1e-8, (nu, t, reference, tail)
        student.append({"degreesOfFreedom": nu, "t": t, "upperTail": float(tail), "cumulative": float(1 - tail)})

normal = []
for z in (1e-8, 0.01, 0.3, 0.6744897501960817, 1, 1.959963984540054, 3, 5, 8, 20, 37):
    tail = erfc(mpf(z) / sqrt(2)) / 2
    assert abs(stats.norm.sf(z) / float(tail) - 1) < 1e-11
    normal.append({"t": z, "upperTail": float(tail), "cumulative": float(1 - tail)})

# The two-sided 95 % and 99 % points that tables print.
quantiles = [
    {"degreesOfFreedom": nu, "probability": p, "quantile": float(stats.t.ppf(p, nu))}
    for nu in (1, 2, 4, 9, 30, 100) for p in (0.975, 0.995, 0.6, 0.025)
]

with open(os.path.join(here, "distributions.json.partial"), "w") as file:
    json.dump({"student": student, "normal": normal, "quantiles": quantiles}, file, indent=1)
    file.write("\n")
os.replace(os.path.join(here, "distributions.json.partial"), os.path.join(here, "distributions.json"))
