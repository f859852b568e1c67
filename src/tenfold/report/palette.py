"""The colours of the page and of its figures in the light and the dark theme.

Figures are drawn once, on white. Each of their colours has a name here, and for each name the page
has one colour for each theme. The two colours of a name differ mainly in brightness, so that a
blue line is blue in both themes. The contrast with the background is at least 7 for main text and
4.5 for other text.
"""

from tenfold.plots.style import COLOURS, DARK_GREEN, DARK_ORANGE, FAINT, INK, PALE

__all__ = ["NAMES", "PALETTE"]

PALETTE: dict[str, tuple[str, str]] = {
    "background": ("#f6f5f2", "#121417"),
    "card": ("#ffffff", "#1b1e23"),
    "ink": ("#222222", "#e8e6e1"),
    "faint": ("#63625f", "#a3a19c"),
    "pale": ("#e4e4e4", "#343840"),
    "hint": ("#b8b8b8", "#6a6e76"),
    "right": ("#007a5a", "#3cc79c"),
    "wrong": ("#c04a00", "#ff8f4d"),
    "link": ("#005f96", "#6cb8ee"),
    "blue": ("#0072b2", "#56aee6"),
    "vermillion": ("#d55e00", "#f08a3c"),
    "green": ("#009e73", "#35c79b"),
    "purple": ("#cc79a7", "#e09cc2"),
    "orange": ("#e69f00", "#f0b53a"),
    "sky": ("#56b4e9", "#8accf2"),
    "black": ("#000000", "#ffffff"),
}
"""Colour in the light and in the dark theme, by name."""

_STYLE = dict(
    zip(COLOURS, ("blue", "vermillion", "green", "purple", "orange", "sky", "black"), strict=True)
)
NAMES: dict[str, str] = {
    colour.lower(): name
    for colour, name in {
        **_STYLE,
        INK: "ink",
        FAINT: "faint",
        PALE: "pale",
        DARK_GREEN: "right",
        DARK_ORANGE: "wrong",
        "#B8B8B8": "hint",
        "#FFFFFF": "card",
    }.items()
}
"""Name of each colour of the figures, by its hexadecimal value."""
