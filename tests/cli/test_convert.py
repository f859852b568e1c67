"""``tenfold data convert`` on the command line."""

import json
from pathlib import Path

import numpy as np

from tenfold.data import Dataset, load_dataset, load_mnist
from tenfold.data.kaggle_csv import write_kaggle_csv

from .conftest import Tenfold

DATA = load_mnist("test").subset(slice(30))


def _source(folder: Path) -> Path:
    write_kaggle_csv(folder / "train.csv", DATA)
    return folder / "train.csv"


def test_convert_prints_what_was_written(tenfold: Tenfold, tmp_path: Path) -> None:
    answer = tenfold("data", "convert", _source(tmp_path), "-o", tmp_path / "digits")
    assert (answer.code, answer.err) == (0, "")
    assert "30 labelled images of 28 x 28, a CSV file" in answer.out
    assert f"SHA-256 {DATA.fingerprint}" in answer.out
    assert load_dataset(tmp_path / "digits").fingerprint == DATA.fingerprint
    again = tenfold("data", "convert", tmp_path / "digits", "-o", tmp_path / "copy", "--json")
    report = json.loads(again.out)
    assert report["folder"] == str(tmp_path / "copy")
    assert report["fingerprint"] == DATA.fingerprint
    refused = tenfold("data", "convert", tmp_path / "train.csv", "-o", tmp_path / "copy")
    assert refused.code == 2
    assert "is not empty" in refused.err


def test_what_cannot_be_read_is_left_out_with_exit_code_1(tenfold: Tenfold, tmp_path: Path) -> None:
    path = _source(tmp_path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:4], "3,x", *lines[4:]]))
    answer = tenfold("data", "convert", path, "-o", tmp_path / "digits")
    assert answer.code == 1
    assert "1 of 31 images cannot be read and were left out" in answer.err
    assert "line 5" in answer.err
    assert load_dataset(tmp_path / "digits").fingerprint == DATA.fingerprint


def test_a_missing_source_writes_nothing(tenfold: Tenfold, tmp_path: Path) -> None:
    answer = tenfold("data", "convert", tmp_path / "no.csv", "-o", tmp_path / "digits")
    assert answer.code == 1
    assert "there is nothing at" in answer.err
    assert not (tmp_path / "digits").exists()


def test_converted_images_are_described_and_predicted_like_others(
    tenfold: Tenfold, tmp_path: Path
) -> None:
    np.savez(tmp_path / "a.npz", images=DATA.images, labels=DATA.require_labels())
    assert tenfold("data", "convert", tmp_path / "a.npz", "-o", tmp_path / "a").code == 0
    described = [
        json.loads(tenfold("data", "info", tmp_path / name, "--json").out)
        for name in ("a.npz", "a")
    ]
    for report in described:
        report.pop("name")
    assert described[0] == described[1]
    assert isinstance(load_dataset(tmp_path / "a"), Dataset)
