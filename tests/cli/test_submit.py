"""Estimates, warnings, checks and comparisons of ``tenfold submit``."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tenfold.data import Dataset, read_submission, write_submission
from tenfold.models import Ensemble, find_model
from tenfold.runs import open_run

from .conftest import Tenfold


@pytest.fixture
def test_csv(digits: Dataset, tmp_path: Path) -> Path:
    """40 digits of the data of the small run, in the competition's format."""
    path = tmp_path / "test.csv"
    header = ",".join(f"pixel{i}" for i in range(784))
    rows = [",".join(map(str, image.ravel())) for image in digits.images[:40]]
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_estimate_comes_from_the_held_out_images_of_the_run(
    tenfold: Tenfold, trained: Path, test_csv: Path, tmp_path: Path
) -> None:
    metrics = open_run(trained).metrics()["test"]
    answer = tenfold("submit", trained, test_csv, "-o", tmp_path / "out.csv")
    assert answer.code == 0, answer.err
    assert f"Expected score {metrics['accuracy']:.5f} (95% interval" in answer.out
    assert "estimated from the 60 test images of the run, and holds for similar" in answer.out
    result = json.loads(tenfold("submit", trained, test_csv, "-o", tmp_path / "o", "--json").out)
    low, high = result["estimate"]["interval95"]
    assert low < metrics["interval95"][0] < metrics["interval95"][1] < high
    assert result["digits"] == np.bincount(read_submission(tmp_path / "o"), minlength=10).tolist()
    assert result["predictions"] == 40


def test_training_images_give_a_warning(
    tenfold: Tenfold, trained: Path, test_csv: Path, tmp_path: Path
) -> None:
    answer = tenfold("submit", trained, test_csv, "-o", tmp_path / "out.csv")
    assert "Warning: 40 of the 40 images are MNIST images (40 training" in answer.err
    assert "its score on them overstates its accuracy" in answer.err
    result = json.loads(tenfold("submit", trained, test_csv, "-o", tmp_path / "o", "--json").out)
    exposure = result["exposure"]
    assert (exposure["images"], exposure["mnist_train"], exposure["mnist_test"]) == (40, 40, 0)
    assert 20 < exposure["seen"] < 40  # some were held out
    assert len(result["warnings"]) == 2


