"""Reference values of metrics, by scikit-learn, SciPy and statsmodels, into metrics.json beside this script.

    python make_fixtures.py        # needs numpy, scipy, scikit-learn, statsmodels
"""

import json
import pathlib
import warnings

import numpy as np
import scipy.stats
import sklearn
import sklearn.metrics as m
import statsmodels
from sklearn.calibration import calibration_curve
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

warnings.simplefilter("ignore")
rng = np.random.default_rng(20)


def classification(name, labels, predictions, classes, weights=None):
    labels, predictions = np.asarray(labels), np.asarray(predictions)
    out = {
        "name": name,
        "labels": labels.tolist(),
        "predictions": predictions.tolist(),
        "classCount": classes,
        "weights": None if weights is None else list(map(float, weights)),
        "confusion": m.confusion_matrix(
            labels, predictions, labels=range(classes), sample_weight=weights
        ).astype(float).tolist(),
        "accuracy": m.accuracy_score(labels, predictions, sample_weight=weights),
        "balancedAccuracy": m.balanced_accuracy_score(labels, predictions, sample_weight=weights),
        "mcc": m.matthews_corrcoef(labels, predictions, sample_weight=weights),
        "averages": [],
    }
    if len(set(labels) | set(predictions)) > 1:
        out["kappa"] = {
            key: m.cohen_kappa_score(
                labels, predictions, labels=range(classes), weights=w, sample_weight=weights)
            for key, w in [("equal", None), ("linear", "linear"), ("quadratic", "quadratic")]
        }
    for average in ["macro", "micro", "weighted"]:
        for policy, value in [("zero", 0), ("one", 1), ("leftOut", np.nan)]:
            p, r, f, _ = m.precision_recall_fscore_support(
                labels, predictions, average=average, zero_division=value, sample_weight=weights)
            _, _, f2, _ = m.precision_recall_fscore_support(
                labels, predictions, average=average, zero_division=value, beta=2, sample_weight=weights)
            out["averages"].append(
                {"average": average, "undefined": policy, "precision": p, "recall": r, "f1": f, "f2": f2})
    p, r, f, s = m.precision_recall_fscore_support(
        labels, predictions, labels=range(classes), zero_division=np.nan, sample_weight=weights)
    number = lambda x: None if np.isnan(x) else float(x)
    out["classes"] = [
        {"precision": number(p[k]), "recall": number(r[k]), "f1": number(f[k]), "support": float(s[k])}
        for k in range(classes)
    ]
    return out


def probabilities(name, labels, p, weights=None, ties=False):
    labels, p = np.asarray(labels), np.asarray(p)
    classes = p.shape[1]
    weight = None if weights is None else np.asarray(weights, float)
    out = {
        "name": name, "labels": labels.tolist(), "probabilities": p.tolist(),
        "weights": None if weights is None else weight.tolist(),
        "logLoss": m.log_loss(labels, p, labels=range(classes), sample_weight=weight),
        "topK": [m.top_k_accuracy_score(
            labels, p if classes > 2 else p[:, 1], k=k, labels=range(classes), sample_weight=weight)
            for k in ([1, 2, 3] if classes > 2 and not ties else [])],
    }
    if classes == 2:
        s = p[:, 1]
        out["brier"] = m.brier_score_loss(labels, s, sample_weight=weight)
        fpr, tpr, threshold = m.roc_curve(labels, s, sample_weight=weight, drop_intermediate=False)
        out["roc"] = {"fpr": fpr.tolist(), "tpr": tpr.tolist(), "thresholds": threshold[1:].tolist()}
        precision, recall, threshold = m.precision_recall_curve(labels, s, sample_weight=weight)
        out["pr"] = {
            "precision": precision[::-1].tolist(), "recall": recall[::-1].tolist(),
            "thresholds": threshold[::-1].tolist()}
        out["auc"] = {"macro": m.roc_auc_score(labels, s, sample_weight=weight)}
        out["ap"] = {"macro": m.average_precision_score(labels, s, sample_weight=weight)}
        if weight is None:
            out["calibration"] = {}
            for strategy in ["uniform", "quantile"]:
                true, said = calibration_curve(labels, s, n_bins=5, strategy=strategy)
                out["calibration"][strategy] = {"frequency": true.tolist(), "said": said.tolist()}
    else:
        onehot = np.eye(classes)[labels]
        out["brier"] = m.brier_score_loss(
            labels, p, labels=range(classes), sample_weight=weight, scale_by_half=False)
        out["auc"] = {
            a: m.roc_auc_score(labels, p, multi_class="ovr", average=a, sample_weight=weight)
            for a in ["macro", "weighted"]}
        out["ap"] = {
            a: m.average_precision_score(onehot, p, average=a, sample_weight=weight)
            for a in ["macro", "weighted", "micro"]}
        out["auc"]["micro"] = m.roc_auc_score(onehot, p, average="micro", sample_weight=weight)
    return out


