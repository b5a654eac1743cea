"""Least squares from a CSV file to a report with standard errors: what `descent lstsq FILE --target y` does.

The arguments are the reader, `polars` or `pandas`, and the file.
"""

import sys

import numpy as np

reader, path = sys.argv[1:]
if reader == "polars":
    import polars

    frame = polars.read_csv(path)
    names = [name for name in frame.columns if name != "y"]
    features, y = frame.select(names).to_numpy(), frame["y"].to_numpy()
else:
    import pandas

    frame = pandas.read_csv(path)
    names = [name for name in frame.columns if name != "y"]
    features, y = frame[names].to_numpy(), frame["y"].to_numpy()

a = np.empty((len(y), len(names) + 1))
a[:, 0] = 1
a[:, 1:] = features
gram = a.T @ a
coefficients = np.linalg.solve(gram, a.T @ y)
residuals = y - a @ coefficients
squares = residuals @ residuals
variance = squares / (len(y) - a.shape[1])
errors = np.sqrt(variance * np.diag(np.linalg.inv(gram)))
for name, value, error in zip(["intercept", *names], coefficients, errors):
    print(f"{name:12} {value:12.6f} {error:12.6f} {value / error:10.2f}")
print(f"residual standard error {variance**0.5:.6f}, R² {1 - squares / ((y - y.mean()) ** 2).sum():.6f}")
