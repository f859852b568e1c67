"""Hollow 1s: their outlines, drawn as closed strokes in the notation of ``notation.parse``.

The outline of a plain 1 from a thick pen would be a narrow 0. So people draw a hollow 1 as a bar
with straight ends, or give it a flag or a foot.
"""

from tenfold.reading.synthetic.shapes.notation import StrokeShape, parse

__all__ = ["HOLLOW_ONES"]

_PEN = 0.075  # greatest width of the pen, in heights of a digit: the stem must stay hollow

HOLLOW_ONES: dict[str, StrokeShape] = {
    "bar": parse(
        "0,0! 17,0! 17,100! 0,100! 0,0!",
        "0,0! 25,0! 25,100! 0,100! 0,0!",
        "0,0! 21,2! 20,100! 2,98! 0,0!",
        frequency=2,
        widest=_PEN,
    ),
    "flag": parse(
        "6,24! 32,0! 50,0! 50,100! 28,100! 28,30! 14,42! 6,24!",
        "-4,30! 30,0! 46,0! 46,100! 26,100! 26,32! 8,48! -4,30!",
        "12,16! 34,0! 54,0! 54,100! 32,100! 32,24! 18,32! 12,16!",
        frequency=3,
        widest=_PEN,
    ),
    "round flag": parse(
        "8,30 18,14 36,0 50,6 50,50 50,94 40,102 29,94 29,64 28,32 18,44 8,40 8,30",
        "0,36 14,18 34,0 46,8 47,50 46,92 36,101 26,92 26,64 26,34 14,48 2,48 0,36",
        frequency=2,
        widest=_PEN,
    ),
    "long flag": parse(
        "-14,48! 26,0! 46,0! 46,100! 26,100! 26,34! -4,64! -14,48!",
        "-8,40! 28,0! 48,0! 48,100! 27,100! 27,32! 4,56! -8,40!",
        widest=_PEN,
    ),
    "flag and foot": parse(
        "6,22! 30,0! 48,0! 48,82! 66,82! 66,100! 8,100! 8,82! 27,82! 27,30! 12,40! 6,22!",
        "-2,30! 28,0! 46,0! 46,84! 60,84! 60,101! 12,101! 12,84! 26,84! 26,32! 8,46! -2,30!",
        frequency=2,
        widest=_PEN,
    ),
    "foot": parse(
        "26,0! 46,0! 46,82! 66,82! 66,100! 6,100! 6,82! 26,82! 26,0!",
        "28,0! 44,0! 44,84! 60,84! 60,100! 12,100! 12,84! 28,84! 28,0!",
        frequency=0.5,
        widest=_PEN,
    ),
}
"""The writing styles of a hollow 1 by name."""
