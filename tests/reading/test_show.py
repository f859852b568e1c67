"""The drawing of a reading: nothing is cut, covered or left out, for pictures of any shape."""

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tenfold.data import load_mnist
from tenfold.nn.array import Array
from tenfold.reading import DigitRead, Reading, draw_reading
from tenfold.reading.show.fonts import text_width
from tenfold.reading.show.layout import MOST_CARDS, Layout, lay_out

REMARKS = ("faint", "thin strokes", "in several pieces", "touches the border", "very small")


def digits_on(
    width: int, height: int, size: int, pitch: tuple[int, int], most: int = 10_000
) -> Reading:
    """A reading with digits of a size on a grid that fills the picture."""
    across, down = max(1, width // pitch[0]), max(1, height // pitch[1])
    places = [(line, k) for line in range(down) for k in range(across)][:most]
    images = load_mnist("test").images
    digits = tuple(
        DigitRead(
            digit=(line + k) % 10,
            confidence=0.9,
            box=(k * pitch[0], line * pitch[1], min(size, width), min(size, height)),
            line=line,
            unsure=(line + k) % 3 == 0,
            image=images[k % 100],
            remarks=REMARKS[: k % 6],
        )
        for line, k in places
    )
    return Reading(digits, ("The ink is lighter than the background.",) * 3, (width, height))


READINGS: dict[str, Callable[[], Reading]] = {
    "one digit": lambda: digits_on(200, 300, 150, (200, 300)),
    "small picture": lambda: digits_on(28, 28, 20, (28, 28)),
    "one tiny digit": lambda: digits_on(4000, 3000, 40, (4000, 3000), 1),
    "tiny digits": lambda: digits_on(4000, 3000, 30, (40, 3000), 7),
    "as wide as its columns": lambda: digits_on(900, 420, 190, (200, 420), 4),
    "at the left": lambda: digits_on(500, 900, 60, (80, 150), 30),
    "few": lambda: digits_on(500, 300, 60, (90, 120)),
    "page": lambda: digits_on(1000, 1400, 40, (70, 90)),
    "wide strip": lambda: digits_on(9000, 120, 50, (100, 120)),
    "tall strip": lambda: digits_on(90, 4000, 60, (90, 90)),
    "touching": lambda: digits_on(600, 200, 50, (52, 100)),
    "very many": lambda: digits_on(1760, 2400, 40, (80, 100)),  # more than MOST_CARDS
    "long line": lambda: digits_on(3000, 1000, 30, (40, 1000)),
    "no digits": lambda: Reading((), ("There is ink.",), (400, 300)),
    "one pixel": lambda: Reading((), (), (1, 1)),
    "thin": lambda: Reading((), (), (1, 20_000)),
}
CROWDED = {"very many": 0.6}  # share of the tags that find no free place
NAMES = pytest.mark.parametrize("name", READINGS)


@functools.cache
def laid_out(name: str) -> tuple[Reading, Layout]:
    """The reading of a name and its layout, which takes long for many digits."""
    reading = READINGS[name]()
    return reading, lay_out(reading, reading.size)


def overlaps(some: Sequence[tuple[float, ...]], others: Sequence[tuple[float, ...]]) -> Array:
    """Whether each of the first places overlaps each of the others, (N, M)."""
    one, other = (np.array(places, np.float64).reshape(-1, 4) for places in (some, others))
    left, top, right, bottom = (one[:, [side]] for side in range(4))
    across = (left < other[:, 2]) & (other[:, 0] < right)
    return across & (top < other[:, 3]) & (other[:, 1] < bottom)


def everything(layout: Layout) -> list[tuple[float, ...]]:
    """The places of texts, sections of the picture, and cards."""
    texts = (text.place for text in layout.texts)
    sections = [section.place for section in layout.sections]
    sections += [layout.overview.place] if layout.overview else []
    return [*texts, *sections, *(card.place for card in layout.cards)]


@NAMES
def test_nothing_leaves_the_sheet_or_covers_something_else(name: str) -> None:
    _, layout = laid_out(name)
    width, height = layout.size
    for place in (*everything(layout), *(tag.place for tag in layout.tags), *layout.boxes):
        assert 0 <= place[0] < place[2] <= width
        assert 0 <= place[1] < place[3] <= height
    assert not np.triu(overlaps(everything(layout), everything(layout)), 1).any()
    assert width <= 1528


@NAMES
def test_tags_cover_neither_each_other_nor_texts_cards_or_boxes(name: str) -> None:
    _, layout = laid_out(name)
    tags = [tag.place for tag in layout.tags]
    assert not np.triu(overlaps(tags, tags), 1).any()
    others = [*(text.place for text in layout.texts), *(card.place for card in layout.cards)]
    assert not overlaps(tags, others).any()
    covered = overlaps(tags, layout.boxes).any(axis=1)
    assert covered.sum() <= CROWDED.get(name, 0) * len(tags)


@NAMES
def test_each_digit_has_a_tag_and_a_card_with_its_number(name: str) -> None:
    reading, layout = laid_out(name)
    count = min(MOST_CARDS, len(reading.digits))
    assert [card.digit for card in layout.cards] == list(range(count))
    assert [tag.digit for tag in layout.tags if tag.digit >= 0] == list(range(count))
    for tag in layout.tags:
        if tag.digit >= 0:
            digit = reading.digits[tag.digit]
            mark = "?" if digit.unsure else ""
            number = f"{tag.digit + 1}|" if len(reading.digits) > 1 else ""
            assert tag.text == layout.cards[tag.digit].tag == f"{number}{digit.digit}{mark}"
            assert text_width(tag.text.replace("|", ""), tag.size) <= tag.place[2] - tag.place[0]
    lines = [tag.text for tag in layout.tags if tag.digit < 0]
    named = {f"line {digit.line + 1}" for digit in reading.digits[:count]}
    assert set(lines) == (named if len(reading.lines) > 1 else set())
    assert len(layout.boxes) == len(reading.digits)
    left_out = [text for text in layout.texts if "no number and no card" in text.text]
    assert bool(left_out) == (len(reading.digits) > MOST_CARDS)


@NAMES
def test_boxes_lie_on_the_digits_in_the_sections(name: str) -> None:
    reading, layout = laid_out(name)
    for digit, box in zip(reading.digits, layout.boxes, strict=True):
        x, y = digit.box[0] + digit.box[2] / 2, digit.box[1] + digit.box[3] / 2
        [section] = [
            p for p in layout.sections if p.crop[0] <= x < p.crop[2] and p.crop[1] <= y < p.crop[3]
        ]
        scale = (section.place[2] - section.place[0]) / (section.crop[2] - section.crop[0])
        assert (box[0] + box[2]) / 2 == pytest.approx(
            section.place[0] + (x - section.crop[0]) * scale, abs=4
        )
        assert (box[1] + box[3]) / 2 == pytest.approx(
            section.place[1] + (y - section.crop[1]) * scale, abs=4
        )
        assert box[3] - box[1] > digit.box[3] * scale


@NAMES
def test_texts_and_remarks_are_complete(name: str) -> None:
    reading, layout = laid_out(name)
    for text in layout.texts:
        assert text_width(text.text, text.size) <= text.place[2] - text.place[0] + 0.5
    for card in layout.cards:
        digit = reading.digits[card.digit]
        remarks = ", ".join(digit.remarks)
        unsure = f"unsure: {remarks}" if remarks else "unsure"
        assert " ".join(card.remarks) == (unsure if digit.unsure else remarks)
        for line in card.remarks:
            assert text_width(line, 15) <= layout.grid.card_width - 20


def test_tiny_digits_are_drawn_large_beside_the_whole_picture() -> None:
    reading, layout = laid_out("tiny digits")
    assert layout.overview is not None
    assert list(layout.overview.crop) == [0, 0, *reading.size]
    assert min(box[3] - box[1] for box in layout.boxes) >= 50
    sheet = np.asarray(draw_reading(reading, np.full((3000, 4000), 255, np.uint8)))
    left, top, right, bottom = (int(v) for v in layout.overview.place)
    inside = sheet[top + 1 : bottom - 1, left + 1 : right - 1].astype(int)
    coloured = (inside.max(axis=2) - inside.min(axis=2) > 50).any(axis=0)
    columns = np.flatnonzero(coloured)
    scale = (right - left) / 4000
    assert columns[-1] - columns[0] == pytest.approx(
        (layout.sections[0].crop[2] - layout.sections[0].crop[0]) * scale, abs=5
    )


def test_large_digits_are_drawn_with_the_whole_picture() -> None:
    for name in ("one digit", "few", "page", "very many"):
        reading, layout = laid_out(name)
        assert layout.overview is None
        assert [section.crop for section in layout.sections] == [(0, 0, *reading.size)]


@pytest.mark.parametrize("name", ["as wide as its columns", "few", "one digit"])
def test_few_cards_are_all_beside_the_picture(name: str) -> None:
    _, layout = laid_out(name)
    right = max(section.place[2] for section in layout.sections)
    beside = [card for card in layout.cards if card.place[0] >= right]
    assert len(beside) == len(layout.cards) or name == "few"
    assert beside


@pytest.mark.parametrize("name", ["page", "at the left", "few", "wide strip"])
def test_the_tags_of_a_line_form_a_row_that_starts_with_the_name_of_the_line(name: str) -> None:
    """On each section of the picture, all are above their boxes, or all below.

    The name is left of the first box.
    """
    reading, layout = laid_out(name)
    places = {tag.digit: tag.place for tag in layout.tags if tag.digit >= 0}
    for line in range(len(reading.lines)):
        own = [k for k, digit in enumerate(reading.digits) if digit.line == line]
        boxes = [layout.boxes[k] for k in own]
        tags = [places[k] for k in own]
        for section in layout.sections:
            pairs = [
                (t, b)
                for t, b in zip(tags, boxes, strict=True)
                if section.place[0] <= (b[0] + b[2]) / 2 < section.place[2]
                and section.place[1] <= (b[1] + b[3]) / 2 < section.place[3]
            ]
            assert all(t[3] <= b[1] for t, b in pairs) or all(t[1] >= b[3] for t, b in pairs)
        assert all(t[0] <= b[2] and t[2] >= b[0] for t, b in zip(tags, boxes, strict=True))
    names = [tag for tag in layout.tags if tag.digit < 0]
    for tag, line in zip(names, range(len(reading.lines)), strict=len(reading.lines) > 1):
        first = next(k for k, digit in enumerate(reading.digits) if digit.line == line)
        left, top, _, bottom = layout.boxes[first]
        assert tag.place[2] <= left
        assert top < (tag.place[1] + tag.place[3]) / 2 < bottom


def test_the_images_that_were_read_are_drawn_pixel_by_pixel() -> None:
    reading, layout = laid_out("few")
    sheet = np.asarray(draw_reading(reading, np.full((300, 500), 255, np.uint8)).convert("L"))
    zoom = layout.grid.zoom
    for card in layout.cards:
        left, top = int(card.place[0]) + 88, int(card.place[1]) + 8
        shown = sheet[top : top + 28 * zoom, left : left + 28 * zoom]
        image = 255 - reading.digits[card.digit].image[..., 0]
        assert (shown == np.kron(image, np.ones((zoom, zoom), np.uint8))).all()


@pytest.mark.parametrize("ground", [0, 255])
def test_boxes_of_sure_and_unsure_digits_differ_in_form(ground: int) -> None:
    """A sure box is one line; an unsure one has gaps, in which it is white."""
    image = load_mnist("test").images[0]
    kinds = [DigitRead(1, 0.9, (90, 90, 160, 160), 0, unsure, image) for unsure in (False, True)]
    shares = []
    for digit in kinds:
        reading = Reading((digit,), (), (400, 400))
        left, top, right, _ = (int(v) for v in lay_out(reading, (400, 400)).boxes[0])
        sheet = np.asarray(draw_reading(reading, np.full((400, 400), ground, np.uint8)))
        row = sheet[top, left:right].astype(int)
        shares.append((np.ptp(row, axis=1) > 50).mean())
        assert (sheet[top - 1, left:right] == 255).all()
    assert shares[0] > 0.97
    assert 0.5 < shares[1] < 0.8


def test_a_file_is_drawn_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("L", (300, 200), 90).save(tmp_path / "a.jpg", exif=exif)
    reading = Reading((), (), (200, 300))
    sheet = np.asarray(draw_reading(reading, tmp_path / "a.jpg").convert("L"))
    grey = np.argwhere(np.abs(sheet.astype(int) - 90) < 3)
    height, width = np.ptp(grey, axis=0) + 1
    assert height > 1.4 * width
