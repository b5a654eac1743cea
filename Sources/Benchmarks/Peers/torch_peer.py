"""PyTorch: epochs of a multilayer perceptron on MNIST with fused Adam, and steps of its optimizers."""

import numpy as np
import torch
from torch import nn

import protocol

torch.set_num_threads(protocol.threads())


def mlp(request):
    """An epoch; each run goes on from where the one before ended."""
    sizes = request["sizes"]
    with np.load(request["data"]) as archive:
        pixels, labels = archive["x_train"], archive["y_train"]
    x = torch.from_numpy(pixels.reshape(len(pixels), -1).astype(np.float32) / 127.5 - 1)
    y = torch.from_numpy(labels.astype(np.int64))
    widths = [x.shape[1], *request["hidden"], 10]
    torch.manual_seed(0)
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    model = nn.Sequential(*layers[:-1])
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=True)
    criterion = nn.CrossEntropyLoss()
    batch = sizes["batch"]

    def run():
        total = 0.0
        for indices in torch.randperm(len(x)).split(batch):
            optimizer.zero_grad()
            loss = criterion(model(x[indices]), y[indices])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(indices)
        return {"note": f"loss {total / len(x):.3f}"}

    return run


def product(request, kind):
    size = request["sizes"]["size"]
    a, b, c = (torch.full((size, size), value, dtype=kind) for value in (0.5, 0.25, 0.0))

    def run():
        torch.mm(a, b, out=c)

    return run


def facts():
    library = "MKL" if torch.backends.mkl.is_available() else "another BLAS"
    kernels = f"{torch.backends.cpu.get_cpu_capability()}, {library}"
    return [("PyTorch", torch.__version__), ("PyTorch's kernels", kernels)]


protocol.serve(
    facts,
    {
        "mlp": mlp,
        "gemm-float": lambda request: product(request, torch.float32),
        "gemm-double": lambda request: product(request, torch.float64),
    },
)
