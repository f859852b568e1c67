import gzip
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from PIL import Image

from tenfold.data import Dataset, load, load_dataset, load_parts
from tenfold.data.archives import ARCHIVE
from tenfold.data.csv_images import CSV_FILE, CSV_FOLDER
from tenfold.data.format import Format, Source
from tenfold.data.idx_files import IDX_FILE, IDX_FOLDER
from tenfold.data.load import FORMATS
from tenfold.data.mapped.folder import MAPPED_FOLDER
from tenfold.data.npy_files import NPY_FILE, NPY_FOLDER
from tenfold.data.npz import NPZ_FILE, NPZ_FOLDER
from tenfold.data.orientation import TRANSPOSED
from tenfold.data.other_formats import OTHER_FORMATS
from tenfold.data.picture_folders import LETTER_FOLDERS, NUMBER_FOLDERS, PICTURE_FOLDERS
from tenfold.data.picture_labels import LABELLED_PICTURES
from tenfold.data.picture_names import NAMED_PICTURES
from tenfold.data.streams.parquet import PARQUET_FILE, PARQUET_FOLDER
from tenfold.data.streams.tar import TAR_FILE
from tenfold.errors import TenfoldError
from tests.data.damage import damaged, digits, idx_bytes, read_or_none
from tests.data.mapped.folders import convert

TRAIN, TEST = digits(3), digits(2, seed=1)
LABELS = np.array([3, 0, 9])
DATA = Dataset(TRAIN[..., np.newaxis], LABELS)
HEADER = ",".join(f"pixel{i}" for i in range(784))
CSV = f"label,{HEADER}\n" + "".join(
    f"{label},{','.join(map(str, image.ravel()))}\n"
    for image, label in zip(TRAIN, LABELS, strict=True)
)
TEST_CSV = f"{HEADER}\n" + "".join(f"{','.join(map(str, image.ravel()))}\n" for image in TEST)


def save_idx(folder: Path, prefix: str, data: Dataset) -> None:
    labels = idx_bytes(data.require_labels().astype(np.uint8))
    (folder / f"{prefix}-images-idx3-ubyte.gz").write_bytes(
        gzip.compress(idx_bytes(data.images[..., 0]), 1)
    )
    (folder / f"{prefix}-labels-idx1-ubyte").write_bytes(labels)


def save_pictures(folder: Path, data: Dataset) -> None:
    for number, (image, label) in enumerate(zip(data.images, data.require_labels(), strict=True)):
        (folder / str(label)).mkdir(parents=True, exist_ok=True)
        Image.fromarray(image[..., 0]).save(folder / str(label) / f"{number}.png")


def test_the_content_of_a_file_decides_not_its_name(tmp_path: Path) -> None:
    save_idx(tmp_path, "zipped", DATA)
    (tmp_path / "zipped-images-idx3-ubyte.gz").rename(tmp_path / "zipped-images-idx3-ubyte")
    (tmp_path / "plain-images").write_bytes(idx_bytes(TRAIN))
    (tmp_path / "plain-labels").write_bytes(idx_bytes(LABELS.astype(np.uint8)))
    (tmp_path / "table").write_text(CSV)
    with (tmp_path / "archive.csv").open("wb") as file:
        np.savez(file, x=TRAIN, y=LABELS)
    for name in ("zipped-images-idx3-ubyte", "plain-images", "table", "archive.csv"):
        data = load_dataset(tmp_path / name)
        assert data.fingerprint == DATA.fingerprint
        assert data.notes == ()


def test_a_folder_of_idx_files_is_read(tmp_path: Path) -> None:
    save_idx(tmp_path, "train", DATA)
    save_idx(tmp_path, "t10k", DATA.subset([1, 2]))
    (tmp_path / "train.csv").write_text("IDX files come first")
    assert load_dataset(tmp_path).fingerprint == DATA.fingerprint
    assert load_dataset(str(tmp_path), "test").require_labels().tolist() == [0, 9]


