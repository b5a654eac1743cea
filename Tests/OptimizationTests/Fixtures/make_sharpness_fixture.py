"""Writes sharpness.json: paths of sharpness-aware minimization, a few lines from the papers.

Foret et al. (2021) and, adaptive, Kwon et al. (2021), on the problems of make_rule_fixtures.py with the zeros of their
first step, around torch.optim. Run with its packages installed:  python make_sharpness_fixture.py
"""

import json
import os

import numpy as np
import torch

from make_rule_fixtures import PROBLEMS, sparse

KEPT = [1, 2, 10, 101, 200]


def path(problem, make, radius, adaptive):
    field = lambda x: sparse(PROBLEMS[problem].gradient(x), 1)
    p = torch.nn.Parameter(torch.tensor(PROBLEMS[problem].start))
    rule, kept = make([p]), []
    for t in range(1, 201):
        x = p.detach().numpy().copy()
        g = field(x)
        scale = np.abs(x) if adaptive else np.ones_like(x)
        e = radius * scale * scale * g / np.linalg.norm(scale * g)
        p.grad = torch.tensor(field(x + e))
        rule.step()
        if t in KEPT:
            kept.append(p.detach().numpy().tolist())
    return kept


def main():
    paths = []
    for problem in PROBLEMS:
        plain = path(problem, lambda p: torch.optim.SGD(p, 0.03, momentum=0.9), 0.05, False)
        adaptive = path(problem, lambda p: torch.optim.Adam(p, 0.02), 0.5, True)
        paths += [{"problem": problem, "adaptive": a, "points": q} for a, q in ((False, plain), (True, adaptive))]
    target = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sharpness.json")
    with open(target + ".new", "w") as file:
        file.write('{"steps": %s, "paths": [\n%s\n]}\n' % (KEPT, ",\n".join(map(json.dumps, paths))))
    os.replace(target + ".new", target)


if __name__ == "__main__":
    main()
