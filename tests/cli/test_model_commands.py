"""The commands evaluate, predict and submit on a small finished run."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tenfold.data import Dataset, read_submission
from tenfold.models import Model, load_model

from .conftest import Tenfold


def test_evaluate_on_own_data(
    tenfold: Tenfold, trained: Path, digits_file: Path, digits: Dataset
) -> None:
    answer = tenfold("evaluate", trained, "--data", digits_file)
    assert answer.code == 0, answer.err
    assert "of 600" in answer.out
    assert "95% interval" in answer.out
    assert "Most common errors: " in answer.out
    assert "Brier score" in answer.out
    assert "calibration error" in answer.out
    assert "Unsure" not in answer.out  # 100 validation images are too few for a threshold
    network = load_model(trained / "model.safetensors").network
    table = {row[0]: row[1:] for row in map(str.split, answer.out.splitlines()) if len(row) == 5}
    assert table["digit"] == ["precision", "recall", "F1", "images"]
    predicted, labels = network.predict(digits.images), digits.require_labels()
    for digit in range(10):
        right = (predicted[labels == digit] == digit).mean()
        assert table[str(digit)][1] == f"{right:.2%}"
        assert table[str(digit)][3] == str((labels == digit).sum())


@pytest.mark.parametrize(
    ("offset", "message"), [(60, "background of the images is not black"), (None, "are inverted")]
)
def test_evaluate_examines_the_background(
    offset: int | None, message: str, tenfold: Tenfold, digits: Dataset, tmp_path: Path
) -> None:
    images = 255 - digits.images[:50] if offset is None else offset + digits.images[:50] // 4
    np.savez(tmp_path / "a.npz", images=images, labels=digits.require_labels()[:50])
    answer = tenfold("evaluate", "standard", "--data", tmp_path / "a.npz")
    assert answer.code == 0, answer.err
    assert answer.err.count(message) == 1
    assert "so a model may read them wrongly" in answer.err
    answer = tenfold("evaluate", "standard", "--data", tmp_path / "a.npz", "--json")
    assert message in json.loads(answer.out)["warning"]


def test_evaluate_prints_coverage_and_error_of_unsure(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, trained: Path
) -> None:
    network = load_model(trained / "model.safetensors").network
    for name, below in (("some", 0.5), ("none", 1.0)):
        Model(network, unsure_below=below, unsure_error=0.001).save(tmp_path / name)
    some = tenfold("evaluate", tmp_path / "some", "--data", digits_file)
    result = json.loads(tenfold("evaluate", tmp_path / "some", "--data", digits_file, "--json").out)
    unsure = result["unsure"]
    assert (
        f"Unsure below a confidence of 0.500: {1 - unsure['coverage']:.2%} of the images; of the "
        f"others {unsure['error']:.2%} are wrong"
    ) in some.out
    none = tenfold("evaluate", tmp_path / "none", "--data", digits_file)
    assert "Unsure below a confidence of 1.000: all images" in none.out
    several = tenfold("evaluate", tmp_path / "some", tmp_path / "none", "--data", digits_file)
    assert "Unsure" not in several.out


def test_evaluate_draws_the_confidence(
    tenfold: Tenfold, trained: Path, digits_file: Path, tmp_path: Path
) -> None:
    arguments = ("evaluate", trained, "--data", digits_file, "--json")
    answer = tenfold(*arguments, "--figure", tmp_path / "confidence.png")
    assert json.loads(answer.out)["n"] == 600
    assert (tmp_path / "confidence.png").read_bytes().startswith(b"\x89PNG")
    answer = tenfold(*arguments, "--figure", tmp_path / "confidence.svg")
    assert answer.code == 1
    assert "must end in .png" in answer.err


def test_evaluate_on_the_bundled_test_set(tenfold: Tenfold, trained: Path) -> None:
    result = json.loads(tenfold("evaluate", trained / "model.safetensors", "--json").out)
    assert result["n"] == 10_000
    assert result["interval95"][0] < result["accuracy"] < result["interval95"][1]
    confusion = np.array(result["confusion"])
    assert confusion.sum() == 10_000
    assert np.trace(confusion) == result["correct"]


def test_predict_prints_digits(
    tenfold: Tenfold, trained: Path, digits: Dataset, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{i}.png" for i in range(3)]
    for path, image in zip(paths, digits.images, strict=False):
        Image.fromarray(image[..., 0]).save(path)
    expected = load_model(trained / "model.safetensors").network.predict(digits.images[:3])
    rows = json.loads(tenfold("predict", trained, *paths, "--json").out)
    assert [row["digit"] for row in rows] == expected.tolist()
    assert all(sum(row["probabilities"]) == pytest.approx(1, abs=1e-4) for row in rows)
    lines = tenfold("predict", trained, *paths).out.splitlines()
    assert [line.split()[1] for line in lines] == [str(digit) for digit in expected]


def test_submit_writes_a_valid_file(
    tenfold: Tenfold, trained: Path, digits: Dataset, tmp_path: Path
) -> None:
    test = tmp_path / "test.csv"
    header = ",".join(f"pixel{i}" for i in range(784))
    rows = [",".join(map(str, image.ravel())) for image in digits.images[:50]]
    test.write_text("\n".join([header, *rows]) + "\n")
    out = tmp_path / "submission.csv"
    answer = tenfold("submit", trained, test, "-o", out)
    assert answer.code == 0, answer.err
    assert "50 predictions" in answer.out
    expected = load_model(trained / "model.safetensors").network.predict(digits.images[:50])
    np.testing.assert_array_equal(read_submission(out), expected)
    assert out.read_text().startswith("ImageId,Label\n1,")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["evaluate", "missing.safetensors"], "missing.safetensors"),
        (["evaluate", "."], "model.safetensors"),
        (["predict", "missing", "x.png"], "there is no file missing"),
        (["submit", "missing", "test.csv"], "cannot read missing"),
        (["compare", "missing"], "there is no folder missing"),
    ],
)
def test_missing_file_gives_one_line(
    tenfold: Tenfold,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = tenfold(*arguments)
    assert answer.code == 1
    assert message in answer.err
    assert len(answer.err.strip().splitlines()) == 1


def test_damaged_image_or_csv_raises_with_its_name(
    tenfold: Tenfold, trained: Path, tmp_path: Path
) -> None:
    (tmp_path / "no.png").write_bytes(b"no image")
    (tmp_path / "no.csv").write_text("a,b\n1,2\n")
    answer = tenfold("predict", trained, tmp_path / "no.png")
    assert answer.code == 1
    assert "no.png" in answer.err
    answer = tenfold("submit", trained, tmp_path / "no.csv", "-o", tmp_path / "out.csv")
    assert answer.code == 1
    assert "no.csv" in answer.err
    assert not (tmp_path / "out.csv").exists()


def test_unwritable_submission_leaves_no_file(
    tenfold: Tenfold, trained: Path, digits: Dataset, tmp_path: Path
) -> None:
    test = tmp_path / "test.csv"
    header = ",".join(f"pixel{i}" for i in range(784))
    test.write_text(header + "\n" + ",".join(["0"] * 784) + "\n")
    answer = tenfold("submit", trained, test, "-o", tmp_path / "missing" / "out.csv")
    assert answer.code == 1
    assert "cannot write" in answer.err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["test.csv"]


def test_blank_image_has_no_digit(tenfold: Tenfold, trained: Path, tmp_path: Path) -> None:
    path = tmp_path / "blank.png"
    Image.new("L", (28, 28)).save(path)
    assert tenfold("predict", trained, path).out.split() == [str(path), "blank"]
    assert json.loads(tenfold("predict", trained, path, "--json").out) == [
        {"image": str(path), "blank": True}
    ]


def test_model_of_the_kaggle_split_is_evaluated_on_unseen_images(
    tenfold: Tenfold, tmp_path: Path
) -> None:
    from tenfold.recipes import RECIPES, recipe_to_json

    recipe = RECIPES["classic-two-layer-corrected"]
    Model(recipe.network(0), provenance={"recipe": recipe_to_json(recipe)}).save(tmp_path / "m")
    assert json.loads(tenfold("evaluate", tmp_path / "m", "--json").out)["n"] == 28_000


def test_submit_computes_the_score_from_true_labels(
    tenfold: Tenfold, trained: Path, digits: Dataset, tmp_path: Path
) -> None:
    test, truth = tmp_path / "test.csv", tmp_path / "truth.csv"
    header = ",".join(f"pixel{i}" for i in range(784))
    rows = [",".join(map(str, image.ravel())) for image in digits.images[:20]]
    test.write_text("\n".join([header, *rows]) + "\n")
    predicted = load_model(trained / "model.safetensors").network.predict(digits.images[:20])
    labels = predicted.copy()
    labels[:5] = (labels[:5] + 1) % 10
    truth.write_text("ImageId,Label\n" + "".join(f"{i},{n}\n" for i, n in enumerate(labels, 1)))
    out = tmp_path / "out.csv"
    answer = tenfold("submit", trained, test, "-o", out, "--labels", truth)
    assert "Score 0.75000 (15 of 20 correct)" in answer.out
    truth.write_text("ImageId,Label\n1,2\n")
    answer = tenfold("submit", trained, test, "-o", out, "--labels", truth)
    assert answer.code == 2
    assert "1 labels for 20 images" in answer.err


def test_submit_does_not_overwrite_its_input(
    tenfold: Tenfold, trained: Path, tmp_path: Path
) -> None:
    test = tmp_path / "test.csv"
    test.write_text("kept")
    answer = tenfold("submit", trained, test, "-o", test)
    assert answer.code == 2
    assert test.read_text() == "kept"


def test_unfinished_run_raises_with_the_command_to_resume(
    tenfold: Tenfold, trained: Path, tmp_path: Path
) -> None:
    for name in ("config.json", "environment.json"):
        (tmp_path / name).write_bytes((trained / name).read_bytes())
    answer = tenfold("evaluate", tmp_path)
    assert answer.code == 1
    assert f"tenfold train --resume {tmp_path}" in answer.err
