"""A search for settings: proposals, pruning, records, and continuing after an interruption."""

import json
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tenfold.cluster.jobs import Event, Job, Task
from tenfold.cluster.space import parse_space
from tenfold.cluster.trials import Search, load_without_test
from tenfold.cluster.tuning import Tuning
from tenfold.cluster.work import train_job
from tenfold.data import Dataset
from tenfold.errors import TenfoldError, UsageError
from tenfold.recipes import MLP, Recipe, apply_settings
from tenfold.runs import Run

pytest.importorskip("optuna", reason="no Optuna: pip install '.[cluster]'")
RANGES = ("learning_rate=0.001..0.1", "hidden=4|8")


class Here:
    """Workers of this process: each job is carried out when its next event is asked for."""

    slots = 1

    def __init__(self) -> None:
        self.jobs: deque[Job] = deque()
        self.events: deque[Event] = deque()
        self.asked: set[str] = set()
        self.trained: list[str] = []

    def submit(self, job: Task) -> None:
        assert isinstance(job, Job)
        self.jobs.append(job)

    def stop(self, name: str) -> None:
        self.asked.add(name)

    def next_event(self, seconds: float) -> Event | None:
        if not self.events and self.jobs:
            job = self.jobs.popleft()
            self.trained.append(job.name)
            self.events.append(
                train_job(job, 1, self.events.append, lambda: job.name in self.asked)
            )
        return self.events.popleft() if self.events else None

    def close(self) -> None:
        pass


class Pausing(Here):
    """The same, but one event at a time, so that a job can be stopped between two epochs."""

    def next_event(self, seconds: float) -> Event | None:
        if not self.events and self.jobs:
            job = self.jobs[0]
            seen: list[Event] = []
            last = train_job(
                job, 1, seen.append, lambda: job.name in self.asked or any(e.epoch for e in seen)
            )
            self.trained.append(job.name)
            if last.state == "stopped" and job.name not in self.asked:
                return next(event for event in seen if event.epoch)
            self.jobs.popleft()
            return last
        return super().next_event(seconds)


def never() -> bool:
    return False


@pytest.fixture
def search(tiny: Recipe, digits: Dataset, tmp_path: Path) -> Callable[..., Search]:
    np.savez(tmp_path / "d.npz", images=digits.images[..., 0], labels=digits.require_labels())
    recipe = replace(tiny, architecture=MLP((8,), batch_norm=True))

    def make(*texts: str, name: str = "tune", seed: int = 0) -> Search:
        space = parse_space(texts or RANGES)
        made = Search(recipe, space, tmp_path / name, seed, str(tmp_path / "d.npz"))
        made.begin_or_resume()
        return made

    return make


def states(tuning: Tuning) -> list[str]:
    return [trial.state for _, trial in sorted(tuning.trials.items())]


def test_the_best_trial_is_the_one_of_the_highest_validation_accuracy(
    search: Callable[..., Search],
) -> None:
    tuning = Tuning(search())
    for _ in tuning.run(Here(), 3, never):
        pass
    assert states(tuning) == ["complete"] * 3
    best = tuning.best()
    assert best.accuracy() == max(trial.accuracy() for trial in tuning.trials.values())
    for trial in tuning.trials.values():
        assert trial.run.results().test is None  # the test images were not used
        settings = tuning.search.space.settings(trial.chosen)
        assert trial.run.recipe == apply_settings(tuning.search.recipe, settings)
    assert sum(tuning.importances().values()) == pytest.approx(1)


def test_an_interrupted_search_goes_on_with_the_same_proposals(
    search: Callable[..., Search],
) -> None:
    whole = Tuning(search(name="whole"))
    for _ in whole.run(Here(), 4, never):
        pass
    broken = Tuning(search())
    for event in broken.run(Here(), 4, never):
        if event.name == "trial-001" and event.ended:
            break  # as if the program was killed
    again, workers = Tuning(search()), Here()
    for _ in again.run(workers, 4, never):
        pass
    assert workers.trained == ["trial-002", "trial-003"]
    for number, trial in whole.trials.items():
        assert again.trials[number].chosen == trial.chosen
        assert again.trials[number].run.model.read_bytes() == trial.run.model.read_bytes()
    assert list(Tuning(search()).run(workers, 4, never)) == []  # nothing is trained again


def test_an_open_trial_is_continued(search: Callable[..., Search]) -> None:
    tuning = Tuning(search())
    stopped = [False]
    for event in tuning.run(Pausing(), 2, lambda: stopped[0]):
        stopped[0] = event.epoch > 0
    assert states(tuning) == ["open"]
    again, workers = Tuning(search()), Here()
    for _ in again.run(workers, 1, never):
        pass
    assert states(again) == ["complete"]
    assert again.trials[0].chosen == tuning.trials[0].chosen
    assert [row["epoch"] for row in again.trials[0].run.records()] == [1, 2, 3]


def test_a_trial_that_is_worse_than_the_others_is_pruned(search: Callable[..., Search]) -> None:
    tuning = Tuning(search("learning_rate=0.00001..0.03"))
    workers = Pausing()
    for _ in tuning.run(workers, 7, never):
        pass
    assert "pruned" in states(tuning)[5:]
    assert set(states(tuning)) == {"complete", "pruned"}
    pruned = next(trial for trial in tuning.trials.values() if trial.state == "pruned")
    assert not pruned.run.finished
    assert len(pruned.accuracies()) < 3
    again = Tuning(search("learning_rate=0.00001..0.03"))
    assert states(again) == states(tuning)
    assert list(again.run(workers, 7, never)) == []


def test_a_failed_trial_is_entered_and_the_others_go_on(search: Callable[..., Search]) -> None:
    tuning = Tuning(search("batch_norm=true|false", "learning_rate=1e-3..1e30"))
    for _ in tuning.run(Here(), 4, never):
        pass
    failed = [trial for trial in tuning.trials.values() if trial.state == "failed"]
    assert failed
    entry = json.loads((failed[0].run.folder / "trial.json").read_text())
    assert "diverged" in entry["error"] or "learning_rate" in entry["error"]


def test_another_search_in_the_folder_is_refused(search: Callable[..., Search]) -> None:
    search()
    search()
    for other in ({"seed": 1}, {}):
        texts = RANGES if other else ("learning_rate=0.001..0.2",)
        with pytest.raises(TenfoldError, match="contains another search"):
            search(*texts, **other)


def test_an_unknown_setting_is_refused_before_a_folder_is_made(
    search: Callable[..., Search], tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="no setting 'nonsense'"):
        search("nonsense=1..2")
    assert not (tmp_path / "tune").exists()


def test_without_complete_trials_there_is_no_best_one(search: Callable[..., Search]) -> None:
    with pytest.raises(TenfoldError, match="no trial is complete"):
        Tuning(search()).best()


def test_a_search_without_validation_images_is_refused(tiny: Recipe, tmp_path: Path) -> None:
    recipe = apply_settings(tiny, ["source.validation=0"])
    with pytest.raises(TenfoldError, match="a search needs validation images"):
        load_without_test(Run(recipe, 0, tmp_path))


def test_without_optuna_one_sentence_says_what_to_install(
    search: Callable[..., Search], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = search()
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(TenfoldError, match=r"needs Optuna: .* '\.\[cluster\]'"):
        Tuning(made)
