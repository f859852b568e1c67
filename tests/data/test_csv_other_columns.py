"""CSV files with other columns beside the pixels, and tables that are transposed."""

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.data import load_dataset
from tenfold.errors import TenfoldError
from tests.data.damage import digits

COUNT = 12
IMAGES = digits(COUNT).reshape(COUNT, 784)
LABELS = np.arange(COUNT) * 7 % 10
NAMES = [f"pixel{i}" for i in range(784)]
OTHERS: dict[str, Callable[[int], object]] = {
    "id": lambda i: f"a{i:04x}",
    "filename": lambda i: f"img {i}.png",
    "split": lambda _: "train",
    "label_name": lambda i: f"digit {LABELS[i]}",
    "writer": lambda i: i % 3,
    "quality": lambda i: i / 7,
    "": lambda i: i,
}


def table(
    path: Path, before: list[str], after: list[str], label: str | None, separator: str = ","
) -> Path:
    """Write the images with other columns, and the label between those and the pixels."""
    names = [*before, *([label] if label else []), *NAMES, *after]
    lines = [separator.join(names)]
    for i in range(COUNT):
        known = [LABELS[i]] if label else []
        cells = [
            *(OTHERS[n](i) for n in before),
            *known,
            *IMAGES[i],
            *(OTHERS[n](i) for n in after),
        ]
        lines.append(separator.join(map(str, cells)))
    path.write_text("\n".join(lines) + "\n")
    return path


@given(
    order=st.permutations(list(OTHERS)),
    kept=st.integers(0, len(OTHERS)),
    before=st.integers(0, len(OTHERS)),
    label=st.sampled_from(["label", "Class", "digit"]),
    separator=st.sampled_from([",", ";", "\t"]),
)
def test_other_columns_beside_a_label_are_left_out(
    tmp_path_factory: pytest.TempPathFactory,
    order: list[str],
    kept: int,
    before: int,
    label: str,
    separator: str,
) -> None:
    names = order[:kept]
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    data = load_dataset(table(path, names[:before], names[before:], label, separator))
    assert np.array_equal(data.images.reshape(COUNT, 784), IMAGES)
    assert data.require_labels().tolist() == LABELS.tolist()
    left_out = " ".join(data.notes)
    assert all(repr(name) in left_out for name in names[:3] if name) or len(names) > 4
    assert bool(names) == bool(data.notes)


@pytest.mark.parametrize("names", [["filename"], ["id", "split"], ["writer"]])
def test_usual_other_columns_are_not_the_labels(names: list[str], tmp_path: Path) -> None:
    assert load_dataset(table(tmp_path / "a.csv", names, [], None)).labels is None


def test_a_column_of_text_is_not_the_labels(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ["filename"], [], None)
    path.write_text(path.read_text().replace("filename", "scan", 1))
    data = load_dataset(path)
    assert data.labels is None
    assert data.notes == ("the column 'scan', which is text, was left out",)


@pytest.mark.parametrize("header", [True, False])
def test_a_column_of_parts_raises(header: bool, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ["split"], [], "label")
    lines = path.read_text().splitlines()[not header :]
    path.write_text("\n".join([*lines[:-2], *(s.replace("train", "test") for s in lines[-2:])]))
    name = "'split'" if header else "1"
    with pytest.raises(
        TenfoldError, match=rf"column {name} assigns the rows to splits \('test', 'train'\). Save"
    ):
        load_dataset(path)


def run_advice(error: TenfoldError, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run the lines of Python in a message, and return the file that they write."""
    monkeypatch.chdir(folder)
    with contextlib.redirect_stdout(io.StringIO()):
        exec(str(error).partition("import numpy as np; ")[2], {"np": np})
    return folder / "images.csv"


@pytest.mark.parametrize("names", [["filename"], ["filename", "label_name"]])
def test_columns_of_text_without_names_are_named(
    names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = table(tmp_path / "a.csv", names[:1], names[1:], "label")
    path.write_text("\n".join(path.read_text().splitlines()[1:]))
    with pytest.raises(TenfoldError, match=r"columns? 1 \('img 0.png'\).* contains? text") as error:
        load_dataset(path)
    data = load_dataset(run_advice(error.value, tmp_path, monkeypatch))
    assert data.require_labels().tolist() == LABELS.tolist()
    assert np.array_equal(data.images.reshape(COUNT, 784), IMAGES)


@pytest.mark.parametrize("header", [None, "img{}", "{}"])
@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("labelled", [True, False])
@pytest.mark.parametrize("separator", [",", ";", " "])
def test_a_transposed_table_is_named(
    header: str | None,
    named: bool,
    labelled: bool,
    separator: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [list(map(str, row)) for row in (np.column_stack([LABELS, IMAGES]).T)]
    names = ["label", *NAMES]
    if named:
        rows = [[name, *row] for name, row in zip(names, rows, strict=True)]
    rows = rows[not labelled :]
    if header is not None:
        first = [header.format(i) for i in range(COUNT)]
        rows = [["name" if separator == " " else ""] * named + first, *rows]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(separator.join(row) for row in rows))
    with pytest.raises(TenfoldError, match=r"one image per row, got 1[23] columns") as error:
        load_dataset(path)
    data = load_dataset(run_advice(error.value, tmp_path, monkeypatch))
    assert np.array_equal(data.images.reshape(COUNT, 784), IMAGES)
    assert data.labels is None or data.labels.tolist() == LABELS.tolist()
    assert (data.labels is not None) == labelled


MISSING = ["", "NaN", "nan", "NA", "null", "None", "#N/A", " "]


@given(
    cell=st.sampled_from(MISSING),
    row=st.integers(0, COUNT - 1),
    column=st.integers(0, 784),
    scale=st.sampled_from([1, 255]),
    header=st.booleans(),
)
def test_missing_cells_are_named_with_line_and_column(
    tmp_path_factory: pytest.TempPathFactory,
    cell: str,
    row: int,
    column: int,
    scale: int,
    header: bool,
) -> None:
    cells = np.column_stack([LABELS, IMAGES / scale if scale > 1 else IMAGES]).astype(object)
    cells[:, 0] = LABELS
    cells[row, column] = cell
    lines = [",".join(map(str, line)) for line in cells]
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_text("\n".join([",".join(["label", *NAMES]), *lines][not header :]) + "\n")
    with pytest.raises(TenfoldError) as error:
        load_dataset(path)
    message = str(error.value)
    if not header and column == 0:
        assert f"row {row + 1}: the label in the first column" in message
    else:
        name = ["label", *NAMES][column] if header else column + 1
        assert f"line {row + 1 + header}, column '{name}'" in message
    assert ("The label is missing. Enter" if column == 0 else "missing pixels to 0") in message


def test_a_missing_label_behind_the_row_numbers_is_in_the_second_column(tmp_path: Path) -> None:
    cells = np.column_stack([np.arange(COUNT), LABELS, IMAGES]).astype(object)
    cells[3, 1] = "NA"
    path = tmp_path / "a.csv"
    path.write_text("\n".join(",".join(map(str, line)) for line in cells) + "\n")
    with pytest.raises(TenfoldError, match="row 4: the label in the second column must be a digit"):
        load_dataset(path)
