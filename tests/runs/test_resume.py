"""A run that was stopped, abandoned or killed continues, and ends with the same bytes."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tenfold.errors import TenfoldError
from tenfold.images import Augment
from tenfold.recipes import Recipe, Split
from tenfold.runs import Run, create_run, execute, open_run
from tenfold.training import EpochRecord, Selective, StepRecord

from .execution import finish, new


@pytest.mark.parametrize("stop_after", [1, 6, 7, 8, 15, 20, 21])
def test_stopped_and_resumed_run_gives_the_same_bytes(
    tiny: Recipe, split: Split, tmp_path: Path, stop_after: int
) -> None:
    observe = ("probability_errors", "last_batch_accuracy")
    recipe = replace(tiny, average=0.9, observe=observe, augment=Augment(shift=2), clean_epochs=1)
    if stop_after % 2:
        recipe = replace(recipe, patience=9, selective=Selective(easy=0.2))
    whole = finish(new(recipe, tmp_path / "whole"), split)
    run = new(recipe, tmp_path / "parts")
    count = 0

    def stop() -> bool:
        nonlocal count
        count += 1
        return count == stop_after

    for _ in execute(run, split, stop=stop):
        pass
    assert not run.finished
    assert run.checkpoint.exists()
    finish(open_run(run.folder), split)
    assert run.model.read_bytes() == whole.model.read_bytes()
    assert run.layers_file.read_bytes() == whole.layers_file.read_bytes()
    assert not run.checkpoint.exists()
    without_time = [{k: v for k, v in r.items() if k != "seconds"} for r in run.records()]
    assert without_time == [{k: v for k, v in r.items() if k != "seconds"} for r in whole.records()]


def test_abandoned_and_resumed_run_gives_the_same_bytes(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    """As after a kill -9: the generator ends after three records, again and again."""
    whole = finish(new(tiny, tmp_path / "whole"), split)
    run = new(tiny, tmp_path / "parts")
    for _ in range(200):
        if run.finished:
            break
        loop = execute(run, split, checkpoint_seconds=0)
        for record, _ in zip(loop, range(3), strict=False):
            assert isinstance(record, (StepRecord, EpochRecord))
    assert run.model.read_bytes() == whole.model.read_bytes()
    assert run.layers_file.read_bytes() == whole.layers_file.read_bytes()
    assert len(run.records()) == 3


def test_run_with_a_merged_last_batch_is_resumed(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    recipe = replace(tiny, batch_size=57)  # 400 = 7 * 57 + 1
    whole = finish(new(recipe, tmp_path / "whole"), split)
    run = new(recipe, tmp_path / "parts")
    for records in (5, 6, 9):
        loop = execute(run, split, checkpoint_seconds=0)
        for _ in zip(range(records), loop, strict=False):
            pass
        del loop  # its lock is released
        assert not run.finished
    finish(open_run(run.folder), split)
    assert run.model.read_bytes() == whole.model.read_bytes()
    assert run.layers_file.read_bytes() == whole.layers_file.read_bytes()


@pytest.mark.parametrize(("size", "shards"), [(57, 1), (199, 2)])  # 400 = 2 * 199 + 2
def test_checkpoint_from_before_batches_were_merged_raises(
    size: int,
    shards: int,
    tiny: Recipe,
    split: Split,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = new(replace(tiny, batch_size=size, shards=shards), tmp_path / "run")
    with monkeypatch.context() as patch:
        patch.setattr("tenfold.training.batches.least_images", lambda _network: 1)
        for _ in execute(run, split, stop=lambda: True):
            pass
    with pytest.raises(TenfoldError, match="new run in another folder"):
        finish(run, split)


def test_checkpoint_with_other_settings_raises(tiny: Recipe, split: Split, tmp_path: Path) -> None:
    run = new(tiny, tmp_path / "run")
    for _ in execute(run, split, stop=lambda: True):
        pass
    for other in (replace(tiny, whitened=True), replace(tiny, selective=Selective())):
        with pytest.raises(TenfoldError, match="other settings"):
            next(execute(replace(run, recipe=other), split))


_CHILD = """
import sys
import time
from pathlib import Path
from tenfold.runs import execute, open_run
run = open_run(sys.argv[1])
for record in execute(run, run.recipe.source.load(run.data), checkpoint_seconds=0):
    print(record.step, flush=True)
"""


def test_killed_and_resumed_run_gives_the_same_bytes(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    """A separate process is killed with kill -9, at arbitrary moments."""
    data = tmp_path / "digits.npz"
    np.savez(data, images=split.train.images, labels=split.train.require_labels())
    recipe = replace(tiny, epochs=6)
    whole = create_run(Run(recipe, 0, tmp_path / "whole", str(data)))
    finish(whole, recipe.source.load(data))
    run = create_run(Run(recipe, 0, tmp_path / "killed", str(data)))
    for kill_after in (2, 9):
        child = subprocess.Popen(
            [sys.executable, "-c", _CHILD, str(run.folder)], stdout=subprocess.PIPE
        )
        assert child.stdout is not None
        for count, _ in enumerate(child.stdout, 1):
            if count == kill_after:
                time.sleep(0.001)
                os.kill(child.pid, signal.SIGKILL)
        child.stdout.close()
        assert child.wait() == -signal.SIGKILL
    finish(open_run(run.folder), recipe.source.load(data))
    assert run.model.read_bytes() == whole.model.read_bytes()
    assert run.layers_file.read_bytes() == whole.layers_file.read_bytes()
