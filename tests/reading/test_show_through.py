"""Pale ink: writing on the back is left out; faint digits are read, or others are unsure."""

import numpy as np
import pytest

import tenfold
from tenfold.nn.array import Array
from tenfold.reading.candidates import line_candidates
from tenfold.reading.mask import Ink, find_pieces
from tenfold.reading.show_through import Pale, pale_pieces, strong_ink, what_is_pale
from tenfold.reading.working import bundled_recogniser
from tests.reading.pages import digit_mask

FAINT = "Faint marks were not read; they may be stains, or writing on the back of the paper."


def _row(strong: int, *pale: int, share: float, mirrored: bool) -> Array:
    """Return a picture (H, W) uint8: the strong test digit, and pale ones to the right of it."""
    page = np.full((120, 120 + 80 * len(pale)), 230.0)
    for number, index in enumerate((strong, *pale)):
        mask = digit_mask(index, 70)
        if number:
            mask = share * (mask[:, ::-1] if mirrored else mask)
        page[25:95, 20 + 80 * number : 90 + 80 * number] -= 190 * mask
    page += np.random.default_rng(0).normal(0, 2, page.shape)
    return page.clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("share", [0.38, 0.5])
def test_mirrored_digits_are_left_out_with_a_warning(share: float) -> None:
    reading = tenfold.read(_row(0, 4, 7, share=share, mirrored=True))  # 7, 4 and 9
    assert reading.lines == ["7"]
    assert reading.verdict == "digits"
    assert FAINT in reading.warnings


@pytest.mark.parametrize("share", [0.36, 0.5])
def test_faint_digits_are_read(share: float) -> None:
    reading = tenfold.read(_row(0, 4, 7, share=share, mirrored=False))
    assert reading.lines == ["749"]
    assert FAINT not in reading.warnings


def test_a_pale_digit_that_looks_the_same_mirrored_makes_the_strong_digit_unsure() -> None:
    reading = tenfold.read(_row(0, 10, share=0.4, mirrored=True))  # 7 and 0
    assert reading.lines == ["7"]
    assert reading.verdict == "unsure"
    assert FAINT in reading.warnings


def _bars(*contrasts: float) -> Ink:
    contrast = np.zeros((60, 20 + 30 * len(contrasts)), np.float32)
    for number, value in enumerate(contrasts):
        contrast[10:50, 20 + 30 * number : 28 + 30 * number] = value
    return find_pieces(contrast > 0.1, 1 - contrast, contrast)


def test_ink_is_strong_and_pale_only_with_a_gap_between_the_contrasts() -> None:
    assert len(pale_pieces(_bars(0.9, 0.8, 0.7, 0.6, 0.5))) == 0
    ink = _bars(0.9, 0.3, 0.8, 0.2)
    pale = pale_pieces(ink)
    assert sorted(ink.peak[pale].round(1).tolist()) == pytest.approx([0.2, 0.3])
    assert strong_ink(ink, pale).peak.tolist() == pytest.approx([0.9, 0.8])


@pytest.mark.parametrize(
    ("as_it_is", "mirrored", "found"),
    [
        ((4, 0.99), (4, 0.1), Pale.DIGITS),
        ((4, 0.1), (4, 0.99), Pale.NO_DIGITS),
        ((4, 0.1), (4, 0.1), Pale.NO_DIGITS),
        ((0, 0.99), (0, 0.99), Pale.UNKNOWN),
        ((5, 0.7), (2, 0.99), Pale.UNKNOWN),  # a 5 looks like a 2 in a mirror
    ],
)
def test_pale_digits_are_told_from_mirrored_ones(
    as_it_is: tuple[int, float], mirrored: tuple[int, float], found: Pale
) -> None:
    rows = np.zeros((2, 11))
    for row, (digit, probability) in zip(rows, (as_it_is, mirrored), strict=True):
        row[digit] = probability
    ink = _bars(0.9, 0.3)
    assert what_is_pale(ink, pale_pieces(ink), lambda images: rows) == found


def test_a_strong_and_a_pale_piece_are_not_one_digit() -> None:
    def together(*contrasts: float) -> bool:
        ink = _bars(*contrasts)
        ink.boxes[1] -= (0, 20, 0, 20)  # close together
        candidates, _ = line_candidates(ink, [0, 1], ())
        return any(len(candidate.pieces) == 2 for candidate in candidates)

    assert together(0.9, 0.6)
    assert not together(0.9, 0.4)


@pytest.mark.parametrize(("width", "found"), [(2, Pale.NO_DIGITS), (6, Pale.UNKNOWN)])
def test_a_pale_1_counts_as_a_digit_only_if_it_is_about_as_thick_as_the_strong_ink(
    width: int, found: Pale
) -> None:
    contrast = np.zeros((60, 60), np.float32)
    contrast[10:50, 10:16], contrast[10:50, 40 : 40 + width] = 0.9, 0.3
    ink = find_pieces(contrast > 0.1, 1 - contrast, contrast)
    rows = np.zeros((2, 11))
    rows[:, 1] = 0.99
    assert what_is_pale(ink, pale_pieces(ink), lambda images: rows) == found


@pytest.mark.parametrize(("gap", "found"), [(2, Pale.DIGITS), (12, Pale.NO_DIGITS)])
def test_pale_ink_that_nearly_touches_the_strong_ink_may_be_a_part_of_its_digit(
    gap: int, found: Pale
) -> None:
    six = 0.8 * digit_mask(11, 90)
    contrast = np.zeros((150, 130), np.float32)
    contrast[30 - gap : 60 - gap, 20:110] = 0.5 * six[:30]
    contrast[60:120, 20:110] = six[30:]
    ink = find_pieces(contrast > 0.12, 1 - contrast, contrast)
    assert what_is_pale(ink, pale_pieces(ink), bundled_recogniser()) == found