def regression(name, y, f, weights=None):
    y, f = np.asarray(y, float), np.asarray(f, float)
    w = None if weights is None else np.asarray(weights, float)
    return {
        "name": name, "targets": y.tolist(), "predictions": f.tolist(),
        "weights": None if w is None else w.tolist(),
        "mse": m.mean_squared_error(y, f, sample_weight=w),
        "rmse": m.root_mean_squared_error(y, f, sample_weight=w),
        "mae": m.mean_absolute_error(y, f, sample_weight=w),
        "medianAE": m.median_absolute_error(y, f, sample_weight=w),
        "maxError": m.max_error(y, f),
        "mape": None if (y == 0).any() else m.mean_absolute_percentage_error(y, f, sample_weight=w),
        "r2": m.r2_score(y, f, sample_weight=w),
        "explainedVariance": m.explained_variance_score(y, f, sample_weight=w),
    }


class Replayed(np.random.Generator):
    """Integers by Lemire's method from whole 64-bit numbers, as the library draws them."""

    def integers(self, low, high=None, size=None, **_):
        if high is None:
            low, high = 0, low
        assert low == 0
        out = np.empty(size, np.int64)
        flat = out.reshape(-1)
        for i in range(flat.size):
            while True:
                product = int(self.bit_generator.random_raw()) * high
                if (product & (2**64 - 1)) >= high or (product & (2**64 - 1)) >= (2**64 - high) % high:
                    break
            flat[i] = product >> 64
        return out


def bootstrap(name, values, statistic, seed, confidence, resamples):
    values = np.asarray(values, float)
    out = {
        "name": name, "values": values.tolist(), "seed": seed, "confidence": confidence,
        "resamples": resamples}
    for method in ["percentile", "BCa"]:
        generator = Replayed(np.random.PCG64DXSM(seed).jumped(10))
        # vectorized=False calls the statistic on one resample after another.
        result = scipy.stats.bootstrap(
            (values,), statistic, n_resamples=resamples, confidence_level=confidence, method=method,
            rng=generator, vectorized=False)
        out[method.lower()] = {
            "low": result.confidence_interval.low, "high": result.confidence_interval.high,
            "standardError": result.standard_error}
    return out


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


labels3 = rng.integers(0, 3, 60)
noisy3 = np.where(rng.random(60) < 0.7, labels3, rng.integers(0, 3, 60))
weights3 = rng.random(60) * 3
weights3[::7] = 0
labels2 = rng.integers(0, 2, 50)
noisy2 = np.where(rng.random(50) < 0.8, labels2, 1 - labels2)
labels10 = rng.integers(0, 10, 200)
noisy10 = np.where(rng.random(200) < 0.9, labels10, rng.integers(0, 10, 200))
p3 = softmax(rng.normal(size=(60, 3)) + 1.5 * np.eye(3)[labels3])
p2 = softmax(rng.normal(size=(50, 2)) + np.eye(2)[labels2])
tied = np.round(p2[:, 1] * 8) / 8
p2tied = np.stack([1 - tied, tied], axis=1)
tied3 = np.stack([np.round(p3[:, 0] * 4), np.round(p3[:, 1] * 2)], axis=1) / 8
p3tied = np.column_stack([tied3, 1 - tied3.sum(axis=1)])
w2 = rng.random(50)
w2[3:9] = 0
y = rng.normal(size=40) * 3 + 10
f = y + rng.normal(size=40)
wy = rng.integers(0, 4, 40)

