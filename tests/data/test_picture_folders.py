from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tenfold.data import read_folder
from tenfold.errors import TenfoldError
from tests.data.damage import digits

IMAGES = digits(5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five pictures of three digits, not written in order."""
    names = ["7/b.png", "0/a.png", "7/a.PNG", "3/2.bmp", "3/10.png"]
    for name, image in zip(names, IMAGES, strict=True):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.fromarray(image).save(tmp_path / name)
    return tmp_path


def test_images_are_sorted_by_digit_and_file_name(folder: Path) -> None:
    data = read_folder(folder)
    assert data.require_labels().tolist() == [0, 3, 3, 7, 7]
    assert np.array_equal(data.images[..., 0], IMAGES[[1, 4, 3, 2, 0]])
    assert (data.name, data.notes) == (folder.name, ())


def test_hidden_files_and_other_files_are_left_out(folder: Path) -> None:
    (folder / "3" / ".DS_Store").write_bytes(b"x")
    (folder / "3" / "._a.png").write_bytes(b"x")
    (folder / "3" / "notes.txt").write_text("x")
    (folder / "letters").mkdir()
    (folder / "8").write_text("a file, not a folder")
    (folder / "9").mkdir()
    data = read_folder(folder)
    assert len(data) == 5
    assert data.notes == ("1 files without the extension of an image file were left out",)


def test_notes_count_the_changes(folder: Path) -> None:
    Image.fromarray(255 - np.kron(IMAGES[0], np.ones((2, 2), np.uint8))).save(
        folder / "0" / "b.png"
    )
    Image.fromarray(255 - IMAGES[0]).save(folder / "0" / "c.png")
    assert read_folder(folder).notes == (
        "2 of 7 image files had dark ink on a light background and were inverted",
        "1 of 7 image files were not 28 x 28 and were resized",
    )


def test_a_damaged_picture_raises_with_its_name(folder: Path) -> None:
    (folder / "7" / "broken.jpg").write_bytes((folder / "7" / "b.png").read_bytes()[:-40])
    with pytest.raises(TenfoldError, match=r"broken.jpg is not a readable image file"):
        read_folder(folder)


def test_folders_without_digits_raise(tmp_path: Path) -> None:
    with pytest.raises(TenfoldError, match="has no subfolders named '0' to '9'"):
        read_folder(tmp_path)
    (tmp_path / "5").mkdir()
    with pytest.raises(TenfoldError, match="has digit folders but no image files in them"):
        read_folder(tmp_path)
    with pytest.raises(TenfoldError, match="cannot list the folder"):
        read_folder(tmp_path / "none")
