"""The answers of Inside: what they say, and what is refused."""

import re
import threading
from typing import Any

import numpy as np
import pytest

import tenfold
from tenfold.data import load_mnist
from tenfold.inspection import freeze, trace
from tenfold.nn import Conv2D, Dense, Flatten, Network, Normalize, ReLU, Residual, stream
from tenfold.studio.inside import exciting
from tenfold.studio.inside.answers import unit_answer
from tenfold.studio.inside.cache import TracedNetwork
from tenfold.studio.views import inside

from .conftest import Talk
from .drawings import THREE, strokes
from .unpacking import answered, unpacked

INSPECT = {"type": "inspect", "id": 1, "digit": 2}
UNIT = INSPECT | {"type": "unit", "layer": 4, "unit": [3, 4, 7]}


def test_a_test_digit_is_seen_at_every_layer(talk: Talk) -> None:
    with talk() as socket:
        found = answered(socket, INSPECT)
        unit = answered(socket, UNIT)
    test, model = load_mnist("test"), tenfold.load("standard")
    np.testing.assert_array_equal(found["image"], test.images[2])
    assert found["truth"] == found["label"] == 1
    z = model.network.forward(test.images[2:3])[0] / model.temperature
    np.testing.assert_allclose(found["probabilities"], np.exp(z) / np.exp(z).sum(), atol=1e-4)
    names = [layer["name"] for layer in found["layers"]]
    assert names[:5] == ["Normalize", "Conv2D", "MaxPool", "BatchNorm", "ReLU"]
    for index, layer in enumerate(found["layers"]):
        assert list(found[f"a{index}"].shape) == list(found[f"g{index}"].shape) == layer["shape"]
        assert np.abs(found[f"a{index}"].astype(int) - 128).max() == 127
        assert found[f"a{index}"][tuple(layer["best"])] == found[f"a{index}"].max()
    assert unit["steps"][-1]["value"] == unit["value"]
    assert [step["name"] for step in unit["steps"]] == names[1:5]
    assert unit["filters"].shape == (40, 3, 3)


def test_the_gradient_of_a_weight_comes_with_its_difference(talk: Talk) -> None:
    with talk() as socket:
        weight = answered(socket, UNIT | {"weight": ["5.weight", 0, 1, 3, 9]})["weight"]
        large = answered(socket, UNIT | {"weight": ["5.weight", 0, 1, 3, 9], "step": 0.5})
        other = answered(socket, UNIT | {"label": 7})["weight"]
    assert weight["index"] == [0, 1, 3, 9]
    assert 0 < abs(weight["gradient"] - weight["difference"]) < 1e-6 * abs(weight["gradient"])
    assert weight["chain"][0]["value"] == weight["gradient"]
    assert weight["chain"][-1]["name"] == "Loss"
    assert sum(each["units"] for each in large["weight"]["switched"]) > 0
    assert other["name"] == "1.weight"
    assert other["lower"] > 5  # the loss for a wrong digit


def test_a_number_and_a_weight_in_a_residual_layer_are_written_out() -> None:
    block = [Conv2D(3, 3, padding="same"), ReLU()]
    layers = [Normalize(), Conv2D(1, 3), Residual(block), Flatten(), Dense(48, 10)]
    frozen = freeze(Network(layers, 2, np.float64, (6, 6, 1)))
    image = stream(4, "pictures").integers(0, 256, (6, 6, 1)).astype(np.uint8)
    traced = TracedNetwork(frozen, trace(frozen, image, 7))
    unit = tuple(map(int, np.unravel_index(traced.trace.outputs[2].argmax(), (4, 4, 3))))
    fields, arrays = unit_answer(traced, 2, unit, None, 1e-4)
    names = ["Residual: Conv2D", "Residual: ReLU", "Residual"]
    assert [step["name"] for step in fields["steps"]] == names
    assert [step["index"] for step in fields["steps"]] == [2, 2, 2]
    assert fields["steps"][0]["path"] == "2.0"
    assert fields["weight"]["name"] == "2.0.weight"
    assert fields["weight"]["error"] < 1e-6
    chain = [step["name"] for step in fields["weight"]["chain"]]
    assert chain == [*names, "Flatten", "Dense", "Loss"]
    assert arrays["kernel"].shape == (3, 3, 3)
    other, _ = unit_answer(traced, 3, (0,), None, 1e-4)
    assert other["weight"]["name"].endswith(".weight")


