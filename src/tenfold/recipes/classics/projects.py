"""The classics: six experiments of five projects, with numbers from their code and outputs."""

from dataclasses import replace
from typing import Any

from tenfold.nn import (
    SGD,
    Adam,
    Constant,
    DampedMomentum,
    HeNormal,
    LeCunNormal,
    SoftmaxCrossEntropy,
    Uniform,
)
from tenfold.recipes.architectures import MLP
from tenfold.recipes.classics.classic import Claim, Classic
from tenfold.recipes.classics.faults import (
    AdamWithoutCorrection,
    CrossEntropyAsWritten,
    OneBiasPerLayer,
)
from tenfold.recipes.recipe import Recipe
from tenfold.recipes.sources import Source

__all__ = ["CLASSICS"]

# All five divide the pixels by 255; four of them sample weights and biases from U(-0.5, 0.5).
_PIXELS: dict[str, Any] = {"mean": 0.0, "deviation": 255.0}
_UNIFORM_START: dict[str, Any] = {
    "initializer": Uniform(0.5),
    "bias_initializer": Uniform(0.5),
} | _PIXELS

# The usual corrections; a project leaves out what it does not need.
_USUAL_CORRECTIONS = (
    "weights start from He's normal distribution and biases from zero, not from a fixed range",
    "softmax subtracts the maximum of each row, so that exp cannot overflow",
    "float32 instead of float64",
    "5,000 of the training images are held out for validation",
)


def _corrected(written: Recipe, hidden: tuple[int, ...], **changes: Any) -> Recipe:
    """Return the experiment with the usual corrections, and with ``changes``."""
    common: dict[str, Any] = {
        "name": f"{written.name}-corrected",
        "architecture": MLP(hidden, initializer=HeNormal(), **_PIXELS),
        "loss": SoftmaxCrossEntropy(),
        "precision": "float32",
        "source": replace(written.source, validation=5000),
    }
    return replace(written, **(common | changes))


def _accuracies(interval: int, accuracies: tuple[float, ...]) -> dict[int, float]:
    """Return a log: the accuracies after ``interval`` steps, after twice as many, and so on."""
    return {interval * count: accuracy for count, accuracy in enumerate(accuracies, 1)}


_JVACHIER = "jvachier/Image_classification_neural_network_numpy-Adam-Optimization"
_ONE_BIAS = "each bias has its own gradient; before, one number moved all biases of a layer"


def _adam() -> Classic:
    written = Recipe(
        name="classic-adam",
        summary="784-128-40-10, full batch, Adam, 1,001 steps",
        credit=_JVACHIER,
        architecture=MLP((128, 40), **_UNIFORM_START),
        optimizer=OneBiasPerLayer(
            AdamWithoutCorrection(beta1=0.9, beta2=0.99, epsilon=1e-8), per_unit=True
        ),
        schedule=Constant(1e-2),
        loss=CrossEntropyAsWritten("none", divisor=1),
        source=Source("kaggle", validation=0),
        epochs=1001,
        batch_size=None,
        precision="float64",
        log_every=100,
        observe=("probability_errors",),
    )
    return Classic(
        name=written.name,
        project=written.credit,
        claims=(Claim(1.0, "training accuracy, from iteration 600", "train"),),
        as_written=written,
        corrected=_corrected(
            written, (128, 40), optimizer=Adam(beta1=0.9, beta2=0.99, epsilon=1e-8)
        ),
        corrections=(
            "Adam's bias correction depends on the step; before, it was the constant of step 1",
            _ONE_BIAS,
            "the gradient is the mean over the images, not their sum",
            *_USUAL_CORRECTIONS,
        ),
        log={100: 0.9582, 200: 0.9819, 300: 0.9938, 400: 0.9989, 500: 0.9999, 600: 1.0, 1000: 1.0},
    )


def _gradient_descent() -> Classic:
    written = replace(
        _adam().as_written,
        name="classic-gd",
        summary="784-128-40-10, full batch, gradient descent, 1,001 steps",
        # The project's log shows that here the sum of the biases' gradients is not divided by the
        # number of units (docs/results.md).
        optimizer=OneBiasPerLayer(SGD()),
        schedule=Constant(1e-5),
    )
    return Classic(
        name=written.name,
        project=written.credit,
        claims=(Claim(0.9620, "training accuracy at iteration 1,000", "train"),),
        as_written=written,
        # A step of 1e-5 times the sum over 42,000 images is a step of 0.42 times their mean.
        corrected=_corrected(written, (128, 40), optimizer=SGD(), schedule=Constant(0.42)),
        corrections=(
            _ONE_BIAS,
            "the gradient is the mean over the images, not their sum, so the learning rate, 0.42, "
            "does not depend on their number (before, it was 0.00001, for 42,000 images)",
            *_USUAL_CORRECTIONS,
        ),
        log=_accuracies(
            100, (0.7987, 0.8932, 0.9187, 0.9313, 0.9347, 0.9447, 0.9497, 0.9547, 0.9584)
        )
        | {1000: 0.9620},
        seed=1,
    )


