"""``tenfold.read``: digits on any ground, lines, boxes, every kind of file and array, bad input."""

import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

import tenfold
from tenfold.data import load_mnist
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array
from tenfold.reading import Reading, prepare, read, read_many
from tenfold.reading.picture import load_picture

from .damage import KINDS, damaged_file, outcome
from .pages import page, truth

ROWS = [[0, 1, 2, 3], [4, 5, 6]]  # 7210 and 414


@pytest.mark.parametrize(
    ("ground", "ink"), [(60, 255), (125, 20), (200, 30), (240, 190), (30, 220), (0, 255), (255, 0)]
)
@pytest.mark.parametrize("index", [0, 1, 2, 3, 4, 7, 9])
def test_a_digit_of_28_pixels_on_any_ground(ground: int, ink: int, index: int) -> None:
    data = load_mnist("test")
    mask = data.images[index, :, :, 0] / 255
    grey = np.rint(ground * (1 - mask) + ink * mask).astype(np.uint8)
    assert tenfold.read(grey).lines == [str(data.require_labels()[index])]


@pytest.mark.parametrize(("paper", "ink"), [(230, 40), (140, 60), (90, 20), (30, 200)])
@pytest.mark.parametrize("height", [36, 56, 120])
def test_lines_are_read_in_order(paper: float, ink: float, height: int) -> None:
    assert tenfold.read(page(ROWS, paper, ink, height)).lines == truth(ROWS)


def test_uneven_light_and_rules_do_not_matter() -> None:
    grey = page(ROWS, height=64).astype(float)
    grey[19::47] *= 0.6  # ruled lines, also through the digits
    grey *= np.linspace(1.05, 0.5, grey.shape[1])
    assert tenfold.read(np.clip(grey, 0, 255).astype(np.uint8)).lines == truth(ROWS)


@pytest.mark.parametrize("degrees", [-35, -12, 7, 25, 40])
def test_skewed_lines_are_read(degrees: float) -> None:
    picture = Image.fromarray(page([[0, 1, 2, 3, 4]], noise=0)).rotate(
        degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=230
    )
    assert tenfold.read(np.asarray(picture)).lines == ["72104"]


def test_boxes_lie_around_the_digits() -> None:
    picture = page([[0, 1, 2, 3]], height=100)
    boxes = [digit.box for digit in tenfold.read(picture).digits]
    assert len(boxes) == 4
    for index, (left, top, width, height) in enumerate(boxes):
        cell = 20 + index * 106
        assert cell - 4 <= left < left + width <= cell + 104
        assert 16 <= top < top + height <= 124
        assert height > 50


@pytest.mark.parametrize("turned", [False, True])
def test_boxes_of_a_large_jpeg_are_in_its_own_pixels(turned: bool, tmp_path: Path) -> None:
    """JPEGs are decoded at a reduced size, and EXIF may say that they are to be turned."""
    grey = Image.fromarray(page([[0, 1, 2, 3]], height=100, noise=0))
    factor = 12
    large = grey.resize((grey.width * factor, grey.height * factor))
    exif = Image.Exif()
    exif[0x0112] = 6 if turned else 1
    stored = large.rotate(90, expand=True) if turned else large
    reading = tenfold.read(_save(stored, tmp_path / "large.jpg", exif=exif, quality=80))
    assert reading.size == large.size
    assert reading.lines == ["7210"]
    for index, digit in enumerate(reading.digits):
        left, _, width, height = digit.box
        cell = factor * (20 + index * 106)
        assert cell - 90 <= left < left + width <= cell + 110 * factor
        assert height > 50 * factor


@pytest.mark.parametrize("kind", ["RGB", "RGBA", "bool", "float", "H W 1", "uint16"])
def test_arrays_of_every_kind_give_the_same_digits(kind: str) -> None:
    grey = page(ROWS, noise=0)
    rgb = np.repeat(grey[..., np.newaxis], 3, axis=2)
    arrays: dict[str, Array] = {
        "RGB": rgb,
        "RGBA": np.concatenate([rgb, np.full((*grey.shape, 1), 255, np.uint8)], axis=2),
        "bool": grey > 128,
        "float": grey / 255,
        "H W 1": grey[..., np.newaxis],
        "uint16": grey.astype(np.uint16) * 257,
    }
    assert tenfold.read(arrays[kind]).lines == truth(ROWS)


