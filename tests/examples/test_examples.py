"""The examples run, print the stated results, and agree with the library."""

import importlib.util
import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from tenfold.adapters import export_onnx
from tenfold.data import Dataset
from tenfold.models import find_model
from tenfold.nn import (
    DampedMomentum,
    Dense,
    Flatten,
    Network,
    Normalize,
    ReLU,
    SoftmaxCrossEntropy,
)
from tenfold.nn.description import registered

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _one_blas_thread() -> Iterator[None]:
    """Limit the BLAS to one thread: more are slower for these small products."""
    with threadpool_limits(1, user_api="blas"):
        yield


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "examples" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_readme_shows_the_first_example_and_its_accuracy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = (ROOT / "examples" / "01_first_network.py").read_text()
    body = code.split('"""\n\n', 1)[1]
    readme = (ROOT / "README.md").read_text()
    assert body in readme
    exec(code, {"__name__": "__main__"})
    printed = re.search(r"test accuracy: (\d\d\.\d\d)%", capsys.readouterr().out)
    stated = re.search(r"test accuracy: (\d\d\.\d\d)%", readme)
    assert printed is not None
    assert stated is not None
    # The accuracy may differ slightly with another BLAS, which rounds differently.
    assert float(printed[1]) == pytest.approx(float(stated[1]), abs=0.25)


def test_list_of_layers_learns(capsys: pytest.CaptureFixture[str]) -> None:
    accuracy = load("02_list_of_layers").main(images=5_000, steps=200)
    assert accuracy > 0.85
    printed = capsys.readouterr().out
    assert re.search(r"total +7,960 +7,940\n", printed)
    assert "step  150  training accuracy" in printed


def test_without_classes_learns() -> None:
    assert load("03_without_classes").main(images=5_000, epochs=2) > 0.88


@pytest.mark.usefixtures("no_registered_classes")
def test_a_layer_of_your_own_learns_and_is_saved(capsys: pytest.CaptureFixture[str]) -> None:
    assert load("04_layer_of_your_own").main(images=5_000, epochs=2) > 0.88
    assert list(registered) == ["Swish"]
    error = re.search(r"largest relative error of a gradient: (\S+)", capsys.readouterr().out)
    assert error is not None
    assert float(error[1]) < 1e-7


def test_without_classes_agrees_with_the_library(digits: Dataset) -> None:
    """With the same initial weights and batches, both have the same weights after two epochs."""
    example = load("03_without_classes")
    images, labels = digits.images, digits.require_labels()
    params = example.gradient_descent(images, labels, epochs=2)

    layers = [
        Normalize(mean=0, deviation=255),
        Flatten(),
        Dense(784, 64),
        ReLU(),
        Dense(64, 28),
        ReLU(),
    ]
    network = Network([*layers, Dense(28, 10)], dtype=np.float64)
    rng = np.random.default_rng(0)
    names = [f"{i}.{name}" for i in (2, 4, 6) for name in ("weight", "bias")]
    network.load_tensors(dict(zip(names, example.init_params(rng), strict=True)))
    optimizer, loss = DampedMomentum(momentum=0.9), SoftmaxCrossEntropy()
    for _ in range(2):
        order = rng.permutation(len(images))
        for start in range(0, len(order), 64):
            chosen = order[start : start + 64]
            logits = network.forward(images[chosen], training=True)
            network.backward(loss(logits, labels[chosen])[1])
            optimizer.step(network.theta, 0.2)
    for name, array in zip(names, params, strict=True):
        np.testing.assert_allclose(network.tensors()[name], array, rtol=1e-9, atol=1e-12)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[str]:
    """The address of the service of the fifth example, which reads digits with ONNX Runtime."""
    export_onnx(find_model("standard"), tmp_path / "digits.onnx")
    command = [ROOT / "examples" / "05_service.py", tmp_path / "digits.onnx", "0"]
    with subprocess.Popen(
        [sys.executable, *map(str, command)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


def test_the_service_answers_with_the_digits(service: str, digits: Dataset) -> None:
    images = digits.images[:3]
    with urllib.request.urlopen(service, images.tobytes(), timeout=60) as answer:
        found = json.load(answer)
    expected = find_model("standard").predict(images)
    assert found["digit"] == expected.digit.tolist()
    assert found["unsure"] == expected.unsure.tolist()
    np.testing.assert_allclose(found["confidence"], expected.confidence, atol=1e-5)
    with pytest.raises(urllib.error.HTTPError, match="400: the body must be 784 bytes"):
        urllib.request.urlopen(service, b"too short", timeout=60)
