"""JAX with optax: an epoch of a multilayer perceptron on MNIST as one compiled scan over its batches."""

import protocol

# XLA has no other way to be told the number of its threads, and looks when it is loaded.
protocol.stay_on_processors(protocol.threads())

import jax
import jax.numpy as jnp
import numpy as np
import optax


def mlp(request):
    """An epoch without what is left over of the last batch; each run goes on from where the one before ended."""
    sizes = request["sizes"]
    with np.load(request["data"]) as archive:
        pixels, labels = archive["x_train"], archive["y_train"]
    x = jnp.asarray(pixels.reshape(len(pixels), -1).astype(np.float32) / 127.5 - 1)
    y = jnp.asarray(labels.astype(np.int32))
    count, batch = len(pixels), sizes["batch"]
    steps = count // batch
    adam = optax.adam(1e-3)

    def layer(key, inputs, outputs):
        bound = inputs**-0.5
        weights, intercepts = jax.random.split(key)
        return (
            jax.random.uniform(weights, (inputs, outputs), minval=-bound, maxval=bound),
            jax.random.uniform(intercepts, (outputs,), minval=-bound, maxval=bound),
        )

    def loss(parameters, features, targets):
        *hidden, (weights, intercepts) = parameters
        for w, b in hidden:
            features = jax.nn.relu(features @ w + b)
        logits = features @ weights + intercepts
        return optax.softmax_cross_entropy_with_integer_labels(logits, targets).mean()

    @jax.jit
    def epoch(parameters, state, key):
        order = jax.random.permutation(key, count)[: steps * batch].reshape(steps, batch)

        def step(carry, indices):
            parameters, state = carry
            value, gradient = jax.value_and_grad(loss)(parameters, x[indices], y[indices])
            changes, state = adam.update(gradient, state)
            return (optax.apply_updates(parameters, changes), state), value

        (parameters, state), losses = jax.lax.scan(step, (parameters, state), order)
        return parameters, state, losses.mean()

    keys = jax.random.split(jax.random.key(0), len(request["hidden"]) + 1)
    widths = [x.shape[1], *request["hidden"], 10]
    parameters = [layer(*parts) for parts in zip(keys, widths, widths[1:])]
    state = adam.init(parameters)
    key = jax.random.key(1)
    jax.block_until_ready(epoch(parameters, state, key))  # Compiles.

    def run():
        nonlocal parameters, state, key
        key, now = jax.random.split(key)
        parameters, state, mean = epoch(parameters, state, now)
        mean.block_until_ready()
        return lambda: {"note": f"loss {float(mean):.3f}"}

    return run


def facts():
    return [("JAX", jax.__version__), ("optax", optax.__version__)]


protocol.serve(facts, {"mlp": mlp})