def test_a_flat_picture_has_no_digits() -> None:
    reading = tenfold.read(np.full((300, 400), 180, np.uint8))
    assert (reading.verdict, reading.lines) == ("none", [])
    assert reading.warnings == ("The picture has no ink that stands out from the background.",)


def test_noise_has_no_digits() -> None:
    noise = np.random.default_rng(1).normal(200, 12, (300, 400)).clip(0, 255).astype(np.uint8)
    assert tenfold.read(noise).verdict != "digits"


def test_drawings_are_not_answered_as_digits() -> None:
    picture = Image.new("L", (400, 300), 255)
    draw = ImageDraw.Draw(picture)
    draw.line([(50, 200), (120, 60), (190, 200), (50, 110), (190, 110), (50, 200)], 0, 6)
    draw.rectangle((250, 60, 350, 200), outline=0, width=6)
    draw.line([(250, 60), (350, 200)], 0, 6)
    assert tenfold.read(np.asarray(picture)).verdict != "digits"


def test_single_gives_exactly_one_digit() -> None:
    for index in range(5):
        reading = tenfold.read(page([[index]]), single=True)
        assert reading.lines == truth([[index]])


def test_a_smaller_error_rate_answers_less() -> None:
    picture = page(ROWS)
    strict, loose = (tenfold.read(picture, error_rate=rate) for rate in (1e-9, 0.2))
    assert strict.verdict == "unsure"
    assert [d.digit for d in strict.digits] == [d.digit for d in loose.digits]
    assert sum(d.unsure for d in loose.digits) <= sum(d.unsure for d in strict.digits)


@pytest.mark.parametrize("rate", [0, 1, -0.1, float("nan"), "0.01"])
def test_wrong_error_rates_are_refused(rate: Any) -> None:
    with pytest.raises(ValueError, match="error_rate must be"):
        tenfold.read(page(ROWS), error_rate=rate)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((0, 5), np.uint8), "at least one pixel"),
        (np.zeros(5, np.uint8), r"must be an array \(H, W\)"),
        (np.zeros((4, 4, 2), np.uint8), r"must be an array \(H, W\)"),
        (np.zeros((2, 28, 28, 1), np.uint8), r"must be an array \(H, W\)"),
        (np.full((9, 9), np.nan), "finite grey levels"),
        (np.full((9, 9), -1), "finite grey levels"),
        (np.full((9, 9), "7"), "grey levels, got an array of <U1"),
        (np.full((9, 9), 1j), "grey levels, got an array of complex128"),
    ],
)
def test_arrays_that_are_no_picture_are_refused(array: Array, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        tenfold.read(array)


def _save(picture: Image.Image, path: Path, **options: Any) -> Path:
    picture.save(path, **options)
    return path


def _pictures(folder: Path) -> list[Path]:
    """The same page in formats and modes of many kinds."""
    grey = Image.fromarray(page(ROWS, noise=0))
    turned = grey.rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    mask = Image.fromarray(255 - np.asarray(grey))
    transparent = Image.new("RGBA", grey.size, (0, 0, 0, 0))
    transparent.paste((20, 20, 20, 255), (0, 0, *grey.size), mask.point(lambda v: max(0, v - 30)))
    return [
        _save(grey, folder / "grey.png"),
        _save(grey.convert("P"), folder / "palette.png"),
        _save(grey.convert("CMYK"), folder / "cmyk.jpg", quality=90),
        _save(Image.fromarray(np.asarray(grey).astype(np.uint16) * 257), folder / "deep.png"),
        _save(transparent, folder / "transparent.png"),
        _save(turned, folder / "exif.jpg", exif=exif, quality=90),
        _save(grey, folder / "moving.gif", save_all=True, append_images=[turned]),
        _save(grey, folder / "a.bmp"),
        _save(grey, folder / "a.webp"),
        _save(grey, folder / "a.tiff"),
        _save(grey.convert("1"), folder / "bits.png"),
        _save(grey.resize((grey.width * 9, grey.height * 9)), folder / "large.jpg", quality=80),
    ]


def test_every_kind_of_file_is_read(tmp_path: Path) -> None:
    answers = {path.name: result for path, result in read_many(_pictures(tmp_path))}
    lines = {n: r.lines if isinstance(r, Reading) else str(r) for n, r in answers.items()}
    assert lines == dict.fromkeys(lines, truth(ROWS))


def test_one_bad_file_does_not_lose_the_others(tmp_path: Path) -> None:
    good = _save(Image.fromarray(page(ROWS)), tmp_path / "good.png")
    bad = tmp_path / "bad.png"
    bad.write_text("hello")
    results = [result for _, result in read_many([bad, good, tmp_path / "missing.png", good])]
    assert isinstance(results[0], TenfoldError)
    assert isinstance(results[2], TenfoldError)
    for result in (results[1], results[3]):
        assert isinstance(result, Reading)
        assert result.lines == truth(ROWS)


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (2, 2), (5, 900)])
def test_tiny_and_narrow_pictures_are_read_as_none(size: tuple[int, int], tmp_path: Path) -> None:
    path = _save(Image.new("L", size, 200), tmp_path / "small.png")
    assert tenfold.read(path).verdict == "none"


