import io
import json
import re
import sys
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
from tenfold.plots import draw_comparison, draw_run, learning_curves
from tenfold.recipes import MLP, RECIPES, Split
from tenfold.runs import Run, create_run, execute, read_predictions
from tests.data.damage import damaged, read_or_none
from tests.plots.pictures import answers, epoch_records
from tests.runs.made_up import metrics_json, part

CURVES = ["learning-curve.png", "loss.png"]
MODEL = ["schedule.png"]  # of a run whose model file is missing
DIGITS = ["confusion.png", "confidence.png", "sample-predictions.png", "misclassified.png"]
LAYERS = [
    *("activations.png", "gradients.png", "updates.png", "dead-units.png", "distributions.png"),
]
ERRORS = {"cost": 0.1, "rmse": 0.3, "r2": -0.2}


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that Hypothesis may use again for each of its examples."""
    return tmp_path_factory.mktemp("scratch")


def predictions(count: int = 50, *parts: str) -> tuple[Dataset, dict[str, Array]]:
    """Return images and what ``execute`` would write of the answers on them."""
    images, labels, predicted, confidence = answers(count)
    arrays = {
        f"{part}_{name}": array
        for part in parts
        for name, array in (
            ("labels", labels.astype("u1")),
            ("predicted", predicted.astype("u1")),
            ("confidence", confidence),
        )
    }
    return Dataset(images, labels, "made up"), arrays


def finished(folder: Path, arrays: dict[str, Array], more: dict[str, float] | None = None) -> Run:
    run = create_run(Run(RECIPES["mlp"], 0, folder))
    records = epoch_records(4, more=more)
    (folder / "records.jsonl").write_text("".join(json.dumps(row) + "\n" for row in records))
    np.savez_compressed(folder / "predictions.npz", **arrays)  # type: ignore[arg-type]
    write_json(folder / "metrics.json", metrics_json())
    return run


def names(files: list[Path]) -> list[str]:
    for file in files:
        with Image.open(file) as image:
            assert image.format == "PNG"
            image.load()
    return [file.name for file in files]


def test_a_run_becomes_seven_pictures(tmp_path: Path) -> None:
    images, arrays = predictions(50, "test", "validation")
    run = finished(tmp_path / "run", arrays, ERRORS)
    files = draw_run(run, Dataset(images.images))  # the labels are in the answers
    assert names(files) == [*CURVES, "errors.png", *MODEL, *DIGITS]
    assert sorted(files) == sorted((tmp_path / "run" / "pictures").iterdir())


def test_without_images_there_are_curves_and_counts_the_same_every_time(tmp_path: Path) -> None:
    _, arrays = predictions(30, "test")
    run = finished(tmp_path / "run", arrays)
    files = draw_run(run)
    assert names(files) == [*CURVES, *MODEL, "confusion.png", "confidence.png"]
    first = [file.read_bytes() for file in files]
    assert first == [file.read_bytes() for file in draw_run(run)]


def test_the_threshold_is_drawn_if_the_metrics_tell_it(tmp_path: Path) -> None:
    _, arrays = predictions(30, "test")
    run = finished(tmp_path / "run", arrays)
    plain = draw_run(run)[-1].read_bytes()
    told = metrics_json(test=part(20, 30) | {"unsure": {"threshold": 0.5}})
    write_json(run.folder / "metrics.json", told)
    assert draw_run(run)[-1].read_bytes() != plain


def test_without_answers_there_are_curves(tmp_path: Path) -> None:
    images, _ = predictions(30)
    assert names(draw_run(finished(tmp_path / "run", {}), images)) == [*CURVES, *MODEL]


def test_test_answers_are_drawn_before_validation_answers(tmp_path: Path) -> None:
    examined, test = predictions(40, "test")
    held_out, validation = predictions(25, "validation")
    both = finished(tmp_path / "both", test | validation)
    with pytest.raises(TenfoldError, match=r"for 40 test images, but made up has 25 other images"):
        draw_run(both, held_out)
    one = finished(tmp_path / "one", validation)
    with pytest.raises(TenfoldError, match="for 25 validation images"):
        draw_run(one, examined)
    assert names(draw_run(one, held_out)) == [*CURVES, *MODEL, *DIGITS]


def test_images_of_equal_number_and_other_labels_are_refused(tmp_path: Path) -> None:
    images, arrays = predictions(30, "test")
    run = finished(tmp_path / "run", arrays)
    assert images.labels is not None
    with pytest.raises(TenfoldError, match="other images: use the data"):
        draw_run(run, Dataset(images.images, (images.labels + 1) % 10))
    assert not (tmp_path / "run" / "pictures").exists()


def test_an_unfinished_run_is_refused(tmp_path: Path) -> None:
    run = create_run(Run(RECIPES["mlp"], 0, tmp_path / "run"))
    with pytest.raises(TenfoldError, match="unfinished run: go on with"):
        draw_run(run)


def test_a_real_run_is_drawn_as_it_was_written(tmp_path: Path) -> None:
    images, labels, *_ = answers(60)
    data = Dataset(images, labels.astype(np.int64))
    recipe = replace(RECIPES["mlp"], architecture=MLP((4,)), epochs=2, batch_size=20)
    run = create_run(Run(recipe, 0, tmp_path / "run"))
    for _ in execute(run, Split(data, data.subset(slice(20)), data.subset(slice(20, 60)))):
        pass
    drawn = [*CURVES, "weights.png", *MODEL, *LAYERS, *DIGITS]
    assert names(draw_run(run, data.subset(slice(20, 60)))) == drawn
    run.layers_file.write_text(run.layers_file.read_text() + "{}\n")
    with pytest.raises(TenfoldError, match=r"layers\.jsonl is damaged: in line 19, step must"):
        draw_run(run)


@pytest.mark.parametrize("more", [{}, ERRORS])
def test_a_comparison_is_one_figure(more: dict[str, float], tmp_path: Path) -> None:
    runs = {
        "runs/001-mlp": finished(tmp_path / "one", {}),
        "runs/002-mlp": finished(tmp_path / "two", {}, more),
    }
    assert names([draw_comparison(runs, tmp_path / "both.png")]) == ["both.png"]
    with Image.open(tmp_path / "both.png") as image:
        panels = 5 if more else 2
        assert (image.width > image.height * 2) == (panels == 2)


def test_a_comparison_may_include_a_run_that_goes_on(tmp_path: Path) -> None:
    young = create_run(Run(RECIPES["mlp"], 0, tmp_path / "young"))
    runs = {"old": finished(tmp_path / "old", {}), "young": young}
    assert draw_comparison(runs, tmp_path / "both.png").exists()
    with pytest.raises(TenfoldError, match="there is no record at all"):
        draw_comparison({"young": young}, tmp_path / "young.png")
    assert not (tmp_path / "young.png").exists()


@pytest.mark.parametrize(
    ("name", "array", "problem"),
    [
        (
            "test_labels",
            np.full(30, 10, np.uint8),
            "test labels and predictions must be digits from 0 to 9",
        ),
        ("test_predicted", np.zeros(30), "must be digits"),
        ("test_predicted", np.zeros(29, np.uint8), "must have one shape"),
        ("test_labels", np.zeros((30, 1), np.uint8), "must have one shape"),
        ("test_confidence", np.full(29, 0.5), "must have one shape"),
        ("test_confidence", np.full(30, 1.5), "must be probabilities"),
        ("test_confidence", np.full(30, np.nan), "must be probabilities"),
        ("test_confidence", np.array(["0.5"] * 30), "must be probabilities"),
    ],
)
def test_answers_that_cannot_be_are_refused(
    name: str, array: Array, problem: str, tmp_path: Path
) -> None:
    _, arrays = predictions(30, "test")
    run = finished(tmp_path / "run", arrays | {name: array})
    with pytest.raises(TenfoldError, match=rf"predictions\.npz: .*{problem}.*Restore the file"):
        draw_run(run)


def test_answers_in_a_table_are_refused(tmp_path: Path) -> None:
    _, arrays = predictions(30, "test")
    table = {name: array[:, np.newaxis] for name, array in arrays.items()}
    with pytest.raises(TenfoldError, match="must have one shape"):
        draw_run(finished(tmp_path / "run", table))


def test_a_missing_array_or_file_is_named(tmp_path: Path) -> None:
    _, arrays = predictions(30, "test")
    del arrays["test_confidence"]
    run = finished(tmp_path / "run", arrays)
    with pytest.raises(TenfoldError, match="test_confidence"):
        draw_run(run)
    (tmp_path / "run" / "predictions.npz").unlink()
    with pytest.raises(TenfoldError, match=r"cannot read the predictions in .*predictions\.npz"):
        draw_run(run)


def archive() -> bytes:
    content = io.BytesIO()
    np.savez_compressed(content, **predictions(12, "test")[1])  # type: ignore[arg-type]
    return content.getvalue()


@given(damaged(archive()))
def test_damaged_answers_are_read_whole_or_refused(scratch: Path, content: bytes) -> None:
    run = Run(RECIPES["mlp"], 0, scratch)
    read = read_or_none(lambda _: read_predictions(run), scratch / "predictions.npz", content)
    assert read is None or len(read.labels) == 12


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
def test_damaged_records_are_drawn_or_refused(scratch: Path, content: bytes) -> None:
    run = Run(RECIPES["mlp"], 0, scratch)
    path = scratch / "records.jsonl"
    rows = read_or_none(lambda _: run.records(), path, content) or []
    if any("train_loss" in row for row in rows):
        learning_curves({"mlp": rows}, "loss").draw_without_rendering()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"train_loss": 1.0}', "must be an integer of at least 0"),
        ('{"epoch": 0, "step": 1e308}', "must be an integer of at least 0"),
        ('{"epoch": -1, "step": 1}', "must be an integer of at least 0"),
        ('{"epoch": 9007199254740992, "step": 1}', "must be an integer of at least 0"),
        (
            '{"epoch": 0, "step": 1, "train_loss": "low"}',
            "train_loss must be a number of at most 1e100 or null, got 'low'",
        ),
        (
            '{"epoch": 0, "step": 1, "train_loss": -1e101}',
            "train_loss must be a number of at most 1e100 or null, got -1e\\+101",
        ),
    ],
)
def test_what_is_no_record_is_named_by_its_line(line: str, problem: str, tmp_path: Path) -> None:
    run = finished(tmp_path / "run", {})
    path = tmp_path / "run" / "records.jsonl"
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(TenfoldError, match=rf"records\.jsonl is damaged: in line 5, .*{problem}"):
        draw_run(run)
    with pytest.raises(TenfoldError, match="Restore it or train again"):
        draw_comparison({"mlp": run}, tmp_path / "one.png")


def test_a_number_that_is_missing_or_not_finite_is_no_damage(tmp_path: Path) -> None:
    run = finished(tmp_path / "run", {})
    line = '{"epoch": 4, "step": 5, "train_loss": NaN, "train_accuracy": null, "cost": Infinity}'
    path = tmp_path / "run" / "records.jsonl"
    path.write_text(path.read_text() + line + "\n")
    assert names(draw_run(run)) == [*CURVES, "errors.png", *MODEL]


def test_without_matplotlib_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _, arrays = predictions(30, "test")
    run = finished(tmp_path / "run", arrays)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(TenfoldError, match=re.escape("pip install 'tenfold[plots]'")):
        draw_run(run)
    assert not (tmp_path / "run" / "pictures").exists()
