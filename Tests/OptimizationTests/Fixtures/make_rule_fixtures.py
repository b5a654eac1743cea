"""Writes rules.json: the paths of every update rule, in double precision, as other implementations take them.

References: torch.optim where it has the rule, else optax, else the lines below, written from the paper.
Run with NumPy, PyTorch, JAX and optax installed:  python make_rule_fixtures.py
"""

import json
import os

import jax

jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
import numpy as np
import optax
import torch

torch.set_default_dtype(torch.float64)  # or NAdam's product of momenta is held in single precision

STEPS = 200
KEPT = {
    "quadratic": [1, 2, 3, 5, 10, 50, 100, 101, 150, 200],
    "softmax": [1, 2, 10, 100, 101, 200],
    "network": [1, 2, 10, 101, 200],
}
CHANGE = 100  # steps at the first learning rate
FACTOR = 0.3  # the learning rate is multiplied by this afterwards

random = np.random.default_rng(7)


def rounded(shape, scale=1.0):
    """Numbers of few digits, so that the file is small."""
    return np.round(scale * random.standard_normal(shape), 2)


# --- The problems: each a gradient, written out ---------------------------------------------------------------------


class Quadratic:
    """½ θᵀAθ − bᵀθ."""

    def __init__(self):
        b = rounded((6, 6), 0.5)
        self.matrix = b @ b.T + np.diag([0.1, 0.2, 0.5, 1, 2, 4])
        self.vector = rounded(6)
        self.start = rounded(6, 2)

    def gradient(self, x):
        return self.matrix @ x - self.vector

    def data(self):
        return {"matrix": self.matrix.ravel().tolist(), "vector": self.vector.tolist()}


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


class Softmax:
    """Mean cross-entropy of 10 examples in 3 classes plus 0.005 |θ|²; θ is W (3 × 3, by class), then b."""

    def __init__(self):
        self.x = rounded((10, 3))
        self.y = np.arange(10) * 7 % 3
        self.start = rounded(12, 0.3)

    def gradient(self, p):
        w, b = p[:9].reshape(3, 3), p[9:]
        d = softmax(self.x @ w.T + b)
        d[np.arange(10), self.y] -= 1
        d /= 10
        return np.concatenate([(d.T @ self.x).ravel(), d.sum(axis=0)]) + 0.01 * p

    def data(self):
        return {"features": self.x.ravel().tolist(), "labels": self.y.tolist()}


class Network(Softmax):
    """Mean cross-entropy of a network 3-3-2 with tanh plus 0.01 |θ|²; θ is W₁, b₁, W₂, b₂."""

    def __init__(self):
        self.x = rounded((8, 3))
        self.y = np.arange(8) * 5 % 2
        self.start = rounded(20, 0.7)

    def gradient(self, p):
        w1, b1, w2, b2 = p[:9].reshape(3, 3), p[9:12], p[12:18].reshape(2, 3), p[18:]
        h = np.tanh(self.x @ w1.T + b1)
        d = softmax(h @ w2.T + b2)
        d[np.arange(8), self.y] -= 1
        d /= 8
        e = (d @ w2) * (1 - h * h)
        parts = [(e.T @ self.x).ravel(), e.sum(axis=0), (d.T @ h).ravel(), d.sum(axis=0)]
        return np.concatenate(parts) + 0.02 * p


PROBLEMS = {"quadratic": Quadratic(), "softmax": Softmax(), "network": Network()}


def sparse(gradient, step):
    """Every fifth coordinate zero, another fifth each step (steps from 1)."""
    gradient = gradient.copy()
    gradient[(3 * np.arange(gradient.size) + step) % 5 == 0] = 0
    return gradient


def path(problem, step_function):
    """The kept points of a rule; step_function(θ, g, step) → θ."""
    p = PROBLEMS[problem].start.copy()
    kept = []
    for t in range(1, STEPS + 1):
        p = step_function(p, sparse(PROBLEMS[problem].gradient(p), t), t)
        if t in KEPT[problem]:
            kept.append(p.tolist())
    return kept


# --- The references -------------------------------------------------------------------------------------------------


