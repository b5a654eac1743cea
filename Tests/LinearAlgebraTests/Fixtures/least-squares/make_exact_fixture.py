"""Writes exact.json: least-squares problems with their exact solutions, by rational arithmetic.

    python make_exact_fixture.py > exact.json

Python's standard library is enough. Solutions are those of the numbers as stored in binary, rounded once.
"Least norm" is that of all coefficients but the intercept.
"""
import json
import random
from fractions import Fraction as F


def solve(a, b):
    """A solution of a consistent system by Gauss-Jordan; free unknowns are 0. Also returns the pivots."""
    rows = [list(r) + [v] for r, v in zip(a, b)]
    n = len(a[0])
    pivots, top = [], 0
    for column in range(n):
        best = next((r for r in range(top, len(rows)) if rows[r][column] != 0), None)
        if best is None:
            continue
        rows[top], rows[best] = rows[best], rows[top]
        head = rows[top][column]
        rows[top] = [v / head for v in rows[top]]
        for r in range(len(rows)):
            if r != top and rows[r][column] != 0:
                f = rows[r][column]
                rows[r] = [v - f * w for v, w in zip(rows[r], rows[top])]
        pivots.append(column)
        top += 1
    x = [F(0)] * n
    for r, column in enumerate(pivots):
        x[column] = rows[r][n]
    null = []
    for free in (c for c in range(n) if c not in pivots):
        v = [F(0)] * n
        v[free] = F(1)
        for r, column in enumerate(pivots):
            v[column] = -rows[r][free]
        null.append(v)
    return x, pivots, null


def dot(u, v):
    return sum(a * b for a, b in zip(u, v))


def case(name, x, y, intercept):
    design = [([F(1)] if intercept else []) + [F(v) for v in row] for row in x]
    target = [F(v) for v in y]
    k = len(design[0])
    gram = [[sum(r[i] * r[j] for r in design) for j in range(k)] for i in range(k)]
    right = [sum(r[i] * v for r, v in zip(design, target)) for i in range(k)]
    solution, pivots, null = solve(gram, right)
    least = solution
    if null:
        first = 1 if intercept else 0
        cut = [v[first:] for v in null]
        amounts, _, _ = solve([[dot(u, v) for v in cut] for u in cut], [dot(u, solution[first:]) for u in cut])
        least = [s - sum(a * v[i] for a, v in zip(amounts, null)) for i, s in enumerate(solution)]
    residual = [v - dot(r, solution) for r, v in zip(design, target)]
    return {
        "name": name,
        "x": x,
        "y": y,
        "intercept": intercept,
        "rank": len(pivots),
        "solution": [float(v) for v in solution],
        "independent": pivots,
        "leastNorm": [float(v) for v in least],
        "residualSquares": float(dot(residual, residual)),
    }


def main():
    random.seed(3)
    cases = []
    for m, n in [(8, 5), (12, 8), (14, 9)]:
        x = [[1 / (i + j + 1) for j in range(n)] for i in range(m)]
        cases.append(case(f"Hilbert {m} x {n}", x, [(-1.0) ** i + 0.5 * i for i in range(m)], False))
    for n in [5, 9]:
        x = [[(i / 19) ** j for j in range(1, n)] for i in range(20)]
        cases.append(case(f"Vandermonde {n}", x, [1 / (1 + i) for i in range(20)], True))
    for delta in [1e-4, 1e-8, 1e-12]:
        x = [[1.0] * 4] + [[delta if i == j else 0.0 for j in range(4)] for i in range(4)]
        cases.append(case(f"Läuchli {delta}", x, [4.0, 1.0, 2.0, -1.0, 0.5], False))
    base = [[random.randint(-9, 9) for _ in range(3)] for _ in range(9)]
    y = [float(random.randint(-20, 20)) for _ in range(9)]
    mixed = [[float(a), float(b), float(a + 2 * b), float(c), float(c - a)] for a, b, c in base]
    cases.append(case("rank 3 of 5", mixed, y, False))
    cases.append(case("rank 4 of 6, intercept", mixed, y, True))
    groups = [[1.0 if i % 3 == g else 0.0 for g in range(3)] + [float(i * i)] for i in range(9)]
    cases.append(case("all levels and an intercept", groups, y, True))
    wide = [[float(random.randint(-9, 9)) for _ in range(6)] for _ in range(4)]
    cases.append(case("wide 4 x 6", wide, y[:4], False))
    offset = [[1e8 + random.randint(0, 50), 2e9 + random.randint(0, 9)] for _ in range(12)]
    cases.append(case("large offsets", offset, [float(random.randint(0, 99)) for _ in range(12)], True))
    print(json.dumps(cases))


main()
