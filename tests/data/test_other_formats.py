"""Formats that are not read are named, with the step that helps."""

import gzip
import io
import pickle
import zipfile
from pathlib import Path

import pytest

from tenfold.data import load_dataset, read_kaggle_csv
from tenfold.data.format import Source
from tenfold.data.other_formats import OTHER_FORMATS
from tenfold.errors import TenfoldError


class Trap:
    """An object whose pickle runs code when it is loaded."""

    def __reduce__(self) -> tuple[object, ...]:
        return (pytest.fail, ("this pickle was loaded",))


def archive(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return file.getvalue()


FILES = {
    "pickle": (pickle.dumps(Trap()), r"a pickle, .*run any code.*np\.savez"),
    "gzipped pickle": (gzip.compress(pickle.dumps([Trap()], 2)), "a pickle"),
    "old pickle": (pickle.dumps({"a": 1}, 0), "a pickle"),
    "torch": (archive("mnist/data.pkl", "mnist/version"), r"a PyTorch file.*torch\.load"),
    "xz": (b"\xfd7zXZ\0\0\4", ".*compressed with .*xz.*Unpack it"),
    "mat": (b"MATLAB 5.0 MAT-file, Platform: GLNXA64", "a MATLAB file.*loadmat"),
    "hdf5": (b"\x89HDF\r\n\x1a\n" + bytes(8), "an HDF5 file.*h5py"),
    "arff": (b"% MNIST\n@RELATION mnist\n@ATTRIBUTE pixel1 real\n", "an ARFF file.*@DATA"),
    "json": (b' [{"label": 5}]', "a JSON file.*json.load"),
    "excel": (archive("[Content_Types].xml", "xl/workbook.xml"), "an Excel .*CSV"),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel .*CSV"),
    "sparse": (b"5 153:3 154:18 155:18\n0 128:51\n", ".*LIBSVM.*load_svmlight_file"),
    "page": (b"<!DOCTYPE html>\n<html>", "a web page.*Download"),
    "pointer": (b"version https://git-lfs.github.com/spec/v1\n", ".*Git LFS.*git lfs pull"),
}


@pytest.mark.parametrize("name", list(FILES))
def test_other_formats_are_named_with_the_step_that_helps(name: str, tmp_path: Path) -> None:
    content, message = FILES[name]
    (tmp_path / "data.csv").write_bytes(content)
    for reader in (load_dataset, read_kaggle_csv):
        with pytest.raises(TenfoldError, match=rf"data.csv is {message}") as error:
            reader(tmp_path / "data.csv")
        assert str(error.value).isprintable()


def test_each_of_these_formats_has_a_sample(tmp_path: Path) -> None:
    found = set()
    samples = [content for content, _ in FILES.values()]
    for content in (*samples, b"\x89PNG\r\n", b"\x80\x02}q\x01(U\x0bbatch_label"):
        (tmp_path / "a").write_bytes(content)
        source = Source(tmp_path / "a")
        found.add(next(one.name for one in OTHER_FORMATS if one.recognise(source, "train")))
    assert found == {known.name for known in OTHER_FORMATS}


def test_the_advice_for_arff_works(tmp_path: Path) -> None:
    rows = "".join(f"{'0,' * 300}{i + 1},{'0,' * 483}{i}\n" for i in range(3))
    path = tmp_path / "mnist.arff"
    path.write_text(f"@RELATION a\n@ATTRIBUTE b real\n@DATA\n{rows}")
    with pytest.raises(TenfoldError, match=r"ARFF .*sed '1,/\^@data/Id'"):
        load_dataset(path)
    path.write_text(path.read_text().split("@DATA\n")[1])
    data = load_dataset(path)
    assert data.require_labels().tolist() == [0, 1, 2]
    assert data.images.max(axis=(1, 2, 3)).tolist() == [1, 2, 3]


def test_binary_garbage_is_not_printed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(range(1, 256)) * 40)
    (tmp_path / "b").write_bytes(b"\x07\x08\0\1" * 400)
    for name in "ab":
        with pytest.raises(TenfoldError) as error:
            load_dataset(tmp_path / name)
        assert str(error.value).isprintable()
        assert len(str(error.value)) < 400
