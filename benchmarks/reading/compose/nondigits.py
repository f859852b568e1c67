"""Pictures that contain no digit."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from benchmarks.reading.brush import Floats
from benchmarks.reading.compose.camera import develop
from benchmarks.reading.compose.canvas import Mark, Truth
from benchmarks.reading.compose.conditions import Extra, Look, draw_look
from benchmarks.reading.compose.scene import Picture, blank_canvas, photograph
from benchmarks.reading.compose.singles import random_numbers
from benchmarks.reading.compose.textures import material, photograph_part
from benchmarks.reading.sources import Half
from benchmarks.reading.sources.drawings import barcode, draw, face, scribble
from benchmarks.reading.sources.letters import LETTERS, SIGNS, WORDS, font_text, stroke_text

__all__ = ["NONDIGITS", "nondigits"]

_PAPERS = ("white", "grey", "coloured", "textured", "patch", "ruled", "squared", "form", "folded")
_EXTRAS: tuple[Extra, ...] = ("none", "none", "scanner", "edge line")
_LIGHTS = ("even", "even", "gradient", "shadow", "vignette")

Maker = Callable[[Look, Half, np.random.Generator], Picture]


def nondigits(kind: str, seed: int, n: int, half: Half = "dev") -> Iterator[tuple[Picture, Truth]]:
    """Yield pictures without a digit.

    Args:
        kind: A key of ``NONDIGITS``.
        seed: Random seed.
        n: Number of pictures.
        half: Which fonts and photographs, and which random numbers.

    Yields:
        The picture (H, W, 3) uint8, and a truth without lines.

    Raises:
        ValueError: If there is no such kind.
        FileNotFoundError: If a font or a download is missing.
    """
    if kind not in NONDIGITS:
        raise ValueError(f"kind must be one of {', '.join(NONDIGITS)}, got {kind}")
    for i in range(n):
        rng = random_numbers("nondigits", kind, seed, half, i)
        look = draw_look("plain", rng)
        yield NONDIGITS[kind](look, half, rng), Truth((), (), kind, "none")


def _empty(look: Look, half: Half, rng: np.random.Generator) -> Picture:
    """Paper of any kind under any light, with the edges of a scan or lines at the border."""
    paper = str(rng.choice([*_PAPERS, "board", "screen"]))
    extra = _EXTRAS[rng.integers(len(_EXTRAS))]
    look = replace(look, paper=paper, light=str(rng.choice(_LIGHTS)), extra=extra)
    canvas = blank_canvas(look)
    if paper == "form":  # an empty box needs a place
        side = look.unit
        left, top = (
            int(n) for n in rng.integers(0, max(1, min(look.width, look.height) - side), 2)
        )
        canvas.marks.append(Mark("", (left + canvas.margin, top + canvas.margin, side, side)))
    return photograph(canvas, look, rng)[0]


def _specks(look: Look, half: Half, rng: np.random.Generator) -> Picture:
    """A nearly empty picture: a few pixels off white, or some dust."""
    look = replace(look, noise=0.0, rotation=0.0)
    canvas = blank_canvas(look)
    for _ in range(int(rng.integers(1, 6))):
        side = int(rng.integers(1, max(2, look.unit // 25) + 1))
        x, y = (int(rng.integers(0, n)) for n in (look.width, look.height))
        canvas.write(np.full((side, side), rng.uniform(0.01, 1), np.float32), x, y)
    return photograph(canvas, look, rng)[0]


def _written(make: Callable[[int, Half, np.random.Generator], Floats]) -> Maker:
    """Return a maker of pictures on which something is written or drawn."""

    def maker(look: Look, half: Half, rng: np.random.Generator) -> Picture:
        dark = rng.random() < 0.12
        ink = str(rng.choice(["dark", "blue", "red", "pencil"]))
        paper = str(rng.choice(_PAPERS))
        if dark:
            paper, ink = str(rng.choice(["board", "screen"])), "chalk"
        mask = make(look.unit, half, rng)
        width = max(look.width, int(mask.shape[1] * rng.uniform(1.1, 1.6)))
        height = max(look.height, int(mask.shape[0] * rng.uniform(1.1, 1.6)))
        look = replace(look, width=width, height=height, share=look.unit / min(width, height))
        look = replace(look, paper=paper, ink=ink, light=str(rng.choice(_LIGHTS)))
        canvas = blank_canvas(look)
        x, y = rng.uniform(0.1, 0.9, 2) * (width - mask.shape[1], height - mask.shape[0])
        h, w = mask.shape
        canvas.write(mask, int(x), int(y))
        canvas.marks.append(Mark("", (int(x) + canvas.margin, int(y) + canvas.margin, w, h)))
        return photograph(canvas, look, rng)[0]

    return maker


def _letter(unit: int, half: Half, rng: np.random.Generator) -> Floats:
    text = str(rng.choice(list(LETTERS)))
    return _text(text, unit, half, rng)


def _word(unit: int, half: Half, rng: np.random.Generator) -> Floats:
    return _text(str(rng.choice(WORDS)), max(24, unit // 2), half, rng)


def _sentences(unit: int, half: Half, rng: np.random.Generator) -> Floats:
    rows = [" ".join(rng.choice(WORDS, int(rng.integers(2, 5)))) for _ in range(rng.integers(2, 6))]
    return font_text("\n".join(rows), max(22, unit // 4), half, rng)


def _sign(unit: int, half: Half, rng: np.random.Generator) -> Floats:
    return _text(str(rng.choice(SIGNS)), unit, half, rng)


def _text(text: str, unit: int, half: Half, rng: np.random.Generator) -> Floats:
    made = stroke_text if rng.random() < 0.5 else font_text
    return made(text, unit, half, rng)


def _material(look: Look, half: Half, rng: np.random.Generator) -> Picture:
    return _developed(material(look.width, look.height, rng), look, rng)


def _photo(look: Look, half: Half, rng: np.random.Generator) -> Picture:
    return _developed(photograph_part(look.width, look.height, half, rng), look, rng)


def _developed(picture: Picture, look: Look, rng: np.random.Generator) -> Picture:
    return develop(picture, look.light, look.blur, look.noise, look.jpeg, rng)


NONDIGITS: dict[str, Maker] = {
    "empty": _empty,
    "specks": _specks,
    "letters": _written(_letter),
    "words": _written(_word),
    "sentences": _written(_sentences),
    "signs": _written(_sign),
    "scribbles": _written(lambda unit, half, rng: scribble(unit, rng)),
    "drawings": _written(lambda unit, half, rng: draw(unit, rng)),
    "faces": _written(lambda unit, half, rng: face(unit, rng)),
    "barcodes": _written(lambda unit, half, rng: barcode(unit, rng)),
    "materials": _material,
    "photographs": _photo,
}
"""The kinds of pictures without digits by name."""
