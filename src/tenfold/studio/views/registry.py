"""All views, in the order of the navigation."""

from tenfold.studio.views.base import View
from tenfold.studio.views.draw import DRAW
from tenfold.studio.views.inside import INSIDE
from tenfold.studio.views.judge import JUDGE
from tenfold.studio.views.learn import LEARN
from tenfold.studio.views.read import READ
from tenfold.studio.views.train import TRAIN

__all__ = ["VIEWS"]

VIEWS: tuple[View, ...] = (DRAW, INSIDE, TRAIN, JUDGE, READ, LEARN)
"""All views."""
