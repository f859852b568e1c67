"""How a picture looks: one value for each property, random unless a condition fixes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np

__all__ = ["CONDITIONS", "HARD", "Extra", "Look", "draw_look"]

Place: TypeAlias = Literal["anywhere", "filling", "edge"]
Extra: TypeAlias = Literal["none", "scanner", "edge line", "show-through"]


@dataclass(frozen=True)
class Look:
    """The properties of a picture.

    Attributes:
        width: Width in pixels.
        height: Height in pixels.
        share: Height of a digit divided by the shorter side.
        place: Where the digit is; ``edge`` cuts nothing off, but leaves no paper on one side.
        paper: A key of ``PAPERS``.
        ink: A key of ``INKS``.
        pen: Width of the pen in pixels, or None for the source's own.
        light: A key of ``LIGHTS``.
        blur: Standard deviation of the Gaussian blur in pixels.
        noise: Standard deviation of the noise in grey levels.
        jpeg: Quality, or None for a picture without compression.
        rotation: Degrees.
        tilt: Strength of the perspective; 0.3 is a strong one.
        extra: A further disturbance.
        neighbours: Number of other digits that are cut off by the edges of the picture.
    """

    width: int
    height: int
    share: float
    place: Place = "anywhere"
    paper: str = "white"
    ink: str = "dark"
    pen: float | None = None
    light: str = "even"
    blur: float = 0.4
    noise: float = 0.0
    jpeg: int | None = None
    rotation: float = 0.0
    tilt: float = 0.0
    extra: Extra = "none"
    neighbours: int = 0

    @property
    def unit(self) -> int:
        """Height of a digit in pixels."""
        return max(8, round(self.share * min(self.width, self.height)))


Change: TypeAlias = Callable[[Look, np.random.Generator], Mapping[str, Any]]
"""Returns the properties that a condition fixes."""


def draw_look(condition: str, rng: np.random.Generator) -> Look:
    """Return a random look of a condition.

    Raises:
        ValueError: If there is no such condition.
    """
    if condition not in CONDITIONS:
        raise ValueError(f"condition must be one of {', '.join(CONDITIONS)}, got {condition}")
    look = _usual(rng)
    return replace(look, **CONDITIONS[condition](look, rng))


def _usual(rng: np.random.Generator) -> Look:
    """Return a clear picture: white paper, dark or blue ink, little of everything else."""
    long = int(np.exp(rng.uniform(np.log(120), np.log(1100))))
    short = int(long * rng.uniform(0.65, 1.0))
    width, height = (long, short) if rng.random() < 0.5 else (short, long)
    return Look(
        width=width,
        height=height,
        share=rng.uniform(0.25, 0.7),
        ink=str(rng.choice(["dark", "dark", "blue"])),
        blur=rng.uniform(0, 0.9),
        noise=rng.choice([0.0, rng.uniform(0.5, 4)]),
        jpeg=None if rng.random() < 0.4 else int(rng.integers(70, 96)),
        rotation=rng.uniform(-5, 5),
    )


def _fixed(**values: Any) -> Change:
    return lambda look, rng: values


def _paper(*names: str) -> Change:
    return lambda look, rng: {"paper": str(rng.choice(names))}


def _light(name: str) -> Change:
    return lambda look, rng: {
        "light": name,
        "paper": str(rng.choice(["white", "white", "grey", "coloured", "textured"])),
    }


def _dark(paper: str, ink: str, light: str = "even") -> Change:
    return _fixed(paper=paper, ink=ink, light=light)


def _thin(look: Look, rng: np.random.Generator) -> Mapping[str, Any]:
    return {"pen": 1.0, "blur": 0.0, "share": min(look.share, 150 / min(look.width, look.height))}


def _marker(look: Look, rng: np.random.Generator) -> Mapping[str, Any]:
    inks = ["dark", "blue", "red", "green"]
    return {"pen": look.unit * rng.uniform(0.17, 0.24), "ink": str(rng.choice(inks))}


def _tiny(look: Look, rng: np.random.Generator) -> Mapping[str, Any]:
    width, height = _photo_size(rng, 1200, 4032)
    share = max(rng.uniform(0.02, 0.05) * width, 24) / min(width, height)
    return {"width": width, "height": height, "share": share, "pen": None, **_soft_photo(rng)}


def _phone(look: Look, rng: np.random.Generator) -> Mapping[str, Any]:
    width, height = _photo_size(rng, 4000, 4033)
    light = str(rng.choice(["even", "gradient", "vignette"]))
    share = rng.uniform(0.05, 0.6)
    paper = str(rng.choice(["white", "white", "grey", "coloured", "ruled"]))
    return {
        "width": width,
        "height": height,
        "share": share,
        "light": light,
        "paper": paper,
        **_soft_photo(rng),
        "tilt": 0.1,
    }


def _photo_size(rng: np.random.Generator, least: int, most: int) -> tuple[int, int]:
    """Return width and height, 4:3 or 3:4, with a longer side from ``least`` to ``most`` - 1."""
    long = int(rng.integers(least, most))
    return (long, long * 3 // 4) if rng.random() < 0.5 else (long * 3 // 4, long)


def _soft_photo(rng: np.random.Generator) -> Mapping[str, Any]:
    jpeg = int(rng.integers(75, 96))
    return {"blur": rng.uniform(0.5, 1.5), "noise": rng.uniform(1, 5), "jpeg": jpeg}


def _small(look: Look, rng: np.random.Generator) -> Mapping[str, Any]:
    side = rng.integers(60, 111, 2)
    blur = rng.uniform(0, 0.6)
    share = rng.uniform(0.45, 0.75)
    return {"width": int(side[0]), "height": int(side[1]), "share": share, "blur": blur}


def _filling(look: Look, rng: np.random.Generator) -> Mapping[str, Any]:
    return {"share": rng.uniform(0.84, 0.97), "place": "filling", "rotation": rng.uniform(-2, 2)}


def _blurred(look: Look, rng: np.random.Generator) -> Mapping[str, Any]:
    return {"blur": look.unit * rng.uniform(0.015, 0.04)}


def _noisy(look: Look, rng: np.random.Generator) -> Mapping[str, Any]:
    paper = str(rng.choice(["white", "grey"]))
    return {"noise": rng.uniform(10, 25), "jpeg": None, "paper": paper}


def _turned(look: Look, rng: np.random.Generator) -> Mapping[str, Any]:
    return {"rotation": rng.choice([-1, 1]) * rng.uniform(8, 15)}


def _oblique(look: Look, rng: np.random.Generator) -> Mapping[str, Any]:
    return {"tilt": 0.45, "rotation": rng.uniform(-8, 8), "light": "gradient"}


def _pencil(look: Look, rng: np.random.Generator) -> Mapping[str, Any]:
    paper = str(rng.choice(["white", "white", "grey", "squared"]))
    return {"ink": "pencil", "paper": paper, "pen": look.unit * rng.uniform(0.04, 0.08)}


def _table(look: Look, rng: np.random.Generator) -> Mapping[str, Any]:
    """A photo of a sheet on a table: rather large, the digit a small part of it."""
    width, height = _photo_size(rng, 480, 1300)
    return {
        "width": width,
        "height": height,
        "share": rng.uniform(0.12, 0.35),
        "paper": "table",
        "light": str(rng.choice(["even", "gradient", "vignette"])),
        "rotation": rng.uniform(-10, 10),
        "tilt": 0.1,
        **_soft_photo(rng),
    }


def _cell(look: Look, rng: np.random.Generator) -> Mapping[str, Any]:
    """A small picture that is only a little larger than the digit."""
    side = np.exp(rng.uniform(np.log(40), np.log(260)))
    width, height = (int(side * factor) for factor in rng.uniform(0.85, 1.2, 2))
    return {
        "width": width,
        "height": height,
        "share": rng.uniform(0.5, 0.75),
        "paper": "cell",
        "neighbours": int(rng.integers(0, 4)),
        "blur": rng.uniform(0, 0.7),
        "rotation": rng.uniform(-2, 2),
    }


def _mixed(look: Look, rng: np.random.Generator) -> Mapping[str, Any]:
    """Everything at once: any paper with any ink under any light."""
    on_dark = rng.random() < 0.12
    papers = ["white", "grey", "coloured", "textured", "patch", "ruled", "squared", "folded"]
    ink = str(rng.choice(["dark", "dark", "blue", "red", "green", "pencil"]))
    return {
        "paper": str(rng.choice(["board", "screen"] if on_dark else papers)),
        "ink": "chalk" if on_dark else ink,
        "light": str(rng.choice(["even", "gradient", "shadow", "vignette"])),
        "share": rng.uniform(0.1, 0.85),
        "noise": rng.uniform(0, 8),
        "jpeg": int(rng.integers(40, 96)),
        "rotation": rng.uniform(-12, 12),
        "tilt": rng.uniform(0, 0.25),
    }


CONDITIONS: dict[str, Change] = {
    "plain": _fixed(),
    "grey": _paper("grey"),
    "coloured": _paper("coloured"),
    "textured": _paper("textured"),
    "patch": _paper("patch"),
    "ruled": _paper("ruled"),
    "squared": _paper("squared"),
    "form": _paper("form"),
    "folded": _paper("folded"),
    "edge line": _fixed(extra="edge line"),
    "scanner": _fixed(extra="scanner"),
    "show-through": _fixed(extra="show-through"),
    "blue": _fixed(ink="blue"),
    "red": _fixed(ink="red"),
    "pencil": _pencil,
    "chalk": _dark("board", "chalk", "gradient"),
    "inverted": _dark("screen", "light"),
    "one pixel": _thin,
    "marker": _marker,
    "gradient": _light("gradient"),
    "shadow": _light("shadow"),
    "vignette": _light("vignette"),
    "blurred": _blurred,
    "noisy": _noisy,
    "jpeg": lambda look, rng: {"jpeg": int(rng.integers(30, 50))},
    "rotated": _turned,
    "perspective": _oblique,
    "small": _small,
    "tiny": _tiny,
    "phone": _phone,
    "filling": _filling,
    "at the edge": _fixed(place="edge", rotation=0.0),
    "mixed": _mixed,
    "table": _table,
    "cell": _cell,
}
"""The conditions by name: what each fixes; all else is as in a clear picture."""

HARD = frozenset(
    {"squared", "form", "edge line", "show-through", "pencil", "one pixel", "marker", "shadow"}
    | {"noisy", "tiny", "at the edge", "mixed", "table", "cell"}
)
"""The conditions that are called hard."""
