"""Writes schedules.json: what the schedulers of torch.optim.lr_scheduler do, one rate for each of their steps.

Run with PyTorch installed:  python make_schedule_fixtures.py
"""

import json
import os

import torch
from torch.optim import lr_scheduler as s


def rates(make, count, lr=0.1):
    """The rate at each of `count` steps, before the step."""
    rule = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr, momentum=0.9)
    schedule = make(rule)
    found = []
    for _ in range(count):
        found.append(float(rule.param_groups[0]["lr"]))
        rule.step()
        schedule.step()
    return found


def cycle(key):
    """OneCycleLR: its last step is its count less one, and so is the end of its first phase."""
    rule = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], 0.1, momentum=0.9)
    schedule = s.OneCycleLR(rule, max_lr=0.4, total_steps=101, pct_start=31 / 101)
    found = []
    for step in range(101):
        found.append(float(rule.param_groups[0][key]))
        rule.step()
        if step < 100:
            schedule.step()
    return found


LOSSES = [5, 4, 4.5, 3.9999, 3.99, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 3, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]


def plateau(**options):
    """The rate after each loss."""
    rule = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], 1.0)
    schedule = s.ReduceLROnPlateau(rule, **options)
    found = []
    for loss in LOSSES:
        schedule.step(loss)
        found.append(float(rule.param_groups[0]["lr"]))
    return found


FIXTURES = {
    "steps": rates(lambda r: s.StepLR(r, 7, 0.3), 40),
    "exponential": rates(lambda r: s.ExponentialLR(r, 0.9), 40),
    "multistep": rates(lambda r: s.MultiStepLR(r, [3, 10, 11, 30], 0.5), 40),
    "polynomial": rates(lambda r: s.PolynomialLR(r, 25, 2.5), 40),
    "linear": rates(lambda r: s.LinearLR(r, 1, 0.2, 25), 40),
    "cosine": rates(lambda r: s.CosineAnnealingLR(r, 39, 0.01), 40),
    "restarts": rates(lambda r: s.CosineAnnealingWarmRestarts(r, 7, 1, 0.01), 40),
    "growing restarts": rates(lambda r: s.CosineAnnealingWarmRestarts(r, 5, 2, 0.01), 80),
    "one cycle": cycle("lr"),
    "one cycle, momentum": cycle("momentum"),
    "warm-up": rates(
        lambda r: s.SequentialLR(r, [s.LinearLR(r, 0.1, 1, 5), s.PolynomialLR(r, 20, 1.5)], [5]), 40),
    "warm-up over": rates(lambda r: s.ChainedScheduler([s.LinearLR(r, 0.1, 1, 8), s.StepLR(r, 5, 0.5)]), 40),
    "losses": LOSSES,
    "plateau": plateau(patience=2, factor=0.5),
    "plateau, cooldown": plateau(patience=1, factor=0.3, cooldown=3, threshold=0.01),
    "plateau, minimum": plateau(patience=0, factor=0.1, min_lr=0.02),
}

if __name__ == "__main__":
    target = os.path.join(os.path.dirname(os.path.abspath(__file__)), "schedules.json")
    with open(target + ".new", "w") as file:
        file.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in FIXTURES.items()) + "\n}\n")
    os.replace(target + ".new", target)
