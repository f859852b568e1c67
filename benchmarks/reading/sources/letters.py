"""Letters, words and signs that are not digits: strokes of Hershey and handwriting fonts."""

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.reading.brush import Floats, draw_paths
from benchmarks.reading.brush import Path as Stroke
from benchmarks.reading.downloads import cached
from benchmarks.reading.sources.source import Half, cut

__all__ = ["FONTS", "LETTERS", "SIGNS", "WORDS", "font_text", "stroke_text"]

LETTERS = "AEFHKMNPRTWXadefhkmnprtuvwx"
"""Letters that resemble no digit in any handwriting: without O, I, l, S, Z, b, g, q and others."""

SIGNS = (".", ",", ":", ";", "=", "+", "*", "#", "&", "?", "%", "@", "...", "->", "#&", "+ +", "??")
"""Signs and groups of signs; strokes such as / ( ) | and ! look like a 1."""

WORDS = (
    *("apple", "bread", "butter", "coffee", "dear", "eggs", "flour", "garden", "hello", "invoice"),
    *("January", "kitchen", "lemon", "meeting", "Monday", "name", "notes", "number", "orange"),
    *("paper", "please", "receipt", "remember", "sugar", "summary", "thanks", "ticket", "total"),
    *("train", "Tuesday", "umbrella", "vanilla", "water", "window", "yellow", "zebra", "market"),
    *("mother", "friend", "kilometre", "phone", "address", "street", "amount", "payment", "rent"),
)

_STROKES: dict[Half, tuple[str, ...]] = {
    "dev": ("scripts", "futural"),
    "final": ("scriptc", "rowmans", "cursive"),
}
FONTS: dict[Half, tuple[tuple[str, str], ...]] = {
    "dev": (
        ("fonts-breip", "truetype/breip/Breip.ttf"),
        ("fonts-femkeklaver", "truetype/femkeklaver/femkeklaver.ttf"),
        ("fonts-sjfonts", "truetype/sjfonts/SteveHand.ttf"),
        ("fonts-bwht", "opentype/bwht/BecauseWeBuild-Regular.otf"),
    ),
    "final": (
        ("fonts-dkg-handwriting", "truetype/fifthhorseman/dkg.ttf"),
        ("fonts-sjfonts", "truetype/sjfonts/Delphine.ttf"),
        ("fonts-rufscript", "truetype/rufscript/Rufscript010.ttf"),
        ("fonts-bwht", "opentype/bwht/BecauseWeLearn-Regular.otf"),
        ("fonts-humor-sans", "truetype/humor-sans/Humor-Sans.ttf"),
    ),
}
"""The handwriting fonts of each half: the Debian package, and the file in /usr/share/fonts."""

_FOLDER = Path("/usr/share/fonts")


def font_text(text: str, height: int, half: Half, rng: np.random.Generator) -> Floats:
    """Return a text in a handwriting font as a mask, cut to its ink.

    Args:
        text: One line or several.
        height: Height of the font in pixels.
        half: Which fonts.
        rng: Random choice of the font.

    Raises:
        FileNotFoundError: If the font is not installed; the message names its package.
    """
    package, name = FONTS[half][rng.integers(len(FONTS[half]))]
    path = _FOLDER / name
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing; install the Debian package {package}")
    font = ImageFont.truetype(path, height)
    left, top, right, bottom = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox(
        (0, 0), text, font
    )
    canvas = Image.new("L", (int(right - left) + 8, int(bottom - top) + 8))
    ImageDraw.Draw(canvas).multiline_text((4 - left, 4 - top), text, 255, font)
    return cut(np.asarray(canvas, np.float32) / 255)


def stroke_text(
    text: str, height: int, half: Half, rng: np.random.Generator, pen: float | None = None
) -> Floats:
    """Return a text in a Hershey font, drawn with a pen and a shaking hand.

    Args:
        text: One line.
        height: Height of a capital in pixels.
        half: Which fonts.
        rng: Random numbers.
        pen: Width of the pen in pixels; random if None.
    """
    name = _STROKES[half][rng.integers(len(_STROKES[half]))]
    strokes = [np.array(s, np.float64) for s in _font(name).strokes_for_text(text)]
    scale = height / 21  # the height of a capital in these fonts
    shake = rng.normal(0, 0.3, 2)
    slant = rng.uniform(-0.15, 0.3)
    paths: list[Stroke] = []
    for stroke in strokes:
        if len(stroke) > 1:
            moved = stroke + rng.normal(0, 0.25, stroke.shape) + shake
            moved[:, 0] -= slant * moved[:, 1]
            paths.append(_without_repeats(moved) * scale)
    return draw_paths(paths, height * rng.uniform(0.05, 0.13) if pen is None else pen, rng)


def _without_repeats(stroke: Stroke) -> Stroke:
    steps = np.hypot(*np.diff(stroke, axis=0).T)
    return stroke[np.concatenate([[True], steps > 0])]


@cache
def _font(name: str) -> Any:
    """Return a font of the downloaded module, which is not installed."""
    spec = importlib.util.spec_from_file_location("hershey_fonts", cached("HersheyFonts.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    font = module.HersheyFonts()
    font.load_default_font(name)
    return font
