"""The section on patches of docs/mathematics.md: its memory diagram and its costs."""

import re

import numpy as np
import pytest

from tenfold.nn import Conv2D
from tenfold.nn.array import Array
from tenfold.nn.patches import Window
from tests.docs.page import blocks, section, table

TITLE = "Patches as a matrix"


def layer_of_the_table() -> tuple[Window, tuple[int, ...]]:
    """Return the window of a 3 x 3 convolution with padding "same", and the shape of its input."""
    return Window((3, 3), (1, 1), (1, 1), (28, 28)), (1, 28, 28, 32)


def patches_of(window: Window, x: Array) -> Array:
    scratch = np.empty(window.scratch_size(x.shape), x.dtype)
    _, patches = next(window.patches(x, scratch))
    return patches


def test_diagram_of_the_gathered_rows() -> None:
    (picture,) = blocks("text", section(TITLE))
    lines = [re.findall(r"\d+", line.split(":")[1]) for line in picture.splitlines() if ":" in line]
    pixels = [re.findall(r"\d+", line[:12]) for line in picture.splitlines()[1:5]]
    x: Array = np.array(pixels, np.float32).reshape(1, 4, 4, 1)
    window = Window((2, 2), (1, 1), (0, 0), (3, 3))
    scratch = np.empty(window.scratch_size(x.shape), np.float32)
    next(window.patches(x, scratch))
    np.testing.assert_array_equal(np.array(lines, np.float32).ravel(), scratch)
    patches = patches_of(window, x)
    for line in picture.splitlines()[5:]:
        place = re.search(r"\[.*\]", line)
        assert place is not None
        above = re.findall(r"\d+", picture.splitlines()[2][place.start() : place.end()])
        column = int(re.findall(r"\d", place[0])[0])
        np.testing.assert_array_equal(patches[column, 0], np.array(above, np.float32))


def test_costs_of_patches() -> None:
    text = section(TITLE)
    numbers = {name: row["number"] for name, row in table(text, "one image").items()}
    window, shape = layer_of_the_table()
    columns, places, patch = patches_of(window, np.zeros(shape, np.float32)).shape
    work, im2col, gathered = columns * places * patch * 32, columns * places * patch, 80_640
    assert work == Conv2D(32, 32, padding="same").multiply_adds(shape[1:])
    for name in ("forward", "for dW", "for dx"):
        (key,) = (key for key in numbers if key.startswith("multiply-adds") and key.endswith(name))
        assert numbers[key] == f"{work:,}"
    assert numbers["floats in the image"] == f"{np.prod(shape):,}"
    assert numbers["floats copied by im2col"] == f"{im2col:,}"
    assert numbers["floats copied by gathering rows"] == f"{window.scratch_size(shape):,}"
    assert window.scratch_size(shape) == gathered
    assert f"there are {work // im2col} multiply-adds with im2col" in text
    assert f"and {work / gathered} with gathered rows." in text
    assert window.scratch_size((128, *shape[1:])) == 2 * gathered
    assert "two at a time" in text


def test_numbers_of_weights() -> None:
    text = section(TITLE)
    assert f"{(28 * 28 * 32) ** 2:,} weights" in text
    assert f"convolution has {Conv2D(32, 32).weight.size:,}." in text


@pytest.mark.parametrize(("kernel", "stride"), [(3, 1), (3, 2), (5, 2), (4, 3)])
def test_gathered_rows_have_k_over_s_times_the_image(kernel: int, stride: int) -> None:
    size = 400  # large enough that the edge does not matter
    outputs = (size - kernel) // stride + 1
    window = Window((kernel, kernel), (stride, stride), (0, 0), (outputs, outputs))
    shape = (1, size, size, 1)
    assert window.scratch_size(shape) / size**2 == pytest.approx(kernel / stride, rel=0.02)
    x = np.zeros(shape, np.float32)
    assert patches_of(window, x).size / size**2 == pytest.approx((kernel / stride) ** 2, rel=0.02)
