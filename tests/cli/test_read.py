"""``tenfold read``: text, JSON, CSV, drawings, folders, and bad input."""

import csv
import errno
import json
import os
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tenfold.cli.commands.read import _figure_files
from tenfold.data import Dataset
from tenfold.data.kaggle_csv import write_kaggle_csv
from tests.data.damage import digits, idx_bytes
from tests.reading.pages import page, truth

from .conftest import Tenfold

ROWS = [[0, 1, 2, 3], [4, 5, 6]]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "page.png"
    Image.fromarray(page(ROWS)).save(path)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two pages, a blank picture and a file that is not a picture."""
    scans = tmp_path / "scans"
    (scans / "more").mkdir(parents=True)
    Image.fromarray(page(ROWS)).save(scans / "a.png")
    Image.new("L", (200, 100), 220).save(scans / "b.png")
    Image.fromarray(page([[7, 8]])).save(scans / "more" / "c.jpg")
    (scans / "d.png").write_text("no picture")
    (scans / "notes.txt").write_text("not to be read")
    return scans


def test_the_lines_of_a_page(tenfold: Tenfold, picture: Path) -> None:
    answer = tenfold("read", picture)
    assert answer.code == 0
    assert [line.split()[0] for line in answer.out.splitlines()[:2]] == truth(ROWS)
    assert "%" in answer.out


def test_json_has_one_object_for_each_picture_in_input_order(
    tenfold: Tenfold, folder: Path
) -> None:
    answer = tenfold("read", folder, "--json")
    rows = json.loads(answer.out)
    assert [Path(row["file"]).name for row in rows] == ["a.png", "b.png", "d.png", "c.jpg"]
    assert [row["verdict"] == "none" for row in rows] == [False, True, True, False]
    assert rows[0]["lines"] == truth(ROWS)
    assert "is not a readable image file" in rows[2]["error"]
    assert all("error" not in row for row in (rows[0], rows[1], rows[3]))
    assert answer.code == 1
    assert "1 of 4 pictures cannot be read" in answer.err


def test_csv_has_one_row_for_each_line(tenfold: Tenfold, folder: Path) -> None:
    rows = list(csv.DictReader(StringIO(tenfold("read", folder, "--csv").out)))
    assert [(Path(row["file"]).name, row["line"], row["number"]) for row in rows] == [
        ("a.png", "1", truth(ROWS)[0]),
        ("a.png", "2", truth(ROWS)[1]),
        ("b.png", "", ""),
        ("d.png", "", ""),
        ("c.jpg", "1", truth([[7, 8]])[0]),
    ]
    assert all(0 < float(row["confidence"]) <= 1 for row in rows if row["number"])


def test_leading_zeros_are_kept(tenfold: Tenfold, tmp_path: Path) -> None:
    path = tmp_path / "zero.png"
    Image.fromarray(page([[3, 2, 3, 5]])).save(path)
    assert tenfold("read", path).out.split()[0] == "0101"


def test_show_draws_what_was_read(tenfold: Tenfold, picture: Path, tmp_path: Path) -> None:
    out = tmp_path / "seen.png"
    assert tenfold("read", picture, "--show", out).code == 0
    drawing = np.asarray(Image.open(out).convert("RGB")).astype(int)
    assert drawing.shape[1] > 1200
    green = (drawing[..., 1] > drawing[..., 0] + 60) & (drawing[..., 1] > drawing[..., 2] + 30)
    orange = (drawing[..., 0] > drawing[..., 2] + 120) & (drawing[..., 0] > drawing[..., 1] + 80)
    assert (green | orange).sum() > 1000  # boxes around the digits


def test_show_of_several_pictures_fills_a_folder(
    tenfold: Tenfold, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "seen"
    tenfold("read", folder / "a.png", folder / "b.png", folder / "more", "--show", out)
    assert sorted(path.name for path in out.iterdir()) == ["a.png", "b.png", "c.png"]


def test_pictures_of_one_name_do_not_overwrite_each_other(
    tenfold: Tenfold, picture: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    Image.fromarray(page([[7]])).save(other / "page.png")
    Image.fromarray(page([[7]])).save(other / "page.jpg")
    out = tmp_path / "seen"
    tenfold("read", picture, other, "--show", out)
    assert len(list(out.iterdir())) == 3


def test_single_prints_one_digit(tenfold: Tenfold, tmp_path: Path) -> None:
    path = tmp_path / "one.png"
    Image.fromarray(page([[0]])).save(path)
    assert tenfold("read", path, "--single").out.split()[0] == "7"


def test_a_bad_file_alone_is_one_sentence(tenfold: Tenfold, tmp_path: Path) -> None:
    path = tmp_path / "bad.png"
    path.write_text("hello")
    answer = tenfold("read", path)
    assert answer.code == 1
    assert answer.out == ""
    assert answer.err.count("is not a readable image file") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--json", "--csv"], "--json and --csv cannot be combined"),
        (["--error-rate", "0"], "--error-rate must be above 0 and below 1, got 0"),
        (["--error-rate", "1"], "--error-rate must be above 0 and below 1, got 1"),
        (["--error-rate", "nan"], "--error-rate must be above 0 and below 1, got nan"),
    ],
)
def test_wrong_options_are_refused(
    tenfold: Tenfold, picture: Path, arguments: list[str], message: str
) -> None:
    answer = tenfold("read", picture, *arguments)
    assert answer.code == 2
    assert message in answer.err


def test_a_folder_without_pictures_is_named(tenfold: Tenfold, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    answer = tenfold("read", empty)
    assert answer.code == 2
    assert f"{empty} has no pictures" in answer.err


def test_the_drawing_does_not_replace_a_picture_that_is_read(
    tenfold: Tenfold, picture: Path
) -> None:
    before = picture.read_bytes()
    answer = tenfold("read", picture, "--show", picture)
    assert answer.code == 2
    assert picture.read_bytes() == before


@pytest.mark.parametrize("name", ["digits.npz", "train.csv", "t10k-images-idx3-ubyte"])
def test_data_sets_are_named_with_the_commands_that_read_them(
    tenfold: Tenfold, name: str, tmp_path: Path
) -> None:
    path, images = tmp_path / name, digits(12)
    if name.endswith("npz"):
        np.savez(path, images=images)
    elif name.endswith("csv"):
        write_kaggle_csv(path, Dataset(images[..., np.newaxis], np.arange(12) % 10, "train"))
    else:
        path.write_bytes(idx_bytes(images))
    for command in (["read", path], ["read", path, path, "--json"], ["predict", path]):
        answer = tenfold(*command)
        assert answer.code
        printed = answer.out + answer.err
        assert "not an image. To predict all its images" in printed
        assert f"tenfold data info {path}" in printed


def test_names_of_figures_are_found_in_linear_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / f"{index}" / "page.png" for index in range(300)]
    paths[0].parent.mkdir()
    paths[0].write_bytes(b"")
    looked = []
    real = Path.stat

    def count(path: Path, **more: Any) -> os.stat_result:
        looked.append(path)
        return real(path, **more)

    monkeypatch.setattr(Path, "stat", count)
    figure_files = _figure_files(paths, tmp_path / "seen")
    assert len({path.name for path in figure_files.values()}) == 300
    assert figure_files[paths[2]].name == "page-3.png"
    assert len(looked) < 20 * len(paths)


def test_further_pages_are_mentioned(tenfold: Tenfold, tmp_path: Path) -> None:
    first, second = (Image.fromarray(page([row])) for row in ([1, 2], [3, 4]))
    for name in ("two.tiff", "two.gif", "two.webp", "two.png"):
        first.save(tmp_path / name, save_all=True, append_images=[second])
        [row] = json.loads(tenfold("read", tmp_path / name, "--json").out)
        assert row["lines"] == truth([[1, 2]])
        assert "The file has several pages or frames; only the first was read." in row["warnings"]
    first.save(tmp_path / "one.tiff")
    [row] = json.loads(tenfold("read", tmp_path / "one.tiff", "--json").out)
    assert not any("several pages" in warning for warning in row["warnings"])


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder that may not be entered or listed, as the system calls see it (also as root)."""
    folder = tmp_path / "closed"
    folder.mkdir()

    def refusing(call: Any) -> Any:
        def refused(path: Any, *arguments: Any, **options: Any) -> Any:
            named = isinstance(path, (str, os.PathLike))  # and no file descriptor
            if named and (
                folder in Path(path).parents or (call, Path(path)) == (real_scan, folder)
            ):
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return call(path, *arguments, **options)

        return refused

    real_scan = os.scandir
    for name in ("stat", "open", "scandir", "lstat"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name)))
    return folder


