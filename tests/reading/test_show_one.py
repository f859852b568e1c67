"""The drawing of a reading of one or two digits, sure or unsure, in large and small pictures."""

import numpy as np
import pytest

from tenfold.data import load_mnist
from tenfold.reading import DigitRead, Reading, draw_reading
from tenfold.reading.show.cards import LARGE, MEDIUM
from tenfold.reading.show.header import Kind
from tenfold.reading.show.layout import lay_out


def one_digit(size: tuple[int, int], box: tuple[int, int, int, int], *, unsure: bool) -> Reading:
    """A reading of one digit, with a confidence of 23%."""
    image = load_mnist("test").images[0]
    return Reading((DigitRead(5, 0.23, box, 0, unsure, image),), (), size)


def test_the_title_shows_which_numbers_are_unsure_and_their_confidences() -> None:
    sure, unsure = (one_digit((400, 400), (90, 90, 160, 160), unsure=u) for u in (False, True))
    titles = [lay_out(reading, (400, 400)).texts[:2] for reading in (sure, unsure)]
    assert [[text.text for text in title] for title in titles] == [["5", "23.0%"], ["5?", "23.0%"]]
    assert [title[0].kind for title in titles] == [Kind.ACCEPTED, Kind.UNSURE]
    sheet = np.asarray(draw_reading(unsure, np.full((400, 400), 255, np.uint8))).astype(int)
    left, top, right, bottom = (int(v) for v in titles[1][0].place)
    red = sheet[top:bottom, left:right, 0] - sheet[top:bottom, left:right, 2]
    assert red.max() > 100


def test_the_legend_explains_dashed_boxes_only_if_there_are_any() -> None:
    for unsure in (False, True):
        layout = lay_out(one_digit((400, 400), (90, 90, 160, 160), unsure=unsure), (400, 400))
        words = " ".join(text.text for text in layout.texts)
        assert ("Dashed box: unsure." in words) is unsure
        assert "number of the digit" not in words
    several = one_digit((400, 400), (90, 90, 160, 160), unsure=True)
    several = Reading(several.digits * 2, (), several.size)
    words = " ".join(text.text for text in lay_out(several, several.size).texts)
    assert "Dashed boxes: unsure." in words
    assert "number of the digit" in words


@pytest.mark.parametrize("unsure", [False, True])
def test_tags_are_visible_on_a_dark_picture(unsure: bool) -> None:
    """They have a white outline."""
    reading = one_digit((400, 400), (90, 90, 160, 160), unsure=unsure)
    [tag] = lay_out(reading, reading.size).tags
    sheet = np.asarray(draw_reading(reading, np.zeros((400, 400), np.uint8)))
    left, top, right, bottom = (int(v) for v in tag.place)
    outline = sheet[top - 1 : bottom + 2, left - 1 : right + 2]
    assert (outline[:, [0, -1]] == 255).all()
    assert (outline[[0, -1]] == 255).all()
    assert not (outline[1:-1, 1:-1] == 255).all()


@pytest.mark.parametrize(("height", "grid"), [(900, LARGE), (250, MEDIUM)])
def test_one_digit_beside_a_tall_picture_has_a_large_card(height: int, grid: object) -> None:
    reading = one_digit((900, height), (300, height // 3, 90, 90), unsure=False)
    layout = lay_out(reading, reading.size)
    assert layout.grid is grid
    assert layout.cards[0].place[1] == layout.sections[0].place[1]
    first = layout.sections[0].place[1] - max(text.place[3] for text in layout.texts)
    assert first < 20  # no empty row for tags, since the digit is far from the upper border


def test_the_picture_around_a_tiny_digit_is_drawn_small() -> None:
    """Beside the enlarged digit; before, the empty paper was enlarged as well."""
    reading = one_digit((1500, 2000), (700, 900, 45, 60), unsure=False)
    layout = lay_out(reading, reading.size)
    assert layout.overview is not None
    assert layout.size[1] < 1200