def test_a_kaggle_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text(CSV)
    assert load_dataset(tmp_path).fingerprint == DATA.fingerprint
    with pytest.raises(TenfoldError, match="contains no test data"):
        load_dataset(tmp_path, "test")
    (tmp_path / "test.csv").write_text(TEST_CSV)
    test = load_dataset(tmp_path, "test")
    assert test.labels is None
    assert np.array_equal(test.images[..., 0], TEST)


def test_a_folder_of_pictures_is_read(tmp_path: Path) -> None:
    save_pictures(tmp_path, DATA)
    expected = DATA.subset([1, 0, 2]).fingerprint  # in the order of the digits
    assert load_dataset(tmp_path).fingerprint == load_dataset(tmp_path, "test").fingerprint
    assert load_dataset(tmp_path).fingerprint == expected


@pytest.mark.parametrize(("train", "test"), [("train", "test"), ("training", "testing")])
def test_picture_folders_of_each_part_are_read(train: str, test: str, tmp_path: Path) -> None:
    save_pictures(tmp_path / train, DATA)
    save_pictures(tmp_path / test, DATA.subset([2]))
    assert len(load_dataset(tmp_path)) == 3
    assert load_dataset(tmp_path, "test").require_labels().tolist() == [9]


def test_the_part_of_an_archive_is_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "mnist.npz", x_train=TRAIN, y_train=LABELS, x_test=TEST, y_test=LABELS[:2])
    assert len(load_dataset(tmp_path / "mnist.npz", "test")) == 2
    archive = (tmp_path / "mnist.npz").rename(tmp_path / "mnist.data")
    assert [len(part) for part in load_parts(archive) if part is not None] == [len(TRAIN), 2]


def test_emnist_is_set_upright_and_others_get_a_note(tmp_path: Path, mnist: Dataset) -> None:
    upright = mnist.subset(slice(100))
    stored = Dataset(upright.images.swapaxes(1, 2), upright.labels)
    folder = tmp_path / "my" / "data"  # without the name of this test, which contains 'emnist'
    folder.mkdir(parents=True)
    save_idx(folder, "emnist-digits-train", stored)
    data = load_dataset(folder)
    assert data.fingerprint == upright.fingerprint
    assert "have been set upright" in data.notes[0]
    np.savez(folder / "mine.npz", x=stored.images, y=stored.require_labels())
    data = load_dataset(folder / "mine.npz")
    assert data.fingerprint == stored.fingerprint
    assert data.notes == (TRANSPOSED,)


def test_unknown_paths_raise_with_the_supported_formats(tmp_path: Path) -> None:
    with pytest.raises(
        TenfoldError, match=r"nothing at .*none. Supported formats: .*IDX.*CSV.*zip"
    ):
        load_dataset(tmp_path / "none")
    with pytest.raises(TenfoldError, match=r"no test data in a supported format. It is empty"):
        load_dataset(tmp_path, "test")
    with pytest.raises(ValueError, match="part must be 'train' or 'test', got 'all'"):
        load_dataset(tmp_path, "all")  # type: ignore[arg-type]


def test_known_files_that_are_not_data_raise(tmp_path: Path) -> None:
    Image.fromarray(TRAIN[0]).save(tmp_path / "three.png")
    with pytest.raises(
        TenfoldError, match=r"is one image or document, which is not read\. Give the"
    ):
        load_dataset(tmp_path / "three.png")
    (tmp_path / "little").write_bytes(b"\x03\x08\0\0" + idx_bytes(TRAIN)[4:])
    with pytest.raises(TenfoldError, match="little-endian"):
        load_dataset(tmp_path / "little")


