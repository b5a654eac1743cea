"""Writes quadratic.json, softmax.json, mlp-relu.json, mlp-tanh.json: what torch.optim does to four small problems.

    python3 make_fixtures.py          # needs numpy and torch

Each file holds one problem and, for each rule, the parameters and the objective after some of 100 steps, in
double precision. Numbers are written so that they read back to the same double.

Parameters are one flat vector. For the networks: each layer's weights, inputs x outputs in row-major order, then its
intercepts, layer after layer. (torch.nn.Linear keeps outputs x inputs; here the product is written x @ W + b.)

Some derivatives are exactly zero: those of the quadratic's last coordinate, and those of the weights of feature 3,
which is 0 in every example.
"""
import json
import os

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
here = os.path.dirname(os.path.abspath(__file__))

STEPS = [1, 2, 3, 5, 10, 20, 50, 100]
CHANGE_AFTER = 50

# The rate is multiplied by `laterFactor` after step 50.
RULES = [
    {"name": "plain", "rule": "sgd"},
    {"name": "momentum", "rule": "sgd", "momentum": 0.9},
    {"name": "dampening", "rule": "sgd", "momentum": 0.9, "dampening": 0.3},
    {"name": "nesterov", "rule": "sgd", "momentum": 0.9, "nesterov": True},
    {"name": "decay", "rule": "sgd", "weightDecay": 0.01},
    {"name": "momentum-decay", "rule": "sgd", "momentum": 0.8, "weightDecay": 0.05},
    # The objective is negated and climbed, so that decay of the wrong sign shows.
    {"name": "maximize-decay", "rule": "sgd", "momentum": 0.5, "weightDecay": 0.05, "maximize": True},
    {"name": "adam", "rule": "adam"},
    {"name": "adam-betas-epsilon", "rule": "adam", "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3},
    {"name": "adam-decay", "rule": "adam", "weightDecay": 0.1},
]
DEFAULTS = {"sgd": {"momentum": 0.0, "dampening": 0.0, "nesterov": False, "weightDecay": 0.0, "maximize": False},
            "adam": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.0}}


def optimizer(rule, parameters, rate):
    r = rule
    if r["rule"] == "sgd":
        return torch.optim.SGD([parameters], lr=rate, momentum=r["momentum"], dampening=r["dampening"],
                               nesterov=r["nesterov"], weight_decay=r["weightDecay"], maximize=r["maximize"],
                               foreach=False)
    return torch.optim.Adam([parameters], lr=rate, betas=(r["beta1"], r["beta2"]), eps=r["epsilon"],
                            weight_decay=r["weightDecay"], foreach=False)


def trajectory(rule, rates, initial, objective, batches):
    """batches: for each step the examples, or None for the whole objective."""
    rule = {**DEFAULTS[rule["rule"]], **rule}
    rate = rates[rule["rule"]]
    later = rate * 0.3
    parameters = torch.tensor(initial, requires_grad=True)
    stepper = optimizer(rule, parameters, rate)
    sign = -1.0 if rule.get("maximize") else 1.0
    kept = []
    for step in range(1, max(STEPS) + 1):
        stepper.param_groups[0]["lr"] = rate if step <= CHANGE_AFTER else later
        stepper.zero_grad()
        (sign * objective(parameters, batches[step - 1] if batches else None)).backward()
        stepper.step()
        if step in STEPS:
            with torch.no_grad():
                value = objective(parameters, None).item()
            kept.append({"step": step, "objective": value, "parameters": parameters.detach().tolist()})
    return {**rule, "learningRate": rate, "laterLearningRate": later, "changeAfter": CHANGE_AFTER,
            "batches": "mini" if batches else "full", "steps": kept}


def write(name, fixture):
    temporary = os.path.join(here, name + ".part")
    with open(temporary, "w") as file:
        json.dump(fixture, file, indent=None, separators=(",", ":"))
        file.write("\n")
    os.replace(temporary, os.path.join(here, name))


def quadratic():
    rng = np.random.default_rng(11)
    n = 10
    q, _ = np.linalg.qr(rng.standard_normal((n - 1, n - 1)))
    a = np.zeros((n, n))
    a[:-1, :-1] = q @ np.diag(np.logspace(0, -4, n - 1)) @ q.T
    a = (a + a.T) / 2
    b = np.append(rng.standard_normal(n - 1), 0.0)
    initial = rng.standard_normal(n).tolist()
    A, B = torch.tensor(a), torch.tensor(b)

    def objective(x, _):
        return 0.5 * x @ A @ x - B @ x

    rates = {"sgd": 0.5, "adam": 0.05}
    write("quadratic.json", {
        "a": a.tolist(), "b": b.tolist(), "initial": initial,
        "trajectories": [trajectory(r, rates, initial, objective, None) for r in RULES]})


def data():
    rng = np.random.default_rng(12)
    x = rng.standard_normal((23, 5))
    x[:, 1] *= 3
    x[:, 3] = 0
    y = np.argmax(x @ rng.standard_normal((5, 3)) + 0.5 * rng.standard_normal((23, 3)), axis=1)
    assert set(y) == {0, 1, 2}
    batches = []
    while len(batches) < max(STEPS):
        order = rng.permutation(23).tolist()
        batches += [order[i:i + 7] for i in range(0, 23, 7)]
    return x, y, batches[:max(STEPS)]


def network(name, sizes, activation, rates, seed):
    x, y, batches = data()
    X, Y = torch.tensor(x), torch.tensor(y)
    rng = np.random.default_rng(seed)
    count = sum((i + 1) * o for i, o in zip(sizes, sizes[1:]))
    initial = (0.5 * rng.standard_normal(count)).tolist()

    def objective(parameters, batch):
        h, labels = (X, Y) if batch is None else (X[batch], Y[batch])
        start = 0
        for layer, (i, o) in enumerate(zip(sizes, sizes[1:])):
            w = parameters[start:start + i * o].reshape(i, o)
            b = parameters[start + i * o:start + (i + 1) * o]
            start += (i + 1) * o
            h = h @ w + b
            if layer < len(sizes) - 2:
                h = activation(h)
        return torch.nn.functional.cross_entropy(h, labels)

    write(name, {
        "sizes": sizes, "features": x.tolist(), "labels": y.tolist(), "batches": batches, "initial": initial,
        "trajectories": [trajectory(r, rates, initial, objective, b) for b in (None, batches) for r in RULES]})


quadratic()
network("softmax.json", [5, 3], None, {"sgd": 0.1, "adam": 0.02}, 13)
network("mlp-relu.json", [5, 4, 3], torch.relu, {"sgd": 0.05, "adam": 0.01}, 14)
network("mlp-tanh.json", [5, 4, 3], torch.tanh, {"sgd": 0.05, "adam": 0.01}, 15)
