"""Runs the exported graphs of a folder in onnxruntime, and reads the model files as other programs do.

    python check_models.py [FOLDER]   # needs numpy and onnxruntime; with onnx and safetensors it checks more

For each NAME.onnx there, the outputs for the features of NAME.examples.npz must be those of that file to 1e-6,
relative to the larger of 1 and the value. Prints the worst error of each, and ends with 1 if one is larger.
"""

import json
import pathlib
import sys

import numpy as np
import onnxruntime

try:
    import onnx
except ImportError:
    onnx = None
try:
    from safetensors.numpy import load_file
except ImportError:
    load_file = None

folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).with_name("version1"))
failed = False


def report(name, error, limit=1e-6):
    global failed
    failed |= not error <= limit
    print(f"{'ok    ' if error <= limit else 'FAILED'} {error:8.1e}  {name}")


def difference(found, expected):
    expected = expected.reshape(found.shape)
    return float(np.max(np.abs(found - expected) / np.maximum(1, np.abs(expected))))


def metadata(file):
    return json.loads(file["metadata"].tobytes())


graphs = sorted(folder.glob("*.onnx"))
for path in graphs:
    if onnx:
        onnx.checker.check_model(onnx.load(path), full_check=True)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    examples = np.load(path.with_suffix(".examples.npz"), allow_pickle=False)
    feature = session.get_inputs()[0]
    kind = np.float32 if feature.type == "tensor(float)" else np.float64
    names = [output.name for output in session.get_outputs()]
    assert set(names) == set(examples.files) - {"features"}, names
    for name, value in zip(names, session.run(names, {feature.name: examples["features"].astype(kind)})):
        report(f"{path.stem}: {name} ({value.dtype})", difference(value, examples[name]))

# The same network by NumPy alone, from either format.
file = np.load(folder / "network.npz", allow_pickle=False)
if load_file:
    tensors = load_file(folder / "network.safetensors")
    assert set(tensors) == set(file.files) - {"metadata"}
    assert all(tensors[name].tobytes() == file[name].tobytes() for name in tensors)
about = metadata(file)
assert (about["format"], about["version"], about["kind"]) == ("descent model", 1, "mlp")
examples = np.load(folder / "network.examples.npz", allow_pickle=False)
x = ((examples["features"] - file["scaler.shift"]) * file["scaler.factor"]).astype(np.float32)
for number, layer in enumerate(layer for layer in about["layers"] if layer["type"] == "dense"):
    if number:
        x = np.maximum(x, 0)
    x = x @ file[f"dense{number + 1}.weights"] + file[f"dense{number + 1}.bias"]
report("network: logits by NumPy", difference(x, examples["logits"]))
for path in sorted(folder.glob("*.npz")):
    with np.load(path, allow_pickle=False) as archive:
        for name in archive.files:
            archive[name]
for name, module in ("onnx", onnx), ("safetensors", load_file):
    if not module:
        print(f"not checked, for want of the package: {name}")
sys.exit(failed or not graphs)
