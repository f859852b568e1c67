"""Remarks: the words about a digit match what the picture shows."""

import numpy as np
import pytest

import tenfold
from tenfold.nn.array import Array

from .pages import digit_mask


def _read(mask: Array) -> tuple[str, ...]:
    grey = np.full((mask.shape[0] + 120, mask.shape[1] + 120), 225.0)
    grey[60:-60, 60:-60] -= 190 * mask
    (digit,) = tenfold.read(grey.astype(np.uint8)).digits
    return digit.remarks


def test_a_digit_of_one_stroke_has_no_remarks() -> None:
    assert _read(digit_mask(0, 140)) == ()


def test_specks_and_grain_are_no_pieces_and_no_thin_strokes() -> None:
    mask = digit_mask(1, 200)
    rng = np.random.default_rng(0)
    grain = np.kron(rng.random((100, 100)) > 0.25, np.ones((2, 2)))
    assert _read(mask * grain) == ()


def test_a_digit_with_a_gap_is_in_several_pieces() -> None:
    mask = digit_mask(1, 200)
    mask[96:110] = 0
    assert "in several pieces" in _read(mask)


@pytest.mark.parametrize(("width", "remark"), [(3, "thin strokes"), (70, "thick strokes")])
def test_the_width_of_strokes_is_named(width: int, remark: str) -> None:
    mask = np.zeros((200, max(width, 100)))
    mask[:, :width] = 1
    if width < 10:  # a 7
        mask[:width, :] = 1
        mask = mask[:, ::-1]
    assert remark in _read(mask)
