import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tenfold.data import picture, read_image
from tenfold.data.picture import read_picture
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array
from tests.data.damage import damaged, digits, read_or_none

DIGIT = digits(1)[0]


def save(path: Path, image: Array | Image.Image, **options: Any) -> Path:
    (Image.fromarray(image) if isinstance(image, np.ndarray) else image).save(path, **options)
    return path


def encoded(kind: str) -> bytes:
    file = io.BytesIO()
    Image.fromarray(DIGIT).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("suffix", ["png", "bmp", "gif", "tif", "pgm", "webp"])
def test_a_grey_image_of_the_right_size_is_unchanged(suffix: str, tmp_path: Path) -> None:
    options = {"lossless": True} if suffix == "webp" else {}
    result = read_picture(save(tmp_path / f"a.{suffix}", DIGIT, **options))
    assert np.array_equal(result.image[..., 0], DIGIT)
    assert result.image.shape == (28, 28, 1)
    assert result.image.dtype == np.uint8
    assert not result.inverted
    assert not result.resized


def test_a_jpeg_differs_little(tmp_path: Path) -> None:
    smooth = np.outer(np.hanning(28), np.hanning(28)) * 255
    result = read_image(save(tmp_path / "a.jpg", smooth.astype(np.uint8), quality=95))
    assert np.abs(result[..., 0] - smooth).max() < 6


@pytest.mark.parametrize("mode", ["RGB", "P", "RGBA", "LA", "CMYK"])
def test_grey_in_any_colour_mode_is_grey(mode: str, tmp_path: Path) -> None:
    suffix = "tif" if mode == "CMYK" else "png"
    path = save(tmp_path / f"a.{suffix}", Image.fromarray(DIGIT).convert(mode))
    assert np.abs(read_image(path)[..., 0].astype(int) - DIGIT).max() <= 1


def test_colours_are_weighted_by_luminance(tmp_path: Path) -> None:
    colours = np.zeros((28, 28, 3), np.uint8)
    colours[10, 10:13] = np.eye(3, dtype=np.uint8) * 200
    result = read_image(save(tmp_path / "a.png", colours))
    assert result[10, 10:13, 0].tolist() == [60, 117, 23]  # 0.299, 0.587, 0.114 of 200


def test_one_bit_and_sixteen_bits_are_scaled(tmp_path: Path) -> None:
    bits = save(tmp_path / "bits.png", Image.fromarray(DIGIT > 128))
    assert np.array_equal(read_image(bits)[..., 0], np.where(DIGIT > 128, 255, 0))
    sixteen = save(tmp_path / "sixteen.png", DIGIT.astype(np.uint16) * 257)
    assert np.array_equal(read_image(sixteen)[..., 0], DIGIT)


def test_a_light_background_is_inverted(tmp_path: Path) -> None:
    result = read_picture(save(tmp_path / "a.png", 255 - DIGIT))
    assert np.array_equal(result.image[..., 0], DIGIT)
    assert result.inverted


@pytest.mark.parametrize("ink", [0, 255])
def test_a_transparent_background_contrasts_with_the_ink(ink: int, tmp_path: Path) -> None:
    layers = np.full((28, 28, 2), 255 - ink, np.uint8)  # transparent pixels may have any value
    layers[..., 1] = DIGIT
    layers[DIGIT > 0, 0] = ink
    result = read_picture(save(tmp_path / "a.png", layers))
    assert np.array_equal(result.image[..., 0], DIGIT)
    assert result.inverted == (ink == 0)


def test_a_fully_transparent_picture_is_blank(tmp_path: Path) -> None:
    assert not read_image(save(tmp_path / "a.png", np.zeros((28, 28, 4), np.uint8))).any()


def test_a_photo_is_rotated_by_its_exif_tag(tmp_path: Path) -> None:
    turned = Image.fromarray(np.rot90(DIGIT))
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: rotate by 90 degrees clockwise for display
    result = read_image(save(tmp_path / "a.png", turned, exif=exif))
    assert np.array_equal(result[..., 0], DIGIT)


def test_larger_pictures_are_averaged(tmp_path: Path) -> None:
    large = np.kron(DIGIT, np.ones((10, 10), np.uint8))
    large[5, 5] = 255  # a speck
    result = read_picture(save(tmp_path / "a.png", large))
    assert result.resized
    assert np.abs(result.image[..., 0].astype(int) - DIGIT).mean() < 25
    assert result.image[0, 0, 0] < 10


@pytest.mark.parametrize("shape", [(56, 28), (28, 56), (1, 300), (300, 1), (1, 1), (14, 14)])
def test_proportions_are_kept_on_a_centred_square(shape: tuple[int, int], tmp_path: Path) -> None:
    grey = np.full(shape, 40, np.uint8)
    grey[shape[0] // 4 : -(shape[0] // 4) or None, shape[1] // 4 : -(shape[1] // 4) or None] = 100
    result = read_image(save(tmp_path / "a.png", grey))[..., 0]
    assert result.shape == (28, 28)
    if min(shape) > 1:
        assert result[0, 0] == 40  # the grey level of the border
        for axis, length in ((1, shape[0]), (0, shape[1])):
            ink = np.flatnonzero((result > 70).any(axis=axis))
            assert ink[0] == 27 - ink[-1]
            drawn = length - 2 * (length // 4)
            assert abs(len(ink) - drawn * 28 / max(shape)) <= 1


def test_files_that_are_not_pictures_raise(tmp_path: Path) -> None:
    save(tmp_path / "a.png", DIGIT, format="PCX")  # Pillow could read it
    with pytest.raises(
        TenfoldError, match=r"a.png is not a readable image file .*Save it again as PNG"
    ):
        read_image(tmp_path / "a.png")
    save(tmp_path / "f.tif", DIGIT.astype(np.float32))
    with pytest.raises(TenfoldError, match="floating-point numbers of unknown scale"):
        read_image(tmp_path / "f.tif")
    with pytest.raises(TenfoldError, match="there is no file"):
        read_image(tmp_path / "none.png")


def test_a_very_large_picture_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "_MAX_PIXELS", 28 * 28 - 1)
    with pytest.raises(
        TenfoldError, match=r"a.png is too large \(28 x 28 pixels\): reduce it to at most"
    ):
        read_image(save(tmp_path / "a.png", DIGIT))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM"])
@settings(max_examples=30)
@given(data=st.data())
def test_any_bytes_give_an_image_or_raise_tenfold_error(
    kind: str, scratch: Path, data: st.DataObject
) -> None:
    content = data.draw(damaged(encoded(kind)))
    image = read_or_none(read_image, scratch / "damaged", content)
    assert image is None or image.shape == (28, 28, 1)


def test_eight_bits_in_a_wider_type_are_not_scaled(tmp_path: Path) -> None:
    wide = save(tmp_path / "wide.tiff", DIGIT.astype(np.int32))
    assert np.array_equal(read_image(wide)[..., 0], DIGIT)
