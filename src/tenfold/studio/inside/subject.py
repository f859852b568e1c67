"""The subject of the view Inside: the image and the network that a message of the page chooses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.glyph import make_glyph
from tenfold.studio.ink.answers import is_empty
from tenfold.studio.ink.strokes import rasterise, strokes_of
from tenfold.studio.library import Library
from tenfold.studio.server import messages
from tenfold.studio.server.messages import Message, MessageError

__all__ = ["Subject", "numbers", "subject_of"]

_MOST_SWITCHED_OFF = 200  # largest number of units that are switched off


@dataclass(frozen=True)
class Subject:
    """An image and a network with changes.

    Attributes:
        model: Name of the model.
        image: (28, 28, 1) uint8.
        truth: The digit that the image shows; None for a drawing.
        label: The digit for which the loss is computed; None for the network's own answer.
        off: Units that are switched off, by index of the layer in the copy that ``freeze`` makes.
        pruned_share: Share of the weights that are pruned.
        temperature: Temperature of the probabilities; None for that of the model.
    """

    model: str
    image: Array = field(repr=False)
    truth: int | None
    label: int | None
    off: Mapping[int, tuple[int, ...]]
    pruned_share: float
    temperature: float | None

    @property
    def changes(self) -> str:
        """What was changed in the network."""
        return f"{self.pruned_share} {sorted(self.off.items())}"

    @property
    def key(self) -> str:
        """Everything that determines the trace."""
        return f"{self.model} {self.label} {self.changes} {self.image.tobytes().hex()}"


def subject_of(library: Library, message: Message) -> Subject:
    """Return the subject in a message.

    The image is drawn with the field ``strokes`` of the message. Without this field, it is the test
    image whose index is the field ``digit``.

    Raises:
        MessageError: If the message has another form.
    """
    image, truth = _image_of(library, message)
    label = messages.read_field(message, "label", int, -1)
    if not -1 <= label <= 9:
        raise MessageError(f"label must be a digit, or -1, got {label}")
    share = float(messages.read_field(message, "prune", (int, float), 0))
    if not 0 <= share <= 0.99:
        raise MessageError(f"prune must be from 0 to 0.99, got {share:g}")
    temperature = messages.read_field(message, "temperature", (int, float, type(None)), None)
    if temperature is not None and not 0.05 <= temperature <= 20:
        raise MessageError(f"temperature must be from 0.05 to 20, got {temperature:g}")
    return Subject(
        model=messages.read_field(message, "model", str, library.default),
        image=image,
        truth=truth,
        label=truth if label < 0 else label,
        off=_switched_off(message),
        pruned_share=share,
        temperature=temperature,
    )


def numbers(value: Any, name: str) -> tuple[int, ...]:
    """Return a list of whole numbers from a message as a tuple."""
    if not isinstance(value, list) or not all(type(n) is int for n in value):
        raise MessageError(f"{name} must be a list of whole numbers")
    return tuple(value)


def _image_of(library: Library, message: Message) -> tuple[Array, int | None]:
    if "strokes" in message:
        ink = rasterise(strokes_of(message))
        if is_empty(ink):
            raise MessageError("there is no drawing: draw a digit in the view Draw first")
        return make_glyph(ink, ink > 0.5).image, None
    data = library.data("test")
    index = messages.read_field(message, "digit", int)
    if not 0 <= index < len(data):
        raise MessageError(f"digit must be from 0 to {len(data) - 1}, got {index}")
    return np.asarray(data.images[index]), int(data.require_labels()[index])


def _switched_off(message: Message) -> dict[int, tuple[int, ...]]:
    """Return the field ``off`` of a message: the units that are switched off, by layer."""
    off: dict[int, tuple[int, ...]] = {}
    entries = messages.read_field(message, "off", list, [])
    if len(entries) > _MOST_SWITCHED_OFF:
        raise MessageError(f"at most {_MOST_SWITCHED_OFF} units can be switched off")
    for entry in entries:
        pair = numbers(entry, "a unit that is off")
        if len(pair) != 2:
            raise MessageError("a unit that is off must be [layer, unit]")
        layer, unit = pair
        off[layer] = tuple(sorted({*off.get(layer, ()), unit}))
    return off
