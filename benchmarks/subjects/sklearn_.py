"""scikit-learn's ``MLPClassifier`` with its Adam."""

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.neural_network import MLPClassifier

from benchmarks.cases import Measurement
from benchmarks.nets import CLASSES, widths
from benchmarks.subjects.digits import as_floats, test_images, training_images
from benchmarks.subjects.measures import Training
from benchmarks.subjects.serving import Abilities, serve


def classifier(m: Measurement) -> Any:
    """Return an untrained network, without weight decay, like the others."""
    return MLPClassifier(widths(m.net)[:-1], batch_size=m.batch, alpha=0, random_state=0)


def training(mode: str, m: Measurement) -> Training:
    """Return an endless training, an epoch at a time: ``partial_fit`` uses each image once."""
    train, trained = training_images(), classifier(m)
    images, labels = as_floats(train.images.reshape(len(train), -1)), train.require_labels()

    def epoch() -> None:
        trained.partial_fit(images, labels, classes=np.arange(CLASSES))

    return Training(epoch, steps=-(-len(train) // m.batch))


def inference(mode: str, m: Measurement) -> Callable[[int], object]:
    """Return a function that predicts float32 images; one epoch of training makes it usable."""
    train, predictor = training_images().subset(slice(1000)), classifier(m)
    images = as_floats(train.images.reshape(len(train), -1))
    predictor.partial_fit(images, train.require_labels(), classes=np.arange(CLASSES))
    test = as_floats(test_images(max(m.counts)).reshape(max(m.counts), -1))
    return lambda count: predictor.predict_proba(test[:count])


if __name__ == "__main__":
    serve(Abilities(training, inference))
