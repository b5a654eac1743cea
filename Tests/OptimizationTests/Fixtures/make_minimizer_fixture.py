"""Writes minimizers.json: values, gradients, minima and SciPy's L-BFGS-B counts of the test functions.

The formulas are written here a second time, independently of the Swift ones; gradients are by complex steps, exact to
rounding. Run with Python 3, NumPy and SciPy:  python3 make_minimizer_fixture.py
"""
import json
import os

import numpy as np
import scipy
from scipy.optimize import least_squares, minimize

np.seterr(all="ignore")
exp, sin, cos, sqrt, pi = np.exp, np.sin, np.cos, np.sqrt, np.pi


def helical(x):
    turn = np.arctan(x[1] / x[0]) / (2 * pi) + (0.5 if x[0].real < 0 else 0)
    return [10 * (x[2] - 10 * turn), 10 * (sqrt(x[0] ** 2 + x[1] ** 2) - 1), x[2]]


def bard(x):
    y = [.14, .18, .22, .25, .29, .32, .35, .39, .37, .58, .73, .96, 1.34, 2.10, 4.39]
    return [y[i - 1] - (x[0] + i / ((16 - i) * x[1] + min(i, 16 - i) * x[2])) for i in range(1, 16)]


def gaussian(x):
    y = [.0009, .0044, .0175, .0540, .1295, .2420, .3521, .3989, .3521, .2420, .1295, .0540, .0175, .0044, .0009]
    return [x[0] * exp(-x[1] * ((8 - i) / 2 - x[2]) ** 2 / 2) - y[i - 1] for i in range(1, 16)]


def meyer(x):
    y = [34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872]
    return [x[0] * exp(x[1] / (45 + 5 * i + x[2])) - y[i - 1] for i in range(1, 17)]


def box(x):
    t = np.arange(1, 11) / 10
    return exp(-t * x[0]) - exp(-t * x[1]) - x[2] * (exp(-t) - exp(-10 * t))


def wood(x):
    return [10 * (x[1] - x[0] ** 2), 1 - x[0], sqrt(90) * (x[3] - x[2] ** 2), 1 - x[2],
            sqrt(10) * (x[1] + x[3] - 2), (x[1] - x[3]) / sqrt(10)]


def kowalik(x):
    y = np.array([.1957, .1947, .1735, .1600, .0844, .0627, .0456, .0342, .0323, .0235, .0246])
    u = np.array([4, 2, 1, .5, .25, .167, .125, .1, .0833, .0714, .0625])
    return y - x[0] * (u ** 2 + u * x[1]) / (u ** 2 + u * x[2] + x[3])


def brown_dennis(x):
    t = np.arange(1, 21) / 5
    return (x[0] + t * x[1] - exp(t)) ** 2 + (x[2] + x[3] * sin(t) - cos(t)) ** 2


def biggs(x):
    t = np.arange(1, 14) / 10
    y = exp(-t) - 5 * exp(-10 * t) + 3 * exp(-4 * t)
    return x[2] * exp(-t * x[0]) - x[3] * exp(-t * x[1]) + x[5] * exp(-t * x[4]) - y


def variably(x):
    s = np.sum(np.arange(1, 11) * (x - 1))
    return [*(x - 1), s, s ** 2]


def trigonometric(x):
    return 10 - np.sum(cos(x)) + np.arange(1, 11) * (1 - cos(x)) - sin(x)


def broyden3(x):
    left, right = np.concatenate([[0], x[:-1]]), np.concatenate([x[1:], [0]])
    return (3 - 2 * x) * x - left - 2 * right + 1


def broyden_banded(x):
    return [x[i] * (2 + 5 * x[i] ** 2) + 1
            - sum(x[j] * (1 + x[j]) for j in range(max(0, i - 5), min(9, i + 1) + 1) if j != i) for i in range(10)]


def branin(x):
    return ((x[1] - 5.1 / (4 * pi ** 2) * x[0] ** 2 + 5 / pi * x[0] - 6) ** 2
            + 10 * (1 - 1 / (8 * pi)) * cos(x[0]) + 10)