@pytest.mark.parametrize("size", [(1, 300), (300, 1), (2, 300), (300, 2), (160, 1)])
def test_narrow_pictures_with_ink_are_read_without_a_warning(size: tuple[int, int]) -> None:
    picture = np.full(size, 200, np.uint8)
    picture.flat[100:104] = 0
    assert tenfold.read(picture).verdict in ("none", "unsure")


def test_a_model_without_an_eleventh_class_is_refused() -> None:
    with pytest.raises(TenfoldError, match=r"needs a model of 11 classes.* got a model of 10"):
        read(page(ROWS), model=tenfold.load("standard"))


def test_pictures_read_at_once_leave_the_filters_of_warnings_alone(tmp_path: Path) -> None:
    paths = [_save(Image.fromarray(page([[0]])), tmp_path / "a.png")] * 40
    before = list(warnings.filters)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(load_picture, paths))
    assert warnings.filters == before


def test_a_picture_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = _save(Image.new("1", (20_000, 20_000)), tmp_path / "huge.png")
    with pytest.raises(
        TenfoldError, match=r"huge\.png is too large: reduce it to at most 100,000,000 pixels"
    ):
        tenfold.read(path)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(KINDS), st.integers(0, 2**32 - 1))
def test_damaged_files_give_a_reading_or_an_error(kind: str, seed: int) -> None:
    """A sample of the trials of ``python -m tests.reading.damage``."""
    assert outcome(damaged_file(kind, np.random.default_rng(seed))) in ("read", "refused")


def test_a_reading_as_plain_data() -> None:
    data = tenfold.read(page(ROWS)).to_dict()
    assert list(data) == ["file", "verdict", "lines", "digits", "warnings"]
    assert data["lines"] == truth(ROWS)
    assert list(data["digits"][0]) == ["digit", "confidence", "box", "line", "unsure"]
    assert [digit["line"] for digit in data["digits"]] == [0, 0, 0, 0, 1, 1, 1]


def test_a_reading_is_displayed_as_a_table() -> None:
    html = tenfold.read(page(ROWS))._repr_html_()
    assert "7210 / 414" in html
    assert html.count("<tr") == 8


def test_prepared_digits_look_like_mnist() -> None:
    data = load_mnist("test")
    for index in range(10):
        image = prepare(page([[index]], height=90)).astype(float)
        original = data.images[index].astype(float)
        assert np.corrcoef(image.ravel(), original.ravel())[0, 1] > 0.6


def test_a_picture_without_ink_is_prepared_as_a_blank_image() -> None:
    assert not prepare(np.full((50, 50), 99, np.uint8)).any()


def test_a_line_with_other_large_ink_is_unsure() -> None:
    grey = page([[0, 3, 4]], height=60)
    assert not any(digit.unsure for digit in read(grey).digits)
    wide = np.concatenate([grey, np.full((len(grey), 90), 230, np.uint8)], axis=1)
    drawing = Image.fromarray(wide)
    draw = ImageDraw.Draw(drawing)
    left = grey.shape[1] - 10
    draw.polygon([(left, 75), (left + 25, 25), (left + 50, 75)], outline=40, width=5)
    draw.line([(left, 25), (left + 50, 75)], fill=40, width=5)
    reading = read(np.asarray(drawing))
    assert [digit.digit for digit in reading.digits][:3] == [7, 0, 4]
    assert all(digit.unsure for digit in reading.digits)
