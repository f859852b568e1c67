"""Answers for many images: formats, interruptions, damaged images, changed sources."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tenfold.cluster.bulk import orders
from tenfold.cluster.bulk.answering import Outcome, answer_all
from tenfold.cluster.bulk.orders import Order, PredictOrder, ReadOrder
from tenfold.cluster.bulk.parts import open_parts
from tenfold.cluster.bulk.tasks import carry_out_task
from tenfold.cluster.drive import Workers
from tenfold.cluster.jobs import Event
from tenfold.cluster.processes import Processes
from tenfold.cluster.this_process import ThisProcess
from tenfold.data import Dataset
from tenfold.errors import InputWarning, TenfoldError, UsageError
from tenfold.models import Ensemble, Model
from tenfold.nn import Dense, Flatten, Network, Normalize
from tenfold.nn.array import Array

COUNT = 2600  # images
ROWS = 500  # of one part: a batch of the network


@pytest.fixture(scope="module")
def model() -> Model:
    """A network with random weights."""
    network = Network([Normalize(), Flatten(), Dense(784, 10)], seed=1)
    return Model(network, unsure_below=0.5, unsure_error=0.1)


@pytest.fixture(scope="module", autouse=True)
def _small_parts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orders, "_PREDICTED", ROWS)
        patch.setattr(orders, "_READ", 2)
        yield


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory, digits: Dataset) -> Path:
    """2,600 images, one of them blank."""
    path = tmp_path_factory.mktemp("data") / "digits.npz"
    np.savez(path, images=many_images(digits)[..., 0])
    return path


def many_images(digits: Dataset) -> Array:
    images = np.resize(digits.images, (COUNT, 28, 28, 1))
    images[100] = 7
    return images


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory, digits: Dataset) -> Path:
    """70 of them as PNG files in two folders; two are damaged."""
    folder = tmp_path_factory.mktemp("data") / "pictures"
    for i in range(70):
        path = folder / str(i // 40) / f"{i:03d}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(digits.images[i, ..., 0]).save(path)
    (folder / "0" / "020.png").write_bytes(b"no picture")
    (folder / "1" / "050.png").write_bytes((folder / "1" / "051.png").read_bytes()[:60])
    return folder


def never() -> bool:
    return False


def answer(
    order: Order, workers: Workers | None = None, stop: Callable[[], bool] = never
) -> Outcome:
    return answer_all(order, workers or ThisProcess(carry_out_task), stop, lambda done, total: None)


def stop_after(parts: int) -> Callable[[], bool]:
    """Return a function that asks to stop when so many parts are answered."""
    asked = iter(range(10**6))
    return lambda: next(asked) >= 2 * parts


def rows_of(path: Path) -> list[dict[str, Any]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_answers_are_those_of_the_model(
    model: Model, source: Path, digits: Dataset, tmp_path: Path
) -> None:
    expected = model.predict(many_images(digits))
    out = tmp_path / "answers.jsonl"
    assert answer(PredictOrder(source, out, "test", model)) == Outcome(COUNT, 0, True)
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
    pytest.importorskip("pyarrow", reason="no pyarrow: pip install -e '.[parquet]'")
    from pyarrow import parquet

    named = replace(model, classes=("zero", *"123456789"))
    outs = [tmp_path / f"a.{ending}" for ending in ("jsonl", "csv", "parquet")]
    for out in outs:
        assert answer(PredictOrder(pictures, out, "test", named)).errors == 2
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
    answer(PredictOrder(pictures, outs[0], "test", model))
    answer(PredictOrder(tmp_path / "x.npy", outs[1], "test", model))
    damaged, whole = ([[*row.values()][2:] for row in rows_of(out)] for out in outs)
    assert [i for i in range(70) if damaged[i] != whole[i]] == [20, 50]


@settings(max_examples=6)
@given(stops=st.lists(st.integers(0, 5), max_size=3))
def test_the_file_does_not_depend_on_interruptions(
    model: Model, source: Path, scratch: Path, stops: list[int]
) -> None:
    whole, out = scratch / "whole.csv", scratch / "out.csv"
    if not whole.exists():
        answer(PredictOrder(source, whole, "test", model))
    out.unlink(missing_ok=True)
    for parts in stops:
        before = out.exists()
        outcome = answer(PredictOrder(source, out, "test", model), stop=stop_after(parts))
        assert out.exists() == (outcome.whole or before)
    answer(PredictOrder(source, out, "test", model))
    assert out.read_bytes() == whole.read_bytes()


class Recording(ThisProcess):
    """Notes which parts are answered."""

    def __init__(self) -> None:
        super().__init__(carry_out_task)
        self.answered: list[int] = []

    def next_event(self, seconds: float) -> Event | None:
        event = super().next_event(seconds)
        if event is not None and event.state == "finished":
            self.answered.append(int(event.name))
        return event


def test_finished_parts_are_not_answered_again(model: Model, source: Path, tmp_path: Path) -> None:
    order = PredictOrder(source, tmp_path / "a.csv", "test", model)
    first, second = Recording(), Recording()
    assert not answer(order, first, lambda: len(first.answered) == 3).whole
    assert answer(order, second).whole
    assert first.answered + second.answered == list(range(0, COUNT, ROWS))


def test_a_killed_command_goes_on_with_other_workers(
    model: Model, source: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    whole, out, file = tmp_path / "whole.csv", tmp_path / "out.csv", tmp_path / "m.safetensors"
    model.save(file)
    answer(PredictOrder(source, whole, "test", model))
    code = (
        "import os, sys; from pathlib import Path; from tests.cluster.test_bulk import *;"
        "from tenfold.models import load_model; orders._PREDICTED = ROWS;"
        "source, out, file = map(Path, sys.argv[1:]);"
        "order = PredictOrder(source, out, 'test', load_model(file));"
        "kill = lambda done, total: os.kill(os.getpid(), 9) if done > 1200 else None;"
        "answer_all(order, ThisProcess(carry_out_task), never, kill)"
    )
    argv = [sys.executable, "-c", code, str(source), str(out), str(file)]
    assert subprocess.run(argv, env=environment).returncode == -signal.SIGKILL
    assert not out.exists()
    left = sorted(path.name for path in (tmp_path / "out.csv.parts").glob("part-*"))
    assert len(left) == 3
    with closing(Processes(2, carry_out_task)) as workers:
        assert answer(PredictOrder(source, out, "test", model), workers).whole
    assert out.read_bytes() == whole.read_bytes()
    assert not (tmp_path / "out.csv.parts").exists()


@pytest.mark.parametrize("changed", ["model", "set of images", "setting"])
def test_another_model_or_source_is_refused(
    model: Model, source: Path, tmp_path: Path, changed: str
) -> None:
    copy = tmp_path / "x.npz"
    copy.write_bytes(source.read_bytes())
    order = PredictOrder(copy, tmp_path / "a.csv", "test", model)
    answer(order, stop=stop_after(2))
    if changed == "model":
        order = replace(order, model=replace(model, temperature=2.0))
    elif changed == "setting":
        order = replace(order, split="train")
    else:
        os.utime(copy, (1, 1))
    with pytest.raises(TenfoldError, match=f"a.csv was begun with another {changed}: ") as error:
        answer(order)
    assert str(tmp_path / "a.csv.parts") in str(error.value)


def test_two_commands_at_once_are_refused(model: Model, source: Path, tmp_path: Path) -> None:
    order = PredictOrder(source, tmp_path / "a.csv", "test", model)
    with (
        open_parts(order.out, order.settings()),
        pytest.raises(TenfoldError, match="is being written by process"),
    ):
        answer(order)


def test_a_folder_of_other_content_is_not_touched(
    model: Model, source: Path, tmp_path: Path
) -> None:
    other = tmp_path / "a.csv.parts" / "thesis.txt"
    other.parent.mkdir()
    other.write_text("text")
    with pytest.raises(UsageError, match="has other content"):
        answer(PredictOrder(source, tmp_path / "a.csv", "test", model))
    assert other.read_text() == "text"


def test_a_part_that_fails_ends_the_command_and_the_others_are_kept(
    model: Model, source: Path, tmp_path: Path
) -> None:
    class Failing(Recording):
        def next_event(self, seconds: float) -> Event | None:
            if len(self.answered) == 2:
                return Event(str(2 * ROWS), "failed", error="its worker ended with code -9")
            return super().next_event(seconds)

    order = PredictOrder(source, tmp_path / "a.csv", "test", model)
    with pytest.raises(TenfoldError, match=f"from row {2 * ROWS} on .* ended with code -9"):
        answer(order, Failing())
    second = Recording()
    assert answer(order, second).whole
    assert second.answered[0] == 2 * ROWS


def test_an_ensemble_and_dark_ink_on_light_paper(
    model: Model, source: Path, digits: Dataset, tmp_path: Path
) -> None:
    np.save(tmp_path / "x.npy", 255 - digits.images[:40, ..., 0])
    out = tmp_path / "a.csv"
    with pytest.warns(InputWarning, match="dark ink on a light background") as warned:
        answer(PredictOrder(tmp_path / "x.npy", out, "test", Ensemble([model])))
    assert len(warned) == 1
    assert {row["unsure"] for row in rows_of(out)} == {""}


def test_a_model_of_other_images_is_refused(source: Path, tmp_path: Path) -> None:
    other = Model(Network([Normalize(), Flatten(), Dense(32 * 32, 10)], input_shape=(32, 32, 1)))
    with pytest.raises(UsageError, match="must predict images of 28 x 28"):
        PredictOrder(source, tmp_path / "a.csv", "test", other)


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
    assert answer(ReadOrder(folder, out, "test", False, 0.01)) == Outcome(3, 1, True)
    two, bad, none = rows_of(out)
    assert (two["row"], two["file"], two["line"], two["number"]) == ("0", "a.png", "1", "50")
    assert (bad["file"], bad["verdict"], bad["number"]) == ("b.png", "none", "")
    assert "b.png is not a readable image file" in bad["error"]
    assert (none["verdict"], none["error"]) == ("none", "")
