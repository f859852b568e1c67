"""Lattices of lines: which pieces are cut, and the probabilities of their candidates."""

import numpy as np
import pytest

from tenfold.nn.array import Array
from tenfold.reading.line_digits import read_line
from tenfold.reading.line_lattices import LineLattice, line_lattices
from tenfold.reading.mask import Ink, find_pieces


def _ring(mask: Array, left: int, width: int) -> None:
    y, x = np.mgrid[: mask.shape[0], : mask.shape[1]]
    radius = np.hypot((y - 60) / 40, (x - left - width / 2) / (width / 2))
    mask |= (radius < 1) & (radius > 0.7)


def _line(widths: list[int], pairs: int = 0) -> Ink:
    """Return a line of rings 80 pixels high, then of pairs of touching rings of 60 pixels each."""
    mask = np.zeros((120, 900), bool)
    left = 20
    for width in widths:
        _ring(mask, left, width)
        left += width + 20
    for _ in range(pairs):
        _ring(mask, left, 60)
        _ring(mask, left + 58, 60)
        left += 140
    return find_pieces(mask, np.where(mask, 0.1, 0.9).astype(np.float32), mask.astype(np.float32))


class _Recogniser:
    """Says that every image shows a 0 with some probability; remembers the images."""

    def __init__(self, *probabilities: float) -> None:
        self.probabilities = probabilities  # of each image of the first batch; the last for others
        self.images: list[bytes] = []

    def __call__(self, images: Array) -> Array:
        start = len(self.images)
        self.images += [image.tobytes() for image in images]
        rows = np.zeros((len(images), 11))
        for index in range(len(images)):
            known = min(start + index, len(self.probabilities) - 1)
            rows[index, [0, 10]] = self.probabilities[known], 1 - self.probabilities[known]
        return rows


def _only(lattices: list[LineLattice]) -> LineLattice:
    assert len(lattices) == 1
    return lattices[0]


@pytest.mark.parametrize(
    ("width", "probability", "is_cut"),
    [
        (60, 0.01, False),  # of usual width
        (84, 0.9, False),
        (84, 0.7, True),
        (120, 0.9, True),  # wider than a digit should be
        (120, 0.98, False),
    ],
)
def test_a_wide_piece_is_cut_unless_it_is_a_certain_digit(
    width: int, probability: float, is_cut: bool
) -> None:
    lattice = _only(line_lattices(_line([width]), _Recogniser(probability), 100))
    assert any(candidate.is_part for candidate in lattice.candidates) is is_cut


@pytest.mark.parametrize(
    ("width", "probability", "other", "is_cut"),
    [
        (60, 0.1, 0.98, True),
        (48, 0.1, 0.98, False),  # too narrow for two digits
        (60, 0.3, 0.98, False),  # perhaps a digit
        (60, 0.1, 0.9, False),  # beside no certain digit
    ],
)
def test_a_narrower_piece_beside_digits_is_cut_if_it_is_none(
    width: int, probability: float, other: float, is_cut: bool
) -> None:
    recognise = _Recogniser(other, other, probability)
    lattice = _only(line_lattices(_line([50, 50, width]), recognise, 100))
    assert any(candidate.is_part for candidate in lattice.candidates) is is_cut


def test_no_piece_is_cut_if_a_single_digit_is_looked_for() -> None:
    lattice = _only(line_lattices(_line([84]), _Recogniser(0.7), 100, may_cut=False))
    assert len(lattice.candidates) == 1


@pytest.mark.parametrize(("probability", "is_cut"), [(0.1, False), (0.9, True)])
def test_pieces_between_letters_are_not_cut(probability: float, is_cut: bool) -> None:
    recognise = _Recogniser(probability, probability, probability, 0.1)
    lattice = _only(line_lattices(_line([50] * 3, pairs=1), recognise, 100))
    assert any(candidate.is_part for candidate in lattice.candidates) is is_cut


