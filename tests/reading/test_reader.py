"""The reader: large pictures small first, bounded work, digits in several pieces."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy import ndimage

from tenfold.nn.array import Array
from tenfold.reading import reader, stopping
from tenfold.reading.all_hypotheses import Hypotheses
from tenfold.reading.candidates import line_candidates, whole_candidate
from tenfold.reading.hypothesis import Hypothesis
from tenfold.reading.lattice import Arc
from tenfold.reading.line_digits import CERTAIN
from tenfold.reading.mask import find_pieces
from tenfold.reading.picture import load_picture
from tenfold.reading.pieces import lines_of_pieces
from tenfold.reading.reader import read_all_ink, read_as_one
from tenfold.reading.result import Found, Result
from tenfold.reading.sheet_reader import read_with_sheets
from tenfold.reading.working import bundled_recogniser, read_working
from tests.reading.pages import digit_mask, page, truth


def _counted(counts: list[int]) -> Callable[[Array], Array]:
    recognise = bundled_recogniser()

    def count(images: Array) -> Array:
        counts.append(len(images))
        return recognise(images)

    return count


@pytest.mark.parametrize(("height", "few"), [(280, True), (40, False)])
def test_a_large_picture_with_large_digits_is_read_small(height: int, few: bool) -> None:
    paper = np.full((1100, 1300, 3), 225, np.uint8)
    line = page([[0, 2, 3]], height=height)
    paper[100 : 100 + len(line), 100 : 100 + line.shape[1]] = line[..., np.newaxis]
    picture = load_picture(paper)
    used, result = read_working(picture, bundled_recogniser())
    assert result is not None
    assert "".join(str(found.arc.digit) for found in result.digits) == truth([[0, 2, 3]])[0]
    assert (used.rgb[..., 0].size <= 500_000) is few
    assert (used is picture) is not few


def test_a_reduced_picture_keeps_its_scale() -> None:
    picture = load_picture(np.zeros((1000, 1600, 3), np.uint8))
    small = picture.reduced(400_000)
    assert small.rgb.shape == (500, 800, 3)
    assert small.scale == pytest.approx(picture.scale / 2)
    assert small.size == picture.size
    assert picture.reduced(1_600_000) is picture


def test_a_page_of_specks_costs_bounded_work() -> None:
    rng = np.random.default_rng(0)
    rgb = np.full((350, 600, 3), 200, np.uint8)
    for y, x, height, width in rng.integers((0, 0, 3, 3), (340, 590, 14, 14), (2000, 4)):
        rgb[y : y + height, x : x + width] = rng.integers(60, 250)
    counts: list[int] = []
    read_with_sheets(Hypotheses(rgb), _counted(counts))
    assert 300 < sum(counts) < 1300


def test_lines_beyond_the_limit_of_candidates_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    rgb = page([[0, 2, 3, 5]] * 6)[..., np.newaxis].repeat(3, axis=2)
    full = read_with_sheets(Hypotheses(rgb), bundled_recogniser())
    monkeypatch.setattr(reader, "_MOST_AT_ONCE", 20)
    monkeypatch.setattr(reader, "_MOST_IF_UNLIKELY", 20)
    few = read_with_sheets(Hypotheses(rgb), bundled_recogniser())
    assert full is not None
    assert few is not None
    assert len(full.missing) == 6
    assert 1 <= len(few.missing) < 6
    assert few.candidates < 20 + full.candidates / 6


def test_a_digit_of_two_pieces_may_be_wider_than_each_is_high() -> None:
    mask = np.zeros((300, 300), bool)
    mask[20:50, 130:290] = True  # the bar of a 5, which does not touch the rest
    mask[80:280, 30:60] = True
    mask[250:280, 30:200] = True
    ink = find_pieces(mask, np.where(mask, 0.1, 0.9).astype(np.float32), mask.astype(np.float32))
    (line,) = lines_of_pieces(ink)
    candidates, _ = line_candidates(ink, line)
    assert (20, 30, 280, 290) in [candidate.box for candidate in candidates]


@pytest.mark.parametrize(("gap", "lines"), [(6, 1), (60, 2)])
def test_two_pieces_near_each_other_may_be_one_digit(gap: int, lines: int) -> None:
    mask = np.zeros((300, 200), bool)
    mask[20:120, 30:44] = True  # the stroke of a 6, which does not touch its loop
    mask[120 + gap : 180 + gap, 40:100] = True
    mask[134 + gap : 166 + gap, 54:86] = False
    ink = find_pieces(mask, np.where(mask, 0.1, 0.9).astype(np.float32), mask.astype(np.float32))
    assert len(lines_of_pieces(ink)) == lines


@pytest.mark.parametrize(
    ("evidence", "left_out", "score"), [(100.0, 0.0, 100.0), (100.0, 0.5, 25.0), (-3.0, 0.5, -3.0)]
)
def test_ink_that_is_left_out_reduces_the_score(
    evidence: float, left_out: float, score: float
) -> None:
    mask = np.zeros((20, 20), bool)
    ink = find_pieces(mask, np.ones((20, 20), np.float32), np.zeros((20, 20), np.float32))
    hypothesis = Hypothesis(ink, light=False, likely=True)
    result = Result([], hypothesis, ink, 0.0, evidence, left_out=left_out)
    assert result.score == pytest.approx(score)


@pytest.mark.parametrize(("evidence", "light"), [(2.0, False), (90.0, True)])
def test_a_clear_reading_ends_the_search_only_if_its_score_is_the_highest(
    evidence: float, light: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def readings(hypothesis: Hypothesis, *_: object) -> list[Result]:
        score = evidence if hypothesis.light else 60.0
        return [Result([], hypothesis, hypothesis.ink, 0.0, score, clear=hypothesis.light)]

    monkeypatch.setattr(reader, "_readings", readings)
    monkeypatch.setattr(stopping, "is_hopeless", lambda *_: False)
    best = read_all_ink(Hypotheses(np.full((60, 60, 3), 255, np.uint8)), bundled_recogniser())
    assert best is not None
    assert best.hypothesis.light is light


@pytest.mark.parametrize(
    ("digits", "steady", "other_is_read"),
    [(2, True, False), (2, False, True), (3, False, False)],
)
def test_light_ink_is_also_read_if_one_or_two_dark_digits_change_in_other_views(
    digits: int, steady: bool, other_is_read: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rgb = page([[0] * digits])[..., np.newaxis].repeat(3, axis=2)
    found = read_all_ink(Hypotheses(rgb), bundled_recogniser())
    assert found is not None
    assert len(found.digits) == digits

    def readings(hypothesis: Hypothesis, *_: object) -> list[Result]:
        light = hypothesis.light
        return [replace(found, hypothesis=hypothesis, clear=light, evidence=90.0 if light else 60)]

    def recognise(images: Array) -> Array:
        changed = np.full((len(images), 11), 1 / 11, np.float32)
        return bundled_recogniser()(images) if steady else changed

    monkeypatch.setattr(reader, "_readings", readings)
    best = read_all_ink(Hypotheses(rgb), recognise)
    assert best is not None
    assert best.hypothesis.light is other_is_read


@pytest.mark.parametrize("row", [[0, 1, 2, 4], [2, 3, 0, 1]])
def test_digits_that_stand_on_a_rule_are_read_beside_others_above_it(row: list[int]) -> None:
    grey = np.full((120, 40 + 66 * len(row)), 230.0)
    for number, index in enumerate(row):
        top, left = (30, 20)[number % 2], 20 + 66 * number
        mask = digit_mask(index, 60)
        place = (slice(top, top + 60), slice(left, left + 60))
        grey[place] = grey[place] * (1 - mask) + 40 * mask
    grey[77:79] = 70  # a rule, which every second digit touches
    result = read_with_sheets(
        Hypotheses(grey.astype(np.uint8)[..., np.newaxis].repeat(3, 2)), bundled_recogniser()
    )
    assert result is not None
    assert "".join(str(found.arc.digit) for found in result.digits) == truth([row])[0]


def test_the_candidates_of_a_picture_of_one_digit_are_bounded_over_all_hypotheses() -> None:
    rng = np.random.default_rng(0)
    rgb = np.full((300, 300, 3), 235, np.uint8)
    for top, left in rng.integers(0, 285, (160, 2)):
        rgb[top : top + rng.integers(9, 14), left : left + rng.integers(9, 14)] = 60
    counts = []

    def recognise(images: Array) -> Array:
        counts.append(len(images))
        return np.full((len(images), 11), 1 / 11, np.float32)

    read_as_one(Hypotheses(rgb), recognise)
    assert max(counts) <= 60
    assert 100 < sum(counts) <= 360


def test_a_single_digit_that_is_certain_as_a_whole_is_not_cut() -> None:
    rgb = page([[0]], height=120)[..., np.newaxis].repeat(3, axis=2)
    counts: list[int] = []
    result = read_as_one(Hypotheses(rgb), _counted(counts))
    assert result is not None
    assert [found.arc.digit for found in result.digits] == [int(truth([[0]])[0])]
    assert sum(counts) <= 4


def test_the_search_ends_if_no_digit_of_the_first_hypotheses_is_promising() -> None:
    """A picture without digits: a filled star, whose parts the network rejects."""
    angles = np.arange(10) * np.pi / 5
    radius = np.where(np.arange(10) % 2, 45, 110)
    x, y = 150 + radius * np.sin(angles), 150 - radius * np.cos(angles)
    picture = Image.new("RGB", (300, 300), "white")
    ImageDraw.Draw(picture).polygon(np.stack([x, y], axis=1).ravel().tolist(), fill="navy")
    result = read_all_ink(Hypotheses(np.asarray(picture)), bundled_recogniser())
    assert result is not None
    assert result.hopeless


@pytest.mark.parametrize(("squares", "probability"), [(4, 0.99), (4, 0.9), (5, 0.99)])
def test_only_other_hypotheses_with_very_little_ink_are_read_if_no_digit_is_promising(
    squares: int, probability: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    def readings(hypothesis: Hypothesis, *_: object) -> list[Result]:
        digit = Found(whole_candidate(hypothesis.ink, [0]), Arc(0, 3, probability), 0)
        found = [digit] if hypothesis.smooth else []
        return [Result(found, hypothesis, hypothesis.ink, 0.0, 1.0)]

    def is_hopeless(results: list[Result], _: object) -> bool:
        return not any(result.hypothesis.smooth for result in results)

    monkeypatch.setattr(reader, "_readings", readings)
    monkeypatch.setattr(reader, "is_hopeless", is_hopeless)
    rgb = np.full((100, 300, 3), 230, np.uint8)
    for left in range(20, 20 + 50 * squares, 50):
        rgb[40:60, left : left + 20] = 30
    result = read_all_ink(Hypotheses(rgb), bundled_recogniser())
    assert result is not None
    assert result.hypothesis.smooth is (squares == 4 and probability >= CERTAIN)
    assert result.hopeless is not result.hypothesis.smooth


def test_a_grainy_digit_is_read_although_its_fragments_look_like_no_digits() -> None:
    rng = np.random.default_rng(1)
    mask = digit_mask(7, 160)
    grain = ndimage.gaussian_filter(rng.normal(size=mask.shape), 0.9)
    chalk = np.full((280, 280), 60.0) + rng.normal(0, 3, (280, 280))
    place = (slice(60, 60 + mask.shape[0]), slice(60, 60 + mask.shape[1]))
    chalk[place] += 170 * mask * np.clip(0.45 * grain / grain.std() + 0.7, 0, 1)
    grey = np.clip(ndimage.gaussian_filter(chalk, 0.8), 0, 255).astype(np.uint8)
    result = read_all_ink(Hypotheses(grey[..., np.newaxis].repeat(3, 2)), bundled_recogniser())
    assert result is not None
    assert "".join(str(found.arc.digit) for found in result.digits) == truth([[7]])[0]


def test_the_search_goes_on_for_a_digit_beside_much_other_ink() -> None:
    rgb = np.full((400, 400, 3), 235, np.uint8)
    rng = np.random.default_rng(0)
    for top, left in rng.integers(0, 370, (60, 2)):
        rgb[top : top + 6, left : left + 24] = 60
    rgb[120:260, 120:260] = (235 - 200 * digit_mask(0, 140))[..., np.newaxis]
    result = read_all_ink(Hypotheses(rgb), bundled_recogniser())
    assert result is not None
    assert not result.hopeless


def test_the_table_along_the_border_is_not_ink_of_a_skewed_line() -> None:
    row = [2, 7, 3, 4, 0, 11]
    line = page([row], paper=220, noise=0)
    turned = Image.fromarray(line).rotate(-30, expand=True, fillcolor=220)
    rgb = np.full((turned.height + 160, turned.width + 200, 3), 220, np.uint8)
    rgb[60 : 60 + turned.height, 60 : 60 + turned.width] = np.asarray(turned)[..., np.newaxis]
    table = Image.fromarray(rgb)
    draw = ImageDraw.Draw(table)
    width, height = table.size
    draw.polygon([(0, 0), (45, 0), (12, height), (0, height)], fill=(120, 90, 50))
    draw.polygon([(width - 8, 0), (width, 0), (width, height), (width - 40, height)], fill=0)
    result = read_all_ink(Hypotheses(np.asarray(table)), bundled_recogniser())
    assert result is not None
    assert result.angle == pytest.approx(30, abs=4)
    assert "".join(str(found.arc.digit) for found in result.digits) == truth([row])[0]


def test_the_digits_of_a_reading_have_their_steadiness_whatever_its_size() -> None:
    """In the reduced picture the digits are small, so their steadiness is computed later."""
    paper = np.full((700, 900, 3), 225, np.uint8)
    line = page([[0, 2, 3]], height=60)
    paper[100 : 100 + len(line), 100 : 100 + line.shape[1]] = line[..., np.newaxis]
    picture = load_picture(paper)
    small = read_with_sheets(
        Hypotheses(picture.reduced(100_000).rgb), bundled_recogniser(), reduced=True
    )
    assert small is not None
    assert small.too_small
    _, result = read_working(picture, bundled_recogniser())
    assert result is not None
    assert all(found.steadiness > 0.5 for found in result.digits)
