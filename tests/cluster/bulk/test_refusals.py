"""What cannot go on: another model, another source, another command."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tenfold.cluster.bulk.jobs import PredictJob
from tenfold.cluster.bulk.parts import open_parts
from tenfold.errors import TenfoldError, UsageError
from tenfold.models import Model
from tenfold.nn import Dense, Flatten, Network, Normalize
from tests.cluster.bulk.helpers import answer, stop_after


@pytest.mark.parametrize("changed", ["model", "set of images", "setting"])
def test_another_model_or_source_is_refused(
    model: Model, source: Path, tmp_path: Path, changed: str
) -> None:
    copy = tmp_path / "x.npz"
    copy.write_bytes(source.read_bytes())
    job = PredictJob(copy, tmp_path / "a.csv", "test", model)
    answer(job, stop=stop_after(2))
    if changed == "model":
        job = replace(job, model=replace(model, temperature=2.0))
    elif changed == "setting":
        job = replace(job, split="train")
    else:
        os.utime(copy, (1, 1))
    with pytest.raises(TenfoldError, match=f"a.csv was begun with another {changed}: ") as error:
        answer(job)
    assert str(tmp_path / "a.csv.parts") in str(error.value)


def test_two_commands_at_once_are_refused(model: Model, source: Path, tmp_path: Path) -> None:
    job = PredictJob(source, tmp_path / "a.csv", "test", model)
    with (
        open_parts(job.out, job.settings()),
        pytest.raises(TenfoldError, match="is being written by process"),
    ):
        answer(job)


def test_a_folder_of_other_content_is_not_touched(
    model: Model, source: Path, tmp_path: Path
) -> None:
    other = tmp_path / "a.csv.parts" / "thesis.txt"
    other.parent.mkdir()
    other.write_text("text")
    with pytest.raises(UsageError, match="contains other files"):
        answer(PredictJob(source, tmp_path / "a.csv", "test", model))
    assert other.read_text() == "text"


def test_a_model_of_other_images_is_refused(source: Path, tmp_path: Path) -> None:
    other = Model(Network([Normalize(), Flatten(), Dense(32 * 32, 10)], input_shape=(32, 32, 1)))
    with pytest.raises(UsageError, match="must predict images of 28 x 28"):
        PredictJob(source, tmp_path / "a.csv", "test", other)
