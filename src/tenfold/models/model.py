"""Model: a trained network together with everything that its answer needs."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.images.background import is_blank
from tenfold.images.normalization import MNIST, Preprocessing
from tenfold.models.classifier import predict_probabilities
from tenfold.models.network_header import describe_network
from tenfold.models.predictions import Predictions
from tenfold.models.temperature import MAX_TEMPERATURE, MIN_TEMPERATURE, apply_temperature
from tenfold.models.tensor_file import write_tensors
from tenfold.models.views import MAX_SHIFT, shifted_views
from tenfold.nn import Network, softmax
from tenfold.nn.array import Array

__all__ = ["MODEL_FORMAT", "Model"]

MODEL_FORMAT = 2
"""Of the files that are written; those of format 1 (tenfold 0.1) can still be read."""


@dataclass
class Model:
    """A network and what turns its logits into an answer.

    The probabilities are the mean over the image and, with ``test_time_shift``, its four shifted
    views, raised to the power 1 / ``temperature`` and scaled to sum to 1.

    Args:
        network: trained.
        preprocessing: how ink must be prepared for the network, as executable code; by default
            MNIST's for a network that takes 28 x 28 x 1, and none for any other.
        test_time_shift: by how many pixels an image is moved up, down, left and right for
            test-time augmentation, 0 to 4; 0 for the image alone.
        temperature: from 0.05 to 20; below 1 the answers are surer, above 1 less sure.
        unsure_below: an answer of less confidence is marked as unsure; None for never.
        unsure_error: the share of wrong answers that was wanted among the others when
            ``unsure_below`` was chosen; None if it was not chosen.
        classes: the names of the classes, in the order of the outputs; by default 0, 1, 2, ...
        provenance: recipe, seed, data and versions, as plain data.

    Raises:
        ValueError: if a number is out of its range, or the names do not fit the outputs.

    Example:
        >>> model = tenfold.load("standard")
        >>> model.predict(images).digit
    """

    network: Network
    preprocessing: Preprocessing | None = None
    test_time_shift: int = 0
    temperature: float = 1.0
    unsure_below: float | None = None
    unsure_error: float | None = None
    classes: tuple[str, ...] = ()
    provenance: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        outputs = self.network.shapes[-1][-1]
        if self.preprocessing is None and self.network.input_shape == MNIST.shape:
            self.preprocessing = MNIST
        if self.preprocessing is not None and self.preprocessing.shape != self.network.input_shape:
            raise ValueError(
                f"preprocessing must give what the network takes, {self.network.input_shape}, got "
                f"{self.preprocessing.shape}"
            )
        self.classes = tuple(self.classes) or tuple(map(str, range(outputs)))
        _check_number("test_time_shift", self.test_time_shift, 0, MAX_SHIFT, whole=True)
        _check_number("temperature", self.temperature, MIN_TEMPERATURE, MAX_TEMPERATURE)
        self.temperature = float(self.temperature)
        if (self.unsure_below is None) != (self.unsure_error is None):
            raise ValueError("unsure_below and unsure_error must both be given, or neither")
        if self.unsure_below is not None:
            _check_number("unsure_below", self.unsure_below, 0, 1)
            _check_number("unsure_error", self.unsure_error, 0, 1)
        if len(self.classes) != outputs or len(set(self.classes)) != outputs:
            raise ValueError(
                f"classes must be {outputs} different names, one for each output of the network, "
                f"got {len(self.classes)}: {', '.join(map(str, self.classes))[:200]}"
            )
        if not all(isinstance(name, str) and name for name in self.classes):
            raise ValueError("the names of the classes must be text that is not empty")

    @property
    def batch(self) -> int:
        """How many images to predict at a time."""
        return self.network.batch

    def predict_batch(self, images: Array) -> Array:
        """Return the probabilities (N, ..., classes) of images, all at once, on this thread.

        Args:
            images: (N, H, W, C), raw: uint8, or float on the scale 0 to 255.
        """
        answers = [
            softmax(self.network.forward(v)) for v in shifted_views(images, self.test_time_shift)
        ]
        mean = answers[0] if len(answers) == 1 else np.mean(answers, axis=0)
        return apply_temperature(mean, self.temperature)

    def predict_probabilities(self, images: Array, threads: int | None = None) -> Array:
        """Return the probabilities (N, classes) of any number of images, with all cores.

        Args:
            images: (N, H, W, C), raw: uint8, or float on the scale 0 to 255.
            threads: how many to use; all cores by default. The answers do not depend on it.
        """
        return predict_probabilities(self, images, threads)

    def predict(self, images: Array, threads: int | None = None) -> Predictions:
        """Return the answer to each image, with its confidence, and whether it is unsure.

        Args:
            images: as of ``predict_probabilities``.
            threads: as of ``predict_probabilities``.

        Raises:
            ValueError: if the images do not have the network's input shape, or the network gives
                more than one row of probabilities for an image: use ``predict_probabilities``.
        """
        if len(self.network.shapes[-1]) != 1:
            raise ValueError(
                "predict needs a network with one row of outputs, this one gives "
                f"{self.network.shapes[-1]} for each image: use predict_probabilities"
            )
        return Predictions(
            probabilities=self.predict_probabilities(images, threads),
            blank=is_blank(images),
            unsure_below=self.unsure_below,
            classes=self.classes,
        )

    def save(self, path: str | Path) -> None:
        """Write a ``.safetensors`` file, whole or not at all; equal models give equal bytes.

        Raises:
            TenfoldError: if ``load_model`` could not make the model again from the file: a layer
                is not one of ``tenfold.nn.layers``, or a weight is not finite. Nothing is written.
        """
        calibration = {
            "temperature": self.temperature,
            "unsure_below": self.unsure_below,
            "unsure_error": self.unsure_error,
        }
        header = {
            "kind": "model",
            "format": MODEL_FORMAT,
            **describe_network(self.network),
            "preprocessing": self.preprocessing and self.preprocessing.to_dict(),
            "prediction": {"test_time_shift": self.test_time_shift},
            "calibration": {k: v for k, v in calibration.items() if v is not None},
            "classes": list(self.classes),
            "provenance": self.provenance,
        }
        write_tensors(path, self.network.tensors(), header)


def _check_number(name: str, value: object, least: float, most: float, whole: bool = False) -> None:
    kinds = (int, np.integer) if whole else (int, float, np.integer, np.floating)
    fits = isinstance(value, kinds) and not isinstance(value, bool) and least <= value <= most
    if not fits:
        kind = "a whole number" if whole else "a number"
        raise ValueError(f"{name} must be {kind} from {least:g} to {most:g}, got {value!r}")
