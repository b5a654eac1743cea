"""Writes inference.json: what statsmodels says about small regressions.

    python make_inference_fixture.py > inference.json

Made with statsmodels 0.15.0 and numpy 2.4.6. AIC and BIC are converted to R's convention, which counts the
variance as a parameter.
"""
import json

import numpy as np
import statsmodels.api as sm
from statsmodels.stats.outliers_influence import variance_inflation_factor


def case(name, x, y, weights, intercept, new):
    design = sm.add_constant(x) if intercept else x
    model = sm.WLS(y, design, weights=weights) if weights is not None else sm.OLS(y, design)
    fit = model.fit()
    n, k = len(y), design.shape[1]
    w = np.ones(n) if weights is None else weights
    influence = sm.OLS(np.sqrt(w) * y, design * np.sqrt(w)[:, None]).fit().get_influence()
    frame = fit.get_prediction(sm.add_constant(new, has_constant="add") if intercept else new)
    frame = frame.summary_frame(alpha=0.1)
    vif = [variance_inflation_factor(design, i) for i in range(1 if intercept else 0, k)]
    return {
        "name": name,
        "x": x.tolist(),
        "y": y.tolist(),
        "weights": None if weights is None else weights.tolist(),
        "intercept": intercept,
        "new": new.tolist(),
        "params": fit.params.tolist(),
        "bse": fit.bse.tolist(),
        "t": fit.tvalues.tolist(),
        "p": fit.pvalues.tolist(),
        "interval": fit.conf_int(0.05).tolist(),
        "rsquared": fit.rsquared,
        "adjusted": fit.rsquared_adj,
        "sigma": float(np.sqrt(fit.mse_resid)),
        "f": fit.fvalue,
        "fp": fit.f_pvalue,
        "llf": fit.llf,
        "aic": fit.aic + 2,
        "bic": fit.bic + float(np.log(n)),
        "condition": float(np.linalg.cond(design)),
        "hc": [fit.HC0_se.tolist(), fit.HC1_se.tolist(), fit.HC2_se.tolist(), fit.HC3_se.tolist()],
        "vif": None if weights is not None else vif,
        "leverage": influence.hat_matrix_diag.tolist(),
        "standardized": influence.resid_studentized_internal.tolist(),
        "studentized": influence.resid_studentized_external.tolist(),
        "cooks": influence.cooks_distance[0].tolist(),
        "press": float(np.sum(influence.resid_press**2)),
        "mean": frame["mean"].tolist(),
        "mean_se": frame["mean_se"].tolist(),
        "mean_interval": frame[["mean_ci_lower", "mean_ci_upper"]].values.tolist(),
        "obs_interval": frame[["obs_ci_lower", "obs_ci_upper"]].values.tolist(),
    }


def main():
    rng = np.random.default_rng(7)
    x = np.round(rng.normal(size=(24, 3)) * [1, 10, 0.1] + [0, 50, 1], 3)
    x[:, 2] += np.round(x[:, 0] * 0.08, 3)
    y = np.round(3 + x @ [1.5, -0.2, 4] + rng.normal(size=24) * (0.5 + np.abs(x[:, 0])), 3)
    w = np.round(rng.uniform(0.2, 3, size=24), 2)
    new = np.round(rng.normal(size=(4, 3)) * [1, 10, 0.1] + [0, 50, 1], 3)
    cases = [
        case("plain", x, y, None, True, new),
        case("weighted", x, y, w, True, new),
        case("no intercept", x, y, None, False, new),
        case("weighted, no intercept", x, y, w, False, new),
    ]
    print(json.dumps(cases, indent=None))


main()
