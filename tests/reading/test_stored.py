"""MNIST-like pictures: recognised as they are, by two networks."""

from dataclasses import replace

import numpy as np
import pytest

import tenfold
from tenfold.data import load_mnist
from tenfold.nn.array import Array
from tenfold.reading.confidence import FEATURES, digit_features
from tenfold.reading.line_lattices import Recogniser
from tenfold.reading.picture import load_picture
from tenfold.reading.stored import recognised_as_stored
from tenfold.reading.working import bundled_recogniser, read_working


def _image(index: int = 0) -> Array:
    return load_mnist("test").images[index].reshape(28, 28, 1)


def _saying(digit: int, probability: float, none: float = 0.0) -> Recogniser:
    """Return a recogniser that always gives one digit a probability, and the rest to the others."""
    row = np.full(11, (1 - probability - none) / 9)
    row[digit], row[10] = probability, none
    return lambda images: np.tile(row, (len(images), 1))


def test_an_array_and_its_inverse() -> None:
    image = _image()
    np.testing.assert_array_equal(load_picture(image).mnist, image)
    np.testing.assert_array_equal(load_picture(255 - image).mnist, image)
    assert load_picture(255 - np.roll(image, 3, axis=1)).mnist is None
    assert load_picture(250 - image // 2).mnist is None  # the paper is not white
    assert load_picture(np.full_like(image, 255)).mnist is None


@pytest.mark.parametrize("second", [None, 2])
def test_the_probabilities_are_averaged(second: int | None) -> None:
    _, result = read_working(load_picture(_image()), bundled_recogniser())
    other = None if second is None else lambda images: _saying(second, 0.95)(images)[:, :10]
    found = recognised_as_stored(result, _image(), _saying(7, 0.6, none=0.2), other)
    assert found is not None
    (digit,) = found.digits
    if second is None:
        assert digit.arc.digit == 7
        assert digit.arc.probability == pytest.approx(0.6)
    else:  # (0.2 / 9 + 0.8 * 0.95) / 2
        assert digit.arc.digit == 2
        assert digit.arc.probability == pytest.approx(0.3911, abs=1e-4)
    np.testing.assert_array_equal(digit.candidate.glyph.image, _image())


def test_what_is_probably_no_digit_is_replaced_only_if_there_must_be_one() -> None:
    _, result = read_working(load_picture(_image()), bundled_recogniser())
    recognise = _saying(3, 0.3, none=0.7)
    assert recognised_as_stored(result, _image(), recognise) is result
    found = recognised_as_stored(result, _image(), recognise, single=True)
    assert found is not None
    assert [each.arc.digit for each in found.digits] == [3]


@pytest.mark.parametrize(("count", "least"), [(0, 0.99), (1, 0.3), (2, 0.3)])
def test_digits_are_replaced_and_only_a_certain_one_is_added(count: int, least: float) -> None:
    _, result = read_working(load_picture(_image()), bundled_recogniser())
    assert result is not None
    assert recognised_as_stored(None, _image(), _saying(7, 0.99)) is None
    given = replace(result, digits=result.digits * count)
    found = recognised_as_stored(given, _image(), _saying(7, least))
    assert found is not None
    assert digit_features(found)[0, FEATURES.index("in MNIST's form")] == 1
    assert [each.arc.digit for each in found.digits] == [7]
    if count == 0:
        assert recognised_as_stored(given, _image(), _saying(7, 0.9)) is given


@pytest.mark.parametrize("index", range(12))
def test_the_default_reading_of_test_images(index: int) -> None:
    reading = tenfold.read(_image(index)[..., 0])
    assert reading.lines == [str(load_mnist("test").require_labels()[index])]
    np.testing.assert_array_equal(reading.digits[0].image, _image(index))
