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

from tenfold.errors import TenfoldError
from tenfold.reading import read_many
from tenfold.reading.picture import load_picture

from .pages import page


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


_PEAK = """
import sys
from tenfold.reading.picture import load_picture
picture = load_picture(sys.argv[1])
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(picture.rgb.shape, status["VmHWM"].split()[0])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P", "I;16"])
def test_the_memory_for_a_large_picture_is_that_of_its_pixels(mode: str, tmp_path: Path) -> None:
    """24 megapixels of at most 4 bytes, one more copy for the reduced picture, and Python."""
    picture = Image.new(mode, (6000, 4000))
    options: dict[str, Any] = {"transparency": bytes(range(256))} if mode == "P" else {}
    path = tmp_path / "a.png"
    picture.save(path, compress_level=1, **options)
    command = [sys.executable, "-c", _PEAK, str(path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    assert int(answer.stdout.split()[-1]) < 330 * 1024


def test_an_error_keeps_no_decoded_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (300, 300)).save(path)
    path.write_bytes(path.read_bytes()[:-30])
    [(_, error)] = read_many([path])
    assert isinstance(error, TenfoldError)
    gc.collect()
    assert not [each for each in gc.get_objects() if isinstance(each, PngImageFile)]
