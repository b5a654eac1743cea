"""The textbook network by PyTorch: 784-128-64-10, Adam 1e-3, batches of 64, 15 epochs, pixels to -1...1.

    python mnist_seeds.py mnist.npz [SEEDS]     # needs numpy and torch

Prints for each seed the accuracy on the test set, that of the running average of the points (decay 0.999), and the
running loss of the last epoch, then their means and standard deviations. `descent train mlp` with the options that docs/networks.md names is the same training: the same
distribution of initial weights, every epoch in a new order, the short last batch included, eps outside the root.
"""

import statistics
import sys

import numpy as np
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

data = np.load(sys.argv[1])
seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 10
torch.set_num_threads(1)
torch.set_flush_denormal(True)


def pixels(name):
    return torch.tensor((data[name].reshape(-1, 784).astype(np.float32) / 255 - 0.5) / 0.5)


def labels(name):
    return torch.tensor(data[name].astype(np.int64))


x, y, x_test, y_test = pixels("x_train"), labels("y_train"), pixels("x_test"), labels("y_test")
accuracies, averaged, losses = [], [], []
for seed in range(seeds):
    torch.manual_seed(seed)
    model = nn.Sequential(
        nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10), nn.LogSoftmax(1)
    )
    rule = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.999))
    loss_of = nn.NLLLoss()
    for _ in range(15):
        order, total = torch.randperm(len(x)), 0.0
        for start in range(0, len(x), 64):
            batch = order[start : start + 64]
            rule.zero_grad()
            loss = loss_of(model(x[batch]), y[batch])
            loss.backward()
            rule.step()
            average.update_parameters(model)
            total += loss.item() * len(batch)
    with torch.no_grad():
        for network, found in (model, accuracies), (average, averaged):
            found.append((network(x_test).argmax(1) == y_test).float().mean().item())
    losses.append(total / len(x))
    print(f"seed {seed}: accuracy {accuracies[-1]:.4f}, of the average {averaged[-1]:.4f}, loss {losses[-1]:.4f}", flush=True)
if seeds > 1:
    for name, values in ("accuracy", accuracies), ("of the average", averaged), ("loss", losses):
        print(f"{name}: mean {statistics.mean(values):.4f}, standard deviation {statistics.stdev(values):.4f}")
