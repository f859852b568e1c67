"""``tenfold predict``: one bad file among good ones, files that are not pictures, odd names."""

import gzip
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tenfold import shell
from tenfold.data import Dataset
from tenfold.data.kaggle_csv import write_kaggle_csv
from tenfold.models import Ensemble, find_model, load_model

from .conftest import Tenfold


@pytest.fixture
def pictures(digits: Dataset, tmp_path: Path) -> list[Path]:
    """Three digits as PNG files."""
    paths = [tmp_path / f"{index}.png" for index in range(3)]
    for path, image in zip(paths, digits.images, strict=False):
        Image.fromarray(image[..., 0]).save(path)
    return paths


def damage_text(path: Path) -> None:
    path.write_text("no picture")


def damage_end(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:60])


def damage_all(path: Path) -> None:
    path.write_bytes(b"")


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [damage_text, damage_end, damage_all, Path.unlink, make_folder])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_bad_file_costs_its_own_row_only(
    tenfold: Tenfold,
    trained: Path,
    pictures: list[Path],
    damage: Callable[[Path], None],
    place: int,
) -> None:
    whole = json.loads(tenfold("predict", trained, *pictures, "--json").out)
    damage(pictures[place])
    answer = tenfold("predict", trained, *pictures, "--json")
    assert answer.code == 1
    rows = json.loads(answer.out)
    reason = rows[place]["error"]
    assert answer.err == f"tenfold: 1 of 3 images cannot be read. The first: {reason}\n"
    assert set(rows[place]) == {"image", "error"}
    assert str(pictures[place]) in rows[place]["error"]
    assert "<_io" not in rows[place]["error"]
    assert [row for row in rows if "error" not in row] == whole[:place] + whole[place + 1 :]
    answer = tenfold("predict", trained, *pictures)
    assert answer.code == 1
    lines = answer.out.splitlines()
    assert len(lines) == 3
    assert lines[place].startswith(f"{pictures[place]}  error: ")
    assert [f"{row['digit']}" for row in whole if row != whole[place]] == [
        line.split()[1] for line in lines if line != lines[place]
    ]


def test_all_files_bad_gives_a_row_each(tenfold: Tenfold, trained: Path, tmp_path: Path) -> None:
    names = [tmp_path / name for name in ("a.png", "b.png")]
    answer = tenfold("predict", trained, *names, "--json")
    assert answer.code == 1
    assert [set(row) for row in json.loads(answer.out)] == [{"image", "error"}] * 2
    answer = tenfold("predict", trained, names[0], "--json")
    assert (answer.code, len(json.loads(answer.out))) == (1, 1)


def test_the_same_image_twice_gives_two_rows(
    tenfold: Tenfold, trained: Path, pictures: list[Path]
) -> None:
    rows = json.loads(tenfold("predict", trained, pictures[0], pictures[0], "--json").out)
    assert rows[0] == rows[1]


def test_data_set_is_refused_with_the_command_that_reads_it(
    tenfold: Tenfold, trained: Path, digits: Dataset, digits_file: Path, tmp_path: Path
) -> None:
    write_kaggle_csv(tmp_path / "train.csv", digits.subset(slice(20)))
    write_kaggle_csv(tmp_path / "test.csv", Dataset(digits.images[:20], None, "test"))
    compressed = tmp_path / "test.csv.gz"
    compressed.write_bytes(gzip.compress((tmp_path / "test.csv").read_bytes()))
    np.save(tmp_path / "x.npy", digits.images[:4])
    shutil.make_archive(str(tmp_path / "all"), "zip", tmp_path, "test.csv")
    for path in (tmp_path / "train.csv", tmp_path / "test.csv", compressed, tmp_path / "all.zip"):
        for command in (("predict", path), ("predict", trained, path)):
            answer = tenfold(*command)
            assert answer.code == 2
            assert f"images: tenfold predict MODEL {path} -o answers.csv, or " in answer.err
            assert f"tenfold submit MODEL {path}. " in answer.err
            assert f"if it has labels: tenfold evaluate MODEL --data {path}" in answer.err
            assert len(answer.err.splitlines()) == 1
    for path in (digits_file, tmp_path / "x.npy"):
        answer = tenfold("predict", path)
        assert answer.code == 2
        assert f"if it has labels: tenfold evaluate MODEL --data {path}" in answer.err
        assert f"tenfold predict MODEL {path} -o answers.csv" in answer.err
        assert tenfold("predict", trained, path, "-o", tmp_path / "answers.csv").code == 0
        assert len((tmp_path / "answers.csv").read_text().splitlines()) > 4
        assert "submit" not in answer.err
    answer = tenfold("predict", tmp_path)
    assert answer.code == 2
    assert f"tenfold evaluate MODEL --data {tmp_path}" in answer.err


