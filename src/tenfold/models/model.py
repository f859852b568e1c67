"""Model: a trained network together with everything needed to predict."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.images import Preprocessing, is_blank, normalize_like_mnist
from tenfold.models.classifier import predict_probabilities
from tenfold.models.input_warnings import warn_of_unusual_images
from tenfold.models.network_header import build_network, describe_network
from tenfold.models.predictions import Predictions
from tenfold.models.temperature import MAX_TEMPERATURE, MIN_TEMPERATURE, apply_temperature
from tenfold.models.tensor_file import HEADER_ERRORS, write_tensors
from tenfold.models.views import MAX_SHIFT, shifted_views
from tenfold.nn import Network, softmax
from tenfold.nn.arguments import PathLike, check_fields, checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Number, Whole
from tenfold.nn.inputs import check_inputs, finite_logits

__all__ = ["MODEL_FORMAT", "Model"]

MODEL_FORMAT = 2
"""Format of the files that are written. Files of format 1 (tenfold 0.1) can be read, too."""


@dataclass
class Model:
    """A network, how its input is prepared, and how its logits become predictions.

    The probabilities are the mean over the image and, with ``test_time_shift``, its four shifted
    views; the mean is raised to the power 1 / ``temperature`` and scaled to sum to 1.

    The fields may be assigned after construction; ``save`` checks them again.

    Args:
        network: Trained network. Its output has the shape (C,), or (..., C) for a network that
            gives several rows of class probabilities for one image.
        preprocessing: Function that makes an input image from ink. Default: MNIST's for an input of
            28 x 28 x 1, no preprocessing for other inputs.
        test_time_shift: Distance in pixels of the shifted views for test-time augmentation, 0 to
            4; 0 (the default) predicts from the image alone.
        temperature: Temperature T, 0.05 to 20; below 1 predictions become more confident.
        unsure_below: Confidence below which a prediction is marked as unsure, 0 to 1; None (the
            default) for no threshold.
        unsure_error: Error rate for which ``unsure_below`` was chosen, 0 to 1: the target share of
            wrong predictions among the accepted ones. Required with ``unsure_below``.
        classes: Names of the C classes, in the order of the outputs. Default: "0", "1", "2", ...
        provenance: Recipe, seed, data and versions, as plain data. Default: empty.

    Raises:
        ValueError: If a field is out of its range or does not fit the network.

    Example:
        >>> model = tenfold.load("standard")
        >>> model.predict(images).digit
    """

    network: Network
    preprocessing: Preprocessing | None = None
    test_time_shift: Annotated[int, Whole(0, MAX_SHIFT)] = 0
    temperature: Annotated[float, Number(f"[{MIN_TEMPERATURE}, {MAX_TEMPERATURE}]")] = 1.0
    unsure_below: Annotated[float, Number("[0, 1]")] | None = None
    unsure_error: Annotated[float, Number("[0, 1]")] | None = None
    classes: tuple[str, ...] = ()
    provenance: dict[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        check_fields(self)
        if self.preprocessing is None and self.network.input_shape == normalize_like_mnist.shape:
            self.preprocessing = normalize_like_mnist
        self.classes = tuple(self.classes) or tuple(map(str, range(self.network.shapes[-1][-1])))
        self._check_fields()

    @staticmethod
    def advice_on(value: object) -> str:
        """Return the advice of an error message: how to make a model from ``value``."""
        if isinstance(value, Network):
            return "write Model(network)"
        return "load it, with tenfold.load(name)" if isinstance(value, (str, Path)) else ""

    @property
    def batch(self) -> int:
        """Number of images to predict at once."""
        return self.network.batch

    def predict_batch(self, images: Array) -> Array:
        """Return the probabilities (N, ..., C) of one batch of images, computed on this thread.

        Args:
            images: Raw images (N, H, W, C), uint8 or float on the scale 0 to 255.

        Raises:
            ValueError: If the images have another shape or scale than the network takes, or if the
                outputs of the network are not finite.
        """
        views = shifted_views(images, self.test_time_shift)
        probabilities = [softmax(finite_logits(self.network, view)) for view in views]
        mean = probabilities[0] if len(probabilities) == 1 else np.mean(probabilities, axis=0)
        return apply_temperature(mean, self.temperature)

    def predict_probabilities(self, images: Array, threads: int | None = None) -> Array:
        """Return the probabilities (N, ..., C) of any number of images.

        Args:
            images: Raw images (N, H, W, C), uint8 or float on the scale 0 to 255; N may be 0.
            threads: Number of threads, at least 1; None (the default) for one per core. The
                result does not depend on it.

        Raises:
            ValueError: If ``threads`` is less than 1, or the images have another shape than the
                network takes.
        """
        check_inputs(images, self.network.input_shape)
        return predict_probabilities(self, images, threads)

    def predict(self, images: Array, threads: int | None = None) -> Predictions:
        """Return the predicted class of each image, with its confidence.

        Args:
            images: As in ``predict_probabilities``.
            threads: As in ``predict_probabilities``.

        Raises:
            ValueError: As in ``predict_probabilities``, if the network gives more than one row of
                probabilities for an image, or if a field was set to a value out of its range.

        Warns:
            InputWarning: If all images have dark ink on a light background or are nearly black, or
                if most have a grey background.
        """
        self._check_fields()  # fields may have been assigned since the last check
        if len(self.network.shapes[-1]) != 1:
            raise ValueError(
                "predict needs a network with one row of outputs, this one gives "
                f"{self.network.shapes[-1]} for each image: use predict_probabilities"
            )
        probabilities = self.predict_probabilities(images, threads)
        warn_of_unusual_images(images, self.preprocessing)
        return Predictions(
            probabilities=probabilities,
            blank=is_blank(images),
            unsure_below=self.unsure_below,
            classes=self.classes,
        )

    @checked
    def save(self, path: PathLike) -> None:
        """Write the model to a ``.safetensors`` file atomically; equal models give equal bytes.

        Args:
            path: Path of the file.

        Raises:
            TenfoldError: If the file cannot be written. Also if ``load_model`` could not read it,
                because a layer is neither one of ``tenfold.nn`` nor registered (``nn.register``), a
                weight is not finite, a field is out of its range, or the provenance is not plain
                data. In all these cases, nothing is written.
        """
        tensors = self.network.tensors()
        try:
            self._check_fields()
            _check_plain(self.provenance)
            header = self.to_header()
            Model.from_header(
                json.loads(json.dumps(header, allow_nan=False, sort_keys=True)), tensors
            )
        except HEADER_ERRORS as error:
            raise TenfoldError(
                f"this model cannot be saved, because it could not be loaded again: {error}"
            ) from error
        write_tensors(path, tensors, {"kind": "model", "format": MODEL_FORMAT, **header})

    def to_header(self) -> dict[str, Any]:
        """Return everything but the arrays, as plain data for the header of a model file.

        Raises:
            ValueError, TypeError: If the network has layers that cannot be described.
        """
        calibration = {
            "temperature": self.temperature,
            "unsure_below": self.unsure_below,
            "unsure_error": self.unsure_error,
        }
        return {
            **describe_network(self.network),
            "preprocessing": self.preprocessing and self.preprocessing.to_dict(),
            "prediction": {"test_time_shift": int(self.test_time_shift)},
            "calibration": {k: float(v) for k, v in calibration.items() if v is not None},
            "classes": list(self.classes),
            "provenance": self.provenance,
        }

    @classmethod
    def from_header(cls, header: dict[str, Any], tensors: dict[str, Array]) -> "Model":
        """Return the model that a header from ``to_header`` and the arrays of a network describe.

        Raises:
            ValueError, TypeError, LookupError, ...: If the header is damaged (``HEADER_ERRORS``).
        """
        return cls.with_network(header, build_network(header, tensors))

    @classmethod
    def with_network(cls, header: dict[str, Any], network: Network) -> "Model":
        """Return the model of a network, with the other fields from a header of ``to_header``.

        Raises:
            ValueError, TypeError, LookupError, ...: If the header is damaged (``HEADER_ERRORS``).
        """
        calibration, provenance = _table(header, "calibration"), _table(header, "provenance")
        if not isinstance(header["classes"], list):
            raise ValueError(f"classes must be a list of names, got {header['classes']!r}")
        preprocessing = None
        if header["preprocessing"] is not None:
            preprocessing = Preprocessing.from_dict(_table(header, "preprocessing"))
        return cls(
            network,
            preprocessing=preprocessing,
            test_time_shift=_table(header, "prediction")["test_time_shift"],
            temperature=calibration["temperature"],
            unsure_below=calibration.get("unsure_below"),
            unsure_error=calibration.get("unsure_error"),
            classes=tuple(header["classes"]),
            provenance=provenance,
        )

    def _check_fields(self) -> None:
        """Raise ValueError unless each field is in its range and fits the network."""
        check_fields(self)
        output_shape = self.network.shapes[-1]
        if self.preprocessing is not None and self.preprocessing.shape != self.network.input_shape:
            raise ValueError(
                "preprocessing must give images of the network's input shape "
                f"{self.network.input_shape}, got {self.preprocessing.shape}"
            )
        if self.test_time_shift and len(output_shape) != 1:
            raise ValueError(
                "test_time_shift must be 0 for a network with more than one row of outputs, got "
                f"{self.test_time_shift}: a shifted image would also shift the positions that "
                "the rows describe"
            )
        if (self.unsure_below is None) != (self.unsure_error is None):
            raise ValueError("unsure_below and unsure_error must both be given, or neither")
        _check_classes(self.classes, output_shape[-1])


def _check_plain(provenance: dict[str, Any]) -> None:
    """Raise ValueError unless the provenance can be written as JSON."""
    for name, value in provenance.items():
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise ValueError(
                f"provenance[{name!r}] must be plain data (finite numbers, strings, lists, "
                f"tables), got {type(value).__name__}"
            ) from error


def _check_classes(names: tuple[str, ...], outputs: int) -> None:
    if not all(names):
        raise ValueError("classes must be names that are not empty")
    if len(names) != outputs or len(set(names)) != outputs:
        raise ValueError(
            f"classes must be {outputs} different names, one for each output of the network, "
            f"got {len(names)}: {', '.join(names)[:200]}"
        )


def _table(header: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the value of a key in the header; raise ValueError unless it is a dict."""
    if not isinstance(header[key], dict):
        raise ValueError(f"{key} must be a table of names and values, got {header[key]!r}")
    return dict(header[key])
