"""Draw: the user draws a digit or a number, and the network reads it."""

import numpy as np

from tenfold.nn.array import Array
from tenfold.studio.ink.answers import Answer, answer_final, answer_now, is_empty
from tenfold.studio.ink.neighbours import Neighbours
from tenfold.studio.ink.strokes import rasterise, strokes_of
from tenfold.studio.jobs.handwriting import Handwriting, digits_of
from tenfold.studio.server.messages import Message, read_field
from tenfold.studio.views.base import Page, View, training_slot
from tenfold.threads import limit_threads

__all__ = ["DRAW"]

_NEAREST = 5


def _draw(page: Page, message: Message) -> None:
    """Answer ``draw {id, model, strokes, final}`` with ``drawn``."""
    name = read_field(message, "model", str, page.studio.library.default)
    final = read_field(message, "final", bool, False)
    echo = {"id": read_field(message, "id", int), "final": final, "model": name}
    ink = rasterise(strokes_of(message))
    if is_empty(ink):
        page.connection.post("drawn", {**echo, "verdict": "blank", "number": ""})
        return
    with limit_threads(1):
        if final:
            answer = answer_final(ink, page.studio.library.model(name))
        else:
            answer = answer_now(ink, page.studio.library.single_view_model(name))
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


def _handwriting(page: Page) -> Handwriting:
    """Return the object that fine-tunes a model on the digits of a session."""
    session, library = page.session, page.studio.library

    def finished(folder: str) -> None:
        library.add(f"your handwriting ({folder})", folder)
        session.post("models", {"names": library.names})

    return session.state("handwriting", lambda: Handwriting(session.post, finished))


def _show_handwriting(page: Page, message: Message) -> None:
    """Answer ``handwriting-open`` with the state of the fine-tuning on the user's digits."""
    _handwriting(page).send_state()


def _learn(page: Page, message: Message) -> None:
    """Answer ``learn {model, digits, first, last}``: collect digits; with ``last``, learn them."""
    handwriting = _handwriting(page)
    handwriting.collect(digits_of(message), read_field(message, "first", bool))
    if read_field(message, "last", bool):
        name, library = read_field(message, "model", str), page.studio.library
        library.model(name)  # raises an error if the model is not for digits
        with training_slot(page, handwriting):
            handwriting.start(name, library.path(name), page.studio.settings.runs)


def _stop_learning(page: Page, message: Message) -> None:
    """Answer ``learn-stop``: end the learning."""
    _handwriting(page).stop()


DRAW = View(
    name="draw",
    title="Draw",
    hint="Draw digits, and see how the network reads them",
    handlers={
        "draw": _draw,
        "models": _list_models,
        "handwriting-open": _show_handwriting,
        "learn": _learn,
        "learn-stop": _stop_learning,
    },
    only_newest_of=frozenset({"draw"}),
)
"""The view."""
