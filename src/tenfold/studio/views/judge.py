"""Judge: how good a network is, where it is wrong, and what distortions do to it."""

from typing import Any

from tenfold.images.distortions import DISTORTIONS
from tenfold.studio.judge.answers import digits_behind, map_answer, summary
from tenfold.studio.judge.evaluator import Evaluator, PartialResult, ResultCache
from tenfold.studio.judge.request import request_of
from tenfold.studio.server.messages import Message, MessageError, read_field
from tenfold.studio.views.base import Page, View
from tenfold.threads import limit_threads

__all__ = ["JUDGE"]

_SAMPLES = 10  # number of distorted test images that the page shows


def _evaluator(page: Page) -> Evaluator:
    session, library = page.session, page.studio.library

    def report(result: PartialResult) -> None:
        images = library.data("test").images
        samples = result.request.distort(images[:_SAMPLES])
        session.post("judged", summary(result), {"samples": samples})

    def report_error(error: Exception) -> None:
        for connection in tuple(session.connections):
            connection.refuse(error, "judge")

    def watched() -> bool:
        return bool(session.connections)

    cache = page.studio.state("judge", ResultCache)
    return session.state("judge", lambda: Evaluator(library, cache, report, report_error, watched))


def _open(page: Page, message: Message) -> None:
    """Answer ``judge-open`` with the distortions."""
    rows: list[dict[str, Any]] = [
        {
            "name": each.name,
            "unit": each.unit,
            "low": min(each.strengths),
            "high": max(each.strengths),
            "neutral": each.neutral,
        }
        for each in DISTORTIONS.values()
    ]
    page.connection.post("distortions", {"distortions": rows})


def _judge(page: Page, message: Message) -> None:
    """Answer ``judge {model, strengths}`` with several messages ``judged``: the results so far."""
    _evaluator(page).start(request_of(page.studio.library, message))


def _stop(page: Page, message: Message) -> None:
    """Answer ``judge-stop``: end the work on the request."""
    _evaluator(page).stop()


def _behind(page: Page, message: Message) -> None:
    """Answer ``behind {true, predicted}`` with the digits of a cell of the confusion matrix."""
    true, predicted = read_field(message, "true", int), read_field(message, "predicted", int)
    if not (-1 <= true <= 9 and -1 <= predicted <= 9):
        raise MessageError("true and predicted must be digits, or -1 for all mistakes")
    result = _evaluator(page).latest
    if result is None:
        raise MessageError("no network has been judged yet")
    with limit_threads(1):
        fields, arrays = digits_behind(
            result, page.studio.library.data("test").images, true, predicted
        )
    page.connection.post("behind", fields, arrays)


def _map(page: Page, message: Message) -> None:
    """Answer ``map {model, strengths}`` with the maps of some digits at each stage."""
    library = page.studio.library
    request = request_of(library, message)
    with limit_threads(1):
        fields, arrays = map_answer(library, request, library.model(request.model))
    page.connection.post("map", fields, arrays)


JUDGE = View(
    name="judge",
    title="Judge",
    hint="See where a network is wrong, and how it copes with distorted digits",
    handlers={
        "judge-open": _open,
        "judge": _judge,
        "judge-stop": _stop,
        "behind": _behind,
        "map": _map,
    },
    only_newest_of=frozenset({"judge", "judge-stop", "behind", "map"}),
)
"""The view."""
