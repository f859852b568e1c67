"""Picture files of all formats, modes and compressions that Pillow writes, and files of no format.

``KINDS`` names them; ``whole_file`` makes one.
"""

import json
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from tests.reading.pages import page

__all__ = ["KINDS", "png_chunks", "png_header", "whole_file", "with_png_checksums"]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SAVED: dict[str, tuple[str, str, dict[str, Any]]] = {
    **{f"PNG {mode}": ("PNG", mode, {}) for mode in ("L", "RGB", "RGBA", "LA", "P", "1", "I;16")},
    "PNG P, 2 bits": ("PNG", "P", {"bits": 2}),
    "PNG P, transparent": ("PNG", "P", {"transparency": bytes(range(256))}),
    "PNG L, one transparent level": ("PNG", "L", {"transparency": 40}),
    "PNG animated": ("PNG", "RGBA", {"save_all": True}),
    **{f"JPEG {mode}": ("JPEG", mode, {}) for mode in ("L", "RGB", "CMYK")},
    "JPEG progressive": ("JPEG", "RGB", {"progressive": True, "quality": 30}),
    "JPEG with restarts": ("JPEG", "L", {"restart_marker_rows": 1}),
    "JPEG with several pictures": ("MPO", "RGB", {"save_all": True}),
    "GIF P": ("GIF", "P", {}),
    "GIF animated": ("GIF", "P", {"save_all": True, "transparency": 0, "disposal": 2}),
    **{f"BMP {mode}": ("BMP", mode, {}) for mode in ("L", "RGB", "RGBA", "P", "1")},
    **{f"TIFF {mode}": ("TIFF", mode, {}) for mode in ("L", "RGB", "RGBA", "CMYK", "I;16", "F")},
    **{
        f"TIFF {name}": ("TIFF", "RGB", {"compression": name})
        for name in ("tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits")
    },
    "TIFF LAB": ("TIFF", "LAB", {}),
    "TIFF group4": ("TIFF", "1", {"compression": "group4"}),
    "TIFF of several pages": ("TIFF", "L", {"save_all": True}),
    "WebP RGB": ("WEBP", "RGB", {}),
    "WebP lossless": ("WEBP", "RGBA", {"lossless": True}),
    "WebP animated": ("WEBP", "RGB", {"save_all": True}),
    "PPM": ("PPM", "RGB", {}),
    "PGM, 16 bits": ("PPM", "I;16", {}),
    "PBM": ("PPM", "1", {}),
    "PFM": ("PPM", "F", {}),
    **{  # formats that are refused
        name: (name, mode, {})
        for name, mode in {
            "TGA": "RGB", "ICO": "RGBA", "PCX": "RGB", "DDS": "RGBA", "SGI": "RGB", "IM": "L",
            "EPS": "L", "PDF": "L", "XBM": "1", "JPEG2000": "RGB", "AVIF": "RGB", "ICNS": "RGBA",
            "MSP": "1", "SPIDER": "F", "QOI": "RGB", "DIB": "RGB",
        }.items()
    },
}  # fmt: skip


def _page(rng: np.random.Generator) -> Image.Image:
    return Image.fromarray(page([[int(rng.integers(50)), 1]], height=30))


def _saved(kind: str, rng: np.random.Generator) -> bytes:
    name, mode, options = _SAVED[kind]
    picture = _page(rng)
    if mode == "I;16":
        wide = np.asarray(picture).astype(np.uint16) * 257
        picture = Image.fromarray(wide)
    else:
        picture = picture.convert("RGB").convert(mode) if mode == "LAB" else picture.convert(mode)
    options = dict(options)
    if options.get("save_all"):
        options["append_images"] = [picture.rotate(90), picture]
    if name in ("JPEG", "WEBP", "PNG") and rng.random() < 0.5:
        options["exif"] = _exif(rng)
    buffer = BytesIO()
    picture.save(buffer, name, **options)
    return buffer.getvalue()


def _exif(rng: np.random.Generator) -> bytes:
    """Return an EXIF block with an orientation of 0 to 20 and random bytes in the end."""
    exif = Image.Exif()
    exif[0x0112] = int(rng.integers(0, 21))
    exif[0x010E] = "a description"
    return exif.tobytes() + rng.bytes(int(rng.integers(0, 8)))


