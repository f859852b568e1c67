"""Answers for many images: formats, damaged images, lines of pictures."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tenfold.cluster.bulk.answering import Outcome
from tenfold.cluster.bulk.jobs import PredictJob, ReadJob
from tenfold.data import Dataset
from tenfold.errors import InputWarning
from tenfold.models import Ensemble, Model
from tests.cluster.bulk.helpers import COUNT, answer, many_images, rows_of


def test_the_answers_are_those_of_the_model(
    model: Model, source: Path, digits: Dataset, tmp_path: Path
) -> None:
    expected = model.predict(many_images(digits))
    out = tmp_path / "answers.jsonl"
    assert answer(PredictJob(source, out, "test", model)) == Outcome(COUNT, 0, True)
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [line["row"] for line in lines] == list(range(COUNT))
    assert lines[100] == {"row": 100, "image": "100", "blank": True}
    for i in (0, 1, COUNT - 1):
        assert lines[i]["digit"] == int(expected.digit[i])
        assert lines[i]["unsure"] == bool(expected.unsure[i])
        assert lines[i]["confidence"] == pytest.approx(float(expected.confidence[i]), abs=1e-6)
        assert lines[i]["probabilities"] == pytest.approx(
            expected.probabilities[i].tolist(), abs=1e-6
        )
    assert [path.name for path in tmp_path.iterdir()] == ["answers.jsonl"]


def test_all_formats_hold_the_same_answers(model: Model, pictures: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="no pyarrow: pip install '.[parquet]'")
    from pyarrow import parquet

    named = replace(model, classes=("zero", *"123456789"))
    outs = [tmp_path / f"a.{ending}" for ending in ("jsonl", "csv", "parquet")]
    for out in outs:
        assert answer(PredictJob(pictures, out, "test", named)).errors == 2
    lines = [json.loads(line) for line in outs[0].read_text().splitlines()]
    table = rows_of(outs[1])
    columns = parquet.read_table(outs[2]).to_pylist()
    assert len(lines) == len(table) == len(columns) == 70
    for line, row, column in zip(lines, table, columns, strict=True):
        assert {key: value for key, value in column.items() if value is not None} == line
        for key in ("row", "image", "digit", "class", "error"):
            assert row[key] == str(line.get(key, ""))
        for key in ("unsure", "blank"):
            assert row[key] == str(line.get(key, "")).lower()
        for name, value in zip(named.classes, line.get("probabilities", ()), strict=False):
            assert float(row[f"p_{name}"]) == value
    errors = [line["row"] for line in lines if "error" in line]
    assert errors == [20, 50]
    assert lines[20]["image"] == "0/020.png"
    assert "020.png is not a readable image file" in lines[20]["error"]


def test_damaged_images_change_no_other_answer(
    model: Model, pictures: Path, digits: Dataset, tmp_path: Path
) -> None:
    outs = [tmp_path / "pictures.csv", tmp_path / "arrays.csv"]
    np.save(tmp_path / "x.npy", digits.images[:70, ..., 0])
    answer(PredictJob(pictures, outs[0], "test", model))
    answer(PredictJob(tmp_path / "x.npy", outs[1], "test", model))
    damaged, whole = ([[*row.values()][2:] for row in rows_of(out)] for out in outs)
    assert [i for i in range(70) if damaged[i] != whole[i]] == [20, 50]


def test_an_ensemble_and_dark_ink_on_light_paper(
    model: Model, source: Path, digits: Dataset, tmp_path: Path
) -> None:
    np.save(tmp_path / "x.npy", 255 - digits.images[:40, ..., 0])
    out = tmp_path / "a.csv"
    with pytest.warns(InputWarning, match="dark ink on a light background") as warned:
        answer(PredictJob(tmp_path / "x.npy", out, "test", Ensemble([model])))
    assert len(warned) == 1
    assert {row["unsure"] for row in rows_of(out)} == {""}


def test_read_gives_a_row_for_each_line_or_error(
    pictures: Path, digits: Dataset, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    page = np.full((60, 130), 255, np.uint8)
    for i in (0, 1):
        page[16:44, 20 + 40 * i : 48 + 40 * i] -= digits.images[i, ..., 0]
    Image.fromarray(page).resize((260, 120)).save(folder / "a.png")
    (folder / "b.png").write_bytes(b"no picture")
    Image.fromarray(np.full((60, 60), 255, np.uint8)).save(folder / "c.png")
    out = tmp_path / "a.csv"
    assert answer(ReadJob(folder, out, "test", False, 0.01)) == Outcome(3, 1, True)
    two, bad, none = rows_of(out)
    assert (two["row"], two["file"], two["line"], two["number"]) == ("0", "a.png", "1", "50")
    assert (bad["file"], bad["verdict"], bad["number"]) == ("b.png", "none", "")
    assert "b.png is not a readable image file" in bad["error"]
    assert (none["verdict"], none["error"]) == ("none", "")
