"""HEIC and AVIF pictures, as phones store them."""

import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, features
from pillow_heif import register_heif_opener

from tenfold.data import recognise_file
from tenfold.data.other_formats import ONE_PICTURE
from tenfold.data.picture import PictureBytes, read_picture
from tenfold.data.picture_heif import is_heif
from tenfold.errors import TenfoldError
from tests.data.damage import digits

DIGIT = np.pad(digits(1)[0], 18)  # HEIC needs some more pixels than an MNIST digit has


def written(folder: Path, suffix: str) -> Path:
    register_heif_opener()
    path = folder / f"photo.{suffix}"
    Image.fromarray(DIGIT).convert("RGB").save(path, quality=-1 if suffix == "heic" else 100)
    return path


@pytest.mark.parametrize("suffix", ["heic", "avif"])
def test_it_is_read_like_a_png(suffix: str, tmp_path: Path) -> None:
    if suffix == "avif" and not features.check("avif"):
        pytest.skip("this Pillow has no AVIF")
    path = written(tmp_path, suffix)
    Image.fromarray(DIGIT).save(tmp_path / "a.png")
    expected = read_picture(tmp_path / "a.png").image.astype(int)
    assert np.abs(read_picture(path).image - expected).max() <= 8
    assert recognise_file(path) is ONE_PICTURE


def test_an_avif_with_the_brand_of_both_formats_is_an_avif(tmp_path: Path) -> None:
    if not features.check("avif"):
        pytest.skip("this Pillow has no AVIF")
    content = bytearray(written(tmp_path, "avif").read_bytes())
    expected = read_picture(PictureBytes("a", bytes(content))).image
    content[8:12] = b"mif1"
    np.testing.assert_array_equal(read_picture(PictureBytes("b", bytes(content))).image, expected)


def test_without_its_package_the_message_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, "heic")
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    message = r"photo\.heic is a HEIC picture, which needs the package pillow-heif .*, or save"
    with pytest.raises(TenfoldError, match=message):
        read_picture(path)


def test_an_old_pillow_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda feature: False)
    content = b"\0\0\0\x1cftypavif" + bytes(100)
    with pytest.raises(TenfoldError, match=r"a is an AVIF picture, which needs Pillow 11\.3"):
        read_picture(PictureBytes("a", content))


@given(data=st.data())
def test_a_damaged_one_is_read_or_refused(heic: bytes, data: st.DataObject) -> None:
    content = bytearray(heic)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(8, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(12, len(content)))]
    image = None
    with suppress(TenfoldError):
        image = read_picture(PictureBytes("a", bytes(content))).image
    assert image is None or image.shape == (28, 28, 1)


@pytest.fixture(scope="module")
def heic(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return written(tmp_path_factory.mktemp("heic"), "heic").read_bytes()


@pytest.mark.parametrize(
    "head", [b"", b"\0\0\x08\x03\0\0\0\x0a", b"\0\0\0\x18ftypisom", b"\x89PNG"]
)
def test_other_files_are_not_taken_for_it(head: bytes) -> None:
    assert not is_heif(head)
