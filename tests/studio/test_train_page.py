"""The page of Train in a real browser, and its messages."""

import contextlib
import json
import os
import re
import signal
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tenfold.runs import Run, create_run, execute, open_run

from .browser import expect, opened
from .conftest import Talk

FAST = "epochs=2&batch=5000"


def state(page: Any, words: str) -> None:
    page.locator(".state", has_text=words).wait_for()


def test_a_race_is_stepped_changed_and_finished(browser: Any, program: str, runs: Path) -> None:
    others = set((runs / "runs").glob("*"))
    with opened(browser, program, f"/train?show=adam&seed=4&{FAST}") as page:
        page.locator("#compare option").nth(1).wait_for(state="attached")
        expect(page.locator("#compare")).to_have_value("adam")
        page.get_by_role("button", name="Step").click()
        page.locator(".layers tbody tr").nth(4).wait_for()
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
        expect(page.locator("svg.chart").nth(0).locator("path.line:not(.raw)")).to_have_count(3)
        expect(page.locator("svg.chart").nth(1).locator("circle")).to_have_count(6)
        expect(page.locator(".preview li.right, .preview li.wrong")).to_have_count(24)
        expect(page.locator(".racers small", has_text="test ")).to_have_count(3)
        assert page.evaluate("document.documentElement.scrollWidth") == 1440
        chart = page.locator("svg.chart").nth(1)
        chart.focus()
        page.keyboard.press("Home")
        page.keyboard.press("End")
        expect(page.locator(".readout").nth(1)).to_contain_text("epoch 2")
        page.locator("summary", has_text="Gradient descent").click()
        expect(page.locator(".end pre").nth(1)).to_contain_text("changes=")
        page.locator(".end a").nth(1).click()
        page.locator("select#model option", has_text="Gradient descent").wait_for(state="attached")
    folders = sorted(set((runs / "runs").iterdir()) - others)
    (change,) = open_run(folders[1]).recipe.changes
    assert change.step == 1
    assert open_run(folders[0]).recipe.changes == ()
    assert open_run(folders[0]).seed == 4


def address(settings: list[str]) -> str:
    """Return the address of Train with one small network."""
    nets = [{"name": "small", "recipe": "mlp", "settings": settings}]
    return f"/train?seed=5&nets={quote(json.dumps(nets))}"


def newest_run(runs: Path) -> Run:
    return open_run(sorted((runs / "runs").iterdir())[-1])


def test_a_network_learns_95_percent_while_its_rate_changes_and_is_repeated(
    browser: Any, program: str, runs: Path, tmp_path: Path
) -> None:
    settings = ["hidden=64", "dropout=0", "average=none", "label_smoothing=0", "epochs=2"]
    with opened(browser, program, address([*settings, "learning_rate=0.008"])) as page:
        page.locator("#compare option").nth(1).wait_for(state="attached")
        page.get_by_role("button", name="Step").click()
        state(page, "Paused")
        page.get_by_role("button", name="Continue").wait_for()
        page.locator("input[id='knob-learning_rate']").focus()
        for _ in range(15):
            page.keyboard.press("ArrowRight")
        page.get_by_role("button", name="Continue").click()
        state(page, "Finished")
        shown = page.locator(".readout").nth(1).inner_text()
        assert float(shown.split()[-1].removesuffix("%")) > 95
    lived = newest_run(runs)
    assert lived.records()[-1]["validation_accuracy"] > 0.95
    assert {change.step for change in lived.recipe.changes} == {1}
    assert lived.recipe.changes[-1].settings[0].startswith("learning_rate=0.0")
    again = create_run(Run(lived.recipe, lived.seed, tmp_path / "again"))
    for _ in execute(again, again.recipe.source.load(None)):
        pass
    assert again.model.read_bytes() == lived.model.read_bytes()


LATER_EPOCH = re.compile(r"epoch ([2-9]|\d\d+)/")  # the page may not show each epoch


