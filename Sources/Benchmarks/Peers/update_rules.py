"""Times steps of PyTorch's optimizers: the processor time a step, and the path that was taken.

The path is `fused` where there is one for the CPU, else `foreach`.
"""

import time

import torch

import protocol

torch.set_num_threads(1)

RULES = {
    "SGD": (torch.optim.SGD, {"lr": 1e-3}),
    "SGD momentum": (torch.optim.SGD, {"lr": 1e-3, "momentum": 0.9}),
    "Adagrad": (torch.optim.Adagrad, {}),
    "Adadelta": (torch.optim.Adadelta, {}),
    "RMSprop": (torch.optim.RMSprop, {}),
    "RMSprop centered momentum": (torch.optim.RMSprop, {"centered": True, "momentum": 0.9}),
    "Adam": (torch.optim.Adam, {}),
    "Adam amsgrad": (torch.optim.Adam, {"amsgrad": True}),
    "AdamW": (torch.optim.AdamW, {}),
    "Adamax": (torch.optim.Adamax, {}),
    "NAdam": (torch.optim.NAdam, {}),
    "RAdam": (torch.optim.RAdam, {}),
    "Rprop": (torch.optim.Rprop, {}),
}


def optimizer(rule, count):
    """The optimizer of a rule on so many parameters, with a gradient, and the name of its path."""
    kind, options = RULES[rule]
    for path in ("fused", "foreach"):
        parameters = torch.full((count,), 0.5)
        parameters.grad = (torch.arange(count) % 17 - 8).float()
        try:
            made = kind([parameters], **options, **{path: True})
            made.step()
            return made, path
        except (TypeError, RuntimeError):
            continue
    raise ValueError(rule)


def steps(rule):
    """The job of one rule."""

    def prepare(request):
        made, path = optimizer(rule, request["sizes"]["parameters"])
        for _ in range(5):
            made.step()
        count = request["sizes"]["steps"]

        def run():
            begin = time.process_time()
            for _ in range(count):
                made.step()
            return {"seconds": (time.process_time() - begin) / count, "note": path}

        return run

    return prepare


protocol.serve(lambda: [("PyTorch", torch.__version__)], {rule: steps(rule) for rule in RULES})
