"""neuralnetlib, which also uses NumPy alone, in float64."""

from collections.abc import Callable, Iterator
from typing import Any

from neuralnetlib import layers, models, optimizers

from benchmarks.cases import Measurement
from benchmarks.nets import (
    NETS,
    PIXELS,
    BatchNorm,
    Conv,
    Dense,
    Flatten,
    GlobalAverage,
    Part,
    Pool,
    ReLU,
)
from benchmarks.subjects.digits import as_floats, test_images, training_images
from benchmarks.subjects.measures import Training
from benchmarks.subjects.serving import Abilities, serve
from tenfold.nn import stream


def network(net: str) -> Any:
    """Return a network with softmax and cross-entropy, ready for training."""
    built = models.Sequential(random_state=0)
    built.add(layers.Input((PIXELS, PIXELS, 1)))
    for part in NETS[net]:
        built.add(_layer(part))
    built.add(layers.Activation("softmax"))
    built.compile("sparse_categorical_crossentropy", optimizers.Adam(0.001))
    return built


def _layer(part: Part) -> Any:
    match part:
        case Conv():
            return layers.Conv2D(part.outputs, part.kernel, padding=part.padding, weights_init="he")
        case Dense():
            return layers.Dense(part.outputs, weights_init="he_normal")
        case BatchNorm():
            return layers.BatchNormalization()
        case Pool():
            return layers.MaxPooling2D(2)
        case ReLU():
            return layers.Activation("relu")
        case Flatten():
            return layers.Flatten()
        case GlobalAverage():
            return layers.GlobalAveragePooling2D()


def training(mode: str, m: Measurement) -> Training:
    """Return an endless training."""
    train, trained = training_images(), network(m.net)
    images, labels = as_floats(train.images), train.require_labels()

    def steps() -> Iterator[None]:
        epoch = 0
        while True:
            order = stream(0, "shuffle", epoch).permutation(len(train))
            for start in range(0, len(order), m.batch):
                chosen = order[start : start + m.batch]
                trained.train_on_batch(images[chosen], labels[chosen])
                yield
            epoch += 1

    going = steps()
    return Training(lambda: next(going))


def inference(mode: str, m: Measurement) -> Callable[[int], object]:
    """Return a function that predicts float images, 1,000 at a time."""
    predictor, images = network(m.net), as_floats(test_images(max(m.counts)))

    def predict(count: int) -> object:
        return [predictor.predict(images[i : min(i + 1000, count)]) for i in range(0, count, 1000)]

    return predict


if __name__ == "__main__":
    serve(Abilities(training, inference))
