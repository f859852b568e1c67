"""The view Inside: every number of the forward and the backward pass of one image."""

import numpy as np

from tenfold.nn import softmax
from tenfold.nn.array import Array
from tenfold.studio.inside.answers import display_bytes, layers, unit_answer
from tenfold.studio.inside.cache import InspectionCache
from tenfold.studio.inside.exciting import SEARCHED_IMAGES
from tenfold.studio.inside.subject import Subject, numbers, subject_of
from tenfold.studio.server.messages import Message, MessageError, read_field
from tenfold.studio.views.base import Page, View
from tenfold.threads import limit_threads

__all__ = ["INSIDE"]


def _cache(page: Page) -> InspectionCache:
    return page.studio.state("inside", lambda: InspectionCache(page.studio.library))


def _inspect(page: Page, message: Message) -> None:
    """Answer ``inspect {id, model, digit or strokes, label, off, prune, temperature}``."""
    subject, cache = subject_of(page.studio.library, message), _cache(page)
    with limit_threads(1):
        traced = cache.traced(subject)
        model = page.studio.library.model(subject.model)
        temperature = subject.temperature or model.temperature
        arrays = {
            "image": subject.image,
            "probabilities": softmax(traced.trace.logits / temperature).astype(np.float32),
            "probabilities_before": cache.probabilities_before(subject).astype(np.float32),
            **display_bytes(traced.trace),
        }
    fields = {
        "id": read_field(message, "id", int),
        "model": subject.model,
        "truth": subject.truth,
        "label": traced.trace.label,
        "loss": traced.trace.loss,
        "temperature": model.temperature,
        "layers": layers(traced),
        "changed": bool(subject.off or subject.pruned_share),
    }
    page.connection.post("inspected", fields, arrays)


def _unit(page: Page, message: Message) -> None:
    """Answer ``unit {..., layer, unit, weight, step}``: the equations of one number.

    ``step`` is h of the finite difference (L(w + h) - L(w - h)) / 2h.
    """
    subject = subject_of(page.studio.library, message)
    chosen = read_field(message, "weight", (list, type(None)), None)
    weight = None
    if chosen is not None:
        if not chosen or not isinstance(chosen[0], str):
            raise MessageError("weight must be a list of a name and an index")
        weight = (chosen[0], numbers(chosen[1:], "the index of a weight"))
    h = float(read_field(message, "step", (int, float), 1e-4))
    layer = read_field(message, "layer", int)
    unit = numbers(read_field(message, "unit", list), "unit")
    with limit_threads(1):
        fields, arrays = _cache(page).compute(
            subject, lambda traced: unit_answer(traced, layer, unit, weight, h)
        )
    page.connection.post("unit", {"id": read_field(message, "id", int), **fields}, arrays)


def _effect(page: Page, message: Message) -> None:
    """Answer ``effect {...}``: the accuracy of the network with and without its changes."""
    subject, cache = subject_of(page.studio.library, message), _cache(page)
    plain = Subject(subject.model, subject.image, None, None, {}, 0.0, None)
    with limit_threads(1):
        before = cache.accuracy(plain)
        after = cache.accuracy(subject)
    page.connection.post("effect", {"before": before, "after": after})


def _excite(page: Page, message: Message) -> None:
    """Answer ``excite {..., layer, feature}``: the images with a unit's largest outputs."""
    subject, exciting = subject_of(page.studio.library, message), _cache(page).exciting
    layer, feature = read_field(message, "layer", int), read_field(message, "feature", int)
    fields = {"layer": layer, "feature": feature, "among": SEARCHED_IMAGES}

    def send(found: tuple[Array, ...] | None, share: float) -> None:
        if found is None:
            page.connection.post("exciting", {**fields, "share": share})
        elif 0 <= layer < len(found) and 0 <= feature < len(found[layer]):
            chosen = found[layer][feature]
            labels = exciting.labels[chosen].tolist()
            arrays = {"images": exciting.images[chosen]}
            page.connection.post("exciting", {**fields, "share": 1.0, "labels": labels}, arrays)

    exciting.ask(page.studio.library.model(subject.model), page.session.key, send)


INSIDE = View(
    name="inside",
    title="Inside",
    hint="See every number of a network, forward and backward",
    handlers={"inspect": _inspect, "unit": _unit, "effect": _effect, "excite": _excite},
    only_newest_of=frozenset({"inspect", "unit", "effect", "excite"}),
)
"""The view."""
