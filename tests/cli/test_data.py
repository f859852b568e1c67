import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tenfold.data import Dataset, kaggle, load_mnist, read_kaggle_csv, read_submission
from tenfold.data.kaggle_csv import write_kaggle_csv

from .conftest import Tenfold


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Thirty images of the digits 0 to 7, three of them blank."""
    data = load_mnist("test")
    images, labels = data.images[:30].copy(), data.require_labels()[:30] % 9
    images[:3] = 0
    np.savez(tmp_path / "mine[red].npz", x_train=images / 255, y_train=labels, x_test=images[:10])
    return tmp_path / "mine[red].npz"


def printed(tenfold: Tenfold, *arguments: object) -> str:
    answer = tenfold("data", *arguments)
    assert (answer.code, answer.err) == (0, "")
    return answer.out


def test_info_prints_contents_notes_and_warnings(tenfold: Tenfold, archive: Path) -> None:
    text = printed(tenfold, "info", archive)
    assert "mine[red].npz: 30 labelled images of 28 x 28 x 1" in text
    assert "blank images" in text
    assert "- the images have no digit 8 and no 9, so a network cannot learn them" in text
    assert "- 3 of the images are blank: 3 of 30 images (10.0%)" in text
    assert "were multiplied by 255" in text


def test_info_prints_only_json(tenfold: Tenfold, archive: Path) -> None:
    report = json.loads(printed(tenfold, "info", archive, "--json"))
    assert (report["images"], report["blanks"], report["class_counts"][9]) == (30, 3, 0)
    report = json.loads(printed(tenfold, "info", archive, "--json", "--split", "test"))
    assert (report["images"], report["class_counts"]) == (10, None)


def test_info_without_path_describes_mnist(tenfold: Tenfold) -> None:
    assert json.loads(printed(tenfold, "info", "--json", "--split", "test"))["name"] == "MNIST test"
    text = printed(tenfold, "info", "--split", "test")
    assert "MNIST test: 10,000 labelled images of 28 x 28 x 1" in text
    assert "1,135" in text
    assert "No faults found." in text


def test_info_of_unlabelled_images_has_no_classes(tenfold: Tenfold, archive: Path) -> None:
    text = printed(tenfold, "info", archive, "--split", "test")
    assert "10 unlabelled images" in text
    assert "share" not in text


def test_bad_path_gives_one_line(tenfold: Tenfold, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no data")
    for command in ("info", "kaggle"):
        answer = tenfold("data", command, tmp_path / "file")
        assert (answer.code, answer.out) == (1, "")
        assert answer.err.startswith("tenfold: ")
        assert len(answer.err.splitlines()) == 1


def test_kaggle_writes_three_files(
    tenfold: Tenfold, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = []
    data = load_mnist("test").subset(slice(20))

    def small_split(seed: int) -> tuple[Dataset, Dataset]:
        seeds.append(seed)
        return data.subset(slice(12)), data.subset(slice(12, None))

    monkeypatch.setattr(kaggle, "kaggle_split", small_split)
    lines = printed(tenfold, "kaggle", tmp_path / "new", "--seed", 3).splitlines()
    assert [Path(line.split(":")[0]).name for line in lines] == [
        "train.csv",
        "test.csv",
        "test-labels.csv",
    ]
    assert len(read_kaggle_csv(tmp_path / "new" / "train.csv")) == 12
    assert (
        read_submission(tmp_path / "new" / "test-labels.csv").tolist()
        == data.require_labels()[12:].tolist()
    )
    assert seeds == [3]


def test_invalid_options_exit_with_code_2(tenfold: Tenfold, tmp_path: Path) -> None:
    for arguments in (["info", "--split", "all"], ["kaggle", tmp_path, "--seed", -1], ["kaggle"]):
        assert tenfold("data", *arguments).code == 2


def test_info_and_submit_read_the_archive_of_the_competition(
    tenfold: Tenfold, tmp_path: Path
) -> None:
    data = load_mnist("test").subset(slice(12))
    write_kaggle_csv(tmp_path / "train.csv", data)
    write_kaggle_csv(tmp_path / "test.csv", Dataset(data.images))
    with zipfile.ZipFile(tmp_path / "digit-recognizer.zip", "w") as file:
        for name in ("train.csv", "test.csv"):
            file.write(tmp_path / name, name)
    assert "12 labelled images" in printed(tenfold, "info", tmp_path / "digit-recognizer.zip")
    out = tmp_path / "out.csv"
    answer = tenfold("submit", "standard", tmp_path / "digit-recognizer.zip", "-o", out)
    assert answer.code == 0
    assert np.array_equal(read_submission(out), data.require_labels())
