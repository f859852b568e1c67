"""Learning the handwriting of a user: its messages, its process, and the page."""

import base64
import json
import multiprocessing
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenfold
from tenfold.data import load_mnist
from tenfold.errors import UsageError
from tenfold.studio.jobs import handwriting as module
from tenfold.studio.jobs.handwriting import Handwriting, digits_of
from tenfold.studio.server.messages import MessageError

from .browser import expect, opened
from .conftest import Talk, save_small_network
from .unpacking import answered

BLANK = base64.b64encode(bytes(784)).decode()


def kept(count: int) -> list[tuple[int, bytes]]:
    train = load_mnist("train").subset(slice(count))
    return [(int(label), image.tobytes()) for image, label in zip(*_arrays(train), strict=True)]


def _arrays(data: tenfold.data.Dataset) -> tuple[Any, Any]:
    return data.images, data.require_labels()


class Told:
    """The states that the pages of a session get, and the results."""

    def __init__(self) -> None:
        self.states: list[dict[str, Any]] = []
        self.finished: list[str] = []
        self._changed = threading.Condition()

    def post(self, kind: str, fields: Any, arrays: Any = None) -> None:
        with self._changed:
            self.states.append(dict(fields))
            self._changed.notify_all()

    def wait_for(self, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        with self._changed:
            assert self._changed.wait_for(lambda: any(map(condition, self.states)), timeout=90), (
                self.states[-1]
            )
            return self.states[-1]


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def handwriting(told: Told) -> Handwriting:
    return Handwriting(told.post, told.finished.append)


def test_too_few_digits_and_a_second_start_are_refused(
    handwriting: Handwriting, tmp_path: Path
) -> None:
    save_small_network(tmp_path / "small.safetensors")
    handwriting.collect(kept(9), first=True)
    with pytest.raises(UsageError, match=r"at least 10 digits first, .* you have kept 9"):
        handwriting.start("small", "none", tmp_path / "runs")
    assert not (tmp_path / "runs").exists()
    handwriting.collect(kept(2), first=False)
    handwriting.start("small", str(tmp_path / "small.safetensors"), tmp_path / "runs")
    with pytest.raises(UsageError, match="is learning your digits already"):
        handwriting.start("small", "none", tmp_path / "runs")
    handwriting.close()


def test_a_learning_that_is_stopped_leaves_no_folder(
    handwriting: Handwriting, told: Told, tmp_path: Path
) -> None:
    handwriting.collect(kept(12), first=True)
    handwriting.start("standard", "standard", tmp_path)
    handwriting.stop()
    told.wait_for(lambda state: state["state"] == "stopped")
    assert list(tmp_path.iterdir()) == []
    assert not handwriting.busy
    assert told.finished == []


def test_what_a_stopped_learning_had_saved_is_removed(
    handwriting: Handwriting, told: Told, tmp_path: Path
) -> None:
    handwriting.collect(kept(12), first=True)
    handwriting.start("standard", "standard", tmp_path)
    (folder,) = tmp_path.iterdir()
    for name in ("digits.csv", ".model.safetensors.k3.tmp"):
        (folder / name).write_bytes(b"half of it")
    handwriting.stop()
    told.wait_for(lambda state: state["state"] == "stopped")
    assert list(tmp_path.iterdir()) == []


def test_too_many_digits_are_refused_and_not_kept(handwriting: Handwriting, tmp_path: Path) -> None:
    (digit,) = kept(1)
    handwriting.collect([digit] * 1000, first=True)
    for count in (1040, 1080):
        with pytest.raises(UsageError, match=f"at most 1000 digits, got {count}"):
            handwriting.collect([digit] * 40, first=False)
        with pytest.raises(UsageError, match="you have kept 0"):
            handwriting.start("standard", "standard", tmp_path)
    handwriting.collect([digit] * 3, first=True)
    with pytest.raises(UsageError, match="you have kept 3"):
        handwriting.start("standard", "standard", tmp_path)


def test_a_learning_that_fails_without_a_message_of_its_own_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*arguments: Any, **options: Any) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(module, "fine_tune_and_save", fail)
    monkeypatch.setattr(module, "prepare_process", lambda: None)
    receiver, sender = multiprocessing.Pipe(duplex=False)
    with receiver, sender:
        with pytest.raises(MemoryError):
            module.learn(sender, "standard", "standard", kept(10), "x")
        assert receiver.recv() == ("failed", {"problem": "MemoryError: no room"})


