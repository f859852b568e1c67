"""Runs whose images were moved."""

from pathlib import Path

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.recipes import Recipe
from tenfold.runs import Run, Series, create_run, execute, load_images, open_run, relocate


def save(digits: Dataset, path: Path) -> Path:
    np.savez(path, images=digits.images, labels=digits.require_labels())
    return path


@pytest.mark.parametrize("state", ["new", "stopped", "finished"])
def test_moved_images_are_found_again(
    tiny: Recipe, digits: Dataset, tmp_path: Path, state: str
) -> None:
    old, new = save(digits, tmp_path / "old.npz"), tmp_path / "new.npz"
    run = create_run(Run(tiny, 0, tmp_path / "run", str(old)))
    if state != "new":
        for _ in execute(run, load_images(run), stop=lambda: state == "stopped", watch=False):
            pass
    assert run.checkpoint.exists() == (state == "stopped")
    old.rename(new)
    advice = f"tenfold train --resume {run.folder} --data NEW_PATH"
    with pytest.raises(TenfoldError) as caught:
        load_images(run)
    assert str(caught.value) == (
        f"the images of {run.folder} are no longer at {old}. If they were moved: {advice}"
    )
    before = (run.folder / "config.json").read_text()
    moved = relocate(run, new)
    assert open_run(run.folder) == moved
    assert moved.data == str(new)
    assert (run.folder / "config.json").read_text() == before.replace("old.npz", "new.npz")
    for _ in execute(moved, load_images(moved), watch=False):
        pass
    assert moved.finished


@pytest.mark.parametrize("finished", [False, True])
def test_other_images_raise(tiny: Recipe, digits: Dataset, tmp_path: Path, finished: bool) -> None:
    run = create_run(Run(tiny, 0, tmp_path / "run", str(save(digits, tmp_path / "old.npz"))))
    for _ in execute(run, load_images(run), stop=lambda: not finished, watch=False):
        pass
    other = save(digits.subset(slice(500)), tmp_path / "other.npz")
    message = "does not contain the images that" if finished else "written with other settings or"
    with pytest.raises(TenfoldError, match=message):
        relocate(run, other)
    assert open_run(run.folder) == run


def test_bundled_images_have_no_path(tiny: Recipe, digits: Dataset, tmp_path: Path) -> None:
    run = create_run(Run(tiny, 0, tmp_path / "run"))
    with pytest.raises(TenfoldError, match="uses the bundled images"):
        relocate(run, save(digits, tmp_path / "digits.npz"))


def test_each_run_of_a_series_gets_the_path(tiny: Recipe, digits: Dataset, tmp_path: Path) -> None:
    old, new = save(digits, tmp_path / "old.npz"), tmp_path / "new.npz"
    series = Series.begin(Run(tiny, 5, tmp_path / "series", str(old)), 2)
    old.rename(new)
    assert series.relocate(new).first.data == str(new)
    assert [series.run(index).data for index in range(2)] == [str(new)] * 2