def test_the_equations_of_one_page_are_computed_at_a_time(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2)
    together: list[bool] = []

    def answer(*arguments: Any) -> Any:
        try:
            both.wait(timeout=0.5)
            together.append(True)
        except threading.BrokenBarrierError:
            together.append(False)
        return unit_answer(*arguments)

    monkeypatch.setattr(inside, "unit_answer", answer)
    with talk() as one, talk() as other:
        for socket in (one, other):
            socket.send_json(UNIT)
        values = [unpacked(socket.receive_bytes())["value"] for socket in (one, other)]
    assert values[0] == values[1]
    assert together == [False, False]


def test_a_changed_network_answers_otherwise(talk: Talk) -> None:
    off = [[17, feature] for feature in range(0, 200, 1)]
    with talk() as socket:
        plain = answered(socket, INSPECT)
        hot = answered(socket, INSPECT | {"temperature": 20})
        less = answered(socket, INSPECT | {"off": off, "prune": 0.9})
        effect = answered(socket, INSPECT | {"type": "effect", "off": off, "prune": 0.9})
    assert plain["probabilities"].max() > 0.99
    assert hot["probabilities"].max() < 0.3
    assert not plain["changed"]
    assert less["changed"]
    np.testing.assert_array_equal(less["probabilities_before"], plain["probabilities_before"])
    assert (less["a17"][..., :200] == 128).all()
    assert effect["after"] < effect["before"] - 0.05 > 0.9


def test_a_drawing_is_seen_as_what_the_network_takes_it_for(talk: Talk) -> None:
    message = {"type": "inspect", "id": 1, "strokes": strokes(THREE)}
    with talk() as socket:
        found = answered(socket, message)
        blank = answered(socket, message | {"strokes": []})
    assert found["truth"] is None
    assert found["label"] == 3
    assert "there is no drawing" in blank["why"]


def test_exciting_images_are_found_in_a_thread(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exciting, "SEARCHED_IMAGES", 60)
    message = INSPECT | {"type": "excite", "layer": 2, "feature": 5}
    with talk() as socket:
        found = answered(socket, message)
        while "labels" not in found:
            found = answered(socket, message)
    assert found["images"].shape == (9, 28, 28, 1)
    train = load_mnist("train")
    rows = (train.images[:, None] == found["images"][:1]).reshape(len(train), -1).all(axis=1)
    assert train.require_labels()[rows].tolist() == found["labels"][:1]


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (INSPECT | {"digit": 10_000}, "digit must be from 0 to 9999"),
        (INSPECT | {"digit": "2"}, "digit must be int"),
        (INSPECT | {"label": 10}, "label must be a digit"),
        (INSPECT | {"prune": 1}, "prune must be from 0 to 0.99"),
        (INSPECT | {"temperature": 0}, "temperature must be from 0.05 to 20"),
        (INSPECT | {"off": [[1]]}, r"must be \[layer, unit\]"),
        (INSPECT | {"off": [[1, 2, 3]]}, r"must be \[layer, unit\]"),
        (INSPECT | {"off": ["x"]}, "a list of whole numbers"),
        (INSPECT | {"off": [[1, 0]] * 201}, "at most 200 units"),
        (INSPECT | {"off": [[1, 40]]}, "from 0 to 39"),
        (INSPECT | {"model": "none"}, "model must be one of"),
        (UNIT | {"layer": 99}, "layer must be from 0 to 19"),
        (UNIT | {"unit": [0, 0]}, "must be an index of the output"),
        (UNIT | {"unit": [0, 0, 1.5]}, "a list of whole numbers"),
        (UNIT | {"weight": []}, "a list of a name and an index"),
        (UNIT | {"weight": ["99.weight", 0]}, "99.weight"),
        (UNIT | {"step": 0}, "step must be a finite number above 0"),
    ],
)
def test_other_questions_are_refused(talk: Talk, message: dict[str, Any], why: str) -> None:
    with talk() as socket:
        found = answered(socket, message)
        assert found["type"] == "refused"
        assert re.search(why, found["why"])