def mccormick(x):
    return sin(x[0] + x[1]) + (x[0] - x[1]) ** 2 - 1.5 * x[0] + 2.5 * x[1] + 1


SQUARES = [
    ("Rosenbrock", [-1.2, 1], lambda x: [10 * (x[1] - x[0] ** 2), 1 - x[0]]),
    ("Freudenstein-Roth", [.5, -2], lambda x: [-13 + x[0] + ((5 - x[1]) * x[1] - 2) * x[1],
                                               -29 + x[0] + ((x[1] + 1) * x[1] - 14) * x[1]]),
    ("Powell badly scaled", [0, 1], lambda x: [1e4 * x[0] * x[1] - 1, exp(-x[0]) + exp(-x[1]) - 1.0001]),
    ("Brown badly scaled", [1, 1], lambda x: [x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2]),
    ("Beale", [1, 1], lambda x: [y - x[0] * (1 - x[1] ** (i + 1)) for i, y in enumerate([1.5, 2.25, 2.625])]),
    ("Jennrich-Sampson", [.3, .4], lambda x: [2 + 2 * i - (exp(i * x[0]) + exp(i * x[1])) for i in range(1, 11)]),
    ("Helical valley", [-1, 0, 0], helical), ("Bard", [1, 1, 1], bard), ("Gaussian", [.4, 1, 0], gaussian),
    ("Meyer", [.02, 4000, 250], meyer), ("Box", [0, 10, 20], box),
    ("Powell singular", [3, -1, 0, 1], lambda x: [x[0] + 10 * x[1], sqrt(5) * (x[2] - x[3]),
                                                  (x[1] - 2 * x[2]) ** 2, sqrt(10) * (x[0] - x[3]) ** 2]),
    ("Wood", [-3, -1, -3, -1], wood), ("Kowalik-Osborne", [.25, .39, .415, .39], kowalik),
    ("Brown-Dennis", [25, 5, -5, -1], brown_dennis), ("Biggs EXP6", [1, 2, 1, 1, 1, 1], biggs),
    ("Penalty I", [1, 2, 3, 4], lambda x: [*(sqrt(1e-5) * (x - 1)), np.sum(x ** 2) - .25]),
    ("Variably dimensioned", [1 - i / 10 for i in range(1, 11)], variably),
    ("Trigonometric", [.1] * 10, trigonometric),
    ("Brown almost-linear", [.5] * 10, lambda x: [*(x[:-1] + np.sum(x) - 11), np.prod(x) - 1]),
    ("Broyden tridiagonal", [-1] * 10, broyden3), ("Broyden banded", [-1] * 10, broyden_banded),
    ("Himmelblau", [0, 0], lambda x: [x[0] ** 2 + x[1] - 11, x[0] + x[1] ** 2 - 7]),
    ("Booth", [0, 0], lambda x: [x[0] + 2 * x[1] - 7, 2 * x[0] + x[1] - 5]),
]


def rosenbrock1000(x):
    a, b = x[0::2], x[1::2]
    gradient = np.empty_like(x)
    gradient[0::2] = -400 * (b - a ** 2) * a - 2 * (1 - a)
    gradient[1::2] = 200 * (b - a ** 2)
    return np.sum(100 * (b - a ** 2) ** 2 + (1 - a) ** 2), gradient


ZERO = ["Rosenbrock", "Freudenstein-Roth", "Powell badly scaled", "Brown badly scaled", "Beale", "Helical valley", "Box",
        "Powell singular", "Wood", "Biggs EXP6", "Variably dimensioned", "Trigonometric", "Brown almost-linear",
        "Broyden tridiagonal", "Broyden banded", "Himmelblau", "Booth", "Rosenbrock 1000"]


def with_gradient(f):
    def both(x):
        x = np.asarray(x, float)
        gradient = np.empty(len(x))
        for i in range(len(x)):
            z = x.astype(complex)
            z[i] += 1e-30j
            gradient[i] = f(z).imag / 1e-30
        return float(f(x)), gradient
    return both


