"""A run on mapped data gives the bytes of a run in memory, also when it is resumed in mid-epoch."""

from dataclasses import replace
from pathlib import Path

import pytest

from tenfold.data import Dataset
from tenfold.data.mapped import dataset as module
from tenfold.data.mapped.dataset import MappedDataset
from tenfold.recipes import Recipe, Source, Split
from tenfold.runs import Run, execute, open_run
from tenfold.runs.json_fields import read_json
from tenfold.training.order import Shuffle
from tests.data.mapped.folders import convert

from .execution import finish, new


@pytest.fixture
def own(split: Split, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Split, Split]:
    """The same data in memory and mapped; even small parts stay in the file."""
    monkeypatch.setattr(module, "_SMALL", 0)
    source = Source(validation=60, test_share=0.2)
    convert(split.train, tmp_path / "digits")
    mapped = source.load(tmp_path / "digits")
    assert mapped.validation is not None
    assert mapped.test is not None
    parts = mapped.train, mapped.validation, mapped.test
    assert all(isinstance(part, MappedDataset) for part in parts)
    train, validation, test = (
        Dataset(part.take(slice(None)), part.labels, part.name) for part in parts
    )
    return Split(train, validation, test), mapped


@pytest.mark.parametrize("shuffle", ["exact", "blocks"])
def test_mapped_data_gives_the_same_files_also_resumed_in_mid_epoch(
    shuffle: Shuffle, tiny: Recipe, own: tuple[Split, Split], tmp_path: Path
) -> None:
    recipe = replace(tiny, average=0.9, shuffle=shuffle, whitened=True)
    memory = finish(new(recipe, tmp_path / "memory"), own[0])
    run = new(recipe, tmp_path / "mapped")
    records = iter(range(1000))
    for _ in execute(run, own[1], stop=lambda: next(records) == 3):  # in the first epoch
        pass
    assert run.checkpoint.exists()
    finish(open_run(run.folder), own[1])
    assert run.model.read_bytes() == memory.model.read_bytes()
    assert _results(run) == _results(memory)


def _results(run: Run) -> dict[str, object]:
    return {
        name: value
        for name, value in read_json(run.folder / "metrics.json").items()
        if name != "seconds"
    }