def test_a_learning_that_fails_says_why(
    handwriting: Handwriting, told: Told, tmp_path: Path
) -> None:
    (tmp_path / "bad.safetensors").write_bytes(b"no model")
    handwriting.collect(kept(12), first=True)
    handwriting.start("bad", str(tmp_path / "bad.safetensors"), tmp_path / "runs")
    found = told.wait_for(lambda state: state["state"] == "failed")
    assert "bad.safetensors" in found["problem"]


@given(st.lists(st.tuples(st.integers(0, 9), st.binary(min_size=784, max_size=784)), max_size=3))
def test_digits_arrive_as_they_were_sent(digits: list[tuple[int, bytes]]) -> None:
    sent = [[label, base64.b64encode(pixels).decode()] for label, pixels in digits]
    assert digits_of({"type": "learn", "digits": json.loads(json.dumps(sent))}) == digits


@pytest.mark.parametrize(
    ("digits", "why"),
    [
        ("x", "digits must be list"),
        (["x"], "must be a list"),
        ([[1]], "must be a list"),
        ([["1", BLANK]], "must be a list"),
        ([[True, BLANK]], "must be a list"),
        ([[10, BLANK]], "a label from 0 to 9"),
        ([[-1, BLANK]], "a label from 0 to 9"),
        ([[1, BLANK[4:]]], "784 pixels"),
        ([[1, "ü"]], "base64"),
        ([[1, "A"]], "base64"),
    ],
)
def test_digits_of_another_form_are_refused(digits: Any, why: str) -> None:
    with pytest.raises(MessageError, match=why):
        digits_of({"type": "learn", "digits": digits})


def test_a_page_learns_what_is_needed(talk: Talk) -> None:
    learn = {"type": "learn", "model": "standard", "digits": [[1, BLANK]], "first": True}
    with talk() as socket:
        state = answered(socket, {"type": "handwriting-open"})
        assert state == {"type": "handwriting", "state": "idle", "least": 10}
        assert "you have kept 1" in answered(socket, learn | {"last": True})["why"]
        unknown = answered(socket, learn | {"last": True, "model": "none"})
        assert "model must be one of" in unknown["why"]


def test_kept_digits_are_learned_and_the_result_is_chosen(
    browser: Any, program: str, runs: Path
) -> None:
    digits = [
        {"label": label, "pixels": list(pixels), "ink": "1y.0.dw.50.dw.ng"}
        for label, pixels in kept(60)
    ]
    with opened(browser, program, "/draw", 390, color_scheme="dark") as page:
        learn = page.get_by_role("button", name="Learn my handwriting")
        page.locator(".learning .note", has_text="You have kept 0").wait_for()
        assert learn.is_disabled()
        page.evaluate("(kept) => localStorage.setItem('tenfold-kept', kept)", json.dumps(digits))
        page.reload()
        page.locator("select#model option", has_text="small.safetensors").wait_for(state="attached")
        expect(page.locator("select#model")).to_have_value("small.safetensors")
        learn.click()
        page.locator(".learned tbody tr").nth(1).wait_for()
        expect(page.locator(".learned tbody tr").first).to_contain_text("of 60")
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.get_by_role("button", name="Use this network").click()
        expect(page.locator("select#model")).not_to_have_value("small.safetensors")
        chosen = page.locator("select#model").input_value()
        page.reload()
        page.locator("select#model option", has_text="your handwriting").wait_for(state="attached")
        expect(page.locator("select#model")).to_have_value(chosen)
        page.locator(".learned tbody tr").nth(1).wait_for()
    folder = runs / chosen.removeprefix("your handwriting (").removesuffix(")")
    model = tenfold.load(folder)
    images = np.frombuffer(kept(1)[0][1], np.uint8).reshape(1, 28, 28, 1)
    assert model.predict(images).digit.shape == (1,)
    assert model.provenance["fine_tuned"] == "small.safetensors"
