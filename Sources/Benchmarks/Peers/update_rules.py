"""Times steps of PyTorch's optimizers on one thread, as asked on standard input.

A question is a line `rule,parameters,steps`; the answer is a line `path seconds`, the seconds of processor time a step
and the path that was taken: `fused` where there is one for the CPU, else `foreach`.
"""

import sys
import time

import torch

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


print("ready", flush=True)
current = None
for line in sys.stdin:
    rule, count, steps = line.strip().split(",")
    if current is None or current[0] != (rule, count):
        current = None  # Lets go of the memory of the one before.
        current = ((rule, count), *optimizer(rule, int(count)))
        for _ in range(5):
            current[1].step()
    _, made, path = current
    begin = time.process_time()
    for _ in range(int(steps)):
        made.step()
    print(path, (time.process_time() - begin) / int(steps), flush=True)
