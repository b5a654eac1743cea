"""Writes networks.json, network-training.json, network-averaging.json and network-exact.json: losses, gradients, running
statistics and training runs of networks by PyTorch's automatic differentiation, averages of the points of a run by
torch.optim.swa_utils, and values of small networks from 50-digit arithmetic.

    python3 make_network_fixtures.py          # needs numpy, torch and mpmath

Parameters are one flat vector: layer after layer a dense layer's weights, inputs x outputs in row-major order, then its
biases; a norm's scales, then its shifts; behind them the running means and variances of batch norms, layer after layer.
Layers are written as ["dense", n], ["activation", name, parameter?], ["batchNorm"], ["layerNorm"].
"""
import json
import os

import mpmath
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
here = os.path.dirname(os.path.abspath(__file__))

ACTIVATIONS = {
    "relu": nn.ReLU, "leakyReLU": nn.LeakyReLU, "elu": nn.ELU, "selu": nn.SELU, "gelu": nn.GELU,
    "geluTanh": lambda: nn.GELU(approximate="tanh"), "silu": nn.SiLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid,
    "softplus": nn.Softplus, "identity": nn.Identity}


def write(name, fixture):
    temporary = os.path.join(here, name + ".part")
    with open(temporary, "w") as file:
        json.dump(fixture, file, separators=(",", ":"))
        file.write("\n")
    os.replace(temporary, os.path.join(here, name))


def build(inputs, layers):
    modules, width = [], inputs
    for layer in layers:
        kind = layer[0]
        if kind == "dense":
            modules.append(nn.Linear(width, layer[1], bias=len(layer) < 3))
            width = layer[1]
        elif kind == "activation":
            modules.append(ACTIVATIONS[layer[1]](*layer[2:]))
        elif kind == "batchNorm":
            modules.append(nn.BatchNorm1d(width))
        elif kind == "layerNorm":
            modules.append(nn.LayerNorm(width))
    return nn.Sequential(*modules)


def pieces(model):
    """Pairs of a tensor and whether it is to be transposed, in the order of the flat vector."""
    trained, statistics = [], []
    for module in model:
        if isinstance(module, nn.Linear):
            trained.append((module.weight, True))
            if module.bias is not None:
                trained.append((module.bias, False))
        elif isinstance(module, (nn.BatchNorm1d, nn.LayerNorm)):
            trained += [(module.weight, False), (module.bias, False)]
        if isinstance(module, nn.BatchNorm1d):
            statistics += [(module.running_mean, False), (module.running_var, False)]
    return trained, statistics


def flat(items, get=lambda t: t):
    return [x for t, turned in items for x in (get(t).t() if turned else get(t)).detach().reshape(-1).tolist()]


def vector(model):
    trained, statistics = pieces(model)
    return flat(trained) + flat(statistics)


def gradient(model):
    trained, statistics = pieces(model)
    return flat(trained, lambda t: t.grad) + [0.0 for t, _ in statistics for _ in range(t.numel())]


def randomize(model, rng):
    trained, statistics = pieces(model)
    with torch.no_grad():
        for t, _ in trained:
            t.copy_(torch.tensor(0.6 * rng.standard_normal(t.shape)))
        for module in model:
            if isinstance(module, (nn.BatchNorm1d, nn.LayerNorm)):
                module.weight += 1
            if isinstance(module, nn.BatchNorm1d):
                module.running_mean.copy_(torch.tensor(0.3 * rng.standard_normal(module.running_mean.shape)))
                module.running_var.copy_(torch.tensor(rng.uniform(0.5, 2, module.running_var.shape)))


LOSSES = {
    "crossEntropy": lambda z, y: F.cross_entropy(z, y),
    "smoothed": lambda z, y: F.cross_entropy(z, y, label_smoothing=0.1),
    "binaryCrossEntropy": lambda z, y: F.binary_cross_entropy_with_logits(z, y),
    "squaredError": lambda z, y: F.mse_loss(z, y),
    "absoluteError": lambda z, y: F.l1_loss(z, y),
    "huber": lambda z, y: F.huber_loss(z, y, delta=0.7),
    "power": lambda z, y: (z - y).abs().pow(1.7).mean(),
    "crammerSinger": lambda z, y: crammer_singer(z, y),
    "oneVersusRest": lambda z, y: (1 - (2 * F.one_hot(y, z.shape[1]) - 1) * z).clamp(min=0).mean(),
}
LABELLED = {"crossEntropy", "smoothed", "crammerSinger", "oneVersusRest"}


def crammer_singer(z, y):
    others = z.masked_fill(F.one_hot(y, z.shape[1]).bool(), -torch.inf).max(1).values
    return (1 + others - z.gather(1, y[:, None])[:, 0]).clamp(min=0).mean()


