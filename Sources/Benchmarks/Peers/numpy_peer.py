"""NumPy: least squares two ways, reading npz, and the product that shows what the arithmetic can do."""

import functools

import numpy as np
from threadpoolctl import threadpool_limits

import protocol

threadpool_limits(protocol.threads())

# Two jobs have the same problem.
problem = functools.lru_cache(maxsize=1)(protocol.random_problem)


def fit(request, solve):
    sizes = request["sizes"]
    a, y = problem(sizes["rows"], sizes["columns"])

    def run():
        coefficients = solve(a, y)
        return lambda: {"value": float(abs(coefficients - 1).max())}

    return run


def lstsq(request):
    return fit(request, lambda a, y: np.linalg.lstsq(a, y, rcond=None)[0])


def normal(request):
    return fit(request, lambda a, y: np.linalg.solve(a.T @ a, a.T @ y))


def load(request):
    def run():
        with np.load(request["data"]) as archive:
            arrays = [archive[name] for name in ("x_train", "y_train", "x_test", "y_test")]
        return lambda: {"value": float(sum(array.nbytes for array in arrays))}

    return run


def product(request, kind):
    size = request["sizes"]["size"]
    a, b, c = np.full((size, size), 0.5, kind), np.full((size, size), 0.25, kind), np.empty((size, size), kind)

    def run():
        np.matmul(a, b, out=c)

    return run


def facts():
    own = [("NumPy", np.__version__), ("NumPy's BLAS", protocol.kernels())]
    return own + protocol.versions("pandas", "polars")


protocol.serve(
    facts,
    {
        "lstsq": lstsq,
        "normal": normal,
        "load": load,
        "gemm-float": lambda request: product(request, np.float32),
        "gemm-double": lambda request: product(request, np.float64),
    },
)
