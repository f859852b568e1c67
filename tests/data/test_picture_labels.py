"""Tables of labels and labels in file names: what cannot be told raises with both readings."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tenfold.data import load_dataset, load_parts
from tenfold.data.picture_names import label_places
from tenfold.errors import TenfoldError
from tests.data.damage import digits

IMAGES = digits(12)


def save(folder: Path, *names: str) -> None:
    for name, image in zip(names, IMAGES, strict=False):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(folder / name)


def test_tables_of_both_parts_are_read(tmp_path: Path) -> None:
    save(tmp_path, "train/0.png", "train/1.png", "test/0.png")
    (tmp_path / "train_labels.csv").write_text("Label;Name\n7;0.png\n8;1.png\n")
    (tmp_path / "test_labels.csv").write_text("test/0.png,nine\n")
    train, test = load_parts(tmp_path)
    assert train.require_labels().tolist() == [7, 8]
    assert test is not None
    assert test.require_labels().tolist() == [9]
    assert np.array_equal(test.images[0, ..., 0], IMAGES[2])


def test_rows_and_pictures_without_the_other_are_counted(tmp_path: Path) -> None:
    save(tmp_path, "a.png", "b.png", "c.png")
    (tmp_path / "labels.csv").write_text("id,source,label\na,x,3\nb,x,4\nz,x,5\n")
    data = load_dataset(tmp_path)
    assert data.require_labels().tolist() == [3, 4]
    assert data.notes == (
        "1 rows of labels.csv name no image file and were left out",
        "1 image files are not in labels.csv and were left out",
    )


def test_a_list_with_spaces_is_read(tmp_path: Path) -> None:
    save(tmp_path, "a.png", "b.png")
    (tmp_path / "labels.txt").write_text("a.png 3\nb.png 4\n")
    assert load_dataset(tmp_path).require_labels().tolist() == [3, 4]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("name,label\na,3\nb,x\n", "labels.csv, row 3: the label must be a digit .* got 'x'"),
        (
            "name,label\na,3\nb,11\n",
            "row 3: the label must be a digit from 0 to 9, got '11'. Leave out",
        ),
        ("name,v,w\na,3,4\nb,1,2\n", "the column of the labels is not clear"),
    ],
)
def test_wrong_tables_raise(table: str, message: str, tmp_path: Path) -> None:
    save(tmp_path, "a.png", "b.png")
    (tmp_path / "labels.csv").write_text(table)
    with pytest.raises(TenfoldError, match=message):
        load_dataset(tmp_path)


def test_two_tables_raise(tmp_path: Path) -> None:
    save(tmp_path, "a.png")
    for name in ("labels.csv", "truth.csv"):
        (tmp_path / name).write_text("a.png,3\n")
    with pytest.raises(TenfoldError, match=r"several tables of train labels: labels.csv, truth.cs"):
        load_dataset(tmp_path)


@pytest.mark.parametrize(
    ("names", "places"),
    [
        (["00001_5", "00002_5"], []),  # the same number in all names: a version, or one digit
        (["00001_5", "00002_3"], [1]),
        (["5_00001", "5_00002", "3_00001"], [0]),
        (["train-12-5", "train-13-5", "train-14-3"], [2]),
        (["1-num7", "2-num7"], [2]),
        (["img_1", "img_2", "img_10"], []),
        (["a1", "b"], []),
        (["1_2", "1_3", "2_2"], [0, 1]),
    ],
)
def test_the_place_of_the_label_is_found(names: list[str], places: list[int]) -> None:
    assert label_places(names) == places


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["1_2.png", "1_3.png", "2_2.png"], r"'1' \(part 1 .*or '2' \(part 2"),
        (["img_0.png", "img_1.png", "img_2.png"], "or only a number that tells the images"),
    ],
)
def test_ambiguous_names_raise_with_both_readings(
    names: list[str], message: str, tmp_path: Path
) -> None:
    save(tmp_path, *names)
    with pytest.raises(TenfoldError, match=f"in several ways: .*{message}"):
        load_dataset(tmp_path)


def test_parts_in_file_names_are_kept_apart(tmp_path: Path) -> None:
    save(tmp_path, "train-10-5.png", "train-11-5.png", "train-12-3.png", "test-0-num4.png")
    train, test = load_parts(tmp_path)
    assert train.require_labels().tolist() == [5, 5, 3]
    assert test is not None
    assert test.require_labels().tolist() == [4]


def test_pictures_without_labels_raise_with_what_was_found(tmp_path: Path) -> None:
    save(tmp_path, *(f"img_{i}.png" for i in range(12)))
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(TenfoldError) as error:
        load_dataset(tmp_path)
    message = str(error.value)
    assert "It contains 12 .png files and 1 .txt file: img_0.png, img_1.png, img_10.png" in message
    assert "Image files need labels: put them into folders named '0' to '9', or add" in message


def test_folders_of_other_numbers_raise(tmp_path: Path) -> None:
    save(tmp_path, *(f"class{i}/a.png" for i in range(1, 11)))
    with pytest.raises(
        TenfoldError, match=r"0 to 9: class10\. .* if it shows a 1, 10 is the folder of 0; if it"
    ):
        load_dataset(tmp_path)
    save(tmp_path, "class0/a.png")
    with pytest.raises(TenfoldError, match=r"class10\. Move the folders whose images are not"):
        load_dataset(tmp_path)


def test_several_places_with_data_raise(tmp_path: Path) -> None:
    save(tmp_path, "trainingSet/3/a.png", "trainingSample/3/a.png")
    assert load_dataset(tmp_path).require_labels().tolist() == [3]
    save(tmp_path, "train_images/5/a.png")
    with pytest.raises(TenfoldError, match=r"several folders of train data: train_.*trainingSet\."):
        load_dataset(tmp_path)
    save(tmp_path, "train/4/a.png")
    assert load_dataset(tmp_path).require_labels().tolist() == [4]


def test_a_table_of_images_has_priority_over_a_picture_and_a_submission(tmp_path: Path) -> None:
    names = ",".join(["label", *(f"pixel{i}" for i in range(784))])
    lines = [",".join(map(str, [i, *image.ravel()])) for i, image in enumerate(digits(5))]
    (tmp_path / "train.csv").write_text("\n".join([names, *lines]) + "\n")
    Image.fromarray(np.zeros((28, 28), np.uint8)).save(tmp_path / "7.png")
    rows = [f"{i},3" for i in range(1, 100)]
    (tmp_path / "mine.csv").write_text("\n".join(["ImageId,Label", *rows]) + "\n")
    assert load_dataset(tmp_path).require_labels().tolist() == [0, 1, 2, 3, 4]
