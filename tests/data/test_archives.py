"""Zip archives: read like the folder of their content, within limits."""

import gzip
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tenfold.data import archives, input_files, load_dataset, load_parts, read_kaggle_csv
from tenfold.errors import TenfoldError
from tests.data.damage import digits

IMAGES = digits(3)
HEADER = ",".join(f"pixel{i}" for i in range(784))
ROWS = [",".join(map(str, image.ravel())) for image in IMAGES]
TEST = "\n".join([HEADER, *ROWS]) + "\n"
TRAIN = "\n".join([f"label,{HEADER}", *(f"{i},{row}" for i, row in enumerate(ROWS))]) + "\n"
KAGGLE = {"train.csv": TRAIN, "test.csv": TEST, "sample_submission.csv": "ImageId,Label\n1,0\n"}


def save(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("inner", ["", "digit-recognizer/", "a/b/"])
def test_the_archive_of_the_competition_is_read(inner: str, tmp_path: Path) -> None:
    files = {inner + name: content for name, content in KAGGLE.items()}
    files[f"__MACOSX/{inner}._train.csv"] = "x"
    path = save(tmp_path / "digit-recognizer.zip", files)
    train, test = load_parts(path)
    assert train.require_labels().tolist() == [0, 1, 2]
    assert test is not None
    assert test.labels is None
    assert np.array_equal(test.images[..., 0], IMAGES)
    if not inner:
        assert read_kaggle_csv(path, "test").fingerprint == test.fingerprint
        assert read_kaggle_csv(path).fingerprint == train.fingerprint


def test_messages_name_the_archive(tmp_path: Path) -> None:
    path = save(tmp_path / "a.zip", {"train.csv": TRAIN.replace("\n1,", "\nx,")})
    with pytest.raises(TenfoldError, match=rf"^{path}/train.csv, line 3, column 'label'"):
        load_dataset(path)
    with pytest.raises(TenfoldError, match=rf"^the folder {path} contains no test data"):
        load_dataset(path, "test")
    with pytest.raises(TenfoldError, match=rf"^{path} contains no test.csv"):
        read_kaggle_csv(path, "test")


def test_names_cannot_leave_the_temporary_folder(tmp_path: Path) -> None:
    path = save(
        tmp_path / "a.zip",
        {"../../train.csv": TEST, "/x/../../../a.csv": TEST, "/train.csv": TRAIN},
    )
    assert len(load_dataset(path)) == 3
    assert load_dataset(path).labels is not None
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.zip"]


def test_an_archive_that_expands_too_much_raises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(input_files, "_USUAL_BYTES", 10_000)
    path = save(tmp_path / "a.zip", {"train.csv": "0" * 9_000_000})
    with pytest.raises(TenfoldError, match=r"a.zip expands to 9,000,000 bytes in 1 files"):
        load_dataset(path)
    (tmp_path / "train.csv.gz").write_bytes(gzip.compress(b"0" * 9_000_000))
    with pytest.raises(TenfoldError, match=r"train.csv.gz expands to more than [\d,]+ bytes"):
        load_dataset(tmp_path / "train.csv.gz")
    monkeypatch.setattr(archives, "_MAX_MEMBERS", 2)
    with pytest.raises(TenfoldError, match=r"in 3 files, more than is read"):
        load_dataset(save(tmp_path / "b.zip", dict.fromkeys("abc", "x")))


def test_an_archive_that_lies_about_its_size_raises(tmp_path: Path) -> None:
    path = save(tmp_path / "a.zip", {"train.csv": "0" * 100_000})
    content = bytearray(path.read_bytes())
    for place in range(len(content) - 4):
        if content[place : place + 4] == (100_000).to_bytes(4, "little"):
            content[place : place + 4] = (100).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(TenfoldError, match=r"a\.zip"):
        load_dataset(path)


def test_archives_within_archives_and_encrypted_ones_are_named(tmp_path: Path) -> None:
    inner = save(tmp_path / "inner.zip", KAGGLE).read_bytes()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("inner.zip", inner)
    (tmp_path / "outer.zip").write_bytes(file.getvalue())
    with pytest.raises(TenfoldError, match=r"outer\.zip/inner\.zip is a zip archive within"):
        load_dataset(tmp_path / "outer.zip")
    content = bytearray(inner)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(signature)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(signature, place + 1)
    (tmp_path / "locked.zip").write_bytes(content)
    with pytest.raises(TenfoldError, match=r"locked\.zip cannot be unpacked \(.*encrypted"):
        load_dataset(tmp_path / "locked.zip")


def test_damaged_gzip_data_raises(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(TRAIN.encode())[:-400])
    with pytest.raises(TenfoldError, match=r"a\.csv\.gz: its compressed data is damaged"):
        load_dataset(tmp_path / "a.csv.gz")
