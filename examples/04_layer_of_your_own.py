"""A layer of your own, with a learned parameter: check its gradient, train, save, load."""

import sys
import tempfile
from pathlib import Path

import numpy as np

from tenfold.data import load_mnist
from tenfold.models import Model, load_model
from tenfold.nn import (
    Adam,
    Dense,
    Flatten,
    Layer,
    Network,
    Normalize,
    OneCycle,
    Ones,
    Parameter,
    check_layer,
    register,
)
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Size
from tenfold.training import fit


@register  # so that model files can name the class
class Swish(Layer):
    """y = x * g with g = sigmoid(beta * x), and one learned number beta for each feature.

    dx = dy * (g + beta * x * g * (1 - g)), and dbeta is the sum of dy * x^2 * g * (1 - g) over the
    batch.

    Args:
        features: Number of features of the input, (N, features).
    """

    @checked
    def __init__(self, features: Size) -> None:
        super().__init__()
        self.features = features  # each argument is kept as an attribute of the same name
        self.beta = Parameter("beta", (features,), Ones(), decay=False)
        self.parameters = [self.beta]

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return x * g, and keep x and g if a backward pass follows."""
        gate = 1 / (1 + np.exp(-self.beta.value * x))
        if training:
            self.save_for_backward(x, gate)
        return x * gate

    def backward(self, dy: Array) -> Array:
        """Assign dbeta, and return dx."""
        x, gate = self.pop_saved()
        slope = dy * x * gate * (1 - gate)
        self.beta.grad = (slope * x).sum(axis=0)
        return dy * gate + slope * self.beta.value


def main(images: int = 5_000, epochs: int = 2) -> float:
    """Train a network with the layer, save it, load it again, and return its test accuracy."""
    layer, rng = Swish(5), np.random.default_rng(0)
    layer.initialize(rng, np.float64)
    error = max(check.error for check in check_layer(layer, rng.standard_normal((8, 5))))
    print(f"largest relative error of a gradient: {error:.0e}")

    train, test = load_mnist("train"), load_mnist("test")
    layers = [Normalize(), Flatten(), Dense(784, 64), Swish(64), Dense(64, 10)]
    network = Network(layers, seed=0)
    data = train.subset(range(images))
    for _ in fit(network, data, optimizer=Adam(), schedule=OneCycle(0.005), epochs=epochs):
        pass

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "swish.safetensors"
        Model(network).save(path)
        model = load_model(path)
    accuracy = float((model.predict(test.images).digit == test.labels).mean())
    print(f"test accuracy of the loaded model: {accuracy:.2%}")
    return accuracy


if __name__ == "__main__":
    main(60_000, 3) if "--full" in sys.argv else main()
