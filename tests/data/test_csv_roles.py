"""What cannot be told from the columns of a CSV file raises; a row is never dropped."""

from pathlib import Path

import numpy as np
import pytest

from tenfold.data import load_dataset
from tenfold.errors import TenfoldError
from tests.data.damage import digits

IMAGES = digits(12).reshape(12, 784)
LABELS = np.arange(12) * 7 % 10
NAMES = [f"pixel{i}" for i in range(784)]


def write(path: Path, names: list[str] | None, *columns: np.ndarray) -> Path:
    lines = [",".join(map(str, row)) for row in np.column_stack(columns)]
    path.write_text("\n".join([*([",".join(names)] if names else []), *lines]) + "\n")
    return path


def test_pixel_columns_in_another_order_are_sorted(tmp_path: Path) -> None:
    order = sorted(range(784), key=lambda i: NAMES[i])
    names = ["label", *(NAMES[i] for i in order)]
    data = load_dataset(write(tmp_path / "a", names, LABELS, IMAGES[:, order]))
    assert np.array_equal(data.images.reshape(12, 784), IMAGES)
    assert data.notes == ("the pixel columns were put in the order of their numbers",)


def test_names_0_to_784_do_not_name_the_label(tmp_path: Path) -> None:
    names = [str(i) for i in range(785)]
    for columns in ((LABELS, IMAGES), (IMAGES, LABELS)):
        data = load_dataset(write(tmp_path / "a", names, *columns))
        assert len(data) == 12
        assert data.require_labels().tolist() == LABELS.tolist()
        assert np.array_equal(data.images.reshape(12, 784), IMAGES)


def test_an_index_without_labels_is_left_out(tmp_path: Path) -> None:
    data = load_dataset(write(tmp_path / "a", None, np.arange(12), IMAGES))
    assert data.labels is None
    assert np.array_equal(data.images.reshape(12, 784), IMAGES)
    assert data.notes == ("the first column, which numbers the rows, was left out",)


@pytest.mark.parametrize("columns", [(LABELS, IMAGES[:, :783], LABELS), (LABELS * 0, IMAGES)])
def test_an_unclear_label_column_raises(columns: tuple[np.ndarray, ...], tmp_path: Path) -> None:
    with pytest.raises(TenfoldError, match=r"785 columns without names, and .* could be the label"):
        load_dataset(write(tmp_path / "a", None, *columns))


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (
            ["label", "y", *NAMES],
            "only one column may have the name of a label, got 'label' and 'y'",
        ),
        (
            ["one", "other", *NAMES],
            "one of the columns 'one', 'other' beside the 784 pixels may be",
        ),
        (["label", "a", *NAMES[:783], "b"], r"784 pixel columns .*got 'label,a,.* \(786 col"),
        (["label", *NAMES[:782], "pixel5", "pixel6"], "must be numbered from 0 or 1"),
        (["label", *(f"{i % 28}x{i // 28}" for i in range(784))], "or by row and column"),
    ],
)
def test_unknown_columns_raise(names: list[str], message: str, tmp_path: Path) -> None:
    others = [LABELS] * (len(names) - 784)
    with pytest.raises(TenfoldError, match=message):
        load_dataset(write(tmp_path / "a", names, *others, IMAGES))


def test_fractions_that_are_not_pixels_raise(tmp_path: Path) -> None:
    scaled = (IMAGES / 255).round(4)
    path = write(tmp_path / "a", ["label", *NAMES], LABELS.astype(object), scaled.astype(object))
    with pytest.raises(TenfoldError, match="whole numbers from 0 to 255, or these divided"):
        load_dataset(path)
    text = path.read_text()
    path.write_text(text.replace("\n7,", "\nseven,"))
    with pytest.raises(
        TenfoldError, match="a, line 3, column 'label': the value must be a finite number"
    ):
        load_dataset(path)
    normalised = ((IMAGES / 255 - 0.1307) / 0.3081).astype(object)
    with pytest.raises(TenfoldError, match=r"got -0\.42.* before any normalisation"):
        load_dataset(write(path, ["label", *NAMES], LABELS.astype(object), normalised))


def test_decimal_commas_are_read(tmp_path: Path) -> None:
    rows = [
        ";".join([str(label), *(f"{p / 255:.6f}" for p in image)])
        for label, image in zip(LABELS, IMAGES, strict=True)
    ]
    (tmp_path / "a").write_text("\n".join(rows).replace(".", ","))
    data = load_dataset(tmp_path / "a")
    assert np.array_equal(data.images.reshape(12, 784), IMAGES)
    assert data.require_labels().tolist() == LABELS.tolist()


def test_excels_own_first_line_is_skipped(tmp_path: Path) -> None:
    path = write(tmp_path / "a", ["label", *NAMES], LABELS, IMAGES)
    path.write_text("sep=;\n" + path.read_text().replace(",", ";"))
    assert load_dataset(path).require_labels().tolist() == LABELS.tolist()


@pytest.mark.parametrize("form", ["%.18e", "%.1f", "%d", "%g"])
@pytest.mark.parametrize("separator", [" ", ",", ";"])
@pytest.mark.parametrize("trailing", [False, True])
def test_rows_without_header_in_any_number_format_are_read(
    form: str, separator: str, trailing: bool, tmp_path: Path
) -> None:
    rows = [
        separator.join(form % cell for cell in row) for row in np.column_stack([LABELS, IMAGES])
    ]
    (tmp_path / "a").write_text("\n".join(row + separator * trailing for row in rows))
    data = load_dataset(tmp_path / "a")
    assert data.require_labels().tolist() == LABELS.tolist()
    assert np.array_equal(data.images.reshape(12, 784), IMAGES)


def test_a_row_that_became_a_header_raises(tmp_path: Path) -> None:
    path = write(tmp_path / "a", ["5", "0", *(f"0.{i}" for i in range(1, 784))], LABELS, IMAGES)
    with pytest.raises(TenfoldError, match=r"line 1 is a row .*read_csv\(path, header=None\)"):
        load_dataset(path)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("scale", [1, 255])
@pytest.mark.parametrize("names", [["label", *NAMES], NAMES])
def test_repeated_names_of_columns_are_named(
    tmp_path: Path, names: list[str], scale: int, separator: str
) -> None:
    """Such as in `cat a.csv b.csv > all.csv`."""
    columns = (LABELS, IMAGES / scale) if "label" in names else (IMAGES / scale,)
    path = write(tmp_path / "a", names, *columns)
    text = path.read_text().replace(",", separator)
    path.write_text(text + text)
    with pytest.raises(
        TenfoldError, match=r"line 14 repeats the names of the columns, as in files"
    ):
        load_dataset(path)


@pytest.mark.parametrize("comment", ["# made by me", "// 60 digits, 28 x 28", "% MNIST"])
def test_a_comment_before_the_names_is_to_be_deleted(comment: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a", ["label", *NAMES], LABELS, IMAGES)
    path.write_text(f"{comment}\n{path.read_text()}")
    with pytest.raises(TenfoldError, match=r"looks like a comment, .*: delete all lines before"):
        load_dataset(path)