def by_torch(make, lr, before=None, split=False):
    """A rule of torch.optim; `make(parameters, lr)`, and `before(parameter)` called ahead of each step.

    With `split` the parameters are three tensors, cut in front of coordinates 4 and 6, of which the last may be empty.
    """

    def run(problem):
        cuts = [4, 6] if split else []
        parts = np.split(PROBLEMS[problem].start, cuts)
        tensors = [torch.nn.Parameter(torch.tensor(part)) for part in parts if part.size]
        rule = make(tensors, lr)

        def step(_, g, t):
            if t == CHANGE + 1:
                for group in rule.param_groups:
                    group["lr"] *= FACTOR
            for tensor, part in zip(tensors, np.split(g, cuts)):
                tensor.grad = torch.tensor(part)
            if before:
                before(tensors)
            rule.step()
            return np.concatenate([t.detach().numpy() for t in tensors])

        return path(problem, step)

    return run


def by_optax(make, lr):
    """A rule of optax; `make(learning-rate schedule)`."""

    def run(problem):
        rule = make(lambda count: jnp.where(count < CHANGE, lr, lr * FACTOR))
        memory = [rule.init(jnp.array(PROBLEMS[problem].start))]
        update = jax.jit(rule.update)

        def step(p, g, t):
            u, memory[0] = update(jnp.array(g), memory[0], jnp.array(p))
            return np.array(optax.apply_updates(jnp.array(p), u))

        return path(problem, step)

    return run


def by_hand(make, lr):
    """A rule written here: `make()` gives a function of (θ, g, η, step) that remembers what it needs."""

    def run(problem):
        rule = make()
        return path(problem, lambda p, g, t: rule(p, g, lr if t <= CHANGE else lr * FACTOR, t))

    return run


class Every:
    """A rule of torch.optim that steps once in so many calls, along the mean of the gradients."""

    def __init__(self, rule, count):
        self.rule, self.count, self.calls, self.param_groups = rule, count, 0, rule.param_groups

    def step(self):
        self.calls += 1
        for p in self.param_groups[0]["params"]:
            p.sum = p.grad.clone() if self.calls % self.count == 1 else p.sum + p.grad
            p.grad = p.sum / self.count
        if self.calls % self.count == 0:
            self.rule.step()


def momentum(mu, decay=0.0):
    """v ← μv − ηg, θ ← θ + v."""

    def make():
        v = [0.0]

        def step(p, g, lr, t):
            v[0] = mu * v[0] - lr * (g + decay * p)
            return p + v[0]

        return step

    return make


def nesterov(mu, decay=0.0):
    """θ ← θ − μ v_old + (1 + μ) v_new, as CS231n has it."""

    def make():
        v = [0.0]

        def step(p, g, lr, t):
            old = v[0]
            v[0] = mu * old - lr * (g + decay * p)
            return p - mu * old + (1 + mu) * v[0]

        return step

    return make


def schedule_free(beta, decay=0.0, beta2=None, eps=1e-8):
    """The three points of the paper, x, y and z, each written as it stands there; with beta2, AdamW's."""

    def make():
        m = {"v": 0.0, "largest": 0.0, "sum": 0.0}

        def step(y, g, lr, t):
            if t == 1:
                m["x"] = m["z"] = y
            if beta2 is not None:
                m["v"] = beta2 * m["v"] + (1 - beta2) * g * g
                g = g / (np.sqrt(m["v"] / (1 - beta2**t)) + eps)
            m["z"] = m["z"] - lr * (g + decay * y)
            m["largest"] = max(m["largest"], lr)
            m["sum"] += m["largest"] ** 2
            c = m["largest"] ** 2 / m["sum"]
            m["x"] = (1 - c) * m["x"] + c * m["z"]
            return (1 - beta) * m["z"] + beta * m["x"]

        return step

    return make


