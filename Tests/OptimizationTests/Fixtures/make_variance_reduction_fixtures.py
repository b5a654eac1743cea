"""Writes variance-reduction.json: paths of SVRG and SAGA on least squares, a few lines from the papers.

The examples are drawn as RandomGenerator draws them. Run with NumPy installed:
python make_variance_reduction_fixtures.py
"""

import json
import os

import numpy as np

random = np.random.default_rng(3)
X = np.round(random.standard_normal((11, 3)), 2)
y = np.round(X @ [1, -2, 0.5] + random.standard_normal(11), 2)
KEPT = [1, 2, 10, 22, 23, 100, 300]


class Draws:
    """Integers below a bound: stream 1 of a seed, Lemire's method."""

    def __init__(self, seed):
        self.bits = np.random.PCG64DXSM(seed).jumped(1)

    def below(self, bound):
        while True:
            product = int(self.bits.random_raw()) * bound
            if product % 2**64 >= 2**64 % bound:
                return product >> 64


def gradient(p, examples):
    r = X[examples] @ p - y[examples]
    return X[examples].T @ r / len(examples)


def svrg(rate, batch, every, seed):
    draws, p, kept = Draws(seed), np.zeros(3), []
    for t in range(300):
        if t % every == 0:
            snapshot, full = p, gradient(p, np.arange(11))
        b = [draws.below(11) for _ in range(batch)]
        p = p - rate * (gradient(p, b) - gradient(snapshot, b) + full)
        if t + 1 in KEPT:
            kept.append(p.tolist())
    return kept


def saga(rate, batch, seed):
    draws, p, kept = Draws(seed), np.zeros(3), []
    blocks = [np.arange(s, min(s + batch, 11)) for s in range(0, 11, batch)]
    weights = np.array([len(b) / 11 for b in blocks])
    table = np.array([gradient(p, b) for b in blocks])
    for t in range(300):
        k = draws.below(len(blocks))
        g = gradient(p, blocks[k])
        p, table[k] = p - rate * (len(blocks) * weights[k] * (g - table[k]) + weights @ table), g
        if t + 1 in KEPT:
            kept.append(p.tolist())
    return kept


FIXTURES = {
    "rows": X.tolist(),
    "targets": y.tolist(),
    "steps": KEPT,
    "svrg": svrg(0.05, 1, 22, 5),
    "svrg batches": svrg(0.1, 4, 7, 6),
    "saga": saga(0.05, 1, 5),
    "saga blocks": saga(0.1, 4, 6),
    "minimum": np.linalg.lstsq(X, y, rcond=None)[0].tolist(),
}

if __name__ == "__main__":
    target = os.path.join(os.path.dirname(os.path.abspath(__file__)), "variance-reduction.json")
    with open(target + ".new", "w") as file:
        file.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in FIXTURES.items()) + "\n}\n")
    os.replace(target + ".new", target)
