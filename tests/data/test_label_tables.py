"""Tables of labels whose images are missing, elsewhere, or named otherwise."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tenfold.data import load_dataset
from tenfold.errors import TenfoldError
from tests.data.damage import digits

IMAGES = digits(6)


def save(folder: Path, name: Callable[[int], str] = "img{}.png".format) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for i, image in enumerate(IMAGES):
        Image.fromarray(image).save(folder / name(i))


def write(path: Path, name: Callable[[int], str] = "img{}.png".format) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("filename,label\n" + "".join(f"{name(i)},{i}\n" for i in range(len(IMAGES))))


@pytest.mark.parametrize("name", ["labels.csv", "annotations.txt", "labels/all.tsv"])
def test_labels_without_images_are_named(name: str, tmp_path: Path) -> None:
    write(tmp_path / name)
    message = rf"{name} names image files \(img0.png, ...\), but there are none in the folder: put"
    with pytest.raises(TenfoldError, match=message):
        load_dataset(tmp_path)


def test_labels_with_a_packed_folder_say_to_unpack_it(tmp_path: Path) -> None:
    write(tmp_path / "labels.csv")
    (tmp_path / "images.tar.gz").write_bytes(b"\x1f\x8b")
    with pytest.raises(TenfoldError, match=r"none in the folder: unpack images\.tar\.gz"):
        load_dataset(tmp_path)


@pytest.mark.parametrize("place", ["a/b/c", "pictures"])
def test_images_in_another_subfolder_are_named(place: str, tmp_path: Path) -> None:
    write(tmp_path / "labels" / "labels.csv")
    save(tmp_path / place)
    with pytest.raises(TenfoldError, match=f"which are in {place}: put the table into the folder"):
        load_dataset(tmp_path)


@pytest.mark.parametrize("absolute", [True, False])
def test_images_outside_are_named(absolute: bool, tmp_path: Path) -> None:
    pool = tmp_path / "pool"
    save(pool)
    start = str(pool) if absolute else "../pool"
    write(tmp_path / "data" / "labels.csv", lambda i: f"{start}/img{i}.png")
    with pytest.raises(TenfoldError, match=r"pool: put the table into that folder, and give its"):
        load_dataset(tmp_path / "data")


def test_images_with_other_names_are_named(tmp_path: Path) -> None:
    save(tmp_path, "img{}.png".format)
    write(tmp_path / "labels.csv", "img{}.jpg".format)
    with pytest.raises(
        TenfoldError, match=r"img0.jpg, ...\), but the image files have other names"
    ):
        load_dataset(tmp_path)


def test_images_in_another_format_are_named(tmp_path: Path) -> None:
    write(tmp_path / "labels.csv", "img{}.jp2".format)
    (tmp_path / "img0.jp2").write_bytes(b"x")
    with pytest.raises(TenfoldError, match="format that is not read: convert them to PNG or JPEG"):
        load_dataset(tmp_path)


def test_a_table_given_alone_leads_to_its_folder(tmp_path: Path) -> None:
    write(tmp_path / "labels.csv")
    with pytest.raises(TenfoldError, match=r"is a table of labels: .*Put it next to the images"):
        load_dataset(tmp_path / "labels.csv")