def test_file_of_another_format_is_named(tenfold: Tenfold, trained: Path, tmp_path: Path) -> None:
    path = tmp_path / "digits.h5"
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    assert "is an HDF5 file, which is not read" in tenfold("predict", trained, path).err
    path = tmp_path / "seven.pdf"
    path.write_bytes(b"%PDF-1.4\n")
    answer = tenfold("predict", trained, path)
    assert "is not a readable image file (its format is unknown)" in answer.err


def test_several_models_predict_as_an_ensemble(
    tenfold: Tenfold, trained: Path, pictures: list[Path], digits: Dataset
) -> None:
    rows = json.loads(tenfold("predict", trained, "standard", *pictures, "--json").out)
    models = [load_model(trained / "model.safetensors"), find_model("standard")]
    expected = Ensemble(models).predict_probabilities(digits.images[:3])
    for row, probabilities in zip(rows, expected, strict=True):
        assert row["probabilities"] == pytest.approx(probabilities.tolist(), abs=1e-6)


@pytest.mark.usefixtures("quick_report")
@pytest.mark.skipif(os.name != "posix", reason="file names are text on this system")
def test_names_that_are_not_utf8(
    tenfold: Tenfold, trained: Path, pictures: list[Path], digits_file: Path, tmp_path: Path
) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/sept\xe9"))
    picture, data, run = odd / os.fsdecode(b"\xff.png"), odd / "digits.npz", odd / "run"
    odd.mkdir()
    shutil.copy(pictures[0], picture)
    shutil.copy(digits_file, data)
    rows = json.loads(tenfold("predict", trained, picture, "--json").out)
    assert rows[0]["image"] == str(picture)
    assert tenfold("predict", trained, picture).code == 0
    assert tenfold("predict", trained, picture, odd / "missing").code == 1
    small = ("mlp", "--set", "hidden=8", "--epochs", 1, "--no-figures")
    answer = tenfold("train", "--data", data, "--out", run, *small)
    assert answer.code == 0, answer.err
    (hint,) = [line for line in answer.out.splitlines() if line.startswith("Next: ")]
    assert f"predict {shell.quote(run)} IMAGE..." in hint
    assert tenfold("train", "--resume", run).code == 0
    assert json.loads(tenfold("predict", run, picture, "--json").out)[0]["image"] == str(picture)
    for command in (("data", "info", data), ("evaluate", run, "--data", data), ("runs", odd)):
        for options in ((), ("--json",)):
            answer = tenfold(*command, *options)
            assert answer.code == 0, answer.err
    assert json.loads(tenfold("runs", odd, "--json").out)


def test_each_picture_is_decoded_once(
    tenfold: Tenfold, pictures: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = tmp_path / "large.png"
    Image.open(pictures[0]).resize((90, 90)).save(large)
    opened = []
    real = Image.open

    def count(*args: Any, **more: Any) -> Image.Image:
        opened.append(args)
        return real(*args, **more)

    monkeypatch.setattr(Image, "open", count)
    assert tenfold("predict", large, *pictures).code == 0
    assert len(opened) == 4
