"""Learn: tours through the other views."""

from dataclasses import asdict

from tenfold.studio.server.messages import Message
from tenfold.studio.tours.registry import TOURS
from tenfold.studio.views.base import Page, View

__all__ = ["LEARN"]


def _open(page: Page, message: Message) -> None:
    """Answer ``learn-open`` with all tours."""
    page.connection.post("tours", {"tours": [asdict(tour) for tour in TOURS]})


LEARN = View(
    name="learn",
    title="Learn",
    hint="Guided tours through the studio",
    handlers={"learn-open": _open},
)
"""The view."""
