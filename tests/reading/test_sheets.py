"""Sheets of paper on a table: found by their form, and read without what is around them."""

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy import ndimage

import tenfold
from tenfold.nn.array import Array
from tenfold.reading import sheet_reader
from tenfold.reading.all_hypotheses import Hypotheses
from tenfold.reading.sheet_reader import read_with_sheets
from tenfold.reading.sheets import Sheet, _without_narrow, find_sheets
from tenfold.reading.working import bundled_recogniser
from tests.reading.pages import digit_mask, page, truth

WOOD, YELLOW, BLUE = (104, 70, 44), (232, 214, 120), (40, 60, 140)
LEFT = ((60, 70), (220, 60), (232, 230), (70, 238))  # corners (x, y) of a note
RIGHT = ((290, 80), (450, 90), (440, 250), (280, 240))


def _wood(shape: tuple[int, int]) -> Array:
    """Return a table with grain along one axis, (H, W, 3) float64."""
    rough = np.random.default_rng(1).normal(0, 1, shape)
    grain = ndimage.gaussian_filter(rough, (1.2, 25)) * 25 + ndimage.gaussian_filter(rough, 1) * 2
    return np.array(WOOD) + 12 * grain[..., np.newaxis]


def _noted(*corners: tuple[tuple[int, int], ...], index: int = 0, height: int = 70) -> Array:
    """Return notes on a table, each with a test digit near its middle, (300, 500, 3) uint8."""
    picture = _wood((300, 500))
    for each in corners:
        mask = Image.new("L", (500, 300))
        ImageDraw.Draw(mask).polygon(each, fill=255)
        picture = np.where(np.asarray(mask)[..., np.newaxis] > 0, np.array(YELLOW), picture)
        x, y = np.mean(each, axis=0).astype(int) - height // 2
        ink = digit_mask(index, height)[..., np.newaxis]
        place = (slice(y, y + height), slice(x, x + height))
        picture[place] = picture[place] * (1 - ink) + np.array(BLUE) * ink
    noise = np.random.default_rng(2).normal(0, 3, picture.shape)
    return np.clip(ndimage.gaussian_filter(picture, (1, 1, 0)) + noise, 0, 255).astype(np.uint8)


def _inside(corners: tuple[tuple[int, int], ...]) -> Array:
    mask = Image.new("1", (500, 300))
    ImageDraw.Draw(mask).polygon(corners, fill=1)
    return np.array(mask)


def test_a_note_on_a_table_is_found_by_its_form() -> None:
    (sheet,) = find_sheets(_noted(LEFT))
    expected = _inside(LEFT)
    assert not (sheet.inside & ~expected).any()
    assert (sheet.inside & expected).sum() >= 0.85 * expected.sum()  # all but its edge


def test_a_sheet_is_found_on_a_table_that_is_lighter_and_darker_than_it() -> None:
    """No brightness divides this picture into paper and table."""
    table = ndimage.gaussian_filter(np.random.default_rng(3).normal(0, 1, (300, 500)), 6)
    grey = 150 + 40 * table / table.std()
    expected = _inside(LEFT)
    grey[expected] = 170.0
    grey[110:180, 110:180] *= 1 - 0.8 * digit_mask(3, 70)
    grey *= np.linspace(1.0, 0.6, 500)  # the light
    sheet = find_sheets(np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., np.newaxis], 3, 2))[0]
    assert (sheet.inside & ~expected).sum() <= 0.1 * expected.sum()
    assert (sheet.inside & expected).sum() >= 0.85 * expected.sum()


def test_around_a_sheet_is_the_colour_of_its_paper() -> None:
    (sheet,) = find_sheets(_noted(LEFT))
    around = sheet.rgb[~_inside(LEFT)].astype(int)
    assert np.abs(around - np.array(YELLOW)).max() < 12


@pytest.mark.parametrize("index", [17, 1, 3, 4, 7])
@pytest.mark.parametrize("single", [False, True])
def test_a_digit_on_a_note_is_read_and_the_grain_is_not(index: int, single: bool) -> None:
    reading = tenfold.read(_noted(LEFT, index=index), single=single)
    assert list(reading.lines) == truth([[index]])
    x, y, width, height = reading.digits[0].box
    assert 60 < x < x + width < 232
    assert 60 < y < y + height < 238


def test_sheets_are_read_if_nothing_in_the_whole_picture_is_a_digit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sheets: list[Sheet] = []

    def find(rgb: Array) -> list[Sheet]:
        sheets.extend(find_sheets(rgb))
        return sheets

    def recognise(images: Array) -> Array:
        no_digit = np.tile(np.eye(11)[10], (len(images), 1))
        return bundled_recogniser()(images) if sheets else no_digit

    monkeypatch.setattr(sheet_reader, "find_sheets", find)
    result = read_with_sheets(Hypotheses(_noted(LEFT, RIGHT, index=3)), recognise)
    assert result is not None
    assert [str(found.arc.digit) for found in result.digits] == 2 * truth([[3]])


def test_the_notes_on_a_table_are_read_together() -> None:
    sheets = find_sheets(_noted(LEFT, RIGHT))
    assert len(sheets) == 1
    reading = tenfold.read(_noted(LEFT, RIGHT, index=1))
    assert "".join(reading.lines) == 2 * truth([[1]])[0]
    assert "Only the part that looks like a sheet of paper or a sign was read." in reading.warnings


