"""Agreement with the values of PyTorch that ``tests/goldens`` recorded. The scripts there also say
how PyTorch's settings were chosen so that both compute the same function."""

from pathlib import Path

import numpy as np
import pytest

from tenfold.nn import (
    GELU,
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    AveragePool,
    BatchNorm,
    Conv2D,
    Cosine,
    DampedMomentum,
    Dense,
    Flatten,
    GlobalAveragePool,
    GlobalMaxPool,
    Layer,
    LeakyReLU,
    Loss,
    MaxPool,
    MeanSquaredError,
    Momentum,
    Nesterov,
    Network,
    Normalize,
    OneCycle,
    Optimizer,
    ReLU,
    Residual,
    RMSprop,
    Sigmoid,
    SoftmaxCrossEntropy,
    Tanh,
    clip_norm,
    stream,
)
from tenfold.nn.array import Array

FILE = Path(__file__).parents[1] / "goldens" / "pytorch.npz"
with np.load(FILE, allow_pickle=False) as file:
    GOLDENS = {name: file[name] for name in file.files}


def recorded(prefix: str) -> dict[str, Array]:
    """Return the recorded arrays below a name, by the rest of their names."""
    start = f"{prefix}/"
    return {name.removeprefix(start): a for name, a in GOLDENS.items() if name.startswith(start)}


LAYERS: dict[str, Layer] = {
    "Dense": Dense(7, 4),
    "ReLU": ReLU(),
    "LeakyReLU": LeakyReLU(0.2),
    "Tanh": Tanh(),
    "Sigmoid": Sigmoid(),
    "GELU": GELU(),
    "BatchNorm": BatchNorm(3, momentum=0.2),
    "BatchNorm of images": BatchNorm(3, momentum=0.2),
    "Flatten": Flatten(),
    "Normalize": Normalize(),
    "Conv2D": Conv2D(2, 3),
    "Conv2D same": Conv2D(2, 2, padding="same"),
    "Conv2D same, even": Conv2D(1, 2, 4, padding="same"),
    "Conv2D stride": Conv2D(1, 2, stride=2, padding=1),
    "Conv2D wide stride": Conv2D(2, 2, 2, stride=3),
    "Conv2D wide padding": Conv2D(1, 2, 2, stride=2, padding=3),
    "MaxPool": MaxPool(),
    "MaxPool overlapping": MaxPool(3, stride=2),
    "AveragePool": AveragePool(),
    "AveragePool overlapping": AveragePool(3, stride=1),
    "GlobalMaxPool": GlobalMaxPool(),
    "GlobalAveragePool": GlobalAveragePool(),
    "BatchNorm without scale": BatchNorm(3, momentum=0.2, with_scale=False),
    "Residual": Residual(
        [
            Conv2D(2, 2, padding="same", with_bias=False),
            BatchNorm(2, momentum=0.2),
            ReLU(),
            Conv2D(2, 2, padding="same"),
        ]
    ),
}

OPTIMIZERS: dict[str, Optimizer] = {
    "SGD": SGD(),
    "SGD with L2": SGD(),
    "Momentum": Momentum(momentum=0.8),
    "DampedMomentum": DampedMomentum(momentum=0.8),
    "Nesterov": Nesterov(momentum=0.8),
    "AdaGrad": AdaGrad(),
    "RMSprop": RMSprop(decay=0.9),
    "Adam": Adam(beta1=0.8, beta2=0.95),
    "Adam with L2": Adam(beta1=0.8, beta2=0.95),
    "AdamW": AdamW(beta1=0.8, beta2=0.95, weight_decay=0.3),
}


def test_every_recorded_value_is_compared() -> None:
    assert {name.split("/")[1] for name in GOLDENS if name.startswith("layers/")} == set(LAYERS)
    optimizers = {name.split("/")[1] for name in GOLDENS if name.startswith("optimizers/")}
    assert optimizers - {"x", "labels", "start"} == set(OPTIMIZERS)
    assert str(GOLDENS["torch"])


@pytest.mark.parametrize("name", LAYERS)
def test_layers_agree_with_pytorch(name: str) -> None:
    layer, golden = LAYERS[name], recorded(f"layers/{name}")
    layer.initialize(stream(0, "test"), np.float64)
    for parameter in layer.parameters:
        parameter.value[...] = golden[parameter.name]
    results = {"y": layer.forward(golden["x"], training=True)}
    results["dx"] = layer.backward(golden["dy"])
    results |= {f"d{p.name}": p.grad for p in layer.parameters} | layer.state
    assert set(results) | {p.name for p in layer.parameters} | {"x", "dy"} == set(golden)
    for key, array in results.items():
        np.testing.assert_allclose(array, golden[key], rtol=1e-10, atol=1e-13, err_msg=key)


