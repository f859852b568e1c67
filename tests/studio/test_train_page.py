"""The page of Train in a real browser, and its messages."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tenfold.runs import open_run

from .browser import opened
from .conftest import Talk

FAST = "epochs=2&batch=5000"


def state(page: Any, words: str) -> None:
    page.locator(".state", has_text=words).wait_for(timeout=90_000)


def test_a_race_is_stepped_changed_and_finished(browser: Any, program: str, runs: Path) -> None:
    with opened(browser, program, f"/train?show=adam&seed=4&{FAST}") as page:
        page.locator("#compare option").nth(1).wait_for(state="attached")
        assert page.locator("#compare").input_value() == "adam"
        page.get_by_role("button", name="Step").click()
        page.locator(".layers tbody tr").nth(4).wait_for(timeout=60_000)
        state(page, "Paused")
        page.get_by_role("button", name="Gradient descent").click()
        knob = page.locator("input[id='knob-learning_rate']")
        before = page.locator(".knob output").first.inner_text()
        knob.focus()
        for _ in range(20):
            page.keyboard.press("ArrowRight")
        assert float(page.locator(".knob output").first.inner_text()) > float(before)
        page.reload()  # the training continues without the page
        state(page, "Paused")
        page.get_by_role("button", name="Continue").click()
        state(page, "Finished")
        assert page.locator("svg.chart").nth(0).locator("path.line:not(.raw)").count() == 3
        assert page.locator("svg.chart").nth(1).locator("circle").count() == 6
        assert page.locator(".preview li.right, .preview li.wrong").count() == 24
        assert page.locator(".racers small", has_text="test ").count() == 3
        assert page.evaluate("document.documentElement.scrollWidth") == 1440
        chart = page.locator("svg.chart").nth(1)
        chart.focus()
        page.keyboard.press("Home")
        page.keyboard.press("End")
        assert "epoch 2" in page.locator(".readout").nth(1).inner_text()
        page.locator("summary", has_text="Gradient descent").click()
        assert "changes=" in page.locator(".end pre").nth(1).inner_text()
        page.locator(".end a").nth(1).click()
        page.locator("select#model option", has_text="Gradient descent").wait_for(state="attached")
    folders = sorted((runs / "runs").iterdir())
    (change,) = open_run(folders[1]).recipe.changes
    assert change.step == 1
    assert open_run(folders[0]).recipe.changes == ()
    assert open_run(folders[0]).seed == 4


def test_a_broken_setting_is_named_on_the_page(browser: Any, program: str) -> None:
    nets = json.dumps([{"name": "mine", "recipe": "mlp", "settings": ["speed=3"]}])
    with opened(browser, program, f"/train?nets={nets}", 390, color_scheme="dark") as page:
        page.locator("#compare option").nth(1).wait_for(state="attached")
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.get_by_role("button", name="Start").click()
        words = page.locator(".toast").inner_text()
        assert "mine: this recipe has no setting 'speed'" in words


def received(socket: Any, kind: str) -> dict[str, Any]:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        message = socket.receive()
        if message.get("text"):
            found: dict[str, Any] = json.loads(message["text"])
            if found["type"] == kind:
                return found
    raise AssertionError(f"no {kind} came")


def test_a_page_gets_presets_recipes_and_the_state(talk: Talk) -> None:
    with talk() as socket:
        socket.send_json({"type": "train-open"})
        choices = received(socket, "train-choices")
        assert choices["presets"][0]["racers"] == [{"name": "mlp", "recipe": "mlp", "settings": []}]
        assert {"name", "summary"} == set(choices["recipes"][0])
        assert received(socket, "job") == {
            "type": "job",
            "state": "idle",
            "problem": "",
            "racers": [],
        }


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({"type": "pause"}, "no training is running"),
        ({"type": "resume"}, "no stopped training"),
        ({"type": "set", "racer": 0, "key": "l2", "value": 1}, "only while a network is trained"),
        ({"type": "set", "racer": 0, "key": "l2", "value": "1"}, "value must be int or float"),
        ({"type": "train"}, "needs the field seed"),
    ],
)
def test_commands_of_the_wrong_form_or_time_are_refused(
    talk: Talk, message: dict[str, Any], why: str
) -> None:
    with talk() as socket:
        socket.send_json(message)
        assert why in received(socket, "refused")["why"]
