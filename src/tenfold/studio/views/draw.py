"""Draw: a digit or a number, and what the network makes of it."""

import numpy as np

from tenfold.nn.array import Array
from tenfold.studio.ink.answers import Answer, answer_final, answer_now, is_empty
from tenfold.studio.ink.neighbours import Neighbours
from tenfold.studio.ink.strokes import rasterise, strokes_of
from tenfold.studio.server.messages import Message, field
from tenfold.studio.views.base import Page, View
from tenfold.threads import limit_threads

__all__ = ["DRAW"]

_NEAREST = 5


def _draw(page: Page, message: Message) -> None:
    """Answer ``draw {id, model, strokes, final}`` with ``drawn``."""
    name = field(message, "model", str, page.studio.library.default)
    final = field(message, "final", bool, False)
    echo = {"id": field(message, "id", int), "final": final, "model": name}
    ink = rasterise(strokes_of(message))
    if is_empty(ink):
        page.connection.post("drawn", {**echo, "verdict": "blank", "number": ""})
        return
    with limit_threads(1):
        if final:
            answer = answer_final(ink, page.studio.library.model(name))
        else:
            answer = answer_now(ink, page.studio.library.quick(name))
        arrays = {"images": answer.images, "probabilities": answer.probabilities}
        labels: list[list[int]] = []
        if final:
            arrays["nearest"], labels = _nearest(answer, page.studio.library.neighbours)
    fields = {
        "verdict": answer.verdict,
        "number": answer.number,
        "unsure": list(answer.unsure),
        "words": list(answer.words),
        "labels": labels,
    }
    page.connection.post("drawn", echo | fields, arrays)


def _nearest(answer: Answer, neighbours: Neighbours) -> tuple[Array, list[list[int]]]:
    """Return the most similar training digits of each digit, (D, 5, 784), and their labels."""
    found = np.stack([neighbours.nearest(image, _NEAREST) for image in answer.images])
    return neighbours.images[found], neighbours.labels[found].tolist()


def _list_models(page: Page, message: Message) -> None:
    """Answer ``models`` with the names of all models."""
    page.connection.post("models", {"names": page.studio.library.names})


DRAW = View(
    name="draw",
    title="Draw",
    hint="Draw digits, and see what the network makes of them",
    handlers={"draw": _draw, "models": _list_models},
    newest=frozenset({"draw"}),
)
"""The view."""
