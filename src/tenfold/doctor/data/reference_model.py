"""The witness: what the model that comes along reads in some of the images.

It learned from MNIST and errs on 3 of 1,000 such digits, so where it is sure and a label says
otherwise, the label is the more likely to be wrong. It is asked about whole stretches of images,
so that labels of their neighbours can be compared, too.
"""

import functools
from dataclasses import dataclass

import numpy as np

from tenfold.models import Model, find_model
from tenfold.nn.array import Array

__all__ = ["Opinion", "agreeing", "ask", "understood"]

_STRETCHES = 10
_SURE = 0.8  # 98 % of MNIST's digits are answered with a higher probability


@dataclass(frozen=True)
class Opinion:
    """What the witness says about M images.

    Attributes:
        places: which images they are, (M,), in rising order.
        answers: the digits that it reads, (M,).
        confidence: the probability that it gives them, (M,).
    """

    places: Array
    answers: Array
    confidence: Array

    @property
    def sure(self) -> Array:
        """Where it is sure, (M,) bool."""
        return self.confidence > _SURE


def ask(images: Array, count: int = 600) -> Opinion | None:
    """Return the witness's opinion on some ``count`` of the images, in ten even stretches.

    Args:
        images: (N, 28, 28, 1) uint8; None comes back for another shape, and for no images.
        count: how many; all of fewer.
    """
    model = _model()
    if images.shape[1:] != model.network.input_shape or not len(images):
        return None
    places = _places(len(images), count)
    probabilities = model.predict_probabilities(images[places])
    return Opinion(places, probabilities.argmax(axis=1), probabilities.max(axis=1))


def understood(images: Array, labels: Array | None) -> float:
    """Return the share of images that the witness reads as labelled (surely, without labels)."""
    opinion = ask(images, len(images))
    if opinion is None:
        return 0.0
    known = opinion.sure if labels is None else opinion.answers == labels
    return float(known.mean())


def agreeing(images: Array, labels: Array) -> Array:
    """Return (N,) bool: where the label is what the model that comes along reads.

    On MNIST it is so for 998 of 1,000 training images. Leaving the others out of data whose labels
    are partly wrong leaves out some hard digits, too. 60,000 images take a quarter of a minute.

    Args:
        images: (N, 28, 28, 1) uint8. ``labels``: (N,).
    """
    agrees: Array = _model().predict_probabilities(images).argmax(axis=1) == labels
    return agrees


@functools.cache
def _model() -> Model:
    """Return the default model with one view in place of five, and without its temperature.

    The answers that count are the sure ones, and a calibration on digits is too sure of images
    that show none.
    """
    return Model(find_model().network)


def _places(n: int, count: int) -> Array:
    if n <= count:
        return np.arange(n)
    length = max(1, count // _STRETCHES)
    starts = np.linspace(0, n - length, _STRETCHES).astype(np.intp)
    return np.unique(starts[:, np.newaxis] + np.arange(length))
