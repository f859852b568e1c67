from collections.abc import Callable
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.nn import patches, stream
from tenfold.nn.array import Array
from tenfold.nn.patches import Window

FAR = 60  # zeros around an image, enough for every window here


def images(*shape: int) -> Array:
    """Return images without zeros, which could be mistaken for padding."""
    return stream(0, "images").integers(1, 100, shape).astype(np.float64)


def collected(window: Window, x: Array, dtype: type = np.float64) -> tuple[list[slice], Array]:
    """Return the blocks and the patches of all images, (N, OH, OW, KW * KH * C)."""
    scratch: Array = np.full(
        window.scratch_size(x.shape), np.nan, dtype
    )  # unwritten entries stay NaN
    (oh, ow), size = window.output_size, window.kernel[0] * window.kernel[1] * x.shape[3]
    blocks, result = [], np.empty((len(x), oh, ow, size), dtype)
    for block, seen in window.patches(x, scratch):
        count = block.stop - block.start
        assert seen.shape == (ow, count * oh, size)
        assert not seen.flags.writeable
        assert np.shares_memory(seen, scratch)
        blocks.append(block)
        result[block] = seen.reshape(ow, count, oh, size).transpose(1, 2, 0, 3)
    return blocks, result


def cut_out(window: Window, x: Array) -> Array:
    """Return the same patches, each cut from the images with zeros around them.

    Their entries are in the order (kx, ky, c).
    """
    canvas = np.pad(x, ((0, 0), (FAR, FAR), (FAR, FAR), (0, 0)))
    (kh, kw), (oh, ow), (n, _, _, channels) = window.kernel, window.output_size, x.shape
    result: Array = np.empty((n, oh, ow, kw * kh * channels), x.dtype)
    for i in range(oh):
        for j in range(ow):
            top = FAR + window.stride[0] * i - window.padding[0]
            left = FAR + window.stride[1] * j - window.padding[1]
            seen = canvas[:, top : top + kh, left : left + kw]
            result[:, i, j] = seen.transpose(0, 2, 1, 3).reshape(result[:, i, j].shape)
    return result


def test_small_example_worked_by_hand() -> None:
    x = np.arange(1.0, 7).reshape(1, 2, 3, 1)  # 1 2 3 above 4 5 6
    window = Window((2, 2), stride=(1, 1), padding=(1, 0), output_size=(2, 2))
    _, seen = collected(window, x)
    # The window of output (0, 0) is a row of zeros above 1 2; its entries by column: 0 1, 0 2.
    np.testing.assert_array_equal(seen[0, 0], [[0, 1, 0, 2], [0, 2, 0, 3]])
    np.testing.assert_array_equal(seen[0, 1], [[1, 4, 2, 5], [2, 5, 3, 6]])


pairs = st.tuples(st.integers(1, 5), st.integers(1, 5))
shapes = st.tuples(st.integers(0, 5), st.integers(1, 7), st.integers(1, 7), st.integers(1, 4))
steps = st.tuples(st.integers(1, 4), st.integers(1, 4))
windows = st.builds(Window, pairs, steps, st.tuples(st.integers(-3, 6), st.integers(-3, 6)), pairs)


@settings(max_examples=300)
@given(windows, shapes, st.integers(1, 6))
def test_patches_equal_windows_cut_from_the_padded_image(
    window: Window, shape: tuple[int, ...], block: int
) -> None:
    x = images(*shape)
    with patch.object(patches, "_BLOCK_BYTES", 4 * block * window.scratch_size((1, *shape[1:]))):
        blocks, seen = collected(window, x)
    np.testing.assert_array_equal(seen, cut_out(window, x))
    starts = range(0, len(x), block)
    assert blocks == [slice(start, min(start + block, len(x))) for start in starts]


@pytest.mark.parametrize("before", [-4, -3, -1, 0, 1, 4])
@pytest.mark.parametrize("axis", [0, 1])
def test_window_may_begin_inside_and_outside_the_image(axis: int, before: int) -> None:
    top, left = (before, 1) if axis == 0 else (1, before)
    window, x = Window((3, 2), (2, 2), (top, left), (4, 3)), images(2, 5, 4, 2)
    np.testing.assert_array_equal(collected(window, x)[1], cut_out(window, x))


@pytest.mark.parametrize("before", [(9, 0), (-9, 0), (20, 1), (-20, 1)])
def test_pixels_above_and_below_the_image_are_zero(before: tuple[int, int]) -> None:
    window, x = Window((2, 2), (1, 1), before, (2, 2)), images(2, 5, 4, 1)
    assert (collected(window, x)[1] == 0).all()


