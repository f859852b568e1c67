"""The task of ``tenfold predict -o``: predict the consecutive images of one part of the source."""

import pickle
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TypeAlias

import numpy as np

from tenfold.cluster.bulk.tables import Answer, PredictTable, readable
from tenfold.cluster.bulk.tasks import BulkTask, Items, attempt
from tenfold.data.picture import PictureBytes
from tenfold.errors import InputWarning, TenfoldError
from tenfold.models import Ensemble, Model, Predictions
from tenfold.nn.array import Array
from tenfold.reading.picture import WorkingPicture, load_digit
from tenfold.reading.working import prepare_picture

__all__ = ["PredictTask"]

AnyModel: TypeAlias = "Model | Ensemble"
_SHAPE = (28, 28, 1)


@dataclass(frozen=True, eq=False)
class PredictTask(BulkTask):
    """The predictions for one part.

    The network always predicts whole batches: blank images replace those that cannot be read, and
    fill the last batch. So the result for an image does not depend on the other images.

    Attributes:
        classifier: A pickled model or ensemble.
        classes: Names of the classes.
    """

    classifier: bytes
    classes: tuple[str, ...]

    @property
    def table(self) -> PredictTable:
        """The columns of the answers."""
        return PredictTable(self.classes)

    def answers(self, threads: int, stop: Callable[[], bool]) -> list[Answer] | None:
        """Return the prediction for each image; None if ``stop`` has returned True."""
        model = _unpickled(self.classifier)
        errors = dict(self.items.errors)
        count = len(self.items)
        images = np.zeros((-(-count // model.batch) * model.batch, *_SHAPE), np.uint8)
        for i in range(count):
            if stop():
                return None
            image = attempt(partial(_image, self.items, i), errors.get(i))
            if isinstance(image, TenfoldError):
                errors[i] = str(image)
            else:
                images[i] = image
        predictions = _predict(model, images, threads)
        return [
            {"row": self.items.first + i, "image": readable(name)}
            | ({"error": readable(errors[i])} if i in errors else _rounded_row(predictions, i))
            for i, name in enumerate(self.items.names)
        ]


def _image(items: Items, index: int) -> Array:
    """Return one image. A picture is prepared as by ``tenfold predict PICTURE``."""
    if items.images is not None:
        return items.images[index]
    digit = load_digit(PictureBytes(items.names[index], items.contents[index]))
    return prepare_picture(digit) if isinstance(digit, WorkingPicture) else digit


def _predict(model: AnyModel, images: Array, threads: int) -> Predictions:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)  # blank images cause warnings
        return model.predict(images, threads)


def _rounded_row(predictions: Predictions, index: int) -> Answer:
    row = {"blank": False, **predictions.row(index)}
    if "confidence" in row:
        row["confidence"] = round(row["confidence"], 6)
    return row


@lru_cache(maxsize=1)
def _unpickled(classifier: bytes) -> AnyModel:
    model: AnyModel = pickle.loads(classifier)
    return model
