"""Writes scaler.json: columns of numbers with their exact mean and standard deviation, and whether scikit-learn's
StandardScaler takes them for constant.

    python3 make_scaler_fixture.py        # needs numpy and scikit-learn
"""
import json
import os
from fractions import Fraction
from math import isqrt

import numpy as np
from sklearn.preprocessing import StandardScaler

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(5)
n = 50


def square_root(x):
    """The double nearest to the root of a fraction, but for a rounding of 2^-60."""
    if x == 0:
        return 0.0
    shift = 200 + 2 * abs(x.numerator.bit_length() - x.denominator.bit_length())
    return float(Fraction(isqrt((x.numerator << (2 * shift)) // x.denominator), 1 << shift))


columns = {
    "ordinary": rng.standard_normal(n),
    "far from zero": 1e8 + rng.standard_normal(n),
    "nanometres": 1e-9 * rng.standard_normal(n),
    "large": 1e150 * rng.standard_normal(n),
    "small": 1e-160 * rng.standard_normal(n),
    "zero": np.zeros(n),
    "constant": np.full(n, 0.1),
    "constant, large": np.full(n, 1e10 / 3),
    "constant but for rounding": np.full(n, 0.3) * (1 + np.finfo(float).eps * rng.integers(0, 2, n)),
    "nearly constant": np.append(np.zeros(n - 1), 1.0),
    "nearly constant, far from zero": 1e6 + np.append(np.zeros(n - 1), 1e-3),
    "bytes": rng.integers(0, 256, n).astype(float),
}
matrix = np.column_stack(list(columns.values()))
with np.errstate(all="ignore"):
    scaler = StandardScaler().fit(matrix)
fixture = []
for i, (name, values) in enumerate(columns.items()):
    exact = [Fraction(float(v)) for v in values]
    mean = sum(exact) / n
    variance = sum((v - mean) ** 2 for v in exact) / n
    is_constant = bool(scaler.scale_[i] == 1.0 and abs(square_root(variance) - 1) > 1e-3)
    if name == "small":
        is_constant = False  # scikit-learn's variance underflows to 0 here; the spread is real.
    fixture.append({"name": name, "values": values.tolist(), "mean": float(mean),
                    "standardDeviation": square_root(variance), "isConstant": is_constant})
    print(name, float(mean), square_root(variance), is_constant)

temporary = os.path.join(here, "scaler.json.part")
with open(temporary, "w") as file:
    json.dump(fixture, file, separators=(",", ":"))
    file.write("\n")
os.replace(temporary, os.path.join(here, "scaler.json"))
