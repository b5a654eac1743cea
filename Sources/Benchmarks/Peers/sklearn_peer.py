"""scikit-learn: softmax regression by L-BFGS on MNIST, in Float, at C = 1."""

import time
import warnings

import numpy as np
import sklearn
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

import protocol

# Stopping early is what is asked for.
warnings.filterwarnings("ignore")
limits = threadpool_limits(protocol.threads())


def mnist(request):
    with np.load(request["data"]) as archive:
        x, y = archive["x_train"], archive["y_train"]
    return x.reshape(len(x), -1).astype(np.float32) / np.float32(255), y


def fitting(x, y, iterations):
    begin = time.perf_counter()
    model = LogisticRegression(C=1.0, max_iter=iterations).fit(x, y)
    return time.perf_counter() - begin, model


def objective(model, x, y):
    """The mean loss and the penalty measured against it."""
    loss = 0.0
    for start in range(0, len(x), 8192):
        part = x[start : start + 8192].astype(np.float64)
        logits = part @ model.coef_.T.astype(np.float64) + model.intercept_
        rows = np.arange(len(part))
        loss += (logsumexp(logits, axis=1) - logits[rows, y[start : start + 8192].astype(int)]).sum()
    return loss / len(x) + (model.coef_.astype(np.float64) ** 2).sum() / (2 * len(x))


def iteration(request):
    """One iteration: the difference of two fits, by the number of iterations between them."""
    x, y = mnist(request)

    def run():
        few, _ = fitting(x, y, 2)
        more, model = fitting(x, y, 8)
        return {"seconds": (more - few) / (int(model.n_iter_[0]) - 2)}

    return run


def fit(request):
    x, y = mnist(request)

    def run():
        _, model = fitting(x, y, 100)
        return lambda: {"value": float(objective(model, x, y)), "note": f"{int(model.n_iter_[0])} iterations"}

    return run


def facts():
    own = [("scikit-learn", sklearn.__version__), ("scikit-learn's BLAS", protocol.kernels())]
    return own + protocol.versions("scipy")


protocol.serve(facts, {"softmax-pass": iteration, "softmax-fit": fit})
