"""Writes the data and the coefficients that the tests of linear models compare with.

    python make_linear_fixtures.py

scikit-learn's solvers are run until their gradient is rounding error; statsmodels gives standard errors. Data sets are
those that scikit-learn carries; the digits are not written, since the package has them.
"""

import json
import warnings

import numpy as np
import sklearn
import statsmodels
import statsmodels.api as sm
from sklearn import datasets
from sklearn.linear_model import ElasticNet, LassoCV, LogisticRegression, enet_path
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

VERSIONS = {"scikit-learn": sklearn.__version__, "statsmodels": statsmodels.__version__}


def write(name, value):
    with open(name + ".json", "w") as file:
        json.dump(value, file, separators=(",", ":"))
        file.write("\n")


def table(name, features, target, names):
    with open(name + ".csv", "w") as file:
        file.write(",".join(names + ["target"]) + "\n")
        for row, y in zip(features, target):
            file.write(",".join(repr(float(v)) for v in row) + "," + str(y) + "\n")


def relative_gradient(model, x, y, weights, c, ratio=0.0):
    """Of the features as given and the mean loss; the largest component, against that at 0."""
    classes = np.unique(y)
    x1 = np.c_[x, np.ones(len(x))] if model.fit_intercept else x
    w = np.ones(len(x)) if weights is None else weights
    k = len(classes)

    def gradient(coef):
        z = x1 @ coef.T
        if len(coef) == 1:
            p = 1 / (1 + np.exp(-z[:, 0]))
            d = (p - (y == classes[1]))[:, None]
        else:
            z -= z.max(1, keepdims=True)
            p = np.exp(z)
            p /= p.sum(1, keepdims=True)
            d = p - (y[:, None] == classes[None])
        g = (d * w[:, None]).T @ x1
        penalty = np.zeros_like(coef)
        penalty[:, : x.shape[1]] = coef[:, : x.shape[1]] / c
        return g + penalty

    coef = np.c_[model.coef_, model.intercept_] if model.fit_intercept else model.coef_
    return float(abs(gradient(coef)).max() / abs(gradient(np.zeros_like(coef))).max())


def logistic():
    sets = {
        "iris": datasets.load_iris(return_X_y=True),
        "wine": datasets.load_wine(return_X_y=True),
        "breast-cancer": datasets.load_breast_cancer(return_X_y=True),
        "digits": datasets.load_digits(return_X_y=True),
    }
    x, target = datasets.load_diabetes(return_X_y=True, scaled=False)
    sets["diabetes"] = (x, np.digitize(target, np.quantile(target, [1 / 3, 2 / 3])))
    cases = []
    for name, (x, y) in sets.items():
        weights = (1 + np.arange(len(x)) % 3).astype(float)
        options = [
            dict(C=1.0),
            dict(C=0.01),
            dict(C=1.0, class_weight="balanced"),
            dict(C=1.0, weights=True),
            dict(C=1.0, fit_intercept=False),
        ]
        if name == "digits":
            options = options[:2]
        for option in options:
            arguments = dict(option)
            w = weights if arguments.pop("weights", False) else None
            # Newton's method on standardized features would have another penalty; on these it needs some patience.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                model = LogisticRegression(solver="newton-cholesky", tol=1e-13, max_iter=1000, **arguments)
                model.fit(x, y, sample_weight=w)
            effective = np.ones(len(x)) if w is None else w
            if arguments.get("class_weight"):
                counts = np.bincount(y)
                effective = effective * (len(y) / (len(counts) * counts))[y]
            gradient = relative_gradient(model, x, y, effective, option["C"])
            print(name, option, "relative gradient", gradient)
            assert gradient < 1e-9
            cases.append(
                dict(
                    data=name,
                    c=option["C"],
                    l1Ratio=0,
                    standardizes=False,
                    isBalanced=bool(arguments.get("class_weight")),
                    isWeighted=w is not None,
                    fitsIntercept=arguments.get("fit_intercept", True),
                    coefficients=model.coef_.tolist(),
                    intercepts=np.atleast_1d(model.intercept_).tolist(),
                )
            )
    for name, c, ratio in [
        ("iris", 1.0, 1.0),
        ("iris", 0.5, 0.5),
        ("wine", 0.2, 1.0),
        ("breast-cancer", 0.1, 1.0),
        ("breast-cancer", 0.2, 0.3),
    ]:
        x, y = sets[name]
        model = LogisticRegression(solver="saga", C=c, l1_ratio=ratio, penalty="elasticnet", tol=1e-15, max_iter=300000)
        model.fit(StandardScaler().fit_transform(x), y)
        print(name, c, ratio, model.n_iter_)
        cases.append(
            dict(
                data=name,
                c=c,
                l1Ratio=ratio,
                standardizes=True,
                isBalanced=False,
                isWeighted=False,
                fitsIntercept=True,
                coefficients=model.coef_.tolist(),
                intercepts=np.atleast_1d(model.intercept_).tolist(),
            )
        )
    write("logistic", dict(versions=VERSIONS, cases=cases))


