"""Compares a softmax regression on MNIST with scikit-learn's, run to convergence.

    descent train softmax mnist.npz --l2 1.6666666666666667e-5 --save softmax.npz
    python softmax_optimum.py mnist.npz softmax.npz reference.npz    # needs numpy and scikit-learn

scikit-learn takes some ten minutes; its coefficients are written to reference.npz, and read from there if that file
exists already. lambda = 1/60,000 on the mean loss is scikit-learn's C = 1. Prints for either the objective (sum of the
losses plus half the squared weights), and its largest gradient component as a share of that at zero; then how far the
coefficients are apart. scikit-learn is told a tolerance that its default of 100 iterations does not come near. The
exit code is 1 where the weights differ by more than 1e-4 of their norm or of the largest one.
"""

import os
import sys
import time

import numpy as np

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
reference = sys.argv[3] if len(sys.argv) > 3 else None
if reference and os.path.exists(reference):
    theirs = tuple(np.load(reference, allow_pickle=False)[name] for name in ("weights", "intercepts"))
else:
    from sklearn.linear_model import LogisticRegression

    start = time.time()
    model = LogisticRegression(C=1.0, tol=1e-9, max_iter=20_000).fit(x, y)
    print(f"scikit-learn: {model.n_iter_[0]} iterations, {time.time() - start:.0f} s")
    theirs = model.coef_.T, model.intercept_ - model.intercept_.mean()
    if reference:
        np.savez(reference, weights=theirs[0], intercepts=theirs[1])
_, scale = objective(np.zeros((784, 10)), np.zeros(10))
for name, (weights, intercepts) in ("scikit-learn", theirs), ("descent", ours):
    value, gradient = objective(weights, intercepts)
    print(f"{name}: objective {value:.7f}, relative gradient {gradient / scale:.1e}")
difference = ours[0] - theirs[0]
largest = abs(difference).max() / abs(theirs[0]).max()
norm = np.linalg.norm(difference) / np.linalg.norm(theirs[0])
print(f"weights: largest difference {largest:.1e} of the largest weight,")
print(f"    norm of the difference {norm:.1e} of the norm")
print(f"intercepts: {abs(ours[1] - theirs[1]).max() / abs(theirs[1]).max():.1e} of the largest one")
sys.exit(1 if max(largest, norm) > 1e-4 else 0)
