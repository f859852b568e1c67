"""tenfold as users call it: ``fit`` with the stored bytes, and ``predict_probabilities``."""

from collections.abc import Callable

from benchmarks.cases import Measurement
from benchmarks.nets import (
    BatchNorm,
    Conv,
    Dense,
    Flatten,
    GlobalAverage,
    Part,
    Pool,
    ReLU,
    Shape,
    is_dense,
    placed,
)
from benchmarks.subjects.digits import test_images, training_images
from benchmarks.subjects.measures import Recipe, Training
from benchmarks.subjects.serving import Abilities, serve
from tenfold import nn
from tenfold.data import load_mnist
from tenfold.evaluation import score
from tenfold.models import predict_probabilities
from tenfold.nn.layers import Layer
from tenfold.training import StepRecord, fit

_ENDLESS = 10**6  # epochs
_FEW = 32  # up to this number of images, a single call of the network is fastest


def network(net: str, size: int = 28, seed: int = 0) -> nn.Network:
    """Return a network with initial weights from the same distribution as PyTorch's."""
    layers: list[Layer] = [nn.Normalize()]
    parts = [(part, shape) for part, shape, _ in placed(net, size)]
    while parts:
        part, shape = parts.pop(0)
        if isinstance(part, Conv) and parts and isinstance(parts[0][0], Pool):
            parts.pop(0)  # one layer for both in tenfold
            layers.append(_convolution(nn.ConvMaxPool, part, shape))
        else:
            layers.append(_layer(part, shape))
    return nn.Network(layers, seed, input_shape=(size, size, 1))


def _convolution(kind: type[nn.Conv2D] | type[nn.ConvMaxPool], part: Conv, shape: Shape) -> Layer:
    return kind(
        shape[-1],
        part.outputs,
        part.kernel,
        padding=part.padding,
        initializer=nn.UniformFanIn(),
        bias_initializer=nn.UniformFanIn(),
        with_bias=part.bias,
    )


def _layer(part: Part, shape: Shape) -> Layer:
    match part:
        case Conv():
            return _convolution(nn.Conv2D, part, shape)
        case Dense():
            return nn.Dense(shape[0], part.outputs, nn.UniformFanIn(), nn.UniformFanIn())
        case BatchNorm():
            return nn.BatchNorm(shape[-1])
        case Pool():
            return nn.MaxPool(2)
        case ReLU():
            return nn.ReLU()
        case Flatten():
            return nn.Flatten()
        case GlobalAverage():
            return nn.GlobalAveragePool()


def _shards(net: str) -> int:
    return 1 if is_dense(net) else 2


def training(mode: str, m: Measurement) -> Training:
    """Return an endless training; the mode is the number of threads, empty for the default."""
    records = fit(
        network(m.net, m.size),
        training_images(m.size),
        optimizer=nn.Adam(),
        schedule=nn.Constant(1e-3),
        epochs=_ENDLESS,
        batch_size=m.batch,
        shards=_shards(m.net),
        threads=int(mode.split()[0]) if mode else None,
    )
    return Training(lambda: next(r for r in records if isinstance(r, StepRecord)))


def inference(mode: str, m: Measurement) -> Callable[[int], object]:
    """Return a function that predicts images as they are stored."""
    predictor, images = network(m.net), test_images(max(m.counts))

    def predict(count: int) -> object:
        if count <= _FEW:
            return predictor.predict_probabilities(images[:count])
        return predict_probabilities(predictor, images[:count])

    return predict


def recipe(mode: str, m: Measurement) -> Recipe:
    """Return a training of one epoch with the one-cycle schedule."""
    train, test = load_mnist("train"), load_mnist("test")
    trained: list[nn.Network] = []

    def one_epoch(seed: int, count: int) -> None:
        trained[:] = [network(m.net, seed=seed)]
        for _ in fit(
            trained[0],
            train.subset(slice(count)),
            optimizer=nn.Adam(beta1=0.7, beta2=0.9),
            schedule=nn.OneCycle(1e-2),
            batch_size=m.batch,
            shards=_shards(m.net),
        ):
            pass

    return Recipe(one_epoch, lambda: score(trained[0], test).accuracy)


if __name__ == "__main__":
    serve(Abilities(training, inference, recipe))