def run(name, start, both, residuals=None):
    start = np.asarray(start, float)
    value, gradient = both(start)
    # SciPy's own defaults, written out.
    result = minimize(both, start, jac=True, method="L-BFGS-B",
                      options=dict(maxcor=10, ftol=2.220446049250313e-09, gtol=1e-5, maxfun=15000, maxiter=15000))
    minima = {0.0} if name in ZERO else set()
    if residuals:
        def jacobian(x):
            columns = []
            for i in range(len(x)):
                z = np.asarray(x, complex)
                z[i] += 1e-30j
                columns.append(np.imag(np.asarray(residuals(z))) / 1e-30)
            return np.array(columns).T
        # The minimum in whose valley L-BFGS-B ended, and the one that Levenberg-Marquardt finds from the start.
        for begin in [result.x, start]:
            best = least_squares(lambda x: np.asarray(residuals(x), float), begin, jac=jacobian, method="lm",
                                 xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=100000)
            if np.max(np.abs(best.grad)) < 1e-6 * max(1, 2 * best.cost):
                minima.add(0.0 if 2 * best.cost < 1e-20 else 2 * best.cost)
    # And the one that BFGS polishes L-BFGS-B's answer to, if it gets to the bottom.
    tight = minimize(both, result.x, jac=True, method="BFGS", options=dict(gtol=1e-11, maxiter=10000))
    if np.max(np.abs(tight.jac)) < 1e-7:
        minima.add(0.0 if abs(tight.fun) < 1e-15 else float(tight.fun))
    return dict(name=name, parameters=len(start), startValue=value,
                startGradient=list(gradient) if len(start) <= 10 else [], minima=sorted(map(float, minima)),
                scipy=dict(evaluations=int(result.nfev), iterations=int(result.nit), value=float(result.fun)))


cases = []
for name, start, residuals in SQUARES:
    def squares(x, residuals=residuals):
        return np.sum(np.asarray(residuals(x)) ** 2)
    cases.append(run(name, start, with_gradient(squares), residuals))
cases.append(run("Branin", [2.5, 7.5], with_gradient(branin)))
cases.append(run("McCormick", [-.5, -1], with_gradient(mccormick)))
cases.append(run("Rosenbrock 1000", [-1.2, 1] * 500, rosenbrock1000))
# Boxes that cut the minimum off, with the answer of L-BFGS-B run to the end.
BOXES = [("Rosenbrock", -2, .5), ("Rosenbrock", -.5, .9), ("Beale", .6, 2), ("Helical valley", -2, -.1),
         ("Wood", .2, .9), ("Powell singular", .5, 4), ("Box", 1, 8), ("Broyden tridiagonal", -.5, 3),
         ("Trigonometric", .05, .3), ("Himmelblau", 0, 2.5), ("Variably dimensioned", .2, .8),
         ("Brown-Dennis", -4, 4), ("Kowalik-Osborne", .1, .4), ("Bard", 1, 3)]
boxes = []
for name, low, high in BOXES:
    start, residuals = next((start, residuals) for other, start, residuals in SQUARES if other == name)
    both = with_gradient(lambda x, residuals=residuals: np.sum(np.asarray(residuals(x)) ** 2))
    answer = minimize(both, np.clip(np.asarray(start, float), low, high), jac=True, method="L-BFGS-B",
                      bounds=[(low, high)] * len(start), options=dict(ftol=1e-16, gtol=1e-11, maxiter=100000))
    boxes.append(dict(name=name, lower=low, upper=high, value=float(answer.fun), point=list(answer.x)))
    print(name, low, high, answer.fun, answer.x, answer.nfev)

folder = os.path.dirname(os.path.abspath(__file__))
target = os.path.join(folder, "minimizers.json")
with open(target + ".tmp", "w") as file:
    json.dump(dict(scipy=scipy.__version__, numpy=np.__version__, cases=cases, boxes=boxes), file, indent=1)
os.replace(target + ".tmp", target)
for case in cases:
    print(case["name"], case["startValue"], case["minima"], case["scipy"])