def problem(name, inputs, layers, loss, examples, seed):
    rng = np.random.default_rng(seed)
    model = build(inputs, layers)
    randomize(model, rng)
    outputs = [l for l in layers if l[0] == "dense"][-1][1]
    x = np.round(rng.standard_normal((examples, inputs)), 3)
    if loss in LABELLED:
        y = rng.integers(0, outputs, examples)
        y[:outputs] = range(outputs)
    elif loss == "binaryCrossEntropy":
        y = rng.integers(0, 2, (examples, outputs)).astype(float)
    else:
        y = rng.standard_normal((examples, outputs))
    result = {"name": name, "inputs": inputs, "layers": layers, "loss": loss, "features": x.tolist(),
              "labels" if loss in LABELLED else "targets": y.tolist(), "parameters": vector(model)}
    for mode in ["used", "trained"]:
        model.train(mode == "trained")
        model.zero_grad()
        out = model(torch.tensor(x))
        value = LOSSES[loss](out, torch.tensor(y))
        value.backward()
        result[mode] = {"loss": value.item(), "gradient": gradient(model), "outputs": out[:20].detach().tolist(),
                        "statistics": flat(pieces(model)[1])}
    return result


A = lambda name, *p: ["activation", name, *p]
problems = [
    problem("relu", 5, [["dense", 7], A("relu"), ["dense", 4]], "crossEntropy", 17, 1),
    problem("deep relu, smoothed labels", 4, [["dense", 6], A("relu"), ["dense", 5], A("relu"), ["dense", 3]],
            "smoothed", 23, 2),
    problem("leaky", 5, [["dense", 6], A("leakyReLU", 0.2), ["dense", 2]], "squaredError", 11, 3),
    problem("elu", 3, [["dense", 6], A("elu", 1.3), ["dense", 2]], "absoluteError", 12, 4),
    problem("selu", 4, [["dense", 8], A("selu"), ["dense", 8], A("selu"), ["dense", 1]], "huber", 14, 5),
    problem("gelu", 5, [["dense", 7], A("gelu"), ["dense", 3]], "crossEntropy", 13, 6),
    problem("gelu by tanh", 5, [["dense", 7], A("geluTanh"), ["dense", 2]], "power", 13, 7),
    problem("silu", 4, [["dense", 6], A("silu"), ["dense", 5], A("silu"), ["dense", 3]], "binaryCrossEntropy", 15, 8),
    problem("tanh", 6, [["dense", 5], A("tanh"), ["dense", 4]], "crammerSinger", 16, 9),
    problem("sigmoid", 6, [["dense", 5], A("sigmoid"), ["dense", 4]], "oneVersusRest", 16, 10),
    problem("softplus", 3, [["dense", 5], A("softplus"), ["dense", 1]], "binaryCrossEntropy", 9, 11),
    problem("identity", 3, [["dense", 5], A("identity"), ["dense", 2]], "squaredError", 9, 12),
    problem("batch norm", 5, [["dense", 7], ["batchNorm"], A("relu"), ["dense", 4]], "crossEntropy", 19, 13),
    problem("batch norm, no bias, twice", 4,
            [["dense", 6, "noBias"], ["batchNorm"], A("gelu"), ["dense", 5, "noBias"], ["batchNorm"], A("tanh"),
             ["dense", 3]], "smoothed", 21, 14),
    problem("batch norm first and last", 4, [["batchNorm"], ["dense", 5], A("elu"), ["dense", 3], ["batchNorm"]],
            "squaredError", 10, 15),
    problem("layer norm", 5, [["dense", 7], ["layerNorm"], A("silu"), ["dense", 4]], "crossEntropy", 19, 16),
    problem("layer norm behind the activation, and first", 5,
            [["layerNorm"], ["dense", 6], A("tanh"), ["layerNorm"], ["dense", 2]], "huber", 12, 17),
    problem("both norms, activation at the end", 6,
            [["dense", 8], ["batchNorm"], A("relu"), ["dense", 6], ["layerNorm"], A("softplus"), ["dense", 2],
             A("sigmoid")], "squaredError", 18, 18),
    problem("activation upon activation", 3, [A("tanh"), ["dense", 5], A("sigmoid"), A("tanh"), ["dense", 2], A("tanh"),
                                              A("silu")], "squaredError", 8, 19),
    problem("batch norm over 700 examples", 3, [["dense", 4], ["batchNorm"], A("relu"), ["dense", 3]],
            "crossEntropy", 700, 20),
]
write("networks.json", {"problems": problems})


