"""Predictions of the bundled model, used as a reference for labels and image quality.

The bundled model was trained on MNIST and is wrong for 3 of 1,000 MNIST digits. If it often
is confident and disagrees with the labels, many of these labels are probably wrong. The sample
consists of groups of consecutive images, so that predictions can also be compared with labels of
neighbours.
"""

import functools
from dataclasses import dataclass

import numpy as np

from tenfold.models import Model, find_model
from tenfold.nn.array import Array

__all__ = ["ReferencePredictions", "label_agreement", "recognised_share", "reference_predictions"]

_GROUPS = 10  # number of groups of consecutive images, evenly spaced in the data set
_CONFIDENT = 0.8  # 98% of MNIST's digits are predicted with a higher probability

_FEWEST = 30  # fewer images are never called illegible
_LEGIBLE = 0.5  # least share of confident predictions for legible images
_ONE_DIGIT = 0.8  # if one digit has a larger share, the predictions carry no information


@dataclass(frozen=True)
class ReferencePredictions:
    """Predictions of the bundled model for M of N images.

    Attributes:
        indices: Positions of the M images among the N, (M,), ascending.
        digits: Predicted digits, (M,).
        confidence: Probabilities of the predicted digits, (M,).
    """

    indices: Array
    digits: Array
    confidence: Array

    @property
    def confident(self) -> Array:
        """Whether each probability is above 0.8, (M,) bool."""
        return self.confidence > _CONFIDENT

    def recognised(self, labels: Array | None) -> Array:
        """Return whether each image is recognised, (M,) bool.

        An image is recognised if its prediction equals its label; without labels, if the prediction
        is confident.

        Args:
            labels: Labels of all N images, or None.
        """
        return self.confident if labels is None else self.digits == labels[self.indices]

    def most_frequent(self) -> tuple[int, float]:
        """Return the most frequent digit and its share of the predictions."""
        counts = np.bincount(self.digits)
        return int(counts.argmax()), float(counts.max() / len(self.digits))

    def legible(self, labels: Array | None) -> bool:
        """Return whether the images seem to show digits.

        The images are not legible if less than half of the predictions are confident. They are also
        not legible if one digit is more than 80% of the predictions, and its share of the labels is
        less than half of its share of the predictions (or the labels are unknown): on noise, the
        model is as confident as on digits, but always predicts the same digit.

        Args:
            labels: Labels of all N images, or None.
        """
        if len(self.digits) < _FEWEST:
            return True
        digit, share = self.most_frequent()
        label_share = 0.0 if labels is None else float((labels[self.indices] == digit).mean())
        one_digit = share > _ONE_DIGIT and label_share < share / 2
        return bool(self.confident.mean() >= _LEGIBLE) and not one_digit


def reference_predictions(images: Array, count: int = 600) -> ReferencePredictions | None:
    """Return the bundled model's predictions for a sample of the images.

    Args:
        images: (N, 28, 28, 1) uint8. For another shape, or no images, the result is None.
        count: Size of the sample: ten evenly spaced groups of consecutive images. If there are
            fewer images, all of them are used.
    """
    if images.shape[1:] != _model().network.input_shape or not len(images):
        return None
    indices = _sample_indices(len(images), count)
    probabilities = _probabilities(images[indices])
    return ReferencePredictions(indices, probabilities.argmax(axis=1), probabilities.max(axis=1))


def recognised_share(images: Array, labels: Array | None) -> float:
    """Return the share of images that are recognised (``ReferencePredictions.recognised``)."""
    predictions = reference_predictions(images, len(images))
    return 0.0 if predictions is None else float(predictions.recognised(labels).mean())


def label_agreement(images: Array, labels: Array) -> Array:
    """Return whether each label is the digit that the bundled model predicts, (N,) bool.

    Of 1,000 training images of MNIST, this is true for 998. If you remove the images for which it
    is false, to get rid of wrong labels, you also remove some difficult digits. 60,000 images take
    about 15 seconds.

    Args:
        images: (N, 28, 28, 1) uint8.
        labels: (N,) integers.
    """
    agrees: Array = _probabilities(images).argmax(axis=1) == labels
    return agrees


def _probabilities(images: Array) -> Array:
    return _model().predict_probabilities(images)


@functools.cache
def _model() -> Model:
    """Return the default model without test-time augmentation and without its temperature.

    The checks use only confident predictions. The temperature was fitted on digits, and makes the
    model too confident on images that show no digit.
    """
    return Model(find_model().network)


def _sample_indices(n: int, count: int) -> Array:
    if n <= count:
        return np.arange(n)
    length = max(1, count // _GROUPS)
    starts = np.linspace(0, n - length, _GROUPS).astype(np.intp)
    return np.unique(starts[:, np.newaxis] + np.arange(length))