@pytest.mark.parametrize(
    ("name", "loss"),
    [
        ("cross-entropy", SoftmaxCrossEntropy()),
        ("smoothed", SoftmaxCrossEntropy(0.1)),
        ("squared", MeanSquaredError()),
    ],
)
def test_losses_agree_with_pytorch(name: str, loss: Loss) -> None:
    golden = recorded("losses")
    value, dlogits = loss(golden["logits"], golden["labels"])
    assert value == pytest.approx(golden[f"{name}/loss"].item(), rel=1e-12)
    np.testing.assert_allclose(dlogits, golden[f"{name}/dlogits"], rtol=1e-11, atol=1e-16)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_ten_steps_of_each_optimizer_agree_with_pytorch(name: str) -> None:
    shared, golden = recorded("optimizers"), recorded(f"optimizers/{name}")
    network = Network([Dense(4, 5), Tanh(), Dense(5, 3)], 0, np.float64, (4,))
    theta, loss, optimizer = network.theta, SoftmaxCrossEntropy(), OPTIMIZERS[name]
    theta.value[...] = shared["start"]
    for step, expected in enumerate(golden["thetas"]):
        _, dlogits = loss(network.forward(shared["x"], training=True), shared["labels"])
        network.backward(dlogits)
        if name.endswith("L2"):  # gradient of decay / 2 * |w|^2
            theta.grad[theta.decayed] += golden["decay"] * theta.value[theta.decayed]
        optimizer.step(theta, golden["rate"].item() * (1 - step / 10))
        np.testing.assert_allclose(theta.value, expected, rtol=1e-9, atol=1e-12)


def test_one_cycle_agrees_with_pytorch() -> None:
    # PyTorch reaches the peak at step 0.3 * 40 - 1 = 11 and the final rate at its last step, 39.
    # Ours reaches them at rise * total and at total, so it is the same curve for a total of 39.
    schedule = OneCycle(0.5, rise=11 / 39)
    rates = [schedule(step, 39) for step in range(40)]
    np.testing.assert_allclose(rates, GOLDENS["schedules/one cycle"], rtol=1e-10)


def test_cosine_agrees_with_pytorch() -> None:
    schedule = Cosine(0.5, final=0.1)
    rates = [schedule(step, 40) for step in range(40)]
    np.testing.assert_allclose(rates, GOLDENS["schedules/cosine"], rtol=1e-12)


def test_clipping_agrees_with_pytorch() -> None:
    golden = recorded("clipping")
    gradient = golden["gradient"].copy()
    assert clip_norm(gradient, golden["limit"].item()) == pytest.approx(golden["norm"].item())
    np.testing.assert_allclose(gradient, golden["clipped"], rtol=1e-12)


def test_training_from_raw_images_agrees_with_pytorch() -> None:
    golden = recorded("trajectory")
    layers = [Normalize(), Flatten(), Dense(784, 16), ReLU(), Dense(16, 10)]
    network = Network(layers, dtype=np.float64)
    network.theta.value[...] = golden["start"]
    loss, optimizer, losses = SoftmaxCrossEntropy(0.05), Adam(), []
    for _ in range(10):
        logits = network.forward(golden["images"], training=True)
        value, dlogits = loss(logits, golden["labels"])
        network.backward(dlogits)
        optimizer.step(network.theta, 0.01)
        losses.append(value)
    np.testing.assert_allclose(losses, golden["losses"], rtol=1e-9)
    assert losses[-1] < losses[0] / 2
    np.testing.assert_allclose(network.forward(golden["images"]), golden["logits"], rtol=1e-7)


def test_training_of_a_convolutional_network_agrees_with_pytorch() -> None:
    golden = recorded("trajectory on images")
    layers = [Normalize(), Conv2D(1, 3, padding="same", with_bias=False), BatchNorm(3), ReLU()]
    layers += [MaxPool(), Conv2D(3, 4), ReLU(), Flatten(), Dense(16, 10)]
    network = Network(layers, 0, np.float64, (8, 8, 1))
    tensors, loss, optimizer = network.tensors(), SoftmaxCrossEntropy(), Adam()
    assert set(tensors) | {"images", "labels", "losses", "logits"} == set(golden)
    network.load_tensors({name: golden[name][0] for name in tensors})
    for step, expected in enumerate(golden["losses"], 1):
        logits = network.forward(golden["images"], training=True)
        value, dlogits = loss(logits, golden["labels"])
        network.backward(dlogits)
        optimizer.step(network.theta, 0.01)
        assert value == pytest.approx(expected, rel=1e-10)
        for name, array in network.tensors().items():
            np.testing.assert_allclose(array, golden[name][step], 1e-9, 1e-11, err_msg=name)
    np.testing.assert_allclose(network.forward(golden["images"]), golden["logits"], rtol=1e-8)
