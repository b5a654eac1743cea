"""Compares a softmax regression on MNIST with scikit-learn's, run to convergence.

    descent train softmax mnist.npz --l2 1.6666666666666667e-5 --save softmax.npz
    python softmax_optimum.py mnist.npz softmax.npz      # needs numpy and scikit-learn; some ten minutes

lambda = 1/60,000 on the mean loss is scikit-learn's C = 1. Prints for either the objective (sum of the losses plus
half the squared weights), and its largest gradient component as a share of that at zero; then how far the
coefficients are apart. scikit-learn is told a tolerance that its default of 100 iterations does not come near.
"""

import sys
import time

import numpy as np
from sklearn.linear_model import LogisticRegression

data = np.load(sys.argv[1])
x, y = data["x_train"].reshape(-1, 784).astype(np.float64) / 255, data["y_train"]
rows = np.arange(len(y))


def objective(weights, intercepts):
    z = x @ weights + intercepts
    z -= z.max(1, keepdims=True)
    p = np.exp(z)
    total = p.sum(1, keepdims=True)
    value = float((np.log(total[:, 0]) - z[rows, y]).sum() + (weights**2).sum() / 2)
    p /= total
    p[rows, y] -= 1
    return value, max(abs(x.T @ p + weights).max(), abs(p.sum(0)).max())


# The model's weights are for bytes.
file = np.load(sys.argv[2], allow_pickle=False)
ours = file["dense1.weights"] * 255.0, file["dense1.bias"]
start = time.time()
model = LogisticRegression(C=1.0, tol=1e-9, max_iter=20_000).fit(x, y)
print(f"scikit-learn: {model.n_iter_[0]} iterations, {time.time() - start:.0f} s")
theirs = model.coef_.T, model.intercept_ - model.intercept_.mean()
_, scale = objective(np.zeros((784, 10)), np.zeros(10))
for name, (weights, intercepts) in ("scikit-learn", theirs), ("descent", ours):
    value, gradient = objective(weights, intercepts)
    print(f"{name}: objective {value:.7f}, relative gradient {gradient / scale:.1e}")
difference = ours[0] - theirs[0]
print(f"weights: largest difference {abs(difference).max() / abs(theirs[0]).max():.1e} of the largest weight,")
print(f"    norm of the difference {np.linalg.norm(difference) / np.linalg.norm(theirs[0]):.1e} of the norm")
print(f"intercepts: {abs(ours[1] - theirs[1]).max() / abs(theirs[1]).max():.1e} of the largest one")
