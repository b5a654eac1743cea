"""Writes proximal.json: a small regression problem with the lasso's, elastic net's and non-negative answers.

Run with Python 3, NumPy, SciPy and scikit-learn:  python3 make_proximal_fixture.py
"""
import json
import os

import numpy as np
import scipy.optimize
import sklearn
from sklearn.linear_model import ElasticNet, Lasso

random = np.random.default_rng(7)
n, d = 30, 8
X = random.standard_normal((n, d)) @ (np.eye(d) + 0.4 * np.triu(np.ones((d, d)), 1))
y = X @ np.array([1.5, 0, 0, -2, 0, .5, 0, 0]) + 0.3 * random.standard_normal(n)
options = dict(fit_intercept=False, tol=1e-15, max_iter=1000000)
penalties = []
for alpha, ratio in [(0.01, 1), (0.1, 1), (0.5, 1), (0.1, 0.5), (0.3, 0.2), (1000, 1)]:
    model = Lasso(alpha=alpha, **options) if ratio == 1 else ElasticNet(alpha=alpha, l1_ratio=ratio, **options)
    beta = model.fit(X, y).coef_
    l1, l2 = alpha * ratio, alpha * (1 - ratio)
    value = np.sum((y - X @ beta) ** 2) / (2 * n) + l1 * np.sum(np.abs(beta)) + l2 * np.sum(beta ** 2) / 2
    penalties.append(dict(l1=l1, l2=l2, coefficients=list(beta), value=float(value)))
nonnegative, _ = scipy.optimize.nnls(X, y)
# The simplex and the ball, by a general method run to the end.
f = lambda b: np.sum((y - X @ b) ** 2) / (2 * n)
g = lambda b: X.T @ (X @ b - y) / n
start = np.full(d, 1 / d)
simplex = scipy.optimize.minimize(f, start, jac=g, method="SLSQP", bounds=[(0, None)] * d, tol=1e-16,
                                  constraints=dict(type="eq", fun=lambda b: np.sum(b) - 1, jac=lambda b: np.ones(d)))
# On the ball's surface (XᵀX/n + μ I) b = Xᵀy/n with ‖b‖ = 1: one equation for μ.
at = lambda mu: np.linalg.solve(X.T @ X / n + mu * np.eye(d), X.T @ y / n)
mu = scipy.optimize.brentq(lambda mu: np.linalg.norm(at(mu)) - 1, 0, 1000, xtol=1e-15)
folder = os.path.dirname(os.path.abspath(__file__))
target = os.path.join(folder, "proximal.json")
with open(target + ".tmp", "w") as file:
    json.dump(dict(sklearn=sklearn.__version__, features=X.tolist(), targets=y.tolist(), penalties=penalties,
                   nonnegative=list(nonnegative), simplex=list(simplex.x), simplexValue=float(simplex.fun),
                   ball=list(at(mu))), file, indent=1)
os.replace(target + ".tmp", target)