def inference():
    x, target = datasets.load_diabetes(return_X_y=True, scaled=False)
    weights = (1 + np.arange(len(x)) % 3).astype(float)
    design = sm.add_constant(x)
    result = {}

    def summary(fit, order):
        interval = np.asarray(fit.conf_int())
        interval = interval.reshape(-1, 2)
        return dict(
            estimates=np.asarray(fit.params).flatten(order=order).tolist(),
            errors=np.asarray(fit.bse).flatten(order=order).tolist(),
            z=np.asarray(fit.tvalues).flatten(order=order).tolist(),
            p=np.asarray(fit.pvalues).flatten(order=order).tolist(),
            lower=interval[:, 0].tolist(),
            upper=interval[:, 1].tolist(),
            logLikelihood=float(fit.llf),
            aic=float(fit.aic),
        )

    half = (target > np.median(target)).astype(int)
    fit = sm.Logit(half, design).fit(method="newton", maxiter=100, tol=1e-14, disp=0)
    result["binary"] = summary(fit, "C") | dict(
        nullLogLikelihood=float(fit.llnull), pseudoRSquared=float(fit.prsquared), bic=float(fit.bic)
    )
    fit = sm.GLM(half, design, family=sm.families.Binomial(), freq_weights=weights).fit(tol=1e-14, maxiter=100)
    result["weighted"] = summary(fit, "C") | dict(deviance=float(fit.deviance), nullDeviance=float(fit.null_deviance))
    third = np.digitize(target, np.quantile(target, [1 / 3, 2 / 3]))
    fit = sm.MNLogit(third, design).fit(method="newton", maxiter=100, tol=1e-14, disp=0)
    result["multinomial"] = summary(fit, "F") | dict(
        nullLogLikelihood=float(fit.llnull), pseudoRSquared=float(fit.prsquared), bic=float(fit.bic)
    )
    write("logistic-inference", dict(versions=VERSIONS, **result))


def elastic_net():
    x, y = datasets.load_diabetes(return_X_y=True, scaled=False)
    weights = (1 + np.arange(len(x)) % 3).astype(float)
    scaled = StandardScaler().fit_transform(x)
    rng = np.random.default_rng(0)
    wide = rng.standard_normal((40, 100)) @ np.diag(np.geomspace(0.1, 10, 100))
    wide_y = wide[:, :5] @ [5, -3, 2, 1, 1] + 0.1 * wide[:, 60] + rng.standard_normal(40)
    paths = []
    for name, features, target, ratio, standardizes in [
        ("diabetes", x, y, 1.0, False),
        ("diabetes", x, y, 0.5, False),
        ("diabetes", scaled, y, 1.0, True),
        ("diabetes", scaled, y, 0.2, True),
        ("wide", wide, wide_y, 1.0, False),
        ("wide", wide, wide_y, 0.7, False),
    ]:
        centred, t = features - features.mean(0), target - target.mean()
        alphas, coefficients, gaps = enet_path(
            centred, t, l1_ratio=ratio, eps=1e-3, n_alphas=30, tol=1e-15, max_iter=1000000, precompute=False
        )
        print(name, ratio, "largest gap", gaps.max() / (t @ t))
        paths.append(
            dict(
                data=name,
                l1Ratio=ratio,
                standardizes=standardizes,
                alphas=alphas.tolist(),
                # Of the features that went in: scaled ones where standardizes is true.
                coefficients=coefficients.T.tolist(),
            )
        )
    weighted = ElasticNet(alpha=0.05, l1_ratio=0.5, tol=1e-15, max_iter=1000000).fit(x, y, sample_weight=weights)
    plain = ElasticNet(alpha=0.05, l1_ratio=0.5, fit_intercept=False, tol=1e-15, max_iter=1000000).fit(x, y)
    # 440 rows: folds of one size, where scikit-learn's mean over folds and glmnet's over rows are the same.
    cv = LassoCV(cv=10, alphas=50, tol=1e-13, max_iter=1000000).fit(scaled[:440], y[:440])
    write(
        "elastic-net",
        dict(
            versions=VERSIONS,
            wide=dict(features=wide.tolist(), target=wide_y.tolist()),
            paths=paths,
            weighted=dict(coefficients=weighted.coef_.tolist(), intercept=float(weighted.intercept_)),
            withoutIntercept=plain.coef_.tolist(),
            crossValidation=dict(
                lambdas=cv.alphas_.tolist(),
                foldErrors=cv.mse_path_.tolist(),
                best=float(cv.alpha_),
                coefficients=cv.coef_.tolist(),
                intercept=float(cv.intercept_),
            ),
        ),
    )


def polynomial():
    x = np.array([[1.0, 2.0, 3.0], [-1.5, 0.5, 4.0]])
    cases = []
    for degree, interactions, bias in [(2, False, True), (3, False, False), (3, True, False), (1, False, False), (5, True, True)]:
        expansion = PolynomialFeatures(degree, interaction_only=interactions, include_bias=bias).fit(x)
        cases.append(
            dict(
                degree=degree,
                interactionsOnly=interactions,
                includesBias=bias,
                values=expansion.transform(x).tolist(),
                powers=expansion.powers_.tolist(),
            )
        )
    write("polynomial", dict(versions=VERSIONS, features=x.tolist(), cases=cases))


if __name__ == "__main__":
    for name, load in [
        ("iris", datasets.load_iris),
        ("wine", datasets.load_wine),
        ("breast-cancer", datasets.load_breast_cancer),
    ]:
        data = load()
        table(name, data.data, [data.target_names[t] for t in data.target], list(data.feature_names))
    data = datasets.load_diabetes(scaled=False)
    table("diabetes", data.data, data.target, list(data.feature_names))
    inference()
    elastic_net()
    polynomial()
    logistic()
