"""Writes gradients.json and log-softmax.json: losses and gradients of softmax regression and of networks by
PyTorch's automatic differentiation, and logarithms of softmax from 60-digit arithmetic.

    python3 make_fixtures.py          # needs numpy and torch

The loss is the mean cross-entropy, plus lambda/2 times the sum of squares of the weights (not of the intercepts).
Parameters are one flat vector: each layer's weights, inputs x outputs in row-major order, then its intercepts.
Numbers are written so that they read back to the same double.
"""
import decimal
import json
import os

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
here = os.path.dirname(os.path.abspath(__file__))

ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}


def write(name, fixture):
    temporary = os.path.join(here, name + ".part")
    with open(temporary, "w") as file:
        json.dump(fixture, file, separators=(",", ":"))
        file.write("\n")
    os.replace(temporary, os.path.join(here, name))


def evaluate(sizes, activation, penalty, x, y, point):
    parameters = torch.tensor(point, requires_grad=True)
    h, start, squares = torch.tensor(x), 0, 0.0
    for layer, (i, o) in enumerate(zip(sizes, sizes[1:])):
        w = parameters[start:start + i * o].reshape(i, o)
        b = parameters[start + i * o:start + (i + 1) * o]
        start += (i + 1) * o
        squares = squares + (w * w).sum()
        h = h @ w + b
        if layer < len(sizes) - 2:
            h = ACTIVATIONS[activation](h)
    mean = torch.nn.functional.cross_entropy(h, torch.tensor(y))
    loss = mean + penalty / 2 * squares
    loss.backward()
    correct = int((h.argmax(1) == torch.tensor(y)).sum())
    return {"lambda": penalty, "parameters": point.tolist(), "meanCrossEntropy": mean.item(), "loss": loss.item(),
            "correct": correct, "gradient": parameters.grad.tolist()}


def problem(name, sizes, activation, examples, scales, penalties, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((examples, sizes[0]))
    y = rng.integers(0, sizes[-1], examples)
    y[:sizes[-1]] = range(sizes[-1])
    count = sum((i + 1) * o for i, o in zip(sizes, sizes[1:]))
    points = [scale * rng.standard_normal(count) for scale in scales]
    return {"name": name, "sizes": sizes, "activation": activation, "features": x.tolist(), "labels": y.tolist(),
            "evaluations": [evaluate(sizes, activation, p, x, y, point) for point in points for p in penalties]}


problems = [problem("softmax", [5, 3], "relu", 23, [0.1, 1.0, 10.0, 300.0], [0.0, 0.1], 21),
            problem("softmax, an example a class", [5, 3], "relu", 3, [1.0], [0.0, 2.0], 22),
            problem("two classes", [4, 2], "relu", 11, [0.5], [0.0, 0.3], 23)]
for i, activation in enumerate(ACTIVATIONS):
    problems.append(problem(f"5-4-3 {activation}", [5, 4, 3], activation, 23, [0.3, 2.0], [0.0, 0.1], 30 + i))
    problems.append(problem(f"6-8-7-4 {activation}", [6, 8, 7, 4], activation, 13, [0.5], [0.0, 0.01], 40 + i))
write("gradients.json", {"problems": problems})


def log_softmax(row):
    with decimal.localcontext() as context:
        context.prec = 60
        context.Emax, context.Emin = decimal.MAX_EMAX, decimal.MIN_EMIN
        exact = [decimal.Decimal(v) for v in row]
        largest = max(exact)
        total = sum((v - largest).exp() if v - largest > -10000 else decimal.Decimal(0) for v in exact)
        return [float(v - largest - total.ln()) for v in exact]


rows = [[0.0, 1000.0], [1000.0, 0.0], [1000.0, 1000.0], [-1000.0, 0.0], [-1000.0, -1000.0, -1000.0], [0.0],
        [1e-300, 0.0], [88.8, 0.0, -88.8], [700.0] * 10, [710.0, 709.0, 708.0], [-745.2, 0.0], [0.0, -37.0, -40.0],
        [1e307, -1e307], [1e16, 1e16 + 2], [-1e4, -9999.0], [0.1, 0.2, 0.3, 0.4], [3.0, -1.0, 0.5, 12.0, -30.0]]
write("log-softmax.json", {"rows": [{"logits": r, "logProbabilities": log_softmax(r)} for r in rows]})
