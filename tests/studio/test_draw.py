"""The answers to drawings, and the ink of strokes."""

import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.data import load_mnist
from tenfold.nn.array import Array
from tenfold.studio.ink.neighbours import Neighbours
from tenfold.studio.ink.strokes import SIDE, Stroke, rasterise, strokes_of
from tenfold.studio.server.messages import MessageError, decode, encode

from .conftest import Talk
from .drawings import ONE, THREE, strokes
from .unpacking import unpacked


def ask(socket: Any, drawing: list[list[float]], final: bool = True) -> dict[str, Any]:
    socket.send_json({"type": "draw", "id": 7, "strokes": drawing, "final": final})
    answer = socket.receive()
    found = unpacked(answer["bytes"]) if answer.get("bytes") else json.loads(answer["text"])
    assert (found["type"], found["id"], found["final"]) == ("drawn", 7, final)
    return dict(found)


def test_a_drawn_three_is_read(talk: Talk) -> None:
    with talk() as socket:
        for final in (False, True):
            answer = ask(socket, strokes(THREE), final)
            assert (answer["number"], answer["verdict"]) == ("3", "accepted")
            assert answer["images"].shape == (1, 28, 28, 1)
            assert answer["probabilities"].shape == (1, 10)
            assert answer["probabilities"].sum() == pytest.approx(1, abs=1e-5)
            assert answer["probabilities"][0, 3] > 0.9
    assert answer["nearest"].shape == (1, 5, 784)
    assert answer["labels"][0].count(3) >= 3
    assert answer["words"][0].startswith("The ink takes 7")


def test_several_digits_are_read_as_a_number(talk: Talk) -> None:
    places = [(190, 500), (500, 500), (800, 500)]
    drawing = [
        *strokes(THREE, places[0], 0.4),
        *strokes(ONE, places[1], 0.4),
        *strokes(THREE, places[2], 0.4),
    ]
    with talk() as socket:
        answer = ask(socket, drawing)
    assert answer["number"] == "313"
    assert answer["images"].shape == (3, 28, 28, 1)
    assert answer["words"][0].startswith("3 digits were found")
    assert (answer["images"][0] > 0).sum() > (answer["images"][1] > 0).sum()


def test_a_scribble_is_not_a_digit(talk: Talk) -> None:
    angle = np.linspace(0, 16 * np.pi, 300)
    places = 500 + 350 * np.stack([np.cos(angle * 1.37), np.sin(angle)], axis=1)
    with talk() as socket:
        answer = ask(socket, [[60, 0, *places.round().ravel().tolist()]])
    assert answer["verdict"] in ("none", "unsure")
    assert len(answer["words"]) > 1


def test_odd_ink_is_named_in_words(talk: Talk) -> None:
    with talk() as socket:
        thin = ask(socket, strokes(THREE, width=6))
        border = ask(socket, strokes(THREE, (840, 500)))
    assert "The strokes are very thin, so they were made thicker." in thin["words"]
    assert any("touches the border" in word for word in border["words"])


def test_no_ink_is_blank(talk: Talk) -> None:
    erased: list[list[float]] = [[70, 0, 500, 500], [200, 1, 500, 500]]
    with talk() as socket:
        for drawing in ([], erased, [[70.0, 0.0, 1900.0, 1900.0]]):
            assert ask(socket, drawing)["verdict"] == "blank"


@pytest.mark.parametrize(
    ("drawing", "why"),
    [
        ("x", "strokes must be list, got str"),
        ([[70, 0, 1]], "a stroke must be a list"),
        ([[70, 0, 1, "2"]], "a stroke must be a list"),
        ([[1e9, 0, 1, 2]], "the width of a stroke must be in"),
        ([[70, 0, 1e300, 2]], "the points of a stroke must be from -2000 to 2000"),
        ([[70, 0, float("nan"), 2]], "the points of a stroke must be from -2000 to 2000"),
        ([[70, 0, *[1, 2] * 6001]], "at most 6000 points"),
    ],
)
def test_other_strokes_are_refused(talk: Talk, drawing: Any, why: str) -> None:
    with talk() as socket:
        socket.send_text(json.dumps({"type": "draw", "id": 1, "strokes": drawing}))
        refused = socket.receive_json()
        assert refused["about"] == "draw"
        assert why in refused["why"]
        assert ask(socket, [])["verdict"] == "blank"


