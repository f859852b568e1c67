"""The pictures of a run folder, and pictures that compare runs.

Tests about files draw quickly; the other tests of this folder examine how figures look.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.files import write_json
from tenfold.nn.array import Array
from tenfold.plots import (
    FIGURES,
    FigureData,
    draw_comparison,
    draw_run,
    learning_curves,
    save_figure,
)
from tenfold.recipes import MLP, RECIPES, Split
from tenfold.runs import Run, create_run, execute
from tenfold.runs.records import read_records
from tests.data.damage import damaged, read_or_none
from tests.plots.pictures import answers, drawn_quickly, epoch_records
from tests.runs.made_up import metrics_json

ERRORS = {"cost": 0.1, "rmse": 0.3, "r2": -0.2}
LAYERS = ["activations", "gradients", "updates", "dead-units", "distributions"]
COUNTS = ["confusion", "confidence"]
DIGITS = ["sample-predictions", "misclassified"]


@pytest.fixture
def quickly() -> Iterator[None]:
    with drawn_quickly():
        yield


@pytest.fixture(scope="module")
def images() -> Dataset:
    made_up, labels, *_ = answers(60)
    return Dataset(made_up, labels.astype(np.int64), "made up")


@pytest.fixture(scope="module")
def run(images: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A finished run, tested on the last 40 images; tests do not change its files."""
    recipe = replace(RECIPES["mlp"], architecture=MLP((4,)), epochs=2, batch_size=20)
    run = create_run(Run(recipe, 0, tmp_path_factory.mktemp("drawn") / "run"))
    split = Split(images, images.subset(slice(20)), images.subset(slice(20, 60)))
    for _ in execute(run, split):
        pass
    return run


@pytest.fixture(scope="module")
def files(run: Run, images: Dataset) -> list[Path]:
    """The pictures of the run; the labels of the images are in the predictions."""
    with drawn_quickly():
        return draw_run(run, Dataset(images.images[20:60]))


def finished(folder: Path, more: dict[str, float] | None = None) -> Run:
    """Return a made-up finished run without a model and without predictions."""
    run = create_run(Run(RECIPES["mlp"], 0, folder))
    records = epoch_records(4, more=more)
    run.records_file.write_text("".join(json.dumps(row) + "\n" for row in records))
    arrays: dict[str, Array] = {}
    np.savez_compressed(folder / "predictions.npz", **arrays)  # type: ignore[arg-type]
    write_json(folder / "metrics.json", metrics_json())
    return run


def names(files: list[Path]) -> list[str]:
    for file in files:
        with Image.open(file) as image:
            assert image.format == "PNG"
            image.load()
    return [file.stem for file in files]


def test_a_run_is_drawn_into_its_folder(run: Run, files: list[Path]) -> None:
    model = ["schedule", "weights"]
    assert names(files) == ["learning-curve", "loss", *model, *LAYERS, *COUNTS, *DIGITS]
    assert sorted(files) == sorted((run.folder / "pictures").iterdir())


@pytest.mark.usefixtures("quickly")
def test_pictures_are_the_same_every_time(
    run: Run, files: list[Path], images: Dataset, tmp_path: Path
) -> None:
    """The figures of the report are covered by the test that its bytes are equal."""
    first = {file.stem: file.read_bytes() for file in files}
    data = FigureData.from_run(run, images.subset(slice(20, 60)))
    for figure in FIGURES:
        if figure.report is None and figure.applies(data):
            again = save_figure(figure.draw(data), tmp_path / "again.png")
            assert again.read_bytes() == first[figure.file]


@pytest.mark.usefixtures("quickly")
def test_a_run_without_model_and_predictions_has_curves(tmp_path: Path) -> None:
    curves = ["learning-curve", "loss", "errors", "schedule"]
    assert names(draw_run(finished(tmp_path / "run", ERRORS))) == curves