def training(name, inputs, layers, make, rule, steps, seed):
    rng = np.random.default_rng(seed)
    model = build(inputs, layers)
    randomize(model, rng)
    x = rng.standard_normal((32, inputs))
    y = rng.integers(0, 3, 32)
    y[:3] = range(3)
    start, optimizer, losses = vector(model), make(model.parameters()), []
    model.train()
    for step in range(steps):
        batch = [(7 * step + 3 * i) % 32 for i in range(8)]
        optimizer.zero_grad()
        loss = F.cross_entropy(model(torch.tensor(x[batch])), torch.tensor(y[batch]))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    model.eval()
    final = F.cross_entropy(model(torch.tensor(x)), torch.tensor(y)).item()
    return {"name": name, "inputs": inputs, "layers": layers, "rule": rule, "features": x.tolist(), "labels": y.tolist(),
            "start": start, "losses": losses, "end": vector(model), "finalLoss": final}


layers = [["dense", 8, "noBias"], ["batchNorm"], A("relu"), ["dense", 6], ["layerNorm"], A("gelu"), ["dense", 3]]
write("network-training.json", {"runs": [
    training("Adam", 5, layers, lambda p: torch.optim.Adam(p, lr=0.01), "adam", 20, 31),
    training("SGD", 5, layers, lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9), "sgd", 20, 32)]})



def averaging(seed):
    """Twelve updates on all examples; the running average of decay 0.9, and the mean of the points after updates 7 to 12;
    for both the running statistics of batches of all and of five."""
    rng = np.random.default_rng(seed)
    layers = [["dense", 5, "noBias"], ["batchNorm"], ["activation", "tanh"], ["dense", 3]]
    model = build(4, layers)
    randomize(model, rng)
    x, y = np.round(rng.standard_normal((14, 4)), 3), rng.integers(0, 3, 14)
    y[:3] = range(3)
    result = {"inputs": 4, "layers": layers, "features": x.tolist(), "labels": y.tolist(), "start": vector(model)}
    x, y = torch.tensor(x), torch.tensor(y)
    averages = {"exponential": AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.9)),
                "mean": AveragedModel(model)}
    rule = torch.optim.Adam(model.parameters(), lr=0.05)
    for update in range(1, 13):
        rule.zero_grad()
        F.cross_entropy(model(x), y).backward()
        rule.step()
        averages["exponential"].update_parameters(model)
        if update >= 7:
            averages["mean"].update_parameters(model)
    for name, average in averages.items():
        result[name] = []
        for size in 14, 5:
            update_bn([x[i:i + size] for i in range(0, 14, size)], average)
            average.eval()
            result[name].append({"batchSize": size, "parameters": vector(average.module),
                                 "loss": F.cross_entropy(average(x), y).item()})
    return result


write("network-averaging.json", averaging(90))

# 50 digits: each network of two layers, loss and derivatives by differences of 1e-20.
mpmath.mp.dps = 60
mp = mpmath.mpf
seluL, seluA = mp("1.0507009873554804934193349852946"), mp("1.6732632423543772848170429916717")
EXACT = {
    "relu": lambda z: max(z, 0), "leakyReLU": lambda z: z if z > 0 else mp(0.01) * z,
    "elu": lambda z: z if z > 0 else mpmath.expm1(z),
    "selu": lambda z: seluL * z if z > 0 else seluL * seluA * mpmath.expm1(z),
    "gelu": lambda z: z * mpmath.ncdf(z),
    "geluTanh": lambda z: z / 2 * (1 + mpmath.tanh(mpmath.sqrt(2 / mpmath.pi) * (z + mp("0.044715") * z ** 3))),
    "silu": lambda z: z / (1 + mpmath.exp(-z)), "tanh": mpmath.tanh, "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "softplus": lambda z: mpmath.log1p(mpmath.exp(z)), "identity": lambda z: z}


def exact(activation, seed, scale):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((3, 2))
    y = [0, 2, 1]
    point = scale * rng.standard_normal(2 * 3 + 3 + 3 * 3 + 3)

    def loss(p):
        total = mp(0)
        for row, label in zip(x, y):
            h = [EXACT[activation](sum(mp(row[i]) * p[3 * i + j] for i in range(2)) + p[6 + j]) for j in range(3)]
            z = [sum(h[i] * p[9 + 3 * i + j] for i in range(3)) + p[18 + j] for j in range(3)]
            total += mpmath.log(sum(mpmath.exp(v) for v in z)) - z[label]
        return total / 3

    p = [mp(v) for v in point]
    derivatives = []
    for i in range(len(p)):
        h = mp(10) ** -20
        up, down = list(p), list(p)
        up[i] += h
        down[i] -= h
        derivatives.append(float((loss(up) - loss(down)) / (2 * h)))
    return {"activation": activation, "features": x.tolist(), "labels": y, "parameters": point.tolist(),
            "loss": float(loss(p)), "gradient": derivatives}


write("network-exact.json", {"networks": [
    exact(name, 50 + i, scale) for i, name in enumerate(EXACT) for scale in (0.7, 3.0)]})