def _layers() -> Classic:
    written = Recipe(
        name="classic-layers",
        summary="784-10-10 from a list of layers, gradient descent, 1,001 steps",
        credit="mlicamele/neural-network",
        architecture=MLP((10,), **_UNIFORM_START),
        optimizer=OneBiasPerLayer(SGD()),
        schedule=Constant(0.5),
        loss=CrossEntropyAsWritten("none"),
        source=Source("kaggle", validation=8400),
        epochs=1001,
        batch_size=None,
        precision="float64",
        log_every=50,
    )
    return Classic(
        name=written.name,
        project=written.credit,
        claims=(
            Claim(0.926, "training accuracy", "train"),
            Claim(0.914, "test accuracy on 8,400 held-out images", "held_out"),
        ),
        as_written=written,
        corrected=_corrected(written, (10,), optimizer=SGD()),
        corrections=(
            _ONE_BIAS,
            *_USUAL_CORRECTIONS,
        ),
        log={1000: 0.92494},
        seed=2,
    )


def _momentum() -> Classic:
    written = Recipe(
        name="classic-momentum",
        summary="784-128-64-10, full batch, averaged momentum, 2,000 steps",
        credit="a NumPy digit classifier with momentum (95.24%), author not stated",
        architecture=MLP((128, 64), initializer=LeCunNormal(), **_PIXELS),
        optimizer=DampedMomentum(momentum=0.9),
        schedule=Constant(0.05),
        loss=CrossEntropyAsWritten("none"),
        source=Source("kaggle", validation=1000),
        epochs=2000,
        batch_size=None,
        precision="float64",
        log_every=50,
    )
    return Classic(
        name=written.name,
        project=written.credit,
        claims=(
            Claim(
                0.9524,
                "accuracy on a set that is not named; the code prints that of the training set",
                "train",
            ),
        ),
        as_written=written,
        corrected=_corrected(written, (128, 64)),
        corrections=(
            "the held-out images are evaluated; before, they were set aside and never used",
            "weights start from He's normal distribution, made for ReLU, not from LeCun's",
            *_USUAL_CORRECTIONS[1:],
        ),
    )


def _minibatch() -> Classic:
    written = Recipe(
        name="classic-minibatch",
        summary="784-64-28-10, batches of 64, gradient descent, 250 epochs",
        credit="luke-harriman/Neural-Network-From-Scratch",
        architecture=MLP((64, 28), **_UNIFORM_START),
        optimizer=SGD(),
        schedule=Constant(0.01),
        loss=CrossEntropyAsWritten("batch", divisor=64),
        source=Source("mnist", validation=0),
        epochs=250,
        batch_size=64,
        precision="float64",
        log_every=10,
        observe=("last_batch_accuracy",),
    )
    return Classic(
        name=written.name,
        project=written.credit,
        claims=(),
        as_written=written,
        corrected=_corrected(written, (64, 28), observe=()),
        corrections=(
            "accuracy is measured on all training images and on the test set; before, it was that "
            "of the last batch, 32 images, and the test set was loaded and never used",
            "the gradient of the last, short batch is divided by its size; before, by 64",
            "softmax subtracts the maximum of each row, not that of the whole batch",
            "the trained network is saved; before, the program crashed after 250 epochs",
            _USUAL_CORRECTIONS[0],
            *_USUAL_CORRECTIONS[2:],
        ),
    )


def _two_layer() -> Classic:
    written = Recipe(
        name="classic-two-layer",
        summary="784-10-10, full batch, gradient descent, 500 steps",
        credit="MuhammadAliAsgher/Digit-Recognition-Neural-Network",
        architecture=MLP((10,), **_UNIFORM_START),
        optimizer=SGD(),
        schedule=Constant(0.10),
        loss=CrossEntropyAsWritten("row"),
        source=Source("kaggle", validation=1000),
        epochs=500,
        batch_size=None,
        precision="float64",
        log_every=10,
    )
    return Classic(
        name=written.name,
        project=written.credit,
        claims=(
            Claim(0.8453, "training accuracy at iteration 490 (stored run: 0.8539)", "train"),
            Claim(0.8340, "accuracy on 1,000 held-out images (stored run: 0.8520)", "held_out"),
        ),
        as_written=written,
        corrected=_corrected(written, (10,)),
        corrections=(_USUAL_CORRECTIONS[0], *_USUAL_CORRECTIONS[2:]),
        log={0: 0.1075}
        | _accuracies(50, (0.5223, 0.6653, 0.7416, 0.7824, 0.8060, 0.8221, 0.8341, 0.8429, 0.8498))
        | {490: 0.8539},
        seed=6,
    )


CLASSICS: dict[str, Classic] = {
    classic.name: classic
    for classic in (
        _adam(),
        _gradient_descent(),
        _layers(),
        _momentum(),
        _minibatch(),
        _two_layer(),
    )
}
"""All classics by name."""
