"""All views, in the order of the navigation."""

from tenfold.studio.views.base import View
from tenfold.studio.views.draw import DRAW

__all__ = ["VIEWS"]

VIEWS: tuple[View, ...] = (DRAW,)
"""All views."""
