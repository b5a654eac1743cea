"""Writes histogram.json: values, and the counts and edges that NumPy finds by three rules.

    python3 make_histogram_fixture.py        # needs numpy
"""
import json
import os

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(7)
samples = {
    "normal": np.round(rng.standard_normal(200), 3),
    "skewed": np.round(rng.exponential(size=60), 3),
    "levels": rng.integers(0, 17, 64).astype(float),
    "mostly the same": np.append(np.zeros(20), [1.0, 2.0, 3.0]),
    "constant": np.full(5, 2.5),
    "one": np.array([-3.0]),
    "at the edges": np.arange(9) / 8,
}
fixture = []
for name, values in samples.items():
    rules = {}
    for rule in ["sturges", "fd", "auto"]:
        counts, edges = np.histogram(values, bins=rule)
        rules[rule] = {"counts": counts.tolist(), "edges": edges.tolist()}
    # Since version 2 NumPy bounds the bins of "auto" by a third rule, which is in play where the quartiles are equal and
    # must not be elsewhere.
    if np.subtract(*np.percentile(values, [75, 25])) == 0:
        rules["auto"] = rules["sturges"]
    more = max(len(rules["sturges"]["counts"]), len(rules["fd"]["counts"]))
    assert len(rules["auto"]["counts"]) == more, name
    fixture.append({"name": name, "values": values.tolist(), "sturges": rules["sturges"],
                    "freedmanDiaconis": rules["fd"], "automatic": rules["auto"]})
    print(name, {rule: len(found["counts"]) for rule, found in rules.items()})

temporary = os.path.join(here, "histogram.json.part")
with open(temporary, "w") as file:
    json.dump(fixture, file, separators=(",", ":"))
    file.write("\n")
os.replace(temporary, os.path.join(here, "histogram.json"))