def test_other_images_raise(run: Run, files: list[Path], images: Dataset, tmp_path: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in files}
    with pytest.raises(TenfoldError, match="for 40 test images, but the 60 images in"):
        draw_run(run, images)
    labels = images.require_labels()[20:60]
    with pytest.raises(TenfoldError, match="differ in number or in labels: use the data"):
        draw_run(run, Dataset(images.images[20:60], (labels + 1) % 10))
    assert before == {file: file.stat().st_mtime_ns for file in files}


def test_an_unfinished_run_raises(tmp_path: Path) -> None:
    run = create_run(Run(RECIPES["mlp"], 0, tmp_path / "run"))
    with pytest.raises(TenfoldError, match="unfinished run: continue it with"):
        draw_run(run)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("metrics.json", "{}"),
        ("records.jsonl", "{}\n"),
        ("layers.jsonl", "{}\n"),
        ("predictions.npz", "PK"),
        ("model.safetensors", "no tensors"),
    ],
)
def test_a_damaged_file_raises_and_nothing_is_drawn(
    name: str, content: str, tmp_path: Path
) -> None:
    run = finished(tmp_path / "run")
    (run.folder / name).write_text(content)
    with pytest.raises(TenfoldError, match=re.escape(name)):
        draw_run(run)
    assert not (run.folder / "pictures").exists()


@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize("more", [{}, ERRORS])
def test_a_comparison_is_one_figure(more: dict[str, float], tmp_path: Path) -> None:
    runs = {
        "runs/001-mlp": finished(tmp_path / "one"),
        "runs/002-mlp": finished(tmp_path / "two", more),
    }
    assert names([draw_comparison(runs, tmp_path / "both.png")]) == ["both"]
    with Image.open(tmp_path / "both.png") as image:
        panels = 5 if more else 2
        assert (image.width > image.height * 2) == (panels == 2)


@pytest.mark.usefixtures("quickly")
def test_a_comparison_may_include_an_unfinished_run(tmp_path: Path) -> None:
    young = create_run(Run(RECIPES["mlp"], 0, tmp_path / "young"))
    runs = {"old": finished(tmp_path / "old"), "young": young}
    assert draw_comparison(runs, tmp_path / "both.png").exists()
    with pytest.raises(TenfoldError, match="the records contain: nothing"):
        draw_comparison({"young": young}, tmp_path / "young.png")
    assert not (tmp_path / "young.png").exists()


def test_damaged_records_cannot_be_compared(tmp_path: Path) -> None:
    run = finished(tmp_path / "run")
    run.records_file.write_text("{}\n")
    with pytest.raises(TenfoldError, match="Restore it or train again"):
        draw_comparison({"mlp": run}, tmp_path / "one.png")


whole = "".join(json.dumps(row) + "\n" for row in epoch_records(3)).encode()
anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["epoch", "step", "train_loss", "cost"]), inner)
    ),
    max_leaves=6,
)


@settings(max_examples=60)
@given(
    damaged(whole) | st.lists(anything).map(lambda rows: "\n".join(map(json.dumps, rows)).encode())
)
def test_records_that_can_be_read_can_be_drawn(scratch: Path, content: bytes) -> None:
    rows = read_or_none(read_records, scratch / "records.jsonl", content) or []
    if any("train_loss" in row for row in rows):
        learning_curves({"mlp": rows}, "loss").draw_without_rendering()


@pytest.mark.usefixtures("quickly")
def test_values_that_are_not_finite_are_left_out(tmp_path: Path) -> None:
    run = finished(tmp_path / "run")
    line = '{"epoch": 4, "step": 5, "train_loss": NaN, "train_accuracy": null, "cost": Infinity}'
    run.records_file.write_text(run.records_file.read_text() + line + "\n")
    assert names(draw_run(run)) == ["learning-curve", "loss", "errors", "schedule"]


def test_missing_matplotlib_raises_and_nothing_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = finished(tmp_path / "run")
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(TenfoldError, match=re.escape("pip install '.[plots]'")):
        draw_run(run)
    assert not (tmp_path / "run" / "pictures").exists()
