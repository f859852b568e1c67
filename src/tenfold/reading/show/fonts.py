"""Fonts: the font in a given size, the width of a text, and a text broken into lines."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont, ImageFont

__all__ = ["balanced", "font", "text_width", "wrapped"]

_NARROWER = 10  # pixels by which lines of similar lengths may be wider than needed


@lru_cache(maxsize=32)
def font(size: int) -> "FreeTypeFont | ImageFont":
    """Return the font of Pillow in a size in pixels."""
    from PIL.ImageFont import load_default

    return load_default(size)


def text_width(text: str, size: int) -> float:
    """Return the width of a line of text in pixels."""
    return font(size).getlength(text)


def wrapped(text: str, size: int, width: float, most: int = 1000) -> list[str]:
    """Return text in lines of at most ``width`` pixels; words that are wider are cut.

    Args:
        text: Words, separated by spaces.
        size: Size of the font.
        width: Largest width of a line.
        most: Largest number of lines; what is left out is marked by "...".
    """
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if text_width(longer, size) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and text_width(lines[-1] + letter, size) > width:
                lines.append("")
            lines[-1] += letter
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and text_width(f"{last} ...", size) > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last} ..."]


def balanced(text: str, size: int, width: float) -> list[str]:
    """Return text in as few lines as ``wrapped``, but of similar lengths."""
    most = len(wrapped(text, size, width))
    narrow = text_width(text, size) / most
    while narrow < width:
        lines = wrapped(text, size, narrow)
        if len(lines) <= most:
            return lines
        narrow += _NARROWER
    return wrapped(text, size, width)
