"""An epoch of a multilayer perceptron on MNIST in PyTorch, from start to printed accuracy: for its time and memory.

The argument is the npz file.
"""

import sys

import numpy as np
import torch
from torch import nn

with np.load(sys.argv[1]) as archive:
    x, x_test = (
        torch.from_numpy(archive[name].reshape(len(archive[name]), -1).astype(np.float32) / 127.5 - 1)
        for name in ("x_train", "x_test")
    )
    y, y_test = (torch.from_numpy(archive[name].astype(np.int64)) for name in ("y_train", "y_test"))

torch.manual_seed(0)
model = nn.Sequential(
    nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)
)
optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=True)
criterion = nn.CrossEntropyLoss()
for indices in torch.randperm(len(x)).split(64):
    optimizer.zero_grad()
    criterion(model(x[indices]), y[indices]).backward()
    optimizer.step()
with torch.no_grad():
    accuracy = (model(x_test).argmax(1) == y_test).float().mean().item()
print(f"accuracy {accuracy:.4f}")
