"""A cache of the networks that the view Inside shows, and of the latest results."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from tenfold.inspection import (
    FrozenNetwork,
    Trace,
    forward_from,
    freeze,
    prune,
    trace,
)
from tenfold.nn import softmax
from tenfold.nn.array import Array
from tenfold.studio.inside.exciting import ExcitingImages
from tenfold.studio.inside.subject import Subject
from tenfold.studio.library import Library

__all__ = ["InspectionCache", "TracedNetwork"]

Answer = TypeVar("Answer")
Key = TypeVar("Key")
Value = TypeVar("Value")

_MEASURED = 500  # validation images on which a change of the network is measured
_BATCH = 100  # number of these images that are predicted at a time
_TRACES, _NETWORKS, _ACCURACIES = 12, 4, 50  # how many of the latest results are kept


@dataclass(frozen=True)
class TracedNetwork:
    """A trace, and the network that it belongs to."""

    frozen: FrozenNetwork
    trace: Trace


class InspectionCache:
    """Networks and results of the view Inside.

    All pages share them, because the pupils of a class often look into the same network.

    Attributes:
        exciting: For each unit, the training images with its largest outputs.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()  # the buffers of a network are for one pass at a time
        self._frozen: dict[str, tuple[object, FrozenNetwork]] = {}
        self.exciting = ExcitingImages(library)
        self._accuracy: dict[tuple[str, str], tuple[object, float]] = {}
        self._traced: dict[str, tuple[object, TracedNetwork]] = {}

    def traced(self, subject: Subject) -> TracedNetwork:
        """Return the forward and backward pass of an image through its network, in float64."""
        return self.compute(subject, lambda traced: traced)

    def compute(self, subject: Subject, function: Callable[[TracedNetwork], Answer]) -> Answer:
        """Return what a function computes from a trace; no other thread uses the network then."""
        with self._lock:
            return function(self._trace(subject))

    def accuracy(self, subject: Subject) -> float:
        """Return the accuracy on 500 validation images, with the changes of the network."""
        with self._lock:
            key = (subject.model, subject.changes)
            model = self._library.model(subject.model)
            if key not in self._accuracy or self._accuracy[key][0] is not model:
                frozen = self._network(subject, np.float32)
                data = self._library.data("validation").subset(slice(_MEASURED))
                correct = 0
                for start in range(0, len(data), _BATCH):
                    part = data.subset(slice(start, start + _BATCH))
                    logits = forward_from(frozen.network, part.images, off=subject.off)
                    correct += int((logits.argmax(axis=1) == part.require_labels()).sum())
                kept = _last(self._accuracy, _ACCURACIES - 1)
                self._accuracy = {**kept, key: (model, correct / len(data))}
            return self._accuracy[key][1]

    def probabilities_before(self, subject: Subject) -> Array:
        """Return the probabilities of the unchanged network, at the temperature of its model."""
        model = self._library.model(subject.model)
        logits = model.network.forward(subject.image[np.newaxis])[0]
        return softmax(logits / model.temperature)

    def _trace(self, subject: Subject) -> TracedNetwork:
        model = self._library.model(subject.model)
        known = self._traced.pop(subject.key, None)
        if known is None or known[0] is not model:
            frozen = self._network(subject, np.float64)
            label = subject.label
            if label is None:  # a drawing has no label: use the answer of the network
                label = int(forward_from(frozen.network, subject.image[np.newaxis]).argmax())
            found = trace(frozen, subject.image, label, subject.off)
            known = (model, TracedNetwork(frozen, found))
        self._traced = {**_last(self._traced, _TRACES - 1), subject.key: known}
        return known[1]

    def _network(self, subject: Subject, dtype: type) -> FrozenNetwork:
        model = self._library.model(subject.model)
        key = f"{subject.model} {subject.pruned_share} {np.dtype(dtype).name}"
        if key not in self._frozen or self._frozen[key][0] is not model:
            share = subject.pruned_share
            network = prune(model.network, share) if share else model.network
            self._frozen.pop(key, None)
            kept = _last(self._frozen, _NETWORKS - 1)
            self._frozen = {**kept, key: (model, freeze(network, dtype))}
        return self._frozen[key][1]


def _last(kept: dict[Key, Value], count: int) -> dict[Key, Value]:
    """Return the newest entries of a dictionary."""
    return dict(list(kept.items())[-count:])