@pytest.mark.parametrize("shape", ["disc", "triangle", "nearly all"])
def test_other_forms_are_not_sheets(shape: str) -> None:
    mask = Image.new("L", (500, 300))
    draw = ImageDraw.Draw(mask)
    if shape == "disc":
        draw.polygon(
            [(250, 20), (300, 130), (420, 150), (300, 170), (250, 280), (200, 170)], fill=9
        )
    elif shape == "triangle":
        draw.polygon([(40, 20), (460, 150), (40, 280)], fill=9)
    else:
        draw.rectangle([0, 0, 499, 299], fill=9)
    inside = np.asarray(mask)[..., np.newaxis] > 0
    picture = np.where(inside, np.array(YELLOW), _wood((300, 500)))
    assert find_sheets(np.clip(picture, 0, 255).astype(np.uint8)) == []


def test_the_lighter_half_of_a_page_is_not_read_alone() -> None:
    page = np.full((240, 480, 3), 230.0)
    for i in range(4):
        ink = digit_mask(i, 90)[..., np.newaxis]
        place = (slice(70, 160), slice(20 + 115 * i, 110 + 115 * i))
        page[place] *= 1 - 0.8 * ink
    page[:, 240:] *= 0.55
    assert list(tenfold.read(page.astype(np.uint8)).lines) == truth([[0, 1, 2, 3]])


def test_the_paper_inside_a_thick_digit_is_not_read() -> None:
    yy, xx = np.mgrid[:240, :240]
    radius = np.hypot((xx - 120) / 70, (yy - 120) / 95)
    rgb = np.full((240, 240, 3), 235, np.uint8)
    rgb[(radius < 1) & (radius > 0.45)] = 30
    result = read_with_sheets(Hypotheses(rgb), bundled_recogniser())
    assert result is not None
    (digit,) = result.digits
    top, left, bottom, right = digit.candidate.box
    assert digit.arc.digit == 0
    assert bottom - top == pytest.approx(190, abs=8)
    assert right - left == pytest.approx(140, abs=8)


def test_the_buttons_of_a_window_do_not_hide_the_digit_below() -> None:
    window = Image.new("RGB", (545, 778), (30, 30, 34))
    draw = ImageDraw.Draw(window)
    for stroke in ([(250, 132), (262, 311), (377, 299)], [(367, 130), (380, 528)]):
        draw.line(stroke, fill=(240, 240, 240), width=26)
        for x, y in stroke:
            draw.ellipse((x - 13, y - 13, x + 13, y + 13), fill=(240, 240, 240))
    draw.rectangle((0, 0, 545, 67), fill=(63, 81, 181))
    for x in (368, 436, 504):
        draw.ellipse((x - 17, 17, x + 17, 51), outline="white", width=2)
    for x in (54, 300):
        draw.rounded_rectangle((x, 714, x + 192, 774), 6, fill=(200, 200, 205))
    draw.rectangle((3, 71, 541, 706), outline=(120, 120, 120))
    assert tenfold.read(np.asarray(window)).lines == ["4"]


@pytest.mark.parametrize("light", [False, True])
def test_the_hole_of_a_0_is_not_a_digit_on_a_sheet(light: bool) -> None:
    rows = [
        "009eg600",
        "00ee7g00",
        "00da18a0",
        "06e006a0",
        "08f00ca0",
        "05a02d80",
        "03ecde10",
        "00agg300",
    ]
    cells = np.array([[255 * int(cell, 17) // 16 for cell in row] for row in rows], np.uint8)
    grey = np.asarray(Image.fromarray(cells).resize((128, 128), Image.Resampling.BICUBIC))
    assert list(tenfold.read(grey if light else 255 - grey).lines) == ["0"]


def test_a_sheet_with_fewer_digits_than_the_page_is_not_read_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rgb = np.repeat(page([[0, 1, 3, 4, 2]])[..., np.newaxis], 3, axis=2)  # the 1 may be an edge
    inside = np.ones(rgb.shape[:2], bool)
    inside[:, 264:] = False  # without the 1
    without_two = rgb.copy()
    without_two[:, 200:] = 230
    sheets = [Sheet(inside, without_two)]
    monkeypatch.setattr("tenfold.reading.sheet_reader.find_sheets", lambda rgb: sheets)
    result = read_with_sheets(Hypotheses(rgb), bundled_recogniser())
    assert result is not None
    assert [found.arc.digit for found in result.digits] == [7, 2, 0, 4, 1]


def test_a_sheet_is_not_read_alone_if_a_line_continues_outside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The large digit of this sheet gives it a higher score than the whole page has."""
    grey = np.pad(page([[0, 1, 2, 3, 4]]), ((0, 150), (0, 0)), constant_values=230)
    rgb = np.repeat(grey[..., np.newaxis], 3, axis=2)
    inside = np.zeros(grey.shape, bool)
    inside[:, :264] = True  # without the last digit of the line
    other = np.where(inside, grey, 230.0)
    other[95:235, 30:170] *= 1 - 0.85 * digit_mask(17, 140)
    sheets = [Sheet(inside, np.repeat(other[..., np.newaxis], 3, axis=2).astype(np.uint8))]
    monkeypatch.setattr("tenfold.reading.sheet_reader.find_sheets", lambda rgb: sheets)
    result = read_with_sheets(Hypotheses(rgb), bundled_recogniser())
    assert result is not None
    assert [found.arc.digit for found in result.digits] == [7, 2, 1, 0, 4]


@pytest.mark.parametrize("shape", [(4, 30), (30, 4), (5, 5), (40, 60)])
def test_narrow_parts_are_removed_as_by_an_opening(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(sum(shape))
    even = ndimage.binary_dilation(rng.random(shape) < 0.1, iterations=3)
    expected = ndimage.binary_opening(even, np.ones((5, 5), bool))
    assert (_without_narrow(even) == expected).all()