def png_chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    """Return the kinds and contents of the chunks of a PNG, up to the first incomplete one."""
    chunks, place = [], len(_SIGNATURE)
    while place + 12 <= len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        if place + 12 + length > len(content):
            break
        chunks.append((content[place + 4 : place + 8], content[place + 8 : place + 8 + length]))
        place += 12 + length
    return chunks


def with_png_checksums(content: bytes) -> bytes:
    """Return a PNG with the right checksum for each chunk, so that its content is looked at."""
    return _png(png_chunks(content))


def _png(chunks: list[tuple[bytes, bytes]]) -> bytes:
    parts = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    ]
    return _SIGNATURE + b"".join(parts)


def png_header(width: int, height: int, bits: int = 8, colour: int = 0) -> bytes:
    """Return a PNG of any size, with only a few bytes of pixels."""
    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return _png([(b"IHDR", head), (b"IDAT", zlib.compress(bytes(5000))), (b"IEND", b"")])


def _huge(rng: np.random.Generator) -> bytes:
    """Return a PNG that claims a size of 0 to 2^31 - 1 pixels a side, often a bomb."""
    sides = [0, 1, 2, 300, 9_999, 20_000, 65_535, 2**31 - 1]
    width, height = (int(side) for side in rng.choice(sides, 2))
    bits, colour = [(1, 0), (8, 0), (8, 2), (8, 6), (16, 0), (8, 3)][int(rng.integers(6))]
    return png_header(width, height, bits, colour)


def _text_bomb(rng: np.random.Generator) -> bytes:
    """Return a PNG with a compressed text of many megabytes."""
    chunks = png_chunks(_saved("PNG L", rng))
    bomb = (b"zTXt", b"a\0\0" + zlib.compress(bytes(int(rng.integers(1, 30)) * 10**6)))
    return _png([chunks[0], bomb, *chunks[1:]])


def _bmp_header(rng: np.random.Generator) -> bytes:
    """Return a BMP that claims a random size, also below 0."""
    content = bytearray(_saved("BMP RGB", rng))
    width, height = (int(side) for side in rng.choice([0, 1, -1, 77, 20_000, -20_000, 2**30], 2))
    content[18:26] = struct.pack("<ii", width, height)
    return bytes(content)


def _tiny(rng: np.random.Generator) -> bytes:
    """Return a picture of at most 3 pixels a side."""
    name = str(rng.choice(["PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP", "PPM"]))
    buffer = BytesIO()
    sides = (int(rng.integers(1, 4)), int(rng.integers(1, 4)))
    Image.new("L", sides, int(rng.integers(256))).save(buffer, name)
    return buffer.getvalue()


def _no_picture(rng: np.random.Generator) -> bytes:
    """Return a file that is not a picture."""
    contents = [
        b"", b"\n", b"hello", bytes(1000), rng.bytes(3000), b"%PDF-1.7\n%%EOF", b"PK\x03\x04",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>", json.dumps({"a": [1, 2]}).encode(),
        "1,2,3\n\u00e9".encode(), b"P5\n# a comment\n", b"P6 3 3 70000 abc", b"P4 0 0\n",
        b"P3 2 2 255 1 2 3 x", b"GIF89a", b"\xff\xd8\xff", b"BM", b"II*\0", b"RIFF\0\0\0\0WEBP",
        _SIGNATURE, b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    ]  # fmt: skip
    return contents[int(rng.integers(len(contents)))]


_MADE: dict[str, Callable[[np.random.Generator], bytes]] = {
    "PNG of any size": _huge,
    "PNG with a large text": _text_bomb,
    "BMP of any size": _bmp_header,
    "tiny picture": _tiny,
    "no picture": _no_picture,
}

KINDS: tuple[str, ...] = (*_SAVED, *_MADE)
"""The kinds of files."""


def whole_file(kind: str, rng: np.random.Generator) -> bytes:
    """Return a file of a kind of ``KINDS``, with two digits if it is a picture."""
    return _saved(kind, rng) if kind in _SAVED else _MADE[kind](rng)
