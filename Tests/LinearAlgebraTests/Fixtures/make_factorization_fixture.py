"""Writes factorizations.json, what NumPy and SciPy make of a few matrices.

    python3 make_factorization_fixture.py     # needs numpy and scipy

Numbers are written with the digits that read back to the same double.
"""
import json
import os

import numpy as np
import scipy.linalg as sl

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(20240229)


def rounded(a):
    return np.round(a, 3)


general = {
    "tall": rounded(rng.normal(size=(7, 3))),
    "wide": rounded(rng.normal(size=(3, 8))),
    "square": rounded(rng.normal(size=(5, 5))),
    "row": rounded(rng.normal(size=(1, 4))),
    "column": rounded(rng.normal(size=(4, 1))),
    "one": np.array([[-2.5]]),
}
deficient = rounded(rng.normal(size=(6, 4)))
deficient[:, 2] = deficient[:, 0] + 2 * deficient[:, 1]

cases = []
for name, a in list(general.items()) + [("deficient", deficient)]:
    b = rounded(rng.normal(size=(a.shape[0], 2)))
    case = {
        "name": name,
        "a": a.tolist(),
        "b": b.tolist(),
        "singularValues": np.linalg.svd(a, compute_uv=False).tolist(),
        "rank": int(np.linalg.matrix_rank(a)),
        "solution": np.linalg.lstsq(a, b, rcond=None)[0].tolist(),
        "pseudoInverse": np.linalg.pinv(a).tolist(),
    }
    if a.shape[0] == a.shape[1]:
        case["determinant"] = float(np.linalg.det(a))
    cases.append(case)

symmetric = []
for n in (1, 2, 4, 6):
    x = rng.normal(size=(n + 2, n))
    for name, a in (("definite", x.T @ x), ("indefinite", x[:n] + x[:n].T)):
        a = rounded(a)
        if name == "indefinite":
            a[0, 0] = -abs(a[0, 0])
        case = {
            "name": f"{name} {n}",
            "a": a.tolist(),
            "eigenvalues": np.linalg.eigvalsh(a).tolist(),
            "conditionNumber": float(np.linalg.cond(a, 2)),
            "oneNormConditionNumber": float(np.linalg.cond(a, 1)),
            "determinant": float(np.linalg.det(a)),
            "inverse": np.linalg.inv(a).tolist(),
        }
        if name == "definite":
            case["cholesky"] = np.linalg.cholesky(a).tolist()
        symmetric.append(case)

# The exact inverses of Hilbert's matrices are whole numbers: condition numbers in the 1-norm without rounding.
hilbert = []
for n in range(1, 13):
    inverse = sl.invhilbert(n, exact=True)
    norm = sum(1.0 / (i + 1) for i in range(n))
    hilbert.append({
        "size": n,
        "oneNormConditionNumber": float(norm * max(sum(abs(int(v)) for v in column) for column in inverse.T)),
    })

with open(os.path.join(here, "factorizations.json.partial"), "w") as file:
    json.dump({"general": cases, "symmetric": symmetric, "hilbert": hilbert}, file, indent=1)
    file.write("\n")
os.replace(os.path.join(here, "factorizations.json.partial"), os.path.join(here, "factorizations.json"))
