"""Ink: pieces, their boxes and stroke widths, each with a threshold of its own."""

import numpy as np
import pytest

from tenfold.reading.mask import find_ink, find_pieces


def test_pale_and_dark_strokes_are_both_found() -> None:
    contrast = np.zeros((100, 100), np.float32)
    contrast[20:80, 20:26] = 0.9
    contrast[20:80, 60:66] = 0.35
    ink = find_ink(1 - contrast, contrast)
    assert sorted(map(tuple, ink.boxes.tolist())) == [(20, 20, 80, 26), (20, 60, 80, 66)]
    assert ink.area.tolist() == [360, 360]


@pytest.mark.parametrize("noise", [0.02, 0.03])
def test_a_stroke_that_is_partly_as_weak_as_the_noise_is_one_piece(noise: float) -> None:
    contrast = np.random.default_rng(0).normal(0.02, noise, (200, 200))
    contrast[60:140, 98:102] += 0.16
    for weak in (80, 110):
        contrast[weak : weak + 4, 98:102] -= 0.1
    contrast = contrast.clip(0, 1).astype(np.float32)
    (box,) = find_ink(1 - contrast, contrast).boxes.tolist()
    assert box == pytest.approx([60, 98, 140, 102], abs=2)


def test_noise_alone_is_no_ink() -> None:
    noise = np.random.default_rng(0).normal(0.02, 0.01, (200, 200)).clip(0).astype(np.float32)
    assert len(find_ink(1 - noise, noise).area) == 0


def test_a_blank_picture_has_no_pieces() -> None:
    ink = find_ink(np.ones((50, 60), np.float32), np.zeros((50, 60), np.float32))
    assert ink.boxes.shape == (0, 4)
    assert not ink.labels.any()


@pytest.mark.parametrize("width", [3, 6, 12])
def test_stroke_width_of_a_long_bar(width: int) -> None:
    mask = np.zeros((40, 400), bool)
    mask[10 : 10 + width, 20:380] = True
    ink = find_pieces(mask, 1 - mask.astype(np.float32), mask.astype(np.float32))
    # perimeter: pi / 4 of the edges, which is exact on average over all directions
    assert ink.stroke[0] == pytest.approx(width * 4 / np.pi, rel=0.1)


def test_diagonal_pixels_belong_to_one_piece() -> None:
    ink = find_pieces(np.eye(20, dtype=bool), 1 - np.eye(20), np.eye(20, dtype=np.float32))
    assert len(ink.area) == 1


def test_each_piece_is_measured_by_its_own_pixels() -> None:
    rng = np.random.default_rng(0)
    mask, contrast = rng.random((24, 31)) < 0.3, rng.random((24, 31)).astype(np.float32)
    ink = find_pieces(mask, 1 - contrast, contrast, contrast)
    around = np.pad(ink.labels, 1)
    assert len(ink.area) > 10
    for index in range(len(ink.area)):
        rows, columns = np.nonzero(ink.labels == index + 1)
        box = (rows.min(), columns.min(), rows.max() + 1, columns.max() + 1)
        assert tuple(ink.boxes[index]) == box
        assert ink.area[index] == len(rows)
        assert ink.peak[index] == contrast[rows, columns].max()
        sides = sum(
            around[y + 1 + down, x + 1 + right] == 0
            for y, x in zip(rows, columns, strict=True)
            for down, right in ((0, 1), (0, -1), (1, 0), (-1, 0))
        )
        assert ink.perimeter[index] == pytest.approx(sides * np.pi / 4)