def test_an_unknown_model_is_refused(talk: Talk) -> None:
    with talk() as socket:
        socket.send_json({"type": "models"})
        assert socket.receive_json()["names"] == ["standard"]
        socket.send_json({"type": "draw", "id": 1, "strokes": strokes(ONE), "model": "/etc/passwd"})
        assert "model must be one of standard" in socket.receive_json()["why"]


def cover_by_hand(points: Array, radius: float) -> Array:
    """Return what a stroke covers, from the distance of every pixel to every segment."""
    y, x = np.mgrid[:SIDE, :SIDE] + 0.5
    nearest = np.full((SIDE, SIDE), np.inf)
    for a, b in pairwise(points):
        d = b - a
        t = np.clip(((x - a[0]) * d[0] + (y - a[1]) * d[1]) / max(d @ d, 1e-12), 0, 1)
        nearest = np.minimum(nearest, np.hypot(x - a[0] - t * d[0], y - a[1] - t * d[1]))
    return np.clip(0.5 + radius - nearest, 0, 1)


NUMBERS = st.lists(st.integers() | st.floats(), max_size=6)
JSON = st.none() | NUMBERS | st.lists(NUMBERS, max_size=3) | st.just({"type": "draw"})
PLACES = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=1, max_size=4)


@given(PLACES, st.integers(5, 300))
def test_the_ink_of_a_stroke_is_that_of_the_formula(places: list[Any], width: int) -> None:
    points = np.array(places, np.float32)
    expected = cover_by_hand(np.concatenate([points, points[-1:]]) * (SIDE / 1000), width * 0.16)
    assert np.abs(rasterise([Stroke(points, width)]) - expected).max() < 2e-3


def test_the_eraser_removes_only_what_was_drawn_before() -> None:
    line = Stroke(np.array([[100, 500], [900, 500]], np.float32), 60)
    eraser = Stroke(np.array([[500, 500]], np.float32), 200, erases=True)
    erased = rasterise([line, eraser])
    assert erased[SIDE // 2, SIDE // 2] == 0
    assert erased[SIDE // 2, SIDE // 4] == 1
    np.testing.assert_array_equal(rasterise([eraser, line]), rasterise([line]))


def test_nearest_digits_are_those_of_a_full_search() -> None:
    data = load_mnist("train").subset(np.arange(3000))
    found = Neighbours.of(data)
    pixels = data.images.reshape(len(data), -1).astype(np.float64)
    for index in (0, 17, 1234):
        exact = np.argsort(((pixels - pixels[index]) ** 2).sum(axis=1), kind="stable")[:5]
        np.testing.assert_array_equal(found.nearest(data.images[index]), exact)
        assert exact[0] == index


def test_messages_keep_arrays_and_replace_what_is_not_finite() -> None:
    arrays: dict[str, Array] = {
        "a": np.arange(6, dtype=np.float32).reshape(2, 3),
        "b": np.ones(3, np.uint8),
    }
    message = encode({"type": "x", "values": [1.5, float("nan"), {"y": float("inf")}]}, arrays)
    assert isinstance(message, bytes)
    found = unpacked(message)
    assert found["values"] == [1.5, None, {"y": None}]
    np.testing.assert_array_equal(found["a"], arrays["a"])
    np.testing.assert_array_equal(found["b"], arrays["b"])
    assert encode({"type": "x", "loss": float("inf")}) == '{"type": "x", "loss": null}'


@given(st.text(max_size=20) | JSON.map(json.dumps))
def test_any_text_is_a_message_or_an_error(text: str) -> None:
    try:
        message = decode(text)
    except MessageError:
        return
    assert isinstance(message["type"], str)


@given(JSON)
def test_any_strokes_are_drawn_or_an_error(value: Any) -> None:
    try:
        found = strokes_of({"type": "draw", "strokes": value})
    except MessageError:
        return
    assert all(np.isfinite(stroke.points).all() for stroke in found)