def test_model_file_alone_gives_no_estimate(
    tenfold: Tenfold, trained: Path, test_csv: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.safetensors"
    bare.write_bytes((trained / "model.safetensors").read_bytes())
    answer = tenfold("submit", bare, test_csv, "-o", tmp_path / "out.csv")
    assert "Expected score unknown" in answer.out
    assert "training images of this model are unknown" in answer.err


def test_existing_submission_is_only_checked(
    tenfold: Tenfold, test_csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = tmp_path / "given.csv"
    write_submission(given, np.arange(40) % 10)
    content = given.read_bytes()
    answer = tenfold("submit", given)
    assert answer.code == 0, answer.err
    assert "given.csv: 40 predictions, header ImageId,Label, ids 1 to 40" in answer.out
    answer = tenfold("submit", given, test_csv)
    assert "MNIST images" in answer.err
    assert "Expected score" not in answer.out
    assert given.read_bytes() == content
    assert {path.name for path in tmp_path.iterdir()} == {"given.csv", "test.csv"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("1,2\n", "the first line of a submission must be 'ImageId,Label'"),
        ("ImageId,Label\n1,3\n3,4\n", "line 3: the line must be '2,' and a digit, got '3,4'"),
        ("ImageId,Label\n1,3\n2,ten\n", "line 3: the line must be '2,' and a digit, got '2,ten'"),
    ],
)
def test_invalid_submission_raises(
    tenfold: Tenfold, tmp_path: Path, content: str, message: str
) -> None:
    (tmp_path / "bad.csv").write_text(content)
    answer = tenfold("submit", tmp_path / "bad.csv")
    assert answer.code == 1
    assert message in answer.err


def test_wrong_number_of_labels_raises(tenfold: Tenfold, test_csv: Path, tmp_path: Path) -> None:
    write_submission(tmp_path / "few.csv", np.arange(3))
    write_submission(tmp_path / "more.csv", np.arange(4))
    for arguments in (("few.csv", test_csv), ("more.csv", "--compare", tmp_path / "few.csv")):
        answer = tenfold("submit", tmp_path / str(arguments[0]), *arguments[1:])
        assert answer.code == 2
        assert "few.csv has 3 labels for" in answer.err


def test_model_without_images_raises(tenfold: Tenfold, trained: Path) -> None:
    answer = tenfold("submit", trained)
    assert answer.code == 2
    assert "add the competition's test.csv" in answer.err


def test_comparison_prints_differences_and_significance(tenfold: Tenfold, tmp_path: Path) -> None:
    truth = np.arange(30) % 10
    worse = truth.copy()
    worse[:8] = 9 - worse[:8]
    paths = {name: tmp_path / f"{name}.csv" for name in ("truth", "good", "bad")}
    for path, labels in zip(paths.values(), (truth, truth, worse), strict=True):
        write_submission(path, labels)
    answer = tenfold("submit", paths["bad"], "--compare", paths["good"])
    assert "Differs from" in answer.out
    assert "in 8 of 30 predictions: 2 instead of 7 (1), 3 instead of 6 (1)" in answer.out
    assert "significant" not in answer.out
    command = ("submit", paths["bad"], "--compare", paths["good"], "--labels", paths["truth"])
    old = (*command[:4], "--answers", paths["truth"])  # the option of version 0.1
    assert tenfold(*old) == tenfold(*command)
    assert f"significant, {paths['good']} is better: they disagree on 8" in tenfold(*command).out
    result = json.loads(tenfold(*command, "--json").out)
    assert result["score"] == {"score": 22 / 30, "correct": 22, "n": 30}
    assert result["difference"]["rows"][0] == [1, 9, 0]
    assert len(result["difference"]["rows"]) == 8


def test_run_that_held_out_nothing_says_so(
    tenfold: Tenfold, digits_file: Path, test_csv: Path, tmp_path: Path
) -> None:
    run = tmp_path / "all"
    options = ("--set", "test_share=0", "--set", "source.validation=0", "--no-figures")
    tenfold("train", "linear", "--data", digits_file, "--epochs", 1, "--out", run, *options)
    answer = tenfold("submit", run, test_csv, "-o", tmp_path / "out.csv")
    assert answer.code == 0
    assert "Expected score unknown: the run held out no images" in answer.out


def test_several_models_submit_as_an_ensemble(
    tenfold: Tenfold, trained: Path, test_csv: Path, digits: Dataset, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    answer = tenfold("submit", trained, "standard", test_csv, "-o", out)
    assert answer.code == 0, answer.err
    assert "Expected score unknown: this ensemble of 2 models" in answer.out
    assert "this ensemble was trained on" in answer.err
    ensemble = Ensemble([find_model(trained), find_model("standard")])
    expected = ensemble.predict_probabilities(digits.images[:40]).argmax(axis=1)
    np.testing.assert_array_equal(read_submission(out), expected)
    result = json.loads(tenfold("submit", trained, "standard", test_csv, "-o", out, "--json").out)
    assert (result["members"], result["estimate"]) == (2, None)
    alone = json.loads(tenfold("submit", trained, test_csv, "-o", out, "--json").out)
    assert alone["exposure"]["seen"] <= result["exposure"]["seen"] <= 40


def test_models_without_test_csv_raise(tenfold: Tenfold, trained: Path, tmp_path: Path) -> None:
    answer = tenfold("submit", trained, "standard")
    assert answer.code == 2
    assert f"tenfold submit {trained} standard test.csv" in answer.err
    given = tmp_path / "given.csv"
    write_submission(given, np.arange(4))
    answer = tenfold("submit", given, given, given)
    assert answer.code == 2
    assert "Models come before TEST" in answer.err


def test_swapped_arguments_are_put_in_order(
    tenfold: Tenfold, trained: Path, test_csv: Path, tmp_path: Path
) -> None:
    archive = shutil.make_archive(str(tmp_path / "all"), "zip", tmp_path, "test.csv")
    for test in (test_csv, archive):
        answer = tenfold("submit", test, trained)
        assert answer.code == 2
        assert answer.err == (
            f"tenfold: models come before images: tenfold submit {trained} {test}\n"
        )


def test_images_in_place_of_labels_are_named(
    tenfold: Tenfold, trained: Path, test_csv: Path, tmp_path: Path
) -> None:
    what = f"{test_csv} is a CSV file with 40 images, not predictions (ImageId,Label)"
    answer = tenfold("submit", test_csv)
    assert answer.code == 2
    assert f"{what}; to predict its images: tenfold submit MODEL {test_csv}" in answer.err
    for option in ("--labels", "--compare"):
        out = tmp_path / "out.csv"
        answer = tenfold("submit", trained, test_csv, option, test_csv, "-o", out)
        assert answer.code == 2
        assert f"{what}; {option} needs a CSV file with a label for each image" in answer.err
        assert not out.exists()


def test_series_is_an_ensemble_of_its_finished_runs(
    tenfold: Tenfold, digits_file: Path, new_file: Path, test_csv: Path, tmp_path: Path
) -> None:
    series = tmp_path / "series"
    small = ("mlp", "--set", "hidden=8", "--epochs", 1, "--seeds", 3, "--no-figures")
    assert tenfold("train", "--data", digits_file, "--out", series, *small).code == 0
    (series / "seed-1" / "metrics.json").unlink()  # not finished
    runs = [series / "seed-0", series / "seed-2"]
    with np.load(new_file) as new:
        np.savez(tmp_path / "few.npz", images=new["images"][:60], labels=new["labels"][:60])
    image = tmp_path / "seven.png"
    Image.fromarray(np.full((28, 28), 9, np.uint8) * np.eye(28, dtype=np.uint8)).save(image)
    for command, options in (
        ("evaluate", ("--data", tmp_path / "few.npz", "--json")),
        ("predict", (image, "--json")),
        ("submit", (test_csv, "-o", tmp_path / "out.csv", "--json")),
    ):
        assert tenfold(command, series, *options) == tenfold(command, *runs, *options)
        answer = tenfold(command, series, "standard", *options)
        assert answer == tenfold(command, *runs, "standard", *options)
        assert answer.code == 0, answer.err
    for run in runs:
        (run / "metrics.json").unlink()
    answer = tenfold("evaluate", series)
    assert answer.code == 1
    assert f"no run of the series in {series} is finished" in answer.err


def test_files_of_another_kind_are_named(
    tenfold: Tenfold, trained: Path, test_csv: Path, digits_file: Path, tmp_path: Path
) -> None:
    given, out = tmp_path / "given.csv", tmp_path / "out.csv"
    write_submission(given, np.arange(40) % 10)
    for test, kind in ((given, "a submission"), (digits_file, "a .npz archive")):
        answer = tenfold("submit", trained, test, "-o", out)
        assert answer.code == 2
        assert f"{test} is {kind}: TEST must be the competition's test.csv" in answer.err
    for option in ("--labels", "--compare"):
        for path, words in (
            (trained, f"{trained} is not a CSV file: {option} needs"),
            (digits_file, f"{digits_file} is a .npz archive, not predictions"),
        ):
            answer = tenfold("submit", trained, test_csv, option, path, "-o", out)
            assert answer.code == 2
            assert words in answer.err
        answer = tenfold("submit", given, option, given)
        assert answer.code == 2
        assert f"{option} must be a file other than the submission, got {given}" in answer.err
    assert not out.exists()


def test_the_same_model_twice_is_no_ensemble(
    tenfold: Tenfold, trained: Path, test_csv: Path, digits_file: Path
) -> None:
    for command in (
        ("submit", trained, trained, test_csv),
        ("evaluate", trained, trained, "--data", digits_file),
        ("evaluate", "standard", "standard"),
    ):
        answer = tenfold(*command)
        assert answer.code == 2
        assert f"models must differ, got {command[1]} twice" in answer.err


def test_the_check_of_a_submission_refuses_out(
    tenfold: Tenfold, test_csv: Path, tmp_path: Path
) -> None:
    submission = tmp_path / "mine.csv"
    write_submission(submission, np.zeros(40, np.int64))
    for paths in ([submission], [submission, test_csv]):
        answer = tenfold("submit", *paths, "-o", tmp_path / "out.csv")
        assert answer.code == 2
        assert "mine.csv is only checked, so nothing is written: omit -o" in answer.err
        assert not (tmp_path / "out.csv").exists()


def test_a_grey_background_is_named_once(tenfold: Tenfold, tmp_path: Path, digits: Dataset) -> None:
    path = tmp_path / "grey.csv"
    rows = [",".join(map(str, image.ravel())) for image in 60 + digits.images[:150] // 4]
    path.write_text("\n".join([",".join(f"pixel{i}" for i in range(784)), *rows]))
    answer = tenfold("submit", "standard", path, "-o", tmp_path / "out.csv")
    assert answer.code == 0, answer.err
    assert answer.err.count("background of the images is not black") == 1
    assert "use tenfold.images" not in answer.err
    assert f"How to apply the fix: tenfold data info {path}" in answer.err
    parsed = json.loads(
        tenfold("submit", "standard", path, "-o", tmp_path / "out.csv", "--json").out
    )
    assert any("is not black" in warning for warning in parsed["warnings"])