def muon(rows, columns, mu=0.95, nesterov=True, decay=0.1):
    """Muon on the first numbers as a matrix, in double precision; AdamW (decay 0.01) of the same rate on the rest."""

    def make():
        n = rows * columns
        m = {"b": np.zeros((rows, columns)), "first": 0.0, "second": 0.0}

        def step(p, g, lr, t):
            w, gw = p[:n].reshape(rows, columns), g[:n].reshape(rows, columns)
            m["b"] = mu * m["b"] + gw
            u = gw + mu * m["b"] if nesterov else m["b"]
            x = u / max(np.linalg.norm(u), 1e-7)
            x = x.T if rows > columns else x
            for _ in range(5):
                a = x @ x.T
                x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
            x = x.T if rows > columns else x
            w = w - lr * decay * w - lr * max(1, rows / columns) ** 0.5 * x
            q, gq = p[n:], g[n:]
            m["first"] = 0.9 * m["first"] + 0.1 * gq
            m["second"] = 0.999 * m["second"] + 0.001 * gq * gq
            q = q * (1 - lr * 0.01) - lr * (m["first"] / (1 - 0.9**t)) / (np.sqrt(m["second"] / (1 - 0.999**t)) + 1e-8)
            return np.concatenate([w.ravel(), q])

        return step

    return make


def prodigy(b1=0.9, b2=0.999, b3=None, eps=1e-8, decay=0.0, d0=1e-6, coef=1.0, growth=np.inf, correct=False, safe=False):
    """Mishchenko and Defazio, Prodigy (2023), algorithm 4 (the Adam version), with the options of its authors."""
    b3 = np.sqrt(b2) if b3 is None else b3

    def make():
        s = {"m": 0, "v": 0, "s": 0, "r": 0, "d": d0, "dmax": d0, "k": 0}

        def step(x, g, lr, t):
            if t == 1:
                s["x0"] = x.copy()
            d = s["d"]
            bias = np.sqrt(1 - b2 ** (s["k"] + 1)) / (1 - b1 ** (s["k"] + 1)) if correct else 1
            rate = d * lr * bias
            s["r"] = b3 * s["r"] + d / d0 * rate * (g @ (s["x0"] - x))
            s["m"] = b1 * s["m"] + (1 - b1) * d * g
            s["v"] = b2 * s["v"] + (1 - b2) * d * d * g * g
            s["s"] = b3 * s["s"] + d / d0 * (d if safe else rate) * g
            size = np.abs(s["s"]).sum()
            if size == 0:
                return x
            found = coef * s["r"] / size
            if s["d"] == d0:
                s["d"] = max(s["d"], found)
            s["dmax"] = max(s["dmax"], found)
            s["d"] = min(s["dmax"], s["d"] * growth)
            s["k"] += 1
            return x - decay * rate * x - rate * s["m"] / (np.sqrt(s["v"]) + s["d"] * eps)

        return step

    return make


def matrix_and_rest(rows, columns, rate, rest, make_matrix):
    """A rule for a matrix at the start of the parameters, torch's AdamW for all that follows."""

    def make():
        on_matrix = make_matrix()
        parameter, adam = None, None

        def step(p, g, lr, t):
            nonlocal parameter, adam
            n = rows * columns
            new = p.copy()
            new[:n] = on_matrix(p[:n].reshape(rows, columns), g[:n].reshape(rows, columns), lr, t).ravel()
            if n < p.size:
                if adam is None:
                    parameter = torch.nn.Parameter(torch.tensor(p[n:]))
                    adam = torch.optim.AdamW([parameter], rest)
                adam.param_groups[0]["lr"] = rest * lr / rate
                parameter.grad = torch.tensor(g[n:])
                adam.step()
                new[n:] = parameter.detach().numpy()
            return new

        return step

    return make


def root4(a):
    w, q = np.linalg.eigh(a)
    return (q * w**-0.25) @ q.T


def shampoo(mu=0.0, eps=1e-4, decay=0.0, every=1):
    """Gupta, Koren and Singer, Shampoo (2018), algorithm 1, with a momentum of the preconditioned gradients."""

    def make():
        s = {"b": 0}

        def step(w, g, lr, t):
            if t == 1:
                s["l"], s["r"] = eps * np.eye(w.shape[0]), eps * np.eye(w.shape[1])
            s["l"], s["r"] = s["l"] + g @ g.T, s["r"] + g.T @ g
            if (t - 1) % every == 0:
                s["pl"], s["pr"] = root4(s["l"]), root4(s["r"])
            s["b"] = mu * s["b"] + s["pl"] @ g @ s["pr"]
            return (1 - lr * decay) * w - lr * s["b"]

        return step

    return make


