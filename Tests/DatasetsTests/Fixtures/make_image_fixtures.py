"""Writes the pictures in images/ : PNG files of every colour type, bit depth and interlacing, and PGM files.

The lines of the PNG files take turns with the five filters. What each picture is in grey is in expected.json, by this
script's own arithmetic; where Pillow can read the file too, its pixels are compared on the way.

Run it with NumPy and Pillow, in this folder: python3 make_image_fixtures.py
"""

import json
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

FOLDER = Path(__file__).parent / "images"
FOLDER.mkdir(exist_ok=True)
WIDTH, HEIGHT = 13, 9
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
expected = {}
random = np.random.default_rng(0)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def paeth(a, b, c):
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]


def filtered(rows, distance):
    """Each row behind the number of its filter."""
    out = b""
    above = bytes(len(rows[0]))
    for number, row in enumerate(rows):
        kind = number % 5
        line = []
        for i, x in enumerate(row):
            a = row[i - distance] if i >= distance else 0
            b = above[i]
            c = above[i - distance] if i >= distance else 0
            line.append((x - [0, a, b, (a + b) // 2, paeth(a, b, c)][kind]) % 256)
        out += bytes([kind]) + bytes(line)
        above = row
    return out


def packed(samples, depth):
    """One row of samples as bytes."""
    flat = samples.reshape(-1)
    if depth == 16:
        return flat.astype(">u2").tobytes()
    bits = np.concatenate([[(int(s) >> (depth - 1 - k)) & 1 for k in range(depth)] for s in flat])
    return np.packbits(bits.astype(np.uint8)).tobytes()


def png(samples, depth, color, interlaced=False, extra=b"", parts=1):
    height, width = samples.shape[:2]
    distance = max(1, CHANNELS[color] * depth // 8)
    data = b""
    for x, y, dx, dy in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        reduced = samples[y::dy, x::dx]
        if reduced.size:
            data += filtered([packed(row, depth) for row in reduced], distance)
    data = zlib.compress(data, 9)
    size = -(-len(data) // parts)
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlaced)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"tEXt", b"Comment\0fixture") + extra
        + b"".join(chunk(b"IDAT", data[i:i + size]) for i in range(0, len(data), size)) + chunk(b"IEND", b"")
    )


def luma(rgb):
    rgb = rgb.astype(np.int64)
    return (299 * rgb[..., 0] + 587 * rgb[..., 1] + 114 * rgb[..., 2] + 500) // 1000


def on_paper(level, alpha, white):
    level, alpha = level.astype(np.int64), alpha.astype(np.int64)
    return (level * alpha + white * (white - alpha) + white // 2) // white


def keep(name, data, levels, white):
    (FOLDER / name).write_bytes(data)
    expected[name] = {
        "width": levels.shape[1], "height": levels.shape[0], "maximum": white,
        "levels": [int(v) for v in levels.reshape(-1)],
    }


def agrees_with_pillow(name, samples, mode):
    with Image.open(FOLDER / name) as image:
        assert image.mode == mode, (name, image.mode)
        assert np.array_equal(np.asarray(image).reshape(samples.shape), samples), name


for interlaced in [False, True]:
    suffix = "-interlaced" if interlaced else ""
    for depth in [1, 2, 4, 8, 16]:
        white = 65535 if depth == 16 else 255
        samples = random.integers(0, 2**depth, (HEIGHT, WIDTH))
        name = f"gray{depth}{suffix}.png"
        levels = samples * (255 // (2**depth - 1)) if depth < 16 else samples
        keep(name, png(samples, depth, 0, interlaced), levels, white)
        if depth == 8:
            agrees_with_pillow(name, samples, "L")
        if depth == 16:
            agrees_with_pillow(name, samples, "I;16")
        if depth <= 8:
            palette = random.integers(0, 256, (2**depth, 3))
            name = f"palette{depth}{suffix}.png"
            extra = chunk(b"PLTE", palette.astype(np.uint8).tobytes())
            alpha = np.full(2**depth, 255)
            if depth == 4:
                alpha[:5] = [0, 50, 100, 200, 255]
                extra += chunk(b"tRNS", bytes(alpha[:5].tolist()))
            levels = on_paper(luma(palette), alpha, 255)[samples]
            keep(name, png(samples, depth, 3, interlaced, extra), levels, 255)
            with Image.open(FOLDER / name) as image:
                assert np.array_equal(np.asarray(image.convert("RGB")), palette[samples]), name
    for depth in [8, 16]:
        white = 2**depth - 1
        rgb = random.integers(0, white + 1, (HEIGHT, WIDTH, 3))
        name = f"rgb{depth}{suffix}.png"
        keep(name, png(rgb, depth, 2, interlaced, parts=3), luma(rgb), white)
        if depth == 8:
            agrees_with_pillow(name, rgb, "RGB")
            with Image.open(FOLDER / name) as image:
                # Pillow's weights are these rounded to 16 bits.
                assert np.abs(np.asarray(image.convert("L")).astype(int) - luma(rgb)).max() <= 1
        ga = random.integers(0, white + 1, (HEIGHT, WIDTH, 2))
        keep(f"grayAlpha{depth}{suffix}.png", png(ga, depth, 4, interlaced),
             on_paper(ga[..., 0], ga[..., 1], white), white)
        rgba = random.integers(0, white + 1, (HEIGHT, WIDTH, 4))
        name = f"rgba{depth}{suffix}.png"
        keep(name, png(rgba, depth, 6, interlaced), on_paper(luma(rgba), rgba[..., 3], white), white)
        if depth == 8:
            agrees_with_pillow(name, rgba, "RGBA")

# One transparent level, one transparent colour; pictures narrower than some of the seven passes.
gray = random.integers(0, 4, (HEIGHT, WIDTH))
keep("gray2-key.png", png(gray, 2, 0, extra=chunk(b"tRNS", b"\0\2")), np.where(gray == 2, 255, gray * 85), 255)
rgb = random.integers(0, 2, (HEIGHT, WIDTH, 3)) * 255
key = chunk(b"tRNS", struct.pack(">HHH", 255, 0, 255))
keep("rgb8-key.png", png(rgb, 8, 2, extra=key),
     np.where((rgb == [255, 0, 255]).all(axis=2), 255, luma(rgb)), 255)
tiny = random.integers(0, 256, (1, 2))
keep("tiny-interlaced.png", png(tiny, 8, 0, True), tiny, 255)

# PGM as Pillow writes it, and by hand.
samples = random.integers(0, 256, (HEIGHT, WIDTH))
Image.fromarray(samples.astype(np.uint8)).save(FOLDER / "binary8.pgm")
keep("binary8.pgm", (FOLDER / "binary8.pgm").read_bytes(), samples, 255)
samples = random.integers(0, 1001, (HEIGHT, WIDTH))
keep("binary16.pgm", f"P5 # sixteen bits\n{WIDTH}\t{HEIGHT}\n1000\n".encode() + samples.astype(">u2").tobytes(),
     samples, 1000)
samples = random.integers(0, 16, (HEIGHT, WIDTH))
text = "\n".join(" ".join(map(str, row)) for row in samples)
keep("written.pgm", f"P2\n# by hand\n{WIDTH} {HEIGHT} # size\n15\n{text} # end\n".encode(), samples, 15)

(FOLDER / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")
