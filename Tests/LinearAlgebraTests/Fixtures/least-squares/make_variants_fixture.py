"""Writes variants.json: ridge, robust, non-negative and constrained fits of one data set.

    python make_variants_fixture.py > variants.json

Made with numpy 2.4.6, scipy 1.17.1, scikit-learn and statsmodels 0.15.0.
"""
import json

import numpy as np
import statsmodels.api as sm
from scipy.linalg import lapack
from scipy.optimize import minimize, nnls
from sklearn.linear_model import Ridge


def main():
    rng = np.random.default_rng(11)
    x = np.round(rng.normal(size=(30, 4)) @ np.diag([1, 3, 0.5, 2]) + [0, 10, -2, 5], 3)
    y = np.round(x @ [2, -1, 0.5, 0.25] + 4 + rng.standard_t(2, size=30), 3)
    w = np.round(rng.uniform(0.3, 2, size=30), 2)
    design = sm.add_constant(x)
    ridge = []
    for penalty in [0.1, 10.0]:
        for weights in [None, w]:
            for intercept in [True, False]:
                fit = Ridge(penalty, fit_intercept=intercept, solver="svd").fit(x, y, weights)
                ridge.append({
                    "penalty": penalty, "weighted": weights is not None, "intercept": intercept,
                    "estimates": ([fit.intercept_] if intercept else []) + fit.coef_.tolist(),
                })
    # Generalized cross-validation by its definition.
    def score(log_penalty):
        penalty = np.exp(log_penalty)
        centred = x - x.mean(axis=0)
        hat = centred @ np.linalg.solve(centred.T @ centred + penalty * np.eye(4), centred.T) + 1 / 30
        return float(30 * np.sum((y - hat @ y) ** 2) / (30 - np.trace(hat)) ** 2)
    best = minimize(lambda v: score(v[0]), [0.0], method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-14})
    huber = sm.RLM(y, design, M=sm.robust.norms.HuberT(1.345)).fit(maxiter=500, tol=1e-14, conv="coefs")
    power = {}
    for exponent in [1.5, 3.0, 4.0]:
        start = np.linalg.lstsq(design, y, rcond=None)[0]
        loss = lambda b: np.sum(np.abs(y - design @ b) ** exponent)
        slope = lambda b: -exponent * design.T @ (
            np.sign(y - design @ b) * np.abs(y - design @ b) ** (exponent - 1))
        fit = minimize(loss, start, jac=slope, method="BFGS", options={"gtol": 1e-10, "maxiter": 5000})
        power[str(exponent)] = {"estimates": fit.x.tolist(), "loss": float(fit.fun)}
    positive, _ = nnls(x, y)
    c = np.array([[0.0, 1, 1, 0, 0], [0, 0, 0, 1, 2]])
    d = np.array([1.5, 1.0])
    constrained = lapack.dgglse(design.copy(), c.copy(), y.copy(), d.copy())[3]
    print(json.dumps({
        "x": x.tolist(), "y": y.tolist(), "weights": w.tolist(), "ridge": ridge,
        "bestScore": score(best.x[0]), "bestPenalty": float(np.exp(best.x[0])),
        "huber": huber.params.tolist(), "huberScale": huber.scale, "power": power,
        "nonNegative": positive.tolist(), "constraints": c.tolist(), "values": d.tolist(),
        "constrained": constrained.tolist(),
    }))


main()
