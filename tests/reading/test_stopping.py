"""When the search over the hypotheses of a picture ends."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from tenfold.nn.array import Array
from tenfold.reading import reader, sheet_reader, stopping
from tenfold.reading.all_hypotheses import Hypotheses
from tenfold.reading.candidates import whole_candidate
from tenfold.reading.digit_pieces import digit_sized
from tenfold.reading.hypothesis import Hypothesis
from tenfold.reading.lattice import Arc
from tenfold.reading.line_lattices import Recogniser
from tenfold.reading.mask import Ink
from tenfold.reading.one_digit import or_one_digit
from tenfold.reading.picture import load_picture
from tenfold.reading.reader import _or_simple_digit, read_all_ink
from tenfold.reading.result import LARGE_DIGIT, Found, Result
from tenfold.reading.sheet_reader import read_with_sheets
from tenfold.reading.sheets import Sheet
from tenfold.reading.working import bundled_recogniser, read_working
from tests.reading.pages import page, truth


def _page(height: int) -> Hypotheses:
    return Hypotheses(page([[0, 2, 3]], height=height)[..., np.newaxis].repeat(3, axis=2))


@pytest.mark.parametrize("reduced", [False, True])
@pytest.mark.parametrize("height", [LARGE_DIGIT // 2, 2 * LARGE_DIGIT])
def test_sheets_are_not_looked_for_if_a_reduced_picture_is_read_again(
    monkeypatch: pytest.MonkeyPatch, reduced: bool, height: int
) -> None:
    looked: list[Array] = []

    def find(rgb: Array) -> list[Sheet]:
        looked.append(rgb)
        return []

    monkeypatch.setattr(sheet_reader, "find_sheets", find)
    monkeypatch.setattr(sheet_reader, "may_be_sheet", lambda *_: True)
    result = read_with_sheets(_page(height), bundled_recogniser(), reduced=reduced)
    assert result is not None
    assert result.too_small is (reduced and height < LARGE_DIGIT)
    assert bool(looked) is not result.too_small


def _tried(
    monkeypatch: pytest.MonkeyPatch, hypotheses: Hypotheses, probability: float, *, convincing: bool
) -> list[Ink]:
    """Return the ink of the hypotheses that are tried; all of their readings are made up.

    Args:
        monkeypatch: Replaces the readings.
        hypotheses: The hypotheses of a picture.
        probability: Probability of the only digit of each reading.
        convincing: Whether each reading is convincing, but not clear.
    """
    tried: list[Ink] = []

    def readings(hypothesis: Hypothesis, *_: object) -> Iterator[Result]:
        tried.append(hypothesis.ink)
        piece = int(digit_sized(hypothesis.ink)[0])
        found = Found(whole_candidate(hypothesis.ink, [piece]), Arc(0, 3, probability), 0)
        yield Result([found], hypothesis, hypothesis.ink, 0.0, 0.0)

    monkeypatch.setattr(reader, "_readings", readings)
    monkeypatch.setattr(reader, "best_of_all", lambda best, *_: best)
    monkeypatch.setattr(Result, "convincing", property(lambda _: convincing))
    monkeypatch.setattr(Result, "complete", property(lambda _: False))
    monkeypatch.setattr(stopping, "is_hopeless", lambda *_: False)
    read_all_ink(hypotheses, lambda images: np.zeros((len(images), 11)))
    return tried


@pytest.mark.parametrize(
    ("convincing", "probability", "again"),
    [(False, 0.95, False), (True, 0.5, False), (True, 0.95, True)],
)
def test_ink_that_was_read_already_is_read_again_only_if_its_digits_are_nearly_certain(
    monkeypatch: pytest.MonkeyPatch, convincing: bool, probability: float, again: bool
) -> None:
    monkeypatch.setattr(reader, "excludes", lambda *_: False)
    hypotheses = _page(60)
    dark = [each for each in hypotheses if not each.light and not each.smooth]
    assert len(dark) > 1
    tried = _tried(monkeypatch, hypotheses, probability, convincing=convincing)
    count = sum(any(each.ink is ink for ink in tried) for each in dark)
    assert count == (len(dark) if again else 1)
    monkeypatch.setattr(stopping, "are_alike", lambda *_: False)
    more = _tried(monkeypatch, hypotheses, probability, convincing=convincing)
    assert (len(more) > len(tried)) is not again


@pytest.mark.parametrize(("convincing", "levels"), [(True, 1), (False, 2)])
def test_slightly_skewed_ink_is_read_level_only_if_turned_it_is_not_convincing(
    monkeypatch: pytest.MonkeyPatch, convincing: bool, levels: int
) -> None:
    picture = Image.fromarray(page([[0, 1, 2, 3, 4]] * 2, noise=0)).rotate(
        8, Image.Resampling.BICUBIC, expand=True, fillcolor=230
    )
    hypothesis = next(iter(Hypotheses(np.asarray(picture.convert("RGB")))))
    monkeypatch.setattr(Result, "convincing", property(lambda _: convincing))
    results = list(reader._readings_of(hypothesis, hypothesis.ink, bundled_recogniser(), 200))
    assert len(results) == levels
    assert results[0].angle == pytest.approx(-8, abs=3)


def test_the_single_digit_is_read_from_the_same_hypotheses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rgb = np.full((200, 200, 3), 230, np.uint8)
    rgb[60:140, 60:66] = 40  # a bar, which may be a 1
    rgb[60:66, 100:140] = rgb[134:140, 100:140] = 40
    picture = load_picture(rgb)
    recognise: Recogniser = bundled_recogniser()
    used, result = read_working(picture, recognise)
    assert result is not None
    assert result.hypotheses is not None
    seen: list[Hypotheses] = []
    monkeypatch.setattr(
        "tenfold.reading.one_digit.read_as_one", lambda given, *_, **__: seen.append(given)
    )
    or_one_digit(used, result, recognise)
    assert seen == [result.hypotheses]


@pytest.mark.parametrize(("probability", "sizes"), [(0.9, 1), (0.7, 2)])
def test_very_large_digits_are_read_at_a_larger_size_only_if_one_is_improbable(
    monkeypatch: pytest.MonkeyPatch, probability: float, sizes: int
) -> None:
    read: list[Hypotheses] = []

    def doubt(hypotheses: Hypotheses, recognise: Recogniser, *, reduced: bool) -> Result | None:
        read.append(hypotheses)
        result = read_with_sheets(hypotheses, recognise, reduced=reduced)
        assert result is not None
        (found,) = result.digits
        arc = replace(found.arc, probability=probability)
        return replace(result, clear=False, digits=[replace(found, arc=arc)])

    monkeypatch.setattr("tenfold.reading.working.read_with_sheets", doubt)
    picture = load_picture(page([[3]], height=700)[..., np.newaxis].repeat(3, axis=2))
    read_working(picture, bundled_recogniser())
    assert len(read) == sizes


@pytest.mark.parametrize("light", [False, True])
def test_grains_of_a_faint_stroke_may_be_whole_in_the_next_hypothesis(light: bool) -> None:
    """The pieces are too small to be read, but the next hypothesis has a single large one."""
    grey = page([[2]], height=120)
    rgb = np.repeat((255 - grey if light else grey)[..., np.newaxis], 3, axis=2)
    hypotheses = Hypotheses(rgb)
    polarity, group = hypotheses.groups[0]
    whole = next(iter(group))
    grains = Result([], whole, whole.ink, 0.0, 0.0, too_small=True)
    answer = _or_simple_digit(grains, polarity, [whole], [], bundled_recogniser())
    assert ["".join(str(found.arc.digit) for found in answer.digits)] == truth([[2]])
    none = _or_simple_digit(grains, polarity, [], [], bundled_recogniser())
    assert none is grains