def test_each_format_is_recognised_by_its_content(tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("idx", "npz", "npy", "zip", "csv")}
    files["idx"].write_bytes(idx_bytes(TRAIN))
    with files["npz"].open("wb") as file:
        np.savez(file, x=TRAIN)
    with files["npy"].open("wb") as file:
        np.save(file, TRAIN)
    with zipfile.ZipFile(files["zip"], "w") as archive:
        archive.writestr("train.csv", CSV)
    files["csv"].write_text(CSV)
    names = (
        *("idx folder", "csv folder", "npy folder", "npz folder", "digits", "letters", "numbers"),
        *("table", "names", "parquet folder", "mapped"),
    )
    folders = {name: tmp_path / name for name in names}
    for folder in folders.values():
        folder.mkdir()
    save_idx(folders["idx folder"], "train", DATA)
    (folders["csv folder"] / "train.csv").write_text(CSV)
    np.save(folders["npy folder"] / "x_train.npy", TRAIN)
    np.savez(folders["npz folder"] / "X_train.npz", TRAIN)
    np.savez(folders["npz folder"] / "y_train.npz", np.zeros(len(TRAIN), int))
    save_pictures(folders["digits"], DATA)
    for number in ("30", "31", "32"):
        (folders["numbers"] / number).mkdir()
    for letter in "ABC":
        (folders["letters"] / letter).mkdir()
    Image.fromarray(TRAIN[0]).save(folders["table"] / "a.png")
    (folders["table"] / "labels.csv").write_text("a.png,3")
    Image.fromarray(TRAIN[0]).save(folders["names"] / "0001_3.png")
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.add(folders["names"] / "0001_3.png", "3/a.png")
    files["tar"] = tmp_path / "a.tar"
    files["parquet"] = tmp_path / "a.parquet"
    files["parquet"].write_bytes(b"PAR1")
    folders["parquet folder"].joinpath("train-00000.parquet").write_bytes(b"PAR1")
    convert(DATA, folders["mapped"])
    found = {
        name: next(known for known in FORMATS if known.recognise(Source(path), "train"))
        for name, path in (files | folders).items()
    }
    assert found == {
        "idx": IDX_FILE,
        "npz": NPZ_FILE,
        "npy": NPY_FILE,
        "zip": ARCHIVE,
        "csv": CSV_FILE,
        "idx folder": IDX_FOLDER,
        "csv folder": CSV_FOLDER,
        "npy folder": NPY_FOLDER,
        "npz folder": NPZ_FOLDER,
        "numbers": NUMBER_FOLDERS,
        "digits": PICTURE_FOLDERS,
        "letters": LETTER_FOLDERS,
        "table": LABELLED_PICTURES,
        "names": NAMED_PICTURES,
        "tar": TAR_FILE,
        "parquet": PARQUET_FILE,
        "parquet folder": PARQUET_FOLDER,
        "mapped": MAPPED_FOLDER,
    }
    assert set(FORMATS) == {*found.values(), *OTHER_FORMATS}  # for these, see test_other_formats


def test_a_new_format_needs_one_entry_in_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = Format(
        "a file of raw pixels",
        lambda source, _: source.head.startswith(b"RAW"),
        lambda path, part: DATA.subset([0 if part == "train" else 1]),
        has_parts=True,
    )
    monkeypatch.setattr(load, "FORMATS", (raw, *FORMATS))
    (tmp_path / "raw").write_bytes(b"RAW")
    train, test = load_parts(tmp_path / "raw")
    assert train.require_labels().tolist() == [3]
    assert test is not None
    assert test.require_labels().tolist() == [0]
    with pytest.raises(TenfoldError, match="Supported formats: a file of raw pixels; "):
        load_dataset(tmp_path / "none")


def test_a_name_that_is_too_long_raises() -> None:
    with pytest.raises(TenfoldError, match="there is nothing at long"):
        load_dataset("long" * 100)


@settings(max_examples=100)
@given(content=damaged(CSV.encode()) | damaged(idx_bytes(TRAIN)))
def test_any_bytes_give_a_data_set_or_raise_tenfold_error(scratch: Path, content: bytes) -> None:
    data = read_or_none(load_dataset, scratch / "damaged.anything", content)
    assert data is None or data.images.shape[1:] == (28, 28, 1)
