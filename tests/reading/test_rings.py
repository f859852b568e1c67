"""Outlines: circles and signs are no surely read 0s, and hollow digits are read as a whole."""

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy import ndimage

import tenfold
from tenfold.nn.array import Array
from tenfold.reading.candidates import whole_candidate
from tenfold.reading.mask import find_pieces
from tenfold.reading.rings import is_ring
from tests.reading.pages import digit_mask, page, truth


def _ellipse(size: tuple[int, int], inside: int, width: int = 12) -> Array:
    """Return an outline of a size, (300, 300) uint8, around a grey level."""
    picture = Image.new("L", (300, 300), 250)
    half = np.array(size) / 2
    corners = tuple(map(float, (*(150 - half), *(150 + half))))
    ImageDraw.Draw(picture).ellipse(corners, fill=inside, outline=20, width=width)
    return np.asarray(picture)


@pytest.mark.parametrize(
    ("size", "inside"),
    [((200, 200), 250), ((120, 180), 120), ((150, 210), 160)],
    ids=["circle", "dark inside", "grey inside"],
)
def test_a_circle_and_an_outline_of_another_thing_are_unsure(
    size: tuple[int, int], inside: int
) -> None:
    for rate in (0.01, 0.2):
        assert tenfold.read(_ellipse(size, inside), error_rate=rate).verdict == "unsure"


def test_a_written_zero_is_accepted() -> None:
    assert tenfold.read(page([[10]], height=120)).verdict == "digits"
    assert tenfold.read(_ellipse((110, 190), 250)).verdict == "digits"


def test_pale_strokes_are_not_the_inside_of_an_outline() -> None:
    cells = np.array(
        [
            [0, 0, 3, 13, 15, 7, 0, 0],
            [0, 0, 11, 14, 10, 11, 7, 0],
            [0, 0, 16, 1, 0, 0, 9, 0],
            [0, 3, 14, 0, 0, 0, 8, 0],
            [0, 4, 12, 0, 0, 1, 8, 0],
            [0, 5, 12, 0, 0, 9, 1, 0],
            [0, 0, 15, 8, 7, 11, 0, 0],
            [0, 0, 3, 14, 13, 1, 0, 0],
        ]
    )
    coarse = Image.fromarray((255 - 15 * cells).astype(np.uint8))
    reading = tenfold.read(np.asarray(coarse.resize((128, 128), Image.Resampling.BICUBIC)))
    assert reading.lines == ["0"]
    assert reading.verdict == "digits"


@pytest.mark.parametrize(("inside", "ring"), [(0.7, True), (0.45, False)])
def test_paper_in_bright_light_around_a_digit_is_not_a_zero(inside: float, ring: bool) -> None:
    y, x = np.mgrid[:300, :240]
    lit = np.hypot((x - 120) / 80, (y - 150) / 115) < 1
    mask = lit.copy()
    mask[120:180, 90:150] &= digit_mask(18, 60) < 0.5  # a 3
    grey = np.where(mask, 0.28, np.where(lit, inside, 0.45))
    ink = find_pieces(mask, grey.astype(np.float32), np.where(mask, 0.4, 0).astype(np.float32))
    assert is_ring(ink, whole_candidate(ink, [0])) is ring


def test_a_circle_beside_other_digits_is_a_zero() -> None:
    picture = page([[2, 0, 1]], height=120)  # 1, 7, 2
    ring = Image.fromarray(picture)
    ImageDraw.Draw(ring).ellipse((45, 40, 125, 120), fill=230, outline=40, width=9)
    reading = tenfold.read(np.asarray(ring))
    assert reading.lines == ["072"]
    assert reading.verdict == "digits"


@pytest.mark.parametrize("index", [7, 11, 12])
def test_the_loop_of_a_hollow_digit_is_not_read_alone(index: int) -> None:
    filled = np.pad(digit_mask(index, 280) > 0.5, 20)
    filled = ndimage.binary_dilation(filled, iterations=6)
    outline = filled & ~ndimage.binary_erosion(filled, iterations=3)
    assert tenfold.read(np.where(outline, 20, 250).astype(np.uint8)).lines == truth([[index]])


def _outline(points: list[tuple[float, float]]) -> Array:
    """Return a smooth closed outline through points from 0 to 1, (300, 300) uint8."""
    picture = Image.new("L", (300, 300), 250)
    closed = np.array(points) * 180 + 60
    around = np.concatenate([closed, closed[:2]])
    corners = [tuple(map(float, point)) for point in around]
    ImageDraw.Draw(picture).line(corners, 20, 10, joint="curve")
    return np.asarray(picture)


DROP = [
    (0.5 + 0.33 * np.sin(t) * np.sin(t / 2) ** 1.6, 0.5 - 0.5 * np.cos(t))
    for t in np.linspace(0, 2 * np.pi, 60, endpoint=False)
]
DIAMOND = [(0.5, 0.0), (0.82, 0.5), (0.5, 1.0), (0.18, 0.5)]
OVAL = [
    (0.5 + 0.3 * np.sin(t), 0.5 - 0.5 * np.cos(t))
    for t in np.linspace(0, 2 * np.pi, 60, endpoint=False)
]
STADIUM = [
    (0.5 + 0.28 * x, 0.3 + 0.4 * (y > 0) + 0.3 * y)
    for x, y in [(np.cos(t), np.sin(t)) for t in np.linspace(0, 2 * np.pi, 60, endpoint=False)]
]


@pytest.mark.parametrize("points", [DROP, DIAMOND], ids=["drop", "diamond"])
def test_an_outline_far_from_an_ellipse_is_unsure(points: list[tuple[float, float]]) -> None:
    reading = tenfold.read(_outline(points))
    assert reading.verdict != "digits"
    assert all(found.confidence <= 0.5 for found in reading.digits)


@pytest.mark.parametrize("points", [OVAL, STADIUM], ids=["ellipse", "with straight sides"])
def test_an_oval_is_accepted(points: list[tuple[float, float]]) -> None:
    reading = tenfold.read(_outline(points))
    assert (reading.lines, reading.verdict) == (["0"], "digits")


def test_the_tail_of_a_zero_does_not_matter() -> None:
    picture = Image.fromarray(_outline(OVAL))
    ImageDraw.Draw(picture).line([(150, 60), (175, 45), (205, 50)], 20, 10)
    assert tenfold.read(np.asarray(picture)).verdict == "digits"


def test_a_disc_with_a_highlight_beside_it_is_a_circle() -> None:
    """On a billiard ball, the number is on a light disc, and the light of a lamp is beside it."""
    y, x = np.mgrid[:300, :300]
    mask = (np.hypot(x - 160, y - 160) < 80) | (np.hypot(x - 92, y - 72) < 16)
    mask[140:200, 130:190] &= digit_mask(18, 60) < 0.5  # a 3
    grey = np.where(mask, 0.1, 0.8).astype(np.float32)
    ink = find_pieces(mask, grey, 0.8 - grey)
    assert len(ink.area) == 2
    assert is_ring(ink, whole_candidate(ink, [0, 1]))