def test_a_line_of_few_pieces_is_text_if_the_others_are() -> None:
    text = _line([50] * 3)
    ink = _line([], pairs=1)
    both = np.concatenate([text.labels, np.where(ink.labels > 0, text.labels.max() + 1, 0)])
    mask = both > 0
    grey = np.where(mask, 0.1, 0.9).astype(np.float32)
    found = line_lattices(find_pieces(mask, grey, mask.astype(np.float32)), _Recogniser(0.1), 100)
    assert len(found) == 2
    assert not any(c.is_part for lattice in found for c in lattice.candidates)


def _row_of(images: Array) -> Array:
    """Return probabilities that depend on the image: of few digits, but of different ones."""
    brightness = images.reshape(len(images), -1).mean(axis=1)
    rows = np.full((len(images), 11), 0.05)
    rows[:, 0] = brightness / 255
    return rows


def test_each_candidate_gets_the_probabilities_of_its_own_image() -> None:
    lattice = _only(line_lattices(_line([50, 30], pairs=2), _row_of, 200))
    assert sum(candidate.is_part for candidate in lattice.candidates) > 10
    images = np.stack([candidate.glyph.image for candidate in lattice.candidates])
    np.testing.assert_array_equal(lattice.probabilities, _row_of(images))
    assert [candidate.stop for candidate in lattice.candidates][-1] == len(lattice.steps)


def test_a_piece_that_is_cut_stays_a_candidate_as_a_whole() -> None:
    ink = _line([], pairs=1)
    lattice = _only(line_lattices(ink, _Recogniser(0.1), 200))
    whole = next(c for c in lattice.candidates if not c.is_part)
    assert (whole.start, whole.stop) == (0, len(lattice.steps))
    assert len(lattice.steps) > 1
    top, left, bottom, right = whole.box
    assert right - left > 1.2 * (bottom - top)
    np.testing.assert_array_equal(whole.mask, ink.labels[top:bottom, left:right] > 0)


def test_whole_pieces_are_recognised_once() -> None:
    recognise = _Recogniser(0.1)
    lattice = _only(line_lattices(_line([50, 30], pairs=1), recognise, 200))
    whole = [c.glyph.image.tobytes() for c in lattice.candidates if not c.is_part]
    assert len(whole) == 4  # each of the three, and the first two together
    assert all(recognise.images.count(image) == 1 for image in whole)


def test_no_joined_parts_of_a_cut_piece_are_much_wider_than_a_digit() -> None:
    lattice = _only(line_lattices(_line([], pairs=3), _Recogniser(0.1), 1000))
    parts = [c for c in lattice.candidates if c.is_part]
    widths = [c.mask.shape[1] for c in parts if c.stop > c.start + 1]
    assert 60 <= max(widths) <= 1.2 * 80


def test_nothing_is_cut_after_the_limit_of_candidates() -> None:
    ink = _line([], pairs=2)
    few = _only(line_lattices(ink, _Recogniser(0.1), 1))
    assert not any(candidate.is_part for candidate in few.candidates)
    assert len(few.candidates) == len(few.probabilities)


def test_no_ink_has_no_lattices() -> None:
    ink = find_pieces(np.zeros((9, 9), bool), np.ones((9, 9), np.float32), np.zeros((9, 9)))
    assert line_lattices(ink, _Recogniser(0.1), 10) == []


def test_each_part_is_a_candidate_alone_but_small_ones_are_not_together() -> None:
    """The path through a line can leave a part out only if the part is a candidate."""
    mask = np.zeros((120, 300), bool)
    mask[20:100, 20:32] = mask[20:100, 60:72] = True  # two bars, joined by a dash
    mask[50:62, 20:190] = True  # which goes on to the right
    ink = find_pieces(mask, np.where(mask, 0.1, 0.9).astype(np.float32), mask.astype(np.float32))
    found = _only(line_lattices(ink, _Recogniser(0.1), most=500))
    parts = [candidate for candidate in found.candidates if candidate.is_part]
    alone = {candidate.start for candidate in parts if candidate.stop == candidate.start + 1}
    assert alone == set(range(len(found.steps)))
    together = [candidate for candidate in parts if candidate.stop > candidate.start + 1]
    assert min(max(candidate.mask.shape) for candidate in together) >= 0.4 * 80
    assert read_line(*found).ink_size > 0
