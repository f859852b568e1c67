"""Training for a page: the process, its commands, what is known about it, and its repetition."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.errors import UsageError
from tenfold.nn.array import Array
from tenfold.recipes import CLASSICS, RECIPES, apply_settings
from tenfold.runs import Run, create_run, execute, open_run
from tenfold.studio.jobs.board import Board
from tenfold.studio.jobs.hints import hints
from tenfold.studio.jobs.history import History
from tenfold.studio.jobs.job import Job
from tenfold.studio.jobs.presets import PRESETS
from tenfold.studio.jobs.racer import Racer, knobs_of, racers_of, trainable
from tenfold.studio.server.messages import MessageError

FAST = ("hidden=8", "batch_size=5000", "epochs=2", "average=none", "schedule=Constant")
"""Settings of ``mlp`` with which it makes eleven steps in each of two epochs."""


class Pages:
    """What the pages of a session get."""

    def __init__(self) -> None:
        self.latest: dict[str, Any] = {}
        self.arrays: dict[str, Mapping[str, Array]] = {}
        self.finished: list[tuple[str, str]] = []
        self._changed = threading.Condition()

    def post(
        self, kind: str, fields: Mapping[str, Any], arrays: Mapping[str, Array] | None = None
    ) -> None:
        with self._changed:
            self.latest[kind], self.arrays[kind] = dict(fields), arrays or {}
            self._changed.notify_all()

    def wait(self, condition: Callable[[], Any]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, timeout=90), self.latest.get("job")

    def wait_for(self, state: str) -> None:
        self.wait(lambda: self.latest.get("job", {}).get("state") == state)

    @property
    def racer(self) -> dict[str, Any]:
        return dict(self.latest["job"]["racers"][0])


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages()


@pytest.fixture(scope="module")
def job(pages: Pages) -> Iterator[Job]:
    job = Job(pages.post, lambda name, folder: pages.finished.append((name, folder)))
    yield job
    job.close()
    assert job.pid is None or not Path(f"/proc/{job.pid}").exists()


@pytest.fixture(autouse=True)
def _nothing_is_left_of_other_tests(pages: Pages) -> None:
    pages.latest.clear()
    pages.finished.clear()


def fast(*settings: str) -> list[Racer]:
    return [Racer("fast", apply_settings(RECIPES["mlp"], [*FAST, *settings]), 3)]


def test_a_training_that_is_changed_stopped_and_resumed_can_be_repeated(
    job: Job, pages: Pages, tmp_path: Path
) -> None:
    job.train(fast(), tmp_path, paused=True)
    with pytest.raises(UsageError, match="a training is running"):
        job.train(fast(), tmp_path)
    pages.wait_for("paused")
    job.command("step")
    pages.wait(lambda: pages.racer.get("step") == 1 and "layers 0" in pages.latest)
    assert {row["name"] for row in pages.latest["layers 0"]["rows"]} >= {"2 Dense", "4 ReLU"}
    assert all("gradient_rms" in row for row in pages.latest["layers 0"]["rows"][::3])
    assert len(pages.latest["preview 0"]["digits"]) == 24
    assert pages.arrays["digits"]["images"].shape == (24, 28, 28, 1)
    pages.wait_for("paused")
    job.set(0, "learning_rate", 0.02)
    job.set(0, "augment.shift", 1.0)
    job.command("step")
    pages.wait(lambda: pages.racer.get("step") == 2)
    assert pages.racer["rate"] == 0.02
    job.command("epoch")
    pages.wait(lambda: pages.latest["curves"]["epochs"][0])
    job.command("stop")
    pages.wait_for("ended")
    assert pages.racer["state"] == "stopped"
    steps = pages.arrays["curves"]["steps0"]
    np.testing.assert_array_equal(steps, np.arange(1, len(steps) + 1))
    job.resume()
    pages.wait_for("ended")
    assert pages.racer["state"] == "finished"
    assert pages.racer["results"]["test"]["accuracy"] > 0.5
    assert len(pages.latest["curves"]["epochs"][0]) == 2
    lived = open_run(pages.racer["folder"])
    assert pages.finished == [("fast", str(lived.folder))]
    assert "--set 'changes=[" in pages.racer["command"]
    (change,) = lived.recipe.changes
    assert (change.step, len(change.settings)) == (1, 3)
    again = create_run(Run(lived.recipe, lived.seed, tmp_path / "again"))
    for _ in execute(again, again.recipe.source.load(None)):
        pass
    assert again.model.read_bytes() == lived.model.read_bytes()


def test_one_network_that_diverges_does_not_end_the_others(
    job: Job, pages: Pages, tmp_path: Path
) -> None:
    racers = [*fast("epochs=1"), *fast("epochs=1", "optimizer=SGD", "learning_rate=1e9")]
    job.train(racers, tmp_path)
    pages.wait_for("ended")
    states = [racer["state"] for racer in pages.latest["job"]["racers"]]
    assert states == ["finished", "diverged"]
    assert pages.latest["job"]["racers"][1]["hints"][0].startswith("Training diverged after")
    assert set(pages.arrays["curves"]) == {"steps0", "losses0", "steps1", "losses1"}
    assert len(list(tmp_path.iterdir())) == 2


def test_a_source_project_races_as_written_against_its_corrected_form(
    job: Job, pages: Pages, tmp_path: Path
) -> None:
    (preset,) = (each for each in PRESETS if each.name == "classic-two-layer")
    racers = [
        {"name": name, "recipe": recipe, "settings": [*settings, "epochs=2", "log_every=1"]}
        for name, recipe, settings in preset.racers
    ]
    job.train(racers_of(message(racers=racers, seed=6)), tmp_path)
    pages.wait_for("ended")
    lanes = pages.latest["job"]["racers"]
    assert [lane["name"] for lane in lanes] == ["As written", "Corrected"]
    assert all(0 < lane["results"]["test"]["accuracy"] < 1 for lane in lanes)
    assert lanes[0]["command"].startswith("tenfold train classic-two-layer --seed 6 --set")
    written, corrected = (open_run(lane["folder"]).recipe for lane in lanes)
    assert (written.precision, corrected.precision) == ("float64", "float32")
    assert preset.notes == CLASSICS[preset.name].corrections


def test_a_killed_process_is_reported_and_the_training_resumed(
    job: Job, pages: Pages, tmp_path: Path
) -> None:
    job.train(fast("epochs=500"), tmp_path)
    pages.wait(lambda: pages.latest.get("curves", {}).get("epochs", [[]])[0])
    assert job.pid is not None
    os.kill(job.pid, signal.SIGKILL)
    pages.wait_for("crashed")
    assert "has ended unexpectedly (code -9)" in pages.latest["job"]["problem"]
    assert not job.busy
    job.resume()
    pages.wait_for("running")
    assert job.busy


def test_a_page_that_is_loaded_again_gets_layers_and_previews_of_all_networks() -> None:
    pages = Pages()  # as for a slow page, only the newest message of each kind is kept
    board = Board(pages.post, lambda name, folder: None)
    board.begin(fast() * 2)
    for index in (0, 1):
        board.note(("layers", index, 10 + index, [], []))
        board.note(("preview", index, [index], [0.9]))
    pages.latest.clear()
    board.send_all()
    messages = [{"type": kind} | fields for kind, fields in pages.latest.items()]
    for index in (0, 1):
        layers = {"type": "layers", "racer": index, "step": 10 + index, "rows": [], "hints": []}
        assert layers in messages
        preview = {"type": "preview", "racer": index, "digits": [index], "confidence": [0.9]}
        assert preview in messages


def test_commands_without_a_training_are_refused() -> None:
    job = Job(Pages().post, lambda name, folder: None)
    for name in ("pause", "resume", "step", "stop"):
        with pytest.raises(UsageError, match="no training is running"):
            job.command(name)
    with pytest.raises(UsageError, match="only while a network is trained"):
        job.set(0, "l2", 0.0)
    with pytest.raises(UsageError, match="no stopped training"):
        job.resume()


def message(**fields: Any) -> dict[str, Any]:
    racer = {"name": "a", "recipe": "mlp", "settings": ["epochs=1"]}
    return {"type": "train", "seed": 1, "racers": [racer]} | fields


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"racers": []}, "racers must be 1 to 4, got 0"),
        ({"racers": [{}] * 5}, "racers must be 1 to 4, got 5"),
        ({"racers": ["mlp"]}, "a racer must be an object"),
        ({"racers": [{"name": "a", "recipe": "mlp"}]}, "needs the field settings"),
        ({"racers": [{"name": "a", "recipe": "x", "settings": []}]}, "the recipe must be one of"),
        ({"racers": [{"name": "a", "recipe": "mlp", "settings": [1]}]}, "settings must be texts"),
        ({"racers": [{"name": "a", "recipe": "mlp", "settings": ["x=1"]}]}, "a: this recipe has"),
        ({"seed": -1}, "the seed must be"),
        ({"seed": 2**64}, "the seed must be"),
        ({"seed": "1"}, "seed must be int, got str"),
        ({"seed": True}, "seed must be int, got bool"),
    ],
)
def test_other_races_are_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises((MessageError, UsageError), match=words):
        racers_of(message(**fields))


def test_presets_can_be_trained_and_begin_with_the_same_seed() -> None:
    assert [preset.name for preset in PRESETS[:3]] == ["one", "hand", "adam"]
    for preset in PRESETS:
        racers = [{"name": n, "recipe": r, "settings": list(s)} for n, r, s in preset.racers]
        found = racers_of(message(racers=racers))
        assert len({racer.name for racer in found}) == len(racers)
        assert {racer.seed for racer in found} == {1}


@pytest.mark.parametrize("name", trainable())
def test_knobs_are_settings_of_the_recipe_within_their_ranges(name: str) -> None:
    recipe = RECIPES[name]
    for knob in knobs_of(recipe):
        assert knob["low"] <= knob["value"] <= knob["high"]
        if knob["key"] != "augment.shift" or recipe.augment is not None:
            apply_settings(recipe, [f"{knob['key']}={knob['high']:.6g}"])


@given(st.integers(0, 3000), st.integers(1, 700))
def test_a_history_keeps_the_means_in_few_points(count: int, part: int) -> None:
    history, losses = History(), np.sin(np.arange(count)).tolist()
    for start in range(0, len(losses), part):
        history.add(losses[start : start + part])
    steps, means = history.points()
    assert len(steps) <= 400
    ends = [0, *map(int, steps)]
    assert ends[-1] == len(losses)
    assert len(set(np.diff(ends)[:-1])) <= 1  # all but the last group are equally long
    for index, mean in enumerate(means):
        assert mean == pytest.approx(np.mean(losses[ends[index] : ends[index + 1]]), abs=1e-5)


def test_a_history_is_cut_where_a_run_resumes() -> None:
    history = History()
    history.add([float(step) for step in range(10)])
    history.epochs = [{"step": 4}, {"step": 8}]
    history.truncate(6)
    assert history.points()[0].tolist() == [1, 2, 3, 4, 5, 6]
    assert history.epochs == [{"step": 4}]


def row(name: str, gradient: float | None = 0.01, ratio: float | None = 1e-3) -> dict[str, Any]:
    return {"name": name, "gradient_rms": gradient, "update_ratio": ratio}


@pytest.mark.parametrize(
    ("rows", "loss", "words"),
    [
        ([row("2 Dense"), row("4 Dense")], 0.3, []),
        ([row("2 Dense"), row("4 Dense")], 2.31, ["still that of a guess"]),
        ([row("2 Dense", None, None)], 9.0, ["no longer finite"]),
        ([row("2 Dense", 0.0, 0.0), row("4 Dense")], 2.31, ["Only the last layer"]),
        ([row("2 Dense", ratio=0.2)], 0.3, ["of layer 2 Dense by more than 5%"]),
        ([row("2 Dense", ratio=1e-8)], 0.3, ["hardly changes"]),
        ([{"name": "3 ReLU", "dead": 0.75}], 0.3, ["75% of the units of 3 ReLU"]),
    ],
)
def test_hints_name_what_is_unusual(rows: list[Any], loss: float, words: list[str]) -> None:
    found = hints(rows, 100, loss)
    assert len(found) == len(words)
    assert all(word in hint for word, hint in zip(words, found, strict=True))
    assert hints(rows, 10, loss) == []


def test_small_steps_at_the_end_of_a_schedule_are_meant() -> None:
    assert hints([row("2 Dense", ratio=1e-8)], 100, 0.3, annealed=True) == []
