"""The images for the digit network that reads pictures, and a run with them from start to end."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset, load_mnist
from tenfold.data.faults.measurements import Measurements
from tenfold.doctor import examine_run
from tenfold.models import find_model, load_model
from tenfold.plots import draw_run
from tenfold.reading.cut_outs import upright_bars
from tenfold.recipes import (
    MLP,
    RECIPES,
    ReaderSource,
    Recipe,
    Source,
    Split,
    recipe_from_json,
    recipe_to_json,
)
from tenfold.recipes import reader_source as module
from tenfold.report import STUDIES, load_or_compute_study
from tenfold.runs import Run, create_run, execute, read_predictions, seen_images
from tests.inspection.maps import short_tsne

NOT_A_DIGIT = 10

pytestmark = pytest.mark.usefixtures("small_blocks")


@pytest.fixture(scope="module")
def own_data(digits: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "mine.npz"
    np.savez(path, images=digits.images[:300], labels=digits.require_labels()[:300])
    return path


@pytest.fixture(scope="module")
def small() -> ReaderSource:
    return ReaderSource(variants=2, non_digits=100, generated=128, pictures=1, pages=1)


@pytest.fixture(scope="module")
def parts(small: ReaderSource, own_data: Path) -> Split:
    return small.load(own_data)


def test_the_training_images_are_given_changed_joined_and_generated(
    parts: Split, own_data: Path
) -> None:
    given = Source().load(own_data).train
    count, labels = len(given), parts.train.require_labels()
    # cut out of a picture and a page
    assert 10 < len(parts.train) - (3 * count + 100 + 128) < 250
    np.testing.assert_array_equal(parts.train.images[:count], given.images)
    for copy in range(3):
        np.testing.assert_array_equal(
            labels[copy * count : (copy + 1) * count], given.require_labels()
        )
    assert (labels[3 * count : 3 * count + 90] == NOT_A_DIGIT).all()  # of 100, few are bars
    assert set(labels[-120:]) == set(range(11))
    images = [image.tobytes() for image in parts.train.images]
    assert len(set(images)) > 0.97 * len(images)


def test_held_out_digits_and_strokes_are_not_trained_on(parts: Split, own_data: Path) -> None:
    held_out, test = Source().load(own_data).validation, Source().load(own_data).test
    assert parts.validation is not None
    assert parts.test is not None
    assert held_out is not None
    assert test is not None
    assert len(parts.validation) == 2 * len(held_out)
    np.testing.assert_array_equal(parts.validation.images[: len(held_out)], held_out.images)
    trained_on = {image.tobytes() for image in parts.train.images}
    assert not any(image.tobytes() in trained_on for image in parts.validation.images)
    assert parts.test.fingerprint == test.fingerprint
    assert parts.train.classes == parts.validation.classes == 11


def test_the_data_is_reproducible_and_depends_on_the_seed(
    small: ReaderSource, parts: Split, own_data: Path
) -> None:
    assert small.load(own_data).train.fingerprint == parts.train.fingerprint
    other = replace(small, variants=0, pictures=0, pages=0, seed=1).load(own_data).train
    generated = {image.tobytes() for image in parts.train.images[-120:]}
    assert not any(image.tobytes() in generated for image in other.images[-120:])


def test_no_non_digit_looks_like_a_1(parts: Split) -> None:
    train = parts.train
    assert not upright_bars(train.images[train.require_labels() == NOT_A_DIGIT]).any()


def test_pages_made_in_another_process_are_the_same(
    own_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = ReaderSource(variants=0, non_digits=0, generated=1, pictures=0, pages=1)
    here = source.load(own_data).train.fingerprint
    monkeypatch.setattr(module, "_MIN_PARALLEL", 1)
    assert source.load(own_data).train.fingerprint == here


def test_the_many_non_digits_are_no_fault_of_the_data(parts: Split) -> None:
    counts = Measurements(parts.train).class_counts
    assert counts is not None
    np.testing.assert_array_equal(counts, np.bincount(parts.train.require_labels())[:10])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"variants": -1}, "variants must be a whole number of at least 0"),
        ({"non_digits": 1.5}, "non_digits must be a whole number of at least 0"),
        ({"pictures": -1}, "pictures must be a whole number of at least 0"),
        ({"pages": 0.5}, "pages must be a whole number of at least 0"),
        ({"generated": 0}, "generated must be a whole number of at least 1"),
        ({"seed": -1}, "seed must be a whole number from 0 to"),
        ({"name": "emnist"}, "name must be 'mnist' or 'kaggle'"),
    ],
)
def test_values_out_of_range_are_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ReaderSource(**values)


def test_the_recipe_can_be_written_as_json() -> None:
    recipe = RECIPES["reader-digit"]
    assert recipe_from_json(recipe_to_json(recipe)) == recipe
    assert recipe.network(0).shapes[-1] == (11,)


@pytest.fixture(scope="module")
def finished(
    small: ReaderSource, parts: Split, own_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Run:
    recipe: Recipe = replace(
        RECIPES["mlp"], architecture=MLP((16,), classes=11), source=small, epochs=2
    )
    folder = tmp_path_factory.mktemp("run") / "run"
    run = create_run(Run(recipe, 0, folder, str(own_data)))
    for _ in execute(run, parts):
        pass
    return run


def test_a_run_knows_the_eleventh_class(finished: Run, parts: Split) -> None:
    assert load_model(finished.model).classes == (*"0123456789", "not a digit")
    predictions = read_predictions(finished, "validation")
    assert predictions is not None
    assert parts.validation is not None
    np.testing.assert_array_equal(predictions.labels, parts.validation.require_labels())
    assert NOT_A_DIGIT in predictions.labels
    assert len(finished.metrics()["validation"]["digits"]) == 11


@pytest.mark.parametrize("name", STUDIES)
def test_the_studies_of_the_report_accept_eleven_classes(
    name: str, finished: Run, parts: Split
) -> None:
    with short_tsne():
        assert load_or_compute_study(finished, name, lambda: parts) is not None


def test_the_pictures_of_a_run_with_eleven_classes_are_drawn(
    finished: Run, parts: Split, monkeypatch: pytest.MonkeyPatch
) -> None:
    # tests/cli/test_eleven_classes.py also renders them, which is slow
    monkeypatch.setattr("tenfold.plots.style._png", lambda figure: b"PNG")
    assert parts.test is not None
    predictions = read_predictions(finished, "test")
    assert predictions is not None
    assert predictions.classes in (10, 11)
    monkeypatch.setattr(ReaderSource, "load", lambda source, path: parts)  # the same data again
    pictures = {path.stem for path in draw_run(finished, parts.test)}
    assert "confusion" in pictures
    examine_run(finished)  # raises nothing


def test_the_bundled_digits_are_used_by_default() -> None:
    source = ReaderSource(
        validation=100, variants=0, non_digits=0, generated=1, pictures=0, pages=0
    )
    train = source.load().train
    assert len(train) == 59_901
    rows = {image.tobytes() for image in load_mnist("train").images}
    assert all(image.tobytes() in rows for image in train.images[:100])


def test_the_bundled_model_was_trained_on_the_bundled_digits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> Dataset:
        raise AssertionError("generated images are not needed")

    monkeypatch.setattr(ReaderSource, "_training", fail)
    images = load_mnist("train").images[:3000]
    seen = seen_images(
        np.concatenate([images, 255 - images]),
        ["reader-digit"],
        [find_model("reader-digit").provenance],
    )
    assert seen.unknown is None
    given = Source().load().train.images[:50]
    assert seen_images(given, ["reader-digit"], [find_model("reader-digit").provenance]).mask.all()
    assert 0.8 < seen.mask[:3000].mean() < 1  # some were held out for validation
    assert not seen.mask[3000:].any()


def test_earlier_names_of_the_numbers_are_understood() -> None:
    described = recipe_to_json(RECIPES["reader-digit"])
    source = described["source"]
    source |= {"joined": 7, "strokes": 9}
    del source["non_digits"], source["generated"]
    found = recipe_from_json(described).source
    assert isinstance(found, ReaderSource)
    assert (found.non_digits, found.generated) == (7, 9)
