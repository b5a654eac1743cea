"""Writes variant-inference.json: standard errors of ridge, robust and constrained fits, and Wald's F.

    python make_variant_inference_fixture.py > variant-inference.json

The data are those of variants.json. Huber's errors and the F statistics are statsmodels' (0.15.0), the others
are written down from their definitions with numpy 2.4.6 and scipy 1.17.1.
"""
import json
import pathlib

import numpy as np
import statsmodels.api as sm
from scipy import stats

data = json.loads((pathlib.Path(__file__).parent / "variants.json").read_text())
x, y, w = np.array(data["x"]), np.array(data["y"]), np.array(data["weights"])
design = sm.add_constant(x)
new = np.round(x[:3] + [0.5, -1, 0.25, 2], 3)
n, k = design.shape


def ridge(penalty, weights, intercept):
    a = design if intercept else x
    root = np.sqrt(np.ones(n) if weights is None else weights)
    a, b = a * root[:, None], y * root
    p = np.eye(a.shape[1])
    if intercept:
        p[0, 0] = 0
    inverse = np.linalg.inv(a.T @ a + penalty * p)
    hat = a @ inverse @ a.T
    beta = inverse @ a.T @ b
    rest = b - hat @ b
    freedom = n - np.trace(2 * hat - hat @ hat.T)
    variance = rest @ rest / freedom
    covariance = variance * inverse @ a.T @ a @ inverse
    errors = np.sqrt(np.diag(covariance))
    points = sm.add_constant(new, has_constant="add") if intercept else new
    mean = np.sqrt(np.einsum("ij,jk,ik->i", points, covariance, points))
    spread = np.sqrt(np.diag(np.eye(n) - 2 * hat + hat @ hat.T) * variance)
    # Leaving each row out, with the penalty kept.
    press = 0.0
    for row in range(n):
        keep = np.arange(n) != row
        beta_without = np.linalg.solve(a[keep].T @ a[keep] + penalty * p, a[keep].T @ b[keep])
        press += float((b[row] - a[row] @ beta_without) ** 2)
    return {
        "penalty": penalty, "weighted": weights is not None, "intercept": intercept,
        "estimates": beta.tolist(), "errors": errors.tolist(),
        "p": (2 * stats.t.sf(np.abs(beta / errors), freedom)).tolist(), "freedom": float(freedom),
        "sigma": float(np.sqrt(variance)), "meanErrors": mean.tolist(),
        "leverage": np.diag(hat).tolist(), "standardized": (rest / spread).tolist(), "press": press,
    }


def huber(weights):
    root = np.sqrt(np.ones(n) if weights is None else weights)
    fit = sm.RLM(y * root, design * root[:, None], M=sm.robust.norms.HuberT(1.345)).fit(
        maxiter=500, tol=1e-14, conv="coefs", cov="H1")
    return {"estimates": fit.params.tolist(), "errors": fit.bse.tolist(), "scale": float(fit.scale)}


def power(gamma):
    start = np.linalg.lstsq(design, y, rcond=None)[0]
    beta = start
    for _ in range(200):
        rest = y - design @ beta
        slope = design.T @ (np.sign(rest) * np.abs(rest) ** (gamma - 1))
        curvature = design.T @ ((gamma - 1) * np.abs(rest) ** (gamma - 2) * design.T).T
        beta = beta + np.linalg.solve(curvature, slope) * (0.5 if _ < 50 else 1)
    rest = y - design @ beta
    psi = np.abs(rest) ** (gamma - 1)
    derivative = (gamma - 1) * np.abs(rest) ** (gamma - 2)
    correction = 1 + k / n * np.var(derivative) / np.mean(derivative) ** 2
    covariance = (correction**2 * np.sum(psi**2) / (n - k) / np.mean(derivative) ** 2
                  * np.linalg.inv(design.T @ design))
    return {"gamma": gamma, "estimates": beta.tolist(), "errors": np.sqrt(np.diag(covariance)).tolist()}


def constrained(weights):
    c, d = np.array(data["constraints"]), np.array(data["values"])
    root = np.sqrt(np.ones(n) if weights is None else weights)
    a, b = design * root[:, None], y * root
    system = np.block([[a.T @ a, c.T], [c, np.zeros((2, 2))]])
    inverse = np.linalg.inv(system)
    beta = (inverse @ np.concatenate([a.T @ b, d]))[:k]
    rest = b - a @ beta
    variance = rest @ rest / (n - k + 2)
    errors = np.sqrt(variance * np.diag(inverse)[:k])
    test = sm.OLS(b, a).fit().f_test((c, d))
    return {"estimates": beta.tolist(), "errors": errors.tolist(), "f": float(test.fvalue), "p": float(test.pvalue),
            "leverage": np.diag(a @ inverse[:k, :k] @ a.T).tolist()}


def wald(weights, intercept):
    a = design if intercept else x
    model = sm.OLS(y, a) if weights is None else sm.WLS(y, a, weights=weights)
    fits = [model.fit().get_robustcov_results(kind) for kind in ["HC0", "HC1", "HC2", "HC3"]]
    return {"weighted": weights is not None, "intercept": intercept,
            "f": [float(np.squeeze(fit.fvalue)) for fit in fits], "p": [float(np.squeeze(fit.f_pvalue)) for fit in fits]}


print(json.dumps({
    "new": new.tolist(),
    "ridge": [ridge(l, v, i) for l in [0.5, 20.0] for v in [None, w] for i in [True, False]],
    "huber": [huber(None), huber(w)],
    "power": [power(2.5), power(4.0)],
    "constrained": [constrained(None), constrained(w)],
    "wald": [wald(v, i) for v in [None, w] for i in [True, False]],
}))