fixture = {
    "versions": {
        "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__,
        "statsmodels": statsmodels.__version__},
    "classification": [
        classification("three classes", labels3, noisy3, 3),
        classification("three classes, weighted", labels3, noisy3, 3, weights3),
        classification("two classes", labels2, noisy2, 2),
        classification("ten classes", labels10, noisy10, 10),
        classification("a class never predicted", [0, 0, 1, 1, 2, 2, 2], [0, 1, 1, 1, 0, 1, 1], 3),
        classification("a class predicted that has no examples", [0, 0, 1, 1], [0, 2, 1, 1], 3),
        classification("a class that does not occur", [0, 0, 2, 2, 2], [0, 2, 2, 2, 0], 4),
        classification("all predicted alike", [0, 1, 0, 1], [1, 1, 1, 1], 2),
        classification("one class, all right", [0, 0, 0], [0, 0, 0], 2),
        classification("all wrong", [0, 1, 0, 1], [1, 0, 1, 0], 2),
        classification("one example", [1], [0], 2),
    ],
    "probabilities": [
        probabilities("two classes", labels2, p2),
        probabilities("two classes, weighted", labels2, p2, w2),
        probabilities("two classes, ties", labels2, p2tied),
        probabilities("two classes, ties, weighted", labels2, p2tied, w2),
        probabilities("all scores equal", [0, 1, 1, 0, 1], np.full((5, 2), 0.5)),
        probabilities("certain and wrong", [0, 1, 1], [[0, 1.0], [0, 1.0], [1.0, 0]]),
        probabilities("three classes", labels3, p3),
        probabilities("three classes, weighted", labels3, p3, weights3),
        probabilities("three classes, ties", labels3, p3tied, ties=True),
    ],
    "regression": [
        regression("forty", y, f),
        regression("forty, weighted", y, f, wy),
        regression("forty, other weights", y, f, rng.random(40)),
        regression("worse than the mean", [1, 2, 3, 4], [4, 3, 2, 1]),
        regression("large offset", 1e6 + y, 1e6 + f),
        regression("constant targets", [2, 2, 2], [1, 2, 3]),
        regression("constant targets, exact", [0.1, 0.1, 0.1], [0.1, 0.1, 0.1]),
        regression("a target of zero", [0, 1, 2], [0.5, 1, 2]),
        regression("even number", [1, 2, 3, 5], [1.5, 2.25, 2, 9]),
    ],
    "wilson": [
        {"successes": k, "count": n, "confidence": c, "low": float(lo), "high": float(hi)}
        for k, n, c in [(0, 10, 0.95), (10, 10, 0.95), (1, 10, 0.9), (5, 10, 0.99), (971, 1000, 0.95),
                        (9717, 10000, 0.95), (1, 1, 0.5)]
        for lo, hi in [proportion_confint(k, n, alpha=1 - c, method="wilson")]
    ],
    "mcnemar": [
        {"b": b, "c": c, "exact": float(mcnemar([[10, b], [c, 10]], exact=True).pvalue),
         "corrected": None if abs(b - c) < 1 or b + c == 0 else {
             "statistic": float(mcnemar([[10, b], [c, 10]], exact=False, correction=True).statistic),
             "p": float(mcnemar([[10, b], [c, 10]], exact=False, correction=True).pvalue)}}
        for b, c in [(5, 15), (15, 5), (0, 6), (1, 1), (7, 8), (0, 1), (60, 90), (480, 620), (3000, 3200)]
    ],
    "bootstrap": [
        bootstrap("mean", rng.normal(size=25), np.mean, 7, 0.95, 500),
        bootstrap("mean of a skewed sample", rng.exponential(size=30), np.mean, 3, 0.9, 400),
        bootstrap("share", (rng.random(40) < 0.85).astype(float), np.mean, 1, 0.95, 300),
        bootstrap("deviation", rng.exponential(size=20), np.std, 11, 0.8, 300),
    ],
}


def clean(value):
    if isinstance(value, dict):
        return {k: clean(v) for k, v in value.items()}
    if isinstance(value, list):
        return [clean(v) for v in value]
    if isinstance(value, (float, np.floating)):
        assert np.isfinite(value), "a reference value is not finite"
        return float(value)
    return value


path = pathlib.Path(__file__).with_name("metrics.json")
path.write_text(json.dumps(clean(fixture), indent=None, separators=(",", ":")) + "\n")