@pytest.mark.parametrize("before", [(0, 4), (0, -6), (1, 5), (-1, -7)])
def test_pixels_beside_the_image_are_zero(before: tuple[int, int]) -> None:
    window, x = Window((2, 2), (1, 1), before, (2, 2)), images(2, 5, 5, 1)
    assert (collected(window, x)[1] == 0).all()


@pytest.mark.parametrize(
    ("bytes_", "sizes"), [(0, [1] * 5), (1, [1] * 5), (2, [2, 2, 1]), (4, [4, 1]), (9, [5])]
)
def test_blocks_hold_as_many_images_as_fit(bytes_: int, sizes: list[int]) -> None:
    window, x = Window((2, 3), (1, 1), (0, 0), (3, 2)), images(5, 4, 4, 2)
    per_image = 3 * 4 * 2 * 2  # OH * (columns from the first to the last window) * KH * C
    with patch.object(patches, "_BLOCK_BYTES", 4 * bytes_ * per_image):
        assert window.scratch_size(x.shape) == sizes[0] * per_image
        blocks, seen = collected(window, x)
    assert [block.stop - block.start for block in blocks] == sizes
    np.testing.assert_array_equal(seen, cut_out(window, x))


@pytest.mark.parametrize(
    ("features", "small", "most", "size"),
    [
        (5, False, 5 * 12, 2),  # a weight that fits the cache: as many images as fit, too
        (5, True, 5 * 12, 1),  # fast products: 3 rows * 12 entries * 5 features each
        (5, True, 1, 4),  # a large weight: rows up to four times its 60 numbers, 240 // 48 images
        (5, False, 1, 4),
        (0, True, 1, 2),  # no weight
    ],
)
def test_block_size_depends_on_the_weight(features: int, small: bool, most: int, size: int) -> None:
    window = Window((2, 3), (1, 1), (0, 0), (3, 2), features, small)
    x, per_image = images(4, 4, 4, 2), 3 * 4 * 2 * 2
    with (
        patch.object(patches, "_BLOCK_BYTES", 4 * 2 * per_image),
        patch.object(patches, "_SMALL_PRODUCT", 3 * 12 * 5),
        patch.object(patches, "_LARGE_WEIGHT", most),
    ):
        assert window.scratch_size(x.shape) == size * per_image
        _, seen = collected(window, x)
    np.testing.assert_array_equal(seen, cut_out(window, x))


def test_no_images_give_no_patches() -> None:
    assert collected(Window((3, 3), (1, 1), (1, 1), (4, 4)), images(0, 4, 4, 1))[0] == []


def channels_first_in_memory(x: Array) -> Array:
    return np.ascontiguousarray(x.transpose(0, 3, 1, 2)).transpose(0, 2, 3, 1)


def every_second(x: Array) -> Array:
    return np.repeat(np.repeat(np.repeat(x, 2, 0), 2, 2), 2, 3)[::2, :, ::2, ::2]


def backwards(x: Array) -> Array:
    return np.flip(np.flip(x).copy())


def locked(x: Array) -> Array:
    x.flags.writeable = False
    return x


@pytest.mark.parametrize(
    "rearranged",
    [np.asfortranarray, channels_first_in_memory, every_second, backwards, locked],
)
def test_images_may_have_any_memory_layout(rearranged: Callable[[Array], Array]) -> None:
    window, x = Window((3, 2), (2, 1), (1, -1), (3, 2)), images(3, 5, 6, 2)
    expected, other = cut_out(window, x), rearranged(x.copy())
    before = other.copy()
    with patch.object(patches, "_BLOCK_BYTES", 4 * 2 * window.scratch_size((1, 5, 6, 2))):
        np.testing.assert_array_equal(collected(window, other)[1], expected)
    np.testing.assert_array_equal(other, before)


@pytest.mark.parametrize("pixels", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_patches_have_the_dtype_of_the_scratch_memory(pixels: type, dtype: type) -> None:
    window, x = Window((2, 2), (1, 1), (0, 0), (3, 3)), images(2, 4, 4, 1)
    seen = collected(window, x.astype(pixels), dtype)[1]
    assert seen.dtype == dtype
    np.testing.assert_array_equal(seen, cut_out(window, x))


def test_columns_views_outputs_in_the_order_of_patches() -> None:
    y = np.arange(2 * 3 * 4 * 5.0).reshape(2, 3, 4, 5)
    viewed = patches.in_patch_order(y)
    assert viewed.shape == (4, 6, 5)
    assert np.shares_memory(viewed, y)
    for n, i, j in np.ndindex(2, 3, 4):
        np.testing.assert_array_equal(viewed[j, 3 * n + i], y[n, i, j])
