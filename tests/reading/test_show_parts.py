"""Parts of the drawing of a reading: strips, tags, text, and the nearest training digits."""

import numpy as np
import pytest
from PIL.ImageFont import FreeTypeFont

from tenfold.data import load_mnist
from tenfold.nn.array import Array
from tenfold.reading.answer import percent
from tenfold.reading.show.folding import fold
from tenfold.reading.show.fonts import font, text_width, wrapped
from tenfold.reading.show.nearest import nearest_digits
from tenfold.reading.show.rows import row_of_tags
from tenfold.reading.show.tags import place_tags


def test_wide_tags_share_the_width_of_their_line() -> None:
    boxes = [(x, 50.0, x + 16.0, 80.0) for x in (100.0, 120.0, 140.0)]
    sizes = [(30.0, 20.0)] * 3
    row = row_of_tags(boxes, sizes, (0, 0, 300, 200), [])
    assert row == [(88, 28, 118, 48), (120, 28, 150, 48), (152, 28, 182, 48)]
    under = row_of_tags(boxes, sizes, (0, 0, 300, 200), [(150, 30, 160, 40)])
    assert under is not None
    assert [place[1] for place in under] == [82, 82, 82]
    assert row_of_tags(boxes, sizes, (0, 40, 300, 100), []) is None
    assert row_of_tags(boxes, [(90.0, 20.0)] * 3, (0, 0, 300, 200), []) is None


def test_strips_are_cut_between_digits() -> None:
    boxes = np.array([[x, 10, x + 90, 100] for x in range(0, 9000, 100)], np.float64)
    folded = fold((9000, 120), boxes, 1000, 1488)
    assert len(folded.crops) > 2
    cuts = np.array([crop[2] for crop in folded.crops[:-1]])
    assert not ((cuts[:, None] > boxes[:, 0]) & (cuts[:, None] < boxes[:, 2])).any()
    assert all((crop[2] - crop[0]) * folded.scale <= 1488.01 for crop in folded.crops)
    assert folded.scale * 90 > 25


def test_no_confidence_is_shown_as_certain() -> None:
    assert [percent(p) for p in (0.0, 0.9876, 0.9991, 0.99996, 1.0)] == [
        *("0.0%", "98.8%", "99.9%", "99.9%", "99.9%")
    ]


def test_a_tag_without_any_free_place_is_left_out() -> None:
    box = (0.0, 0.0, 10.0, 10.0)
    assert place_tags([box, box], [(30, 20), (30, 20)], (0, 0, 30, 20), [box]) == [
        (0, 0, 30, 20),
        None,
    ]


def test_text_is_wrapped_at_spaces_and_long_words_are_cut() -> None:
    if not isinstance(font(20), FreeTypeFont):
        pytest.skip("Pillow has no FreeType")
    lines = wrapped("12345 " * 5 + "7" * 200, 20, 150)
    assert "".join(lines).replace(" ", "") == "12345" * 5 + "7" * 200
    assert all(text_width(line, 20) <= 150 for line in lines)
    short = wrapped("7" * 200, 20, 150, most=2)
    assert len(short) == 2
    assert short[1].endswith(" ...")
    assert text_width(short[1], 20) <= 150


def test_nearest_digits_are_those_of_the_smallest_distance() -> None:
    train = load_mnist("train")
    queries: Array = train.images[40:110]
    found = nearest_digits(queries)
    assert [near[0].label for near in found] == train.require_labels()[40:110].tolist()
    assert all(
        (near[0].image == query[..., 0]).all() for near, query in zip(found, queries, strict=True)
    )
    distances = [
        [float(((n.image - query[..., 0].astype(float)) ** 2).sum()) for n in near]
        for near, query in zip(found, queries, strict=True)
    ]
    assert all(row == sorted(row) for row in distances)
    rest = train.images[..., 0].reshape(-1, 784) - queries[3].reshape(784).astype(np.float32)
    every = (rest**2).sum(axis=1)
    assert distances[3] == pytest.approx(np.sort(every)[:3], rel=1e-4)
