"""Settings that change during training, live or by the recipe: the same bits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from tenfold.errors import TenfoldError, UsageError
from tenfold.images import Augment
from tenfold.nn import Network
from tenfold.recipes import MLP, Change, Recipe, Split, recipe_from_json, recipe_to_json
from tenfold.runs import Live, Run, execute, open_run
from tenfold.runs.changes import Training, recipe_at
from tenfold.runs.state import restored_state
from tenfold.training import EpochRecord, Record, StepRecord

from .execution import finish, new


class Changing(Live):
    """Changes settings after the n-th record, n from 1."""

    def __init__(self, settings: Mapping[int, Sequence[str]]) -> None:
        self.planned, self.seen = settings, 0

    def saw(self, network: Network, record: Record) -> None:
        self.seen += 1

    def settings(self) -> Sequence[str]:
        return self.planned.get(self.seen, ())


def content(run: Run) -> tuple[bytes, bytes, list[dict[str, object]]]:
    records = [{k: v for k, v in record.items() if k != "seconds"} for record in run.records()]
    return run.model.read_bytes(), run.layers_file.read_bytes(), records


# 400 images in batches of 64: seven steps and one record of the epoch in each of three epochs.
LIVE: dict[int, Sequence[str]] = {
    2: ["learning_rate=0.002"],
    7: ["optimizer.beta1=0.5", "dropout=0.4"],  # after the last step of an epoch
    8: ["l2=0.001", "learning_rate=0.004"],  # after its record
    12: ["label_smoothing=0"],
    17: ["augment=Augment", "augment.shift=1"],
}


@pytest.mark.parametrize("log_every", [1, 2])
def test_a_run_that_was_changed_live_can_be_repeated(
    tiny: Recipe, split: Split, tmp_path: Path, log_every: int
) -> None:
    recipe = replace(tiny, average=0.9, log_every=log_every)
    lived = new(recipe, tmp_path / "live")
    for _ in execute(lived, split, live=Changing(LIVE)):
        pass
    lived = open_run(lived.folder)
    assert [change.settings for change in lived.recipe.changes] == [*map(tuple, LIVE.values())]
    again = finish(new(lived.recipe, tmp_path / "again"), split)
    assert content(again) == content(lived)
    plain = finish(new(recipe, tmp_path / "plain"), split)
    assert plain.model.read_bytes() != lived.model.read_bytes()


def test_live_without_changes_gives_the_bits_of_a_plain_run(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    """Entering ``fit`` again changes nothing: the settings change to what they are."""
    plain = finish(new(tiny, tmp_path / "plain"), split)
    run = new(tiny, tmp_path / "live")
    same = {n: ["learning_rate=0.01"] for n in (1, 6, 7, 8, 15)}
    for _ in execute(run, split, live=Changing(same)):
        pass
    assert open_run(run.folder).recipe.schedule == tiny.schedule
    theirs, ours = (np.frombuffer(each.model.read_bytes()[-400:], "u1") for each in (plain, run))
    np.testing.assert_array_equal(theirs, ours)


@pytest.mark.parametrize("stop_after", [1, 2, 3, 7, 8, 9, 20])
def test_a_changed_run_that_was_stopped_continues(
    tiny: Recipe, split: Split, tmp_path: Path, stop_after: int
) -> None:
    recipe = replace(tiny, changes=(Change(2, ("learning_rate=0.1",)), Change(8, ("dropout=0.6",))))
    whole = finish(new(recipe, tmp_path / "whole"), split)
    run, count = new(recipe, tmp_path / "parts"), 0

    def stop() -> bool:
        nonlocal count
        count += 1
        return count == stop_after

    for _ in execute(run, split, stop=stop):
        pass
    assert content(finish(open_run(run.folder), split)) == content(whole)


def test_rates_of_the_records_change_at_the_step_of_the_change(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    recipe = recipe_at(replace(tiny, changes=(Change(0, ("schedule=Constant",)),)), 0)
    recipe = replace(recipe, changes=(Change(4, ("learning_rate=0.5",)),))
    run = new(recipe, tmp_path / "run")
    rates = [r.learning_rate for r in execute(run, split) if isinstance(r, StepRecord)]
    assert rates == [0.01] * 4 + [0.5] * 17
    epochs = [r.learning_rate for r in execute(run, split) if isinstance(r, EpochRecord)]
    assert epochs == []  # finished
    assert [record["learning_rate"] for record in run.records()] == [0.5] * 3


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("hidden=20", "architecture cannot change during training"),
        ("epochs=5", "epochs cannot change during training"),
        ("batch_size=32", "batch_size cannot change during training"),
        ("optimizer=SGD", "optimizer cannot change during training"),
        ("dropout=2", "dropout must be a number in"),
        ("speed=2", "no setting 'speed'"),
    ],
)
def test_other_changes_are_refused(
    tiny: Recipe, split: Split, tmp_path: Path, setting: str, words: str
) -> None:
    changed = replace(tiny, changes=(Change(3, (setting,)),))
    with pytest.raises(UsageError, match=words):
        next(execute(new(changed, tmp_path / "recipe"), split))
    run = new(tiny, tmp_path / "live")
    with pytest.raises(TenfoldError, match=words):
        list(execute(run, split, live=Changing({1: [setting]})))
    assert open_run(run.folder).recipe == tiny


def test_dropout_cannot_be_added(tiny: Recipe) -> None:
    plain = replace(tiny, architecture=MLP((16,), batch_norm=True))
    with pytest.raises(UsageError, match="architecture cannot change"):
        recipe_at(replace(plain, changes=(Change(0, ("dropout=0.5",)),)), 0)


def test_changes_are_part_of_the_plain_data_of_a_recipe(tiny: Recipe) -> None:
    changed = replace(tiny, changes=(Change(3, ("l2=0.1",)),), augment=Augment(shift=1))
    assert recipe_from_json(recipe_to_json(changed)) == changed
    assert recipe_at(changed, 2).l2 == 0
    assert recipe_at(changed, 3).l2 == 0.1
    with pytest.raises(ValueError, match="step must be"):
        Change(-1, ("l2=0.1",))


class Two:
    """A team of two, of which only the size matters here."""

    rank, size = 0, 2


def test_live_changes_need_a_training_in_one_process(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    run = new(tiny, tmp_path / "run")
    state = restored_state(run, split)
    with pytest.raises(TenfoldError, match="must run in one process, got 2"):
        Training(run, split, state, cast(Any, Two()), Live())