def newest_job(runs: Path) -> int:
    """Return the number of the newest process in which a studio of this folder trains."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            is_job = b"spawn_main" in (process / "cmdline").read_bytes()
            if is_job and (process / "cwd").readlink() == runs:
                found.append((process.stat().st_ctime_ns, int(process.name)))
    return max(found)[1]


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="needs the /proc of Linux")
def test_a_killed_job_is_reported_and_begun_again(browser: Any, program: str, runs: Path) -> None:
    settings = ["hidden=8", "batch_size=5000", "average=none", "epochs=1000"]
    with opened(browser, program, address(settings)) as page:
        page.locator("#compare option").nth(1).wait_for(state="attached")
        page.get_by_role("button", name="Start").click()
        page.locator(".racers small", has_text=LATER_EPOCH).wait_for()
        os.kill(newest_job(runs), signal.SIGKILL)
        state(page, "Ended unexpectedly")
        expect(page.locator(".problem")).to_contain_text("has ended unexpectedly (code -9)")
        page.get_by_role("button", name="Resume").click()
        state(page, "Training")
        page.locator(".racers small", has_text=LATER_EPOCH).wait_for()
        expect(page.locator(".problem")).to_be_hidden()
        page.get_by_role("button", name="Stop").click()
        state(page, "Ended")
        page.locator(".racers small", has_text="stopped in epoch").wait_for()
    assert not newest_run(runs).finished


def test_a_broken_setting_is_named_on_the_page(browser: Any, program: str) -> None:
    nets = json.dumps([{"name": "mine", "recipe": "mlp", "settings": ["speed=3"]}])
    path = f"/train?show=classic-adam&nets={nets}"
    with opened(browser, program, path, 390, color_scheme="dark") as page:
        page.locator("#compare optgroup option").nth(1).wait_for(state="attached")
        expect(page.locator("#compare")).to_have_value("classic-adam")
        page.locator("summary", has_text="What was corrected").click()
        expect(page.locator(".notes")).to_contain_text("each bias has its own gradient")
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.get_by_role("button", name="Start").click()
        expect(page.locator(".toast")).to_contain_text("mine: this recipe has no setting 'speed'")


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    """Return whether two boxes have a common part."""
    return all(
        one[start] < other[start] + other[size] and other[start] < one[start] + one[size]
        for start, size in (("x", "width"), ("y", "height"))
    )


def test_layers_are_put_together_by_hand_and_trained(
    browser: Any, program: str, runs: Path
) -> None:
    with opened(browser, program, "/train?show=hand&epochs=1&batch=5000") as page:
        rows = page.locator(".layerlist li:not(.input)")
        shapes = page.locator(".layerlist li:not(.input) .shape")
        page.get_by_text("14,538 parameters in all").wait_for()
        page.get_by_role("button", name="Presenter").click()
        sizes, shape = rows.first.locator(".sizes label").last, shapes.first
        assert not overlap(sizes.bounding_box(), shape.bounding_box())
        page.get_by_role("button", name="Presenter").click()
        page.get_by_role("button", name="Remove layer 7, Flatten").click()
        rows.nth(6).locator(".why", has_text="put a Flatten before it").wait_for()
        assert [shapes.nth(at).inner_text() for at in (5, 6)] == ["5 × 5 × 16", ""]
        page.get_by_role("button", name="Start").click()
        page.locator(".toast", has_text="My network: invalid settings: layer 7, 32: ").wait_for()
        page.get_by_label("Kind of layer").select_option(label="Flatten")
        page.get_by_role("button", name="Add", exact=True).click()
        for _ in range(2):  # the focus moves with the layer
            page.keyboard.press("Enter")
        page.get_by_label("Channels").first.fill("4")
        page.get_by_label("Stride").first.fill("4")
        page.keyboard.press("Tab")  # the field is left: the rows move when the answer comes
        shapes.filter(has_text="6 × 6 × 4").first.wait_for()
        page.get_by_label("Convolutions keep the size").check()
        page.get_by_text("1,570 parameters in all").wait_for()
        assert shapes.first.inner_text() == "7 × 7 × 4"
        page.reload()  # the address holds the layers
        page.get_by_text("1,570 parameters in all").wait_for()
        page.get_by_role("button", name="Start").click()
        state(page, "Finished")
        page.locator("summary", has_text="the result is in").click()
        command = page.locator(".end pre").inner_text()
    assert "--set architecture=Sequential" in command
    assert """--set 'architecture.layout="4c5/4-ReLU-P-16c3-ReLU-P-F-32-ReLU"'""" in command
    run = newest_run(runs)
    assert run.finished
    assert run.recipe.network(0).theta.value.size == 1_570


def received(socket: Any, kind: str) -> dict[str, Any]:
    end = time.monotonic() + 90
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


def test_layers_have_shapes_up_to_the_first_that_is_impossible(talk: Talk) -> None:
    layouts = [{"layout": "4c3-F-D0.5"}, {"layout": "9c30-F", "padding": "same"}]
    with talk() as socket:
        socket.send_json({"type": "compose", "layouts": layouts})
        good, wrong = received(socket, "composed")["networks"]
    assert good["problem"] == ""
    assert [row["shape"] for row in good["rows"]] == [[26, 26, 4], [2704], [2704], [10]]
    assert [row["parameters"] for row in good["rows"]] == [40, 0, 0, 27_050]
    assert wrong["rows"][0]["shape"] == [28, 28, 9]


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({"type": "compose"}, "needs the field layouts"),
        ({"type": "compose", "layouts": [{}] * 5}, "layouts must be at most 4, got 5"),
        ({"type": "compose", "layouts": ["P"]}, "a layout must be an object"),
        ({"type": "compose", "layouts": [{}]}, "needs the field layout"),
        ({"type": "compose", "layouts": [{"layout": "P", "padding": "no"}]}, "padding must be"),
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
