"""Damage to ink: it changes some images, leaves digits in place, and is reproducible."""

import numpy as np
import pytest

from tenfold.nn import stream
from tenfold.nn.array import Array
from tenfold.reading.synthetic import damage as module
from tenfold.reading.synthetic.damage import damage
from tenfold.reading.synthetic.solids import solids

EVERY = [change for _, change in (*module._STRONG, *module._LIGHT)]


@pytest.fixture
def ink() -> Array:
    """200 upright bars of 8 x 30 pixels with soft edges."""
    image = np.zeros((44, 44), np.float32)
    image[7:37, 18:26] = 1
    image[7:37, [17, 26]] = 0.5
    return np.repeat(image[None], 200, axis=0)


def test_damage_is_reproducible_and_leaves_its_argument_alone(ink: Array) -> None:
    before = ink.copy()
    one, two = (damage(ink, stream(3, "test")) for _ in range(2))
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(ink, before)


def test_about_half_of_the_images_stay_nearly_as_they_are(ink: Array) -> None:
    changed = abs(damage(ink, stream(3, "test")) - ink).sum(axis=(1, 2)) / ink[0].sum()
    assert 0.3 < (changed > 0.02).mean() < 0.9
    assert np.percentile(changed, 90) < 0.5


def test_without_probability_there_is_no_damage(ink: Array) -> None:
    np.testing.assert_array_equal(damage(ink, stream(3, "test"), factor=0), ink)


@pytest.mark.parametrize("change", EVERY, ids=lambda change: change.__name__)
def test_each_damage_changes_the_ink_and_keeps_the_digit(change: module.Change, ink: Array) -> None:
    out = change(ink, stream(3, "test"))
    assert out.shape == ink.shape
    assert out.dtype == np.float32
    assert out.min() >= 0
    assert out.max() <= 1
    assert (abs(out - ink).sum(axis=(1, 2)) > 0.1).mean() > 0.4
    kept = (out * ink).sum(axis=(1, 2)) / (ink**2).sum(axis=(1, 2))
    assert kept.mean() > 0.75
    assert kept.min() > 0.3


@pytest.mark.parametrize("change", EVERY, ids=lambda change: change.__name__)
def test_a_hairline_survives(change: module.Change) -> None:
    ink = np.zeros((100, 44, 44), np.float32)
    ink[:, 6:38, 22] = 0.45
    out = module.keep_ink(change(ink, stream(3, "test")))
    assert ((out[:, 6:38, 20:25] > 0).any(axis=2).mean(axis=1) > 0.4).mean() > 0.97


def test_solids_are_ink_of_several_kinds() -> None:
    made = solids(300, 44, stream(3, "test"))
    assert made.dtype == np.float32
    assert made.min() >= 0
    assert made.max() <= 1
    share = made.mean(axis=(1, 2))
    assert (share > 0.002).mean() > 0.98
    assert np.percentile(share, 10) < 0.1
    assert np.percentile(share, 90) > 0.3


def test_a_sliver_is_seen_beside_the_digit_and_narrower_than_it(ink: Array) -> None:
    added = module._sliver(ink, stream(3, "test")) - ink
    assert (added[:, :, 17:27] == 0).all()  # nothing on the digit
    columns = added.any(axis=1).sum(axis=1)
    assert (columns > 0).mean() > 0.8
    assert columns.max() <= 2  # 15% of ten


def test_a_coarse_digit_has_few_grey_levels_or_smooth_edges(ink: Array) -> None:
    out = module._coarse(ink, stream(3, "test"))
    levels = np.array([len(np.unique(image)) for image in out])
    assert (levels < 10).mean() > 0.1  # squares of one grey level
    assert (levels > 20).mean() > 0.3