@pytest.mark.parametrize("command", ["read", "predict"])
def test_a_file_in_a_closed_folder_does_not_lose_the_others(
    command: str, tenfold: Tenfold, picture: Path, closed: Path
) -> None:
    answer = tenfold(command, closed / "a.png", picture, "--json")
    assert answer.code == 1
    bad, good = json.loads(answer.out)
    assert f"cannot read {closed / 'a.png'}: Permission denied" in bad["error"]
    assert "error" not in good


def test_a_closed_folder_is_an_error_and_not_skipped(
    tenfold: Tenfold, picture: Path, closed: Path
) -> None:
    for words in ((closed, picture), (picture.parent,)):
        answer = tenfold("read", *words, "--json")
        assert answer.code == 1
        bad, good = sorted(json.loads(answer.out), key=lambda row: row["file"])
        assert bad["file"] == str(closed)
        assert f"cannot list the folder {closed}: Permission denied" in bad["error"]
        assert good["lines"] == truth(ROWS)


def test_a_file_without_permission_does_not_lose_the_others(
    tenfold: Tenfold, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Typer would end the command for a file that ``os.access`` says is not readable."""
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    for command in ("read", "predict"):
        assert tenfold(command, picture).code == 0


def test_hidden_folders_and_photos_with_rare_endings(tenfold: Tenfold, folder: Path) -> None:
    (folder / ".thumbnails").mkdir()
    for name in (".thumbnails/a.png", "photo.jfif", "photo.MPO", "photo.HEIC", "photo.avif"):
        (folder / name).write_bytes((folder / "more" / "c.jpg").read_bytes())
    rows = json.loads(tenfold("read", folder, "--json").out)
    names = [str(Path(row["file"]).relative_to(folder)) for row in rows]
    photos = ["photo.HEIC", "photo.MPO", "photo.avif", "photo.jfif"]
    assert names == ["a.png", "b.png", "d.png", "more/c.jpg", *photos]
