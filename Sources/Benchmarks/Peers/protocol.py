"""The side of the peers: answers requests in lines of JSON, as Sources/Benchmarks/Processes/WorkerMessages.swift has them.

A peer is a script that calls `serve` with its jobs: functions that take a request, make what is needed, and return the
function to be timed. What that returns may be None or a dictionary with `note`, `value`, and `seconds` in place of the
time by the clock, or a function that gives such a dictionary afterwards, outside the time.
"""

import importlib.metadata
import json
import os
import sys
import time


def threads():
    """The number of threads to work on, the script's argument."""
    return int(sys.argv[1])


def stay_on_processors(count):
    """Keeps this process on so many processors, for libraries that have no other way to be told."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:count])


def versions(*packages):
    """The packages that are installed, with their versions."""
    found = []
    for package in packages:
        try:
            found.append((package, importlib.metadata.version(package)))
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def kernels():
    """The libraries of linear algebra that are loaded, and the processor that their kernels are for."""
    from threadpoolctl import threadpool_info

    names = {
        f"{info['internal_api']} {info.get('version') or ''} {info.get('architecture', '')}".strip()
        for info in threadpool_info()
        if info["user_api"] == "blas"
    }
    return "; ".join(sorted(names))


def random_problem(rows, columns):
    """Features uniform in ±1 and a target with coefficients 1 and noise of deviation 0.1."""
    import numpy as np

    generator = np.random.default_rng(0)
    a = generator.uniform(-1, 1, (rows, columns))
    return a, a @ np.ones(columns) + generator.normal(0, 0.1, rows)


def serve(facts, jobs):
    """Answers until the input ends.

    facts: a function giving pairs of names and values, such as versions.
    """
    # What libraries print must not get between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    prepared = {}
    for line in sys.stdin:
        request = json.loads(line)
        kind, job = request["kind"], request.get("job")
        try:
            answer = {}
            if kind == "about":
                answer["facts"] = [[str(name), str(value)] for name, value in facts()]
            elif kind == "prepare":
                prepared.pop(job, None)
                prepared[job] = jobs[job](request)
            elif kind == "forget":
                prepared.clear()
            else:
                answer = timed(prepared[job], request.get("atLeast") or 0)
        except Exception as error:  # The one who asks decides what it means.
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


def timed(run, at_least):
    """Seconds that a run took, and what it found; repeated for so many seconds, the mean."""
    begin = time.perf_counter()
    count, seconds = 0, 0.0
    while count == 0 or seconds < at_least:
        result = run()
        count += 1
        seconds = time.perf_counter() - begin
    if callable(result):
        result = result()
    return {"seconds": seconds / count, **(result or {})}
