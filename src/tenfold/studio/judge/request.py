"""Evaluation request: which model to evaluate, and how to distort the test images."""

from dataclasses import dataclass

import numpy as np

from tenfold.images.distortions import DISTORTIONS
from tenfold.nn.array import Array
from tenfold.studio.library import Library
from tenfold.studio.server.messages import Message, MessageError, read_field

__all__ = ["EvaluationRequest", "request_of"]


@dataclass(frozen=True)
class EvaluationRequest:
    """A model, and the strength of each distortion.

    Attributes:
        model: Name of the model.
        strengths: Name and strength of each distortion that changes the images, in the order in
            which they are applied.
    """

    model: str
    strengths: tuple[tuple[str, float], ...] = ()

    def distort(self, images: Array, first: int = 0) -> Array:
        """Return distorted images; a test image is always distorted in the same way.

        Args:
            images: (N, 28, 28, 1) uint8.
            first: Index of the first image among the test images.
        """
        for name, strength in self.strengths:
            images = DISTORTIONS[name](images, strength, first=first)
        return images

    def distorted_images(self, images: Array, indices: Array) -> Array:
        """Return the images with these indices, distorted, (N, 28, 28, 1)."""
        chosen = [self.distort(images[i : i + 1], int(i)) for i in indices]
        return np.concatenate(chosen) if chosen else images[:0]


def request_of(library: Library, message: Message) -> EvaluationRequest:
    """Return the request in a message: ``model``, and ``strengths`` by name of the distortion.

    Raises:
        MessageError: If the message has another form, or a strength is out of its range.
    """
    chosen = read_field(message, "strengths", dict, {})
    if unknown := sorted(set(chosen) - set(DISTORTIONS)):
        raise MessageError(f"unknown distortion {unknown[0]!r:.40}")
    strengths = []
    for name, distortion in DISTORTIONS.items():
        strength = chosen.get(name, distortion.neutral)
        low, high = min(distortion.strengths), max(distortion.strengths)
        if type(strength) not in (int, float) or not low <= strength <= high:
            raise MessageError(f"the strength of {name} must be from {low:g} to {high:g}")
        if strength != distortion.neutral:
            strengths.append((name, float(strength)))
    model = read_field(message, "model", str, library.default)
    library.model(model)  # raises an error if there is no such model
    return EvaluationRequest(model, tuple(strengths))
