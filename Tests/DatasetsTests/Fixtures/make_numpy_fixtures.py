"""Writes the files in numpy/ : arrays as NumPy saves them, and their bytes in hexadecimal.

Run it with any NumPy from 1.24 on, in this folder: python3 make_numpy_fixtures.py
"""

import io
import json
import struct
import zipfile
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "numpy"
FOLDER.mkdir(exist_ok=True)


def bits(dtype, words):
    """An array of floating-point numbers given by their bit patterns."""
    return np.array(words, dtype="u%d" % np.dtype(dtype).itemsize).view(dtype)


F16 = [0x0000, 0x8000, 0x0001, 0x83FF, 0x0400, 0x3C00, 0x7BFF, 0x7C00, 0xFC00, 0x7E00, 0x7E15, 0xFE01]
F32 = [0x00000000, 0x80000000, 0x00000001, 0x807FFFFF, 0x00800000, 0x3DCCCCCD, 0x7F7FFFFF, 0x7F800000,
       0xFF800000, 0x7FC00000, 0x7FC12345, 0xFFC00001, 0x7F800001]
F64 = [0x0000000000000000, 0x8000000000000000, 0x0000000000000001, 0x800FFFFFFFFFFFFF, 0x0010000000000000,
       0x3FB999999999999A, 0x7FEFFFFFFFFFFFFF, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000,
       0x7FF8123456789ABC, 0xFFF8000000000001, 0x7FF0000000000001]

def big_endian(array):
    """The same array in big-endian order, by its bytes: astype would quieten signalling NaNs."""
    component = array.dtype.itemsize // (2 if array.dtype.kind == "c" else 1)
    words = np.ascontiguousarray(array).reshape(-1).view("u%d" % component).byteswap()
    swapped = np.frombuffer(words.tobytes(), array.dtype.newbyteorder(">")).reshape(array.shape)
    return swapped if array.flags.c_contiguous else np.asfortranarray(swapped)


arrays = {"bool": np.array([True, False, True])}
for size in (8, 16, 32, 64):
    for kind in ("int", "uint"):
        limits = np.iinfo(kind + str(size))
        values = [limits.min, 0, 1, 77, limits.max - 1, limits.max]
        arrays[kind + str(size)] = np.array(values, dtype=kind + str(size))
arrays["float16"] = bits("f2", F16)
arrays["float32"] = bits("f4", F32)
arrays["float64"] = bits("f8", F64)
arrays["complex64"] = bits("f4", F32[:12]).view("c8")
arrays["complex128"] = bits("f8", F64[:12]).view("c16")
arrays["scalar"] = np.array(2.5)
arrays["empty"] = np.zeros((3, 0, 2), dtype="i4")
arrays["matrix"] = np.arange(6, dtype="i4").reshape(2, 3)
arrays["fortran"] = np.asfortranarray(np.arange(6, dtype="i4").reshape(2, 3))
arrays["fortran3"] = np.asfortranarray(np.arange(24, dtype="u1").reshape(2, 3, 4))
arrays["image"] = (np.arange(4 * 28 * 28) % 251).astype("u1").reshape(4, 28, 28)

np.savez(FOLDER / "stored.npz", **arrays)
np.savez_compressed(FOLDER / "deflated.npz", **arrays)

expected = {}
for name, array in arrays.items():
    np.save(FOLDER / (name + ".npy"), array)
    expected[name] = {
        "dtype": array.dtype.name,
        "shape": list(array.shape),
        "fortranOrder": bool(array.flags.f_contiguous and not array.flags.c_contiguous),
        # In C order, whatever the file's.
        "bytes": np.ascontiguousarray(array).tobytes().hex(),
    }
    if array.dtype.itemsize > 1:
        np.save(FOLDER / (name + "-big-endian.npy"), big_endian(array))

for version in ((2, 0), (3, 0)):
    with open(FOLDER / ("version%d.npy" % version[0]), "wb") as file:
        np.lib.format.write_array(file, arrays["matrix"], version=version)

# What is refused, by name.
np.save(FOLDER / "refused-object.npy", np.array([1, "a", None], dtype=object), allow_pickle=True)
np.save(FOLDER / "refused-structured.npy", np.zeros(2, dtype=[("a", "i4"), ("b", "f8")]))
np.save(FOLDER / "refused-unicode.npy", np.array(["ab", "c"]))
np.save(FOLDER / "refused-bytes.npy", np.array([b"ab", b"c"]))
np.save(FOLDER / "refused-datetime.npy", np.array(["2020-01-01"], dtype="M8[D]"))
np.save(FOLDER / "refused-timedelta.npy", np.array([3], dtype="m8[s]"))
np.save(FOLDER / "refused-longdouble.npy", np.array([1.5], dtype="g"))
np.save(FOLDER / "refused-void.npy", np.zeros(2, dtype="V5"))

# The ways in which zip archives differ. Each holds x = matrix and y = float64.
def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


class Unseekable(io.RawIOBase):
    """A pipe: zipfile then writes data descriptors."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


def archive(method=zipfile.ZIP_DEFLATED, unseekable=False, comment=b"", names=("x.npy", "y.npy")):
    buffer = io.BytesIO()
    with zipfile.ZipFile(Unseekable(buffer) if unseekable else buffer, "w", method) as zip:
        for name, key in zip_names(names):
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            zip.writestr(info, npy(arrays[key]))
        zip.comment = comment
    return buffer.getvalue()


def zip_names(names):
    return [(name, "matrix" if index == 0 else "float64") for index, name in enumerate(names)]


plain = archive()
files = {
    "zip-plain.npz": plain,
    "zip-stored.npz": archive(zipfile.ZIP_STORED),
    "zip-descriptor.npz": archive(unseekable=True),
    "zip-descriptor-stored.npz": archive(zipfile.ZIP_STORED, unseekable=True),
    "zip-comment.npz": archive(comment=b"a comment, \x00\x01 bytes and all"),
    "zip-prefix.npz": b"#!/bin/sh\nexit 0\n" + plain,
    "zip-trailing.npz": plain + b"something behind the end",
    "zip-unicode.npz": archive(names=("größe.npy", "层/weight.npy")),
    "refused-bzip2.npz": archive(zipfile.ZIP_BZIP2),
    "refused-lzma.npz": archive(zipfile.ZIP_LZMA),
}
# The same with a zip64 record and locator, as archives of more than 65,535 members have them.
end = plain.rindex(b"PK\5\6")
_, _, _, count, total, size, offset, _ = struct.unpack("<IHHHHIIH", plain[end:end + 22])
record = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, count, total, size, offset)
locator = struct.pack("<IIQI", 0x07064B50, 0, end, 1)
last = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
files["zip-zip64-end.npz"] = plain[:end] + record + locator + last
files["zip-zip64-end-prefix.npz"] = b"in front" + plain[:end] + record + locator + last
for name, data in files.items():
    (FOLDER / name).write_bytes(data)
    if not name.startswith("refused"):
        with zipfile.ZipFile(io.BytesIO(data)) as loaded:
            assert len(loaded.namelist()) == 2
            for member, wanted in zip(loaded.namelist(), ("matrix", "float64")):
                assert loaded.read(member) == npy(arrays[wanted]), name

(FOLDER / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