def soap(b1=0.95, b2=0.95, eps=1e-8, decay=0.01, every=10):
    """Vyas et al., SOAP (2024), algorithm 3; as in its authors' program the first step only makes the bases, the
    averages are corrected for their start, and columns are sorted before an orthogonalization."""

    def basis(a):
        return np.linalg.eigh(a)[1][:, ::-1]

    def make():
        s = {"m": 0, "v": 0}

        def step(w, g, lr, t):
            if t == 1:
                s["l"], s["r"] = (1 - b2) * g @ g.T, (1 - b2) * g.T @ g
                s["ql"], s["qr"] = basis(s["l"]), basis(s["r"])
                return w
            u = s["ql"].T @ g @ s["qr"]
            s["m"] = b1 * s["m"] + (1 - b1) * g
            s["v"] = b2 * s["v"] + (1 - b2) * u * u
            k = t - 1
            rate = lr * np.sqrt(1 - b2**k) / (1 - b1**k)
            n = (s["ql"].T @ s["m"] @ s["qr"]) / (np.sqrt(s["v"]) + eps)
            w = w - rate * (s["ql"] @ n @ s["qr"].T)
            w = (1 - lr * decay) * w
            s["l"], s["r"] = b2 * s["l"] + (1 - b2) * g @ g.T, b2 * s["r"] + (1 - b2) * g.T @ g
            if k % every == 0:
                for q, a, axis in (("ql", "l", 0), ("qr", "r", 1)):
                    order = np.argsort(-np.diag(s[q].T @ s[a] @ s[q]), kind="stable")
                    s["v"] = np.take(s["v"], order, axis)
                    s[q] = np.linalg.qr(s[a] @ s[q][:, order])[0]
            return w

        return step

    return make


class Lookahead:
    """A rule of torch.optim that goes back part of the way every so many calls."""

    def __init__(self, rule, period, share):
        self.rule, self.period, self.share, self.calls, self.param_groups = rule, period, share, 0, rule.param_groups

    def step(self):
        parameters = self.param_groups[0]["params"]
        if self.calls == 0:
            self.slow = [p.detach().clone() for p in parameters]
        self.calls += 1
        self.rule.step()
        if self.calls % self.period == 0:
            for p, slow in zip(parameters, self.slow):
                slow += self.share * (p.detach() - slow)
                p.data.copy_(slow)


