"""The answers of Judge, compared with those of the library."""

import json
from typing import Any

import numpy as np
import pytest

import tenfold
from tenfold.data import load_mnist
from tenfold.evaluation import confusion_matrix
from tenfold.images.distortions import DISTORTIONS
from tenfold.nn.array import Array
from tenfold.studio.judge import evaluator
from tenfold.studio.judge.answers import digits_behind, summary
from tenfold.studio.judge.evaluator import PartialResult
from tenfold.studio.judge.request import EvaluationRequest
from tenfold.studio.library import Library

from .conftest import Talk
from .unpacking import answered, unpacked

IMAGES = 300


@pytest.fixture(autouse=True)
def _few_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judge 300 images instead of 10,000, the first answer after 100."""
    test = load_mnist("test").subset(slice(IMAGES))
    monkeypatch.setattr(Library, "data", lambda self, part: test)
    for name, value in (("_FIRST_REPORT", 100), ("_CHUNK", 100), ("_REPORT_EVERY", 100)):
        monkeypatch.setattr(evaluator, name, value)


def judged(socket: Any, message: dict[str, Any]) -> dict[str, Any]:
    """Send a message, and return the answer about all images."""
    socket.send_json({"type": "judge", **message})
    while True:
        answer = socket.receive()
        found = unpacked(answer["bytes"]) if answer.get("bytes") else json.loads(answer["text"])
        if found["type"] == "refused" or found["images"] == IMAGES:
            return dict(found)


def predicted(images: Array) -> Array:
    answers: Array = tenfold.load("standard").network.predict(images)
    return answers


def test_the_matrix_is_that_of_the_network(talk: Talk) -> None:
    test = load_mnist("test").subset(slice(IMAGES))
    strong = {"rotation": 40, "blur": 1}
    with talk() as socket:
        plain = judged(socket, {})
        distorted = judged(socket, {"strengths": strong})
        behind = answered(socket, {"type": "behind", "true": -1, "predicted": -1})
    expected = confusion_matrix(test.require_labels(), predicted(test.images))
    assert plain["matrix"] == expected.tolist()
    assert plain["right"] == np.trace(expected)
    images = DISTORTIONS["blur"](DISTORTIONS["rotation"](test.images, 40), 1)
    np.testing.assert_array_equal(distorted["samples"], images[:10])
    answers = predicted(images)
    matrix = confusion_matrix(test.require_labels(), answers)
    assert distorted["matrix"] == matrix.tolist()
    mistakes = np.flatnonzero(answers != test.require_labels())
    assert behind["count"] == len(mistakes) > 10
    assert {digit["index"] for digit in behind["digits"]} <= set(mistakes.tolist())
    first = behind["digits"][0]["index"]
    np.testing.assert_array_equal(behind["images"][0], images[first])


def by_hand() -> PartialResult:
    """Return predictions for four images: 7, 2, 1, 0; the second and the last are wrong."""
    probabilities = np.full((4, 10), 0.0, np.float32)
    for row, (answer, confidence) in enumerate(((7, 0.95), (3, 0.65), (1, 0.75), (6, 0.9995))):
        probabilities[row] = (1 - confidence) / 9
        probabilities[row, answer] = confidence
    labels = load_mnist("test").require_labels()[:4]
    return PartialResult(
        EvaluationRequest("standard"), tenfold.load("standard"), probabilities, labels, 4
    )


def test_thresholds_and_calibration_are_those_of_paper_and_pencil() -> None:
    found = summary(by_hand())
    assert (found["right"], found["images"]) == (2, 4)
    rows = {round(row["threshold"], 4): row for row in found["thresholds"]}
    counted = [(rows[t]["answered"], rows[t]["wrong"]) for t in (0.0, 0.7, 0.9, 0.99, 0.9996)]
    assert counted == [(4, 2), (3, 1), (2, 1), (1, 1), (0, 0)]
    bins = {round(row["low"], 1): row for row in found["bins"] if row["count"]}
    assert {low: (row["count"], row["accuracy"]) for low, row in bins.items()} == {
        0.6: (1, 0.0),
        0.7: (1, 1.0),
        0.9: (2, 0.5),
    }
    assert [row["threshold"] for row in found["thresholds"]] == sorted(rows)


def test_a_cell_opens_its_digits_the_most_confident_first() -> None:
    images = load_mnist("test").images
    fields, arrays = digits_behind(by_hand(), images, -1, -1)
    assert [digit["index"] for digit in fields["digits"]] == [3, 1]
    np.testing.assert_array_equal(arrays["images"], images[[3, 1]])
    fields, _ = digits_behind(by_hand(), images, 2, 3)
    assert [(d["index"], d["label"], d["answer"]) for d in fields["digits"]] == [(1, 2, 3)]
    fields, arrays = digits_behind(by_hand(), images, 0, 9)
    assert (fields["count"], arrays["images"].shape) == (0, (0, 28, 28, 1))


def test_the_map_has_a_place_for_each_digit_at_each_stage(talk: Talk) -> None:
    with talk() as socket:
        found = answered(socket, {"type": "map"})
    assert found["positions"].shape == (len(found["stages"]), IMAGES, 2)
    assert found["stages"][0]["name"] == "pixels"
    assert found["stages"][-1]["name"] == "logits"
    assert 0 <= found["positions"].min() <= found["positions"].max() <= 1
    assert found["images"].shape == (IMAGES, 28, 28, 1)


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({"type": "judge", "model": "none"}, "model must be one of"),
        ({"type": "judge", "strengths": []}, "strengths must be dict"),
        ({"type": "judge", "strengths": {"fog": 1}}, "unknown distortion 'fog'"),
        ({"type": "judge", "strengths": {"blur": 4}}, "the strength of blur must be from 0 to 3"),
        ({"type": "judge", "strengths": {"blur": "1"}}, "the strength of blur must be from 0 to 3"),
        ({"type": "judge", "strengths": {"blur": True}}, "the strength of blur"),
        ({"type": "behind", "true": 3, "predicted": 10}, "must be digits"),
        ({"type": "behind", "true": 3, "predicted": 5}, "no network has been judged yet"),
    ],
)
def test_other_questions_are_refused(talk: Talk, message: dict[str, Any], why: str) -> None:
    with talk() as socket:
        assert why in answered(socket, message)["why"]


def test_an_error_during_the_work_is_told_and_the_next_question_answered(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with talk() as socket:
        with monkeypatch.context() as patch:
            patch.setattr(EvaluationRequest, "distort", lambda self, images, first=0: images[:, :5])
            assert "images must" in judged(socket, {"strengths": {"blur": 2}})["why"]
        assert judged(socket, {"strengths": {"blur": 2}})["images"] == IMAGES


def test_pages_share_what_is_known(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    with talk() as first, talk() as second:
        found = judged(first, {"strengths": {"blur": 1.5}})
        monkeypatch.setattr(EvaluationRequest, "distort", lambda self, images, first=0: images)
        assert judged(second, {"strengths": {"blur": 1.5}})["matrix"] == found["matrix"]
