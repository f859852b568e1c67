"""Picture files: orientation, previews, memory for large ones, and damaged ones."""

import gc
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngImageFile

import tenfold
from tenfold.errors import TenfoldError
from tenfold.reading import read_many
from tenfold.reading.picture import load_first, load_picture

from .pages import page, truth


def test_the_preview_of_a_photo_is_no_further_page(tmp_path: Path) -> None:
    grey = Image.fromarray(page([[0, 1]]))
    path = tmp_path / "a.jpg"
    grey.save(path, "MPO", save_all=True, append_images=[grey])
    picture = load_picture(path)
    assert not picture.more_pages
    assert picture.size == grey.size


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["png", "jpg", "webp"])
def test_every_orientation_is_turned_upright(kind: str, orientation: int, tmp_path: Path) -> None:
    """As Pillow turns it; also with the size in the file."""
    rng = np.random.default_rng(0)
    grey = Image.fromarray(rng.integers(0, 256, (200, 300), np.uint8)).resize((300, 200))
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"a.{kind}"
    grey.save(path, exif=exif)
    stored = Image.open(path)
    upright = ImageOps.exif_transpose(stored).convert("RGB")
    picture = load_picture(path)
    assert picture.size == upright.size
    assert (picture.rgb == np.asarray(upright)).all()


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A JPEG of 9 megapixels, stored turned, with a line of digits of 44 pixels on it."""
    paper = np.full((3600, 2400), 225, np.uint8)
    line = page([[0, 2, 3]], height=44)
    paper[700 : 700 + line.shape[0], 300 : 300 + line.shape[1]] = line
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path_factory.mktemp("photo") / "photo.jpg"
    Image.fromarray(np.rot90(paper)).save(path, quality=95, exif=exif)
    return path


def test_a_large_jpeg_is_first_decoded_at_a_reduced_size(photo: Path) -> None:
    first, full = load_first(photo), load_picture(photo)
    assert first.size == full.size == (2400, 3600)
    assert 500_000 <= first.rgb[..., 0].size <= 1_000_000
    assert first.larger is not None
    np.testing.assert_array_equal(first.larger().rgb, full.rgb)
    assert first.pixels == pytest.approx(full.pixels, rel=0.01)


@pytest.mark.parametrize(("shape", "kind"), [((3000, 2000), "png"), ((600, 800), "jpg")])
def test_other_pictures_are_decoded_once(shape: tuple[int, int], kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    Image.fromarray(np.full(shape, 225, np.uint8)).save(path)
    first = load_first(path)
    assert first.larger is None
    np.testing.assert_array_equal(first.rgb, load_picture(path).rgb)


def test_small_digits_of_a_large_jpeg_are_read_at_its_full_size(photo: Path) -> None:
    reading = tenfold.read(photo)
    assert list(reading.lines) == truth([[0, 2, 3]])
    x, y, _, height = reading.digits[0].box
    assert 300 < x < 380
    assert 700 < y < 780
    assert 30 < height < 46


_PEAKS = """
import sys
from tenfold.reading.picture import load_picture
for path in sys.argv[1:]:
    picture = load_picture(path)
    assert picture.rgb.size > 0
    del picture
    status = dict(line.split(":", 1) for line in open("/proc/self/status"))
    print(status["VmHWM"].split()[0])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_the_memory_for_a_large_picture_is_that_of_its_pixels(tmp_path: Path) -> None:
    """24 megapixels of at most 4 bytes, one more copy for the reduced picture, and Python.

    One process loads a picture of each mode after the other. Its peak never falls, so the first
    mode beyond the limit is the one that needs too much.
    """
    modes = ["RGB", "RGBA", "LA", "P", "I;16"]
    paths = [tmp_path / f"{number}.png" for number in range(len(modes))]
    for mode, path in zip(modes, paths, strict=True):
        options: dict[str, Any] = {"transparency": bytes(range(256))} if mode == "P" else {}
        Image.new(mode, (6000, 4000)).save(path, compress_level=1, **options)
    command = [sys.executable, "-c", _PEAKS, *map(str, paths)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    peaks = dict(zip(modes, map(int, answer.stdout.split()), strict=True))
    assert {mode: peak for mode, peak in peaks.items() if peak >= 330 * 1024} == {}


def test_an_error_keeps_no_decoded_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (300, 300)).save(path)
    path.write_bytes(path.read_bytes()[:-30])
    [(_, error)] = read_many([path])
    assert isinstance(error, TenfoldError)
    gc.collect()
    assert not [each for each in gc.get_objects() if isinstance(each, PngImageFile)]
