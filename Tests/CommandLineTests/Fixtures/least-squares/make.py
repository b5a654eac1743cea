"""Makes houses.csv and the figures of statsmodels for it, houses.json.

Needs numpy, pandas, statsmodels and patsy; writes beside itself.
"""
import json
import pathlib

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from sklearn.linear_model import Ridge

here = pathlib.Path(__file__).parent
random = np.random.default_rng(20)
n = 24
table = pd.DataFrame({
    "size, m2": random.uniform(30, 200, n).round(1),
    "age": random.integers(0, 90, n),
    "region": random.choice(["north", "south", "east"], n),
    "weight": random.integers(1, 5, n),
})
table["price"] = (
    40 + 2.5 * table["size, m2"] - 0.3 * table["age"]
    + table["region"].map({"north": 20, "south": 0, "east": -15}) + random.normal(0, 12, n)
).round(2)
table["rent"] = (3 + 0.07 * table["size, m2"] + random.normal(0, 0.5, n)).round(3)
# As spreadsheets write it: byte order mark, CR LF, a name with a comma in quotes.
table.to_csv(here / "houses.csv", index=False, encoding="utf-8-sig", lineterminator="\r\n")

new = pd.DataFrame({"age": [10, 80], "region": ["south", "north"], "size, m2": [55.5, 150.0]})
new.to_csv(here / "new.csv", index=False)

plain = table.rename(columns={"size, m2": "size"})
new = new.rename(columns={"size, m2": "size"})
formula = "price ~ size + age + region"


def report(fit):
    interval = fit.conf_int(0.1)
    return {
        "estimate": list(fit.params), "standardError": list(fit.bse), "t": list(fit.tvalues),
        "p": list(fit.pvalues), "lower": list(interval[0]), "upper": list(interval[1]),
    }


def in_order(fit):
    # patsy puts categories first.
    order = ["Intercept", "size", "age", "region[T.north]", "region[T.south]"]
    return {key: [dict(zip(fit.params.index, values))[name] for name in order]
            for key, values in report(fit).items()}


ordinary = smf.ols(formula, plain).fit()
weighted = smf.wls(formula, plain, weights=plain["weight"]).fit()
robust = smf.ols(formula, plain).fit(cov_type="HC3", use_t=True)
influence = ordinary.get_influence()
prediction = ordinary.get_prediction(new).summary_frame(alpha=0.1)
square = smf.ols("rent ~ size + I(size**2)", plain).fit()
ridge = Ridge(alpha=7.5, solver="svd").fit(plain[["size", "age"]], plain["price"])

json.dump({
    "ordinary": in_order(ordinary), "weighted": in_order(weighted), "robust": in_order(robust),
    "square": report(square),
    "fit": {
        "rSquared": ordinary.rsquared, "adjustedRSquared": ordinary.rsquared_adj,
        "residualStandardError": float(np.sqrt(ordinary.scale)), "fStatistic": ordinary.fvalue,
        "fPValue": ordinary.f_pvalue, "logLikelihood": ordinary.llf,
        # The variance counts as a parameter, as in R.
        "aic": ordinary.aic + 2,
        "bic": ordinary.bic + float(np.log(n)),
        "conditionNumber": ordinary.condition_number,
        "predictedResidualSumOfSquares": float(np.sum(influence.resid_press ** 2)),
    },
    "rows": {
        "fitted": list(ordinary.fittedvalues), "residual": list(ordinary.resid),
        "leverage": list(influence.hat_matrix_diag),
        "standardized": list(influence.resid_studentized_internal),
        "studentized": list(influence.resid_studentized_external),
        "cooksDistance": list(influence.cooks_distance[0]),
    },
    "predictions": {
        "prediction": list(prediction["mean"]), "standardError": list(prediction["mean_se"]),
        "confidenceLower": list(prediction["mean_ci_lower"]),
        "confidenceUpper": list(prediction["mean_ci_upper"]),
        "predictionLower": list(prediction["obs_ci_lower"]),
        "predictionUpper": list(prediction["obs_ci_upper"]),
    },
    "ridge": [ridge.intercept_, *ridge.coef_],
}, open(here / "houses.json", "w"), indent=1)
