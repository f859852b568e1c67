"""Small pictures: cropped at the ink, with ink that is hardly a digit, and their boxes."""

import numpy as np
import pytest
from PIL import Image

import tenfold
from tenfold.data import load_mnist
from tenfold.nn.array import Array
from tenfold.reading.candidates import whole_candidate
from tenfold.reading.evidence import evidence_of, most_evidence
from tenfold.reading.lattice import Arc
from tenfold.reading.mask import find_pieces
from tenfold.reading.picture import load_picture


def _cropped(index: int) -> Array:
    """Return a test digit cropped at its ink."""
    image = load_mnist("test").images[index, :, :, 0]
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("index", [0, 1, 3, 4, 6, 7, 9, 11])
def test_a_digit_cropped_at_its_ink_is_read(index: int, inverted: bool) -> None:
    image = _cropped(index)
    label = int(load_mnist("test").require_labels()[index])
    reading = tenfold.read(255 - image if inverted else image)
    assert list(reading.lines) == [str(label)]


def test_paper_is_added_around_a_small_picture_and_boxes_are_those_of_the_picture() -> None:
    image = np.full((60, 40), 230, np.uint8)
    image[0:60, 14:22] = 20
    picture = load_picture(image)
    assert picture.margin == 24  # 0.15 of 160 pixels
    assert picture.rgb.shape == (160 + 48, 107 + 48, 3)
    assert (picture.rgb[:20] == 230).all()
    (digit,) = tenfold.read(image, single=True).digits
    x, y, width, height = digit.box
    assert abs(x - 14) <= 1
    assert abs(x + width - 22) <= 1
    assert (y, y + height) == (0, 60)


def test_ink_that_touches_the_border_is_not_continued_into_the_margin() -> None:
    image = np.full((80, 80), 230, np.uint8)
    image[:10, 10:70] = 20  # most of the upper side
    image[10:, 45:55] = 20
    rgb = load_picture(image).rgb
    for margin in (rgb[:24], rgb[-24:]):
        np.testing.assert_allclose(margin, 230, atol=2)


def test_the_margin_is_in_the_light_of_the_picture_beside_ink() -> None:
    image = np.linspace(150, 210, 80) * np.ones((80, 1))
    image[:10, 15:65] *= 0.2
    margin = load_picture(image.astype(np.uint8)).rgb[:24, 24:-24, 0]
    light = np.linspace(150, 210, 160)
    np.testing.assert_allclose(margin, np.broadcast_to(light, margin.shape), atol=4)


def test_paper_is_added_around_a_thick_0_that_fills_the_picture() -> None:
    y, x = np.mgrid[-1:1:40j, -1:1:40j]
    distance = np.hypot(x / 0.9, y)
    ring = (distance < 1.05) & (np.hypot(x / 0.3, y / 0.4) > 1)
    picture = load_picture(np.where(ring, 10, 250).astype(np.uint8))
    assert picture.margin == 24
    np.testing.assert_allclose(picture.rgb[:24], 250, atol=2)


def test_nothing_is_added_if_the_border_has_no_common_colour() -> None:
    stripes = np.repeat(np.linspace(0, 255, 40), 40).reshape(40, 40).T.astype(np.uint8)
    assert load_picture(stripes).margin == 0


def test_nothing_is_added_around_a_picture_of_usual_size() -> None:
    image = np.asarray(Image.fromarray(_cropped(0)).resize((300, 400)))
    assert load_picture(image).margin == 0


def test_an_improbable_digit_is_better_than_none_if_there_must_be_one() -> None:
    mask = np.zeros((100, 100), bool)
    mask[10:90, 40:52] = True
    contrast = np.where(mask, 0.9, 0).astype(np.float32)
    ink = find_pieces(mask, 1 - contrast, contrast)
    candidate = whole_candidate(ink, [0])
    weak, strong = (Arc(0, 7, confidence) for confidence in (0.2, 0.9))
    assert evidence_of(ink, candidate, weak) < 0 < most_evidence(ink, [candidate], [weak])[1]
    assert most_evidence(ink, [candidate] * 2, [weak, strong])[0] == 1


def test_the_digit_with_the_most_evidence_is_found() -> None:
    rng = np.random.default_rng(0)
    for _ in range(30):
        grey = np.full((60, 200), 0.9, np.float32)
        mask = np.zeros(grey.shape, bool)
        for left in range(5, 180, 25):
            height, width = rng.integers(3, 40), rng.integers(2, 20)
            mask[10 : 10 + height, left : left + width] = True
            # Some ink is hardly darker than the paper, so its weight is far below the largest.
            grey[10 : 10 + height, left : left + width] = rng.uniform(0.2, 0.9)
        contrast = np.where(mask, rng.uniform(0.1, 0.9, grey.shape), 0).astype(np.float32)
        ink = find_pieces(mask, grey, contrast)
        candidates = [whole_candidate(ink, [piece]) for piece in range(len(ink.boxes))]
        arcs = [
            Arc(0, int(digit), float(confidence))
            for digit, confidence in zip(
                rng.integers(10, size=8), rng.uniform(0, 1, 8), strict=True
            )
        ][: len(candidates)]
        all_evidence = [
            max(evidence_of(ink, c, arc), 0) for c, arc in zip(candidates, arcs, strict=True)
        ]
        index, evidence = most_evidence(ink, candidates, arcs)
        if max(all_evidence) > 0:
            assert index == int(np.argmax(all_evidence))
            assert evidence == pytest.approx(max(all_evidence))
        else:
            assert evidence > 0


@pytest.mark.parametrize("index", [2, 5])
def test_the_halo_of_an_enlarged_1_is_not_a_0(index: int) -> None:
    image = load_mnist("test").images[index, :, :, 0]
    pale = (240 - image / 255 * 50).astype(np.uint8)
    assert list(tenfold.read(pale, single=True).lines) == ["1"]


def _cell(index: int, paper: float) -> Array:
    """Return a pale test digit of 40 x 40 pixels on grey paper in very uneven light."""
    ink = np.asarray(Image.fromarray(_cropped(index)).resize((22, 30)), np.float64) / 255
    grey = np.full((40, 40), float(paper))
    grey[5:35, 9:31] *= 1 - 0.4 * ink
    grey *= np.linspace(1.2, 0.6, 40)[:, np.newaxis] * np.linspace(1.1, 0.8, 40)
    noise = np.random.default_rng(0).normal(0, 4, grey.shape)
    return np.clip(grey + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("index", [0, 1, 3, 7, 11])
def test_a_cell_in_uneven_light_is_read(index: int) -> None:
    reading = tenfold.read(_cell(index, 190))
    assert list(reading.lines) == [str(load_mnist("test").require_labels()[index])]


def test_the_colour_of_a_frame_is_not_the_colour_of_the_paper() -> None:
    grey = np.full((40, 40), 220, np.uint8)
    grey[[0, 1, -2, -1]] = grey[:, [0, 1, -2, -1]] = 30
    assert load_picture(grey).margin == 0