o = torch.optim
RULES = {
    "sgd": by_torch(lambda p, lr: o.SGD(p, lr), 0.1),
    "sgd decay": by_torch(lambda p, lr: o.SGD(p, lr, weight_decay=0.05), 0.1),
    "sgd maximize decay": by_torch(lambda p, lr: o.SGD(p, lr, weight_decay=0.05, maximize=True), 0.001),
    "sgd momentum": by_torch(lambda p, lr: o.SGD(p, lr, momentum=0.9), 0.03),
    "sgd momentum dampening decay": by_torch(
        lambda p, lr: o.SGD(p, lr, momentum=0.8, dampening=0.3, weight_decay=0.05), 0.05),
    "sgd nesterov": by_torch(lambda p, lr: o.SGD(p, lr, momentum=0.9, nesterov=True), 0.03),
    "sgd nesterov decay maximize": by_torch(
        lambda p, lr: o.SGD(p, lr, momentum=0.5, nesterov=True, weight_decay=0.05, maximize=True), 0.001),
    "momentum": by_hand(momentum(0.9), 0.03),
    "momentum decay": by_hand(momentum(0.8, 0.05), 0.03),
    "momentum nesterov": by_hand(nesterov(0.9), 0.03),
    "momentum nesterov decay": by_hand(nesterov(0.8, 0.05), 0.03),
    "adagrad": by_torch(lambda p, lr: o.Adagrad(p, lr), 0.3),
    "adagrad decays start epsilon": by_torch(
        lambda p, lr: o.Adagrad(
            p, lr, lr_decay=0.01, weight_decay=0.05, initial_accumulator_value=0.2, eps=1e-3), 0.3),
    "adagrad optax": by_optax(lambda lr: optax.adagrad(lr), 0.3),
    "adadelta": by_torch(lambda p, lr: o.Adadelta(p, lr), 1.0),
    "adadelta options": by_torch(lambda p, lr: o.Adadelta(p, lr, rho=0.8, eps=1e-4, weight_decay=0.05), 2.0),
    "rmsprop": by_torch(lambda p, lr: o.RMSprop(p, lr), 0.01),
    "rmsprop decay epsilon": by_torch(
        lambda p, lr: o.RMSprop(p, lr, alpha=0.9, eps=1e-2, weight_decay=0.05), 0.01),
    "rmsprop centered": by_torch(lambda p, lr: o.RMSprop(p, lr, eps=1e-3, centered=True), 0.01),
    "rmsprop momentum": by_torch(lambda p, lr: o.RMSprop(p, lr, momentum=0.9), 0.002),
    "rmsprop centered momentum decay": by_torch(
        lambda p, lr: o.RMSprop(p, lr, eps=1e-3, centered=True, momentum=0.8, weight_decay=0.05), 0.002),
    "rmsprop optax": by_optax(lambda lr: optax.rmsprop(lr), 0.003),
    "rmsprop optax centered": by_optax(lambda lr: optax.rmsprop(lr, eps=1e-4, centered=True), 0.01),
    "rmsprop optax momentum": by_optax(lambda lr: optax.rmsprop(lr, eps=1e-4, momentum=0.9), 0.002),
    "rmsprop optax centered momentum": by_optax(
        lambda lr: optax.rmsprop(lr, eps=1e-4, centered=True, momentum=0.9), 0.002),
    "adam": by_torch(lambda p, lr: o.Adam(p, lr), 0.05),
    "adam options": by_torch(
        lambda p, lr: o.Adam(p, lr, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.05), 0.05),
    "adam amsgrad": by_torch(lambda p, lr: o.Adam(p, lr, betas=(0.9, 0.95), amsgrad=True), 0.05),
    "adamw": by_torch(lambda p, lr: o.AdamW(p, lr), 0.05),
    "adamw options": by_torch(
        lambda p, lr: o.AdamW(p, lr, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.3), 0.05),
    "adamw amsgrad": by_torch(lambda p, lr: o.AdamW(p, lr, betas=(0.9, 0.95), amsgrad=True), 0.05),
    "adamax": by_torch(lambda p, lr: o.Adamax(p, lr), 0.05),
    "adamax options": by_torch(
        lambda p, lr: o.Adamax(p, lr, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.05), 0.02),
    "adamax optax": by_optax(lambda lr: optax.adamax(lr), 0.05),
    "nadam": by_torch(lambda p, lr: o.NAdam(p, lr), 0.05),
    "nadam options": by_torch(
        lambda p, lr: o.NAdam(p, lr, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.05, momentum_decay=0.1), 0.05),
    "nadam decoupled": by_torch(
        lambda p, lr: o.NAdam(p, lr, weight_decay=0.05, decoupled_weight_decay=True), 0.05),
    "nadam optax": by_optax(lambda lr: optax.nadam(lr), 0.05),
    "radam": by_torch(lambda p, lr: o.RAdam(p, lr), 0.05),
    "radam options": by_torch(
        lambda p, lr: o.RAdam(p, lr, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.05), 0.05),
    "radam decoupled": by_torch(
        lambda p, lr: o.RAdam(p, lr, weight_decay=0.05, decoupled_weight_decay=True), 0.05),
    "rprop": by_torch(lambda p, lr: o.Rprop(p, lr), 0.05),
    "rprop options": by_torch(
        lambda p, lr: o.Rprop(p, lr, etas=(0.4, 1.3), step_sizes=(1e-3, 0.2)), 0.01),
    # Steps in front of rules, and rules around rules.
    "clip norm adam": by_optax(lambda lr: optax.chain(optax.clip_by_global_norm(0.1), optax.adam(lr)), 0.05),
    "clip value momentum": by_torch(
        lambda p, lr: o.SGD(p, lr, momentum=0.9), 0.03, before=lambda p: torch.nn.utils.clip_grad_value_(p, 0.2)),
    "coupled decay momentum": by_optax(
        lambda lr: optax.chain(optax.add_decayed_weights(0.05), optax.sgd(lr, momentum=0.9)), 0.03),
    "coupled decay behind clip": by_optax(
        lambda lr: optax.chain(optax.clip(0.2), optax.add_decayed_weights(0.3), optax.sgd(lr)), 0.1),
    "decoupled decay momentum": by_optax(
        lambda lr: optax.chain(
            optax.trace(0.9), optax.add_decayed_weights(0.3), optax.scale_by_learning_rate(lr)), 0.03),
    "maximize adam decay": by_torch(lambda p, lr: o.Adam(p, lr, weight_decay=0.05, maximize=True), 0.005),
    "accumulate adam": by_torch(lambda p, lr: Every(o.Adam(p, lr), 4), 0.05),
    "groups adamw": by_torch(
        lambda p, lr: o.AdamW(
            [{"params": [p[0]] + p[2:]}, {"params": [p[1]], "lr": 2 * lr, "weight_decay": 0.0}], lr, weight_decay=0.3),
        0.05, split=True),
    "groups momentum": by_torch(
        lambda p, lr: o.SGD(
            [{"params": [p[0]] + p[2:]}, {"params": [p[1]], "lr": lr / 3, "momentum": 0.5}], lr, momentum=0.9),
        0.03, split=True),
    # Later rules.
    "muon wide": by_hand(muon(2, 3), 0.002),
    "muon tall": by_hand(muon(3, 2, mu=0.9, nesterov=False, decay=0.5), 0.002),
    "schedule-free sgd": by_hand(schedule_free(0.9), 0.1),
    "schedule-free sgd decay": by_hand(schedule_free(0.7, decay=0.05), 0.1),
    "schedule-free adamw": by_hand(schedule_free(0.9, beta2=0.999), 0.02),
    "schedule-free adamw options": by_hand(schedule_free(0.8, decay=0.05, beta2=0.95, eps=1e-3), 0.02),
    "lion": by_optax(lambda lr: optax.lion(lr, weight_decay=0.0), 0.01),
    "lion options": by_optax(lambda lr: optax.lion(lr, b1=0.8, b2=0.9, weight_decay=0.3), 0.01),
    "lamb": by_optax(lambda lr: optax.lamb(lr), 0.01),
    "lamb options": by_optax(lambda lr: optax.lamb(lr, b1=0.8, b2=0.95, eps=1e-3, weight_decay=0.3), 0.01),
    "lars": by_optax(lambda lr: optax.lars(lr), 0.5),
    "lars options": by_optax(
        lambda lr: optax.lars(lr, weight_decay=0.1, trust_coefficient=0.01, eps=0.1, momentum=0.5, nesterov=True), 1.0),
    "prodigy": by_hand(prodigy(), 1.0),
    "prodigy options": by_hand(
        prodigy(0.8, 0.99, 0.9, 1e-3, 0.05, 1e-2, 0.5, 1.02, correct=True, safe=True), 0.2),
    "shampoo wide": by_hand(matrix_and_rest(2, 3, 0.1, 0.02, shampoo()), 0.1),
    "shampoo tall": by_hand(
        matrix_and_rest(3, 2, 0.1, 0.02, shampoo(mu=0.8, eps=1e-2, decay=0.1, every=7)), 0.1),
    "soap wide": by_hand(matrix_and_rest(2, 3, 0.02, 0.02, soap()), 0.02),
    "soap tall": by_hand(
        matrix_and_rest(3, 2, 0.02, 0.02, soap(b1=0.9, b2=0.98, eps=1e-3, decay=0.3, every=3)), 0.02),
    "lookahead adam": by_torch(lambda p, lr: Lookahead(o.Adam(p, lr), 6, 0.5), 0.05),
}


def main():
    """Writes the file: one line a path, so that a difference can be read."""
    lines = []
    for name, run in RULES.items():
        for problem in PROBLEMS:
            points = [[float(f"{x:.17g}") for x in point] for point in run(problem)]
            assert np.isfinite(points).all(), (name, problem)
            lines.append(json.dumps({"rule": name, "problem": problem, "points": points}))
    problems = {k: p.data() | {"start": p.start.tolist(), "steps": KEPT[k]} for k, p in PROBLEMS.items()}
    text = '{"problems": %s,\n"paths": [\n%s\n]}\n' % (json.dumps(problems), ",\n".join(lines))
    target = os.path.join(os.path.dirname(os.path.abspath(__file__)), "rules.json")
    with open(target + ".new", "w") as file:
        file.write(text)
    os.replace(target + ".new", target)


if __name__ == "__main__":
    main()
