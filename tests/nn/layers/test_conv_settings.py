"""Settings of a convolution, and inputs that do not fit it."""

from typing import Any

import numpy as np
import pytest

from tenfold import nn
from tenfold.nn import Conv2D, Network, Normalize, Ones, Uniform, build, describe


@pytest.mark.parametrize("padding", ["valid", "same", 0, 2])
def test_description_makes_an_equal_layer(padding: str | int) -> None:
    layer = Conv2D(2, 3, 5, 2, padding, Uniform(0.25), Ones(), with_bias=False)
    catalogue = {name: getattr(nn, name) for name in nn.__all__}
    again = build(describe(layer), catalogue)
    assert describe(again) == describe(layer)
    assert again.output_shape((9, 8, 2)) == layer.output_shape((9, 8, 2))


def test_numpy_integers_are_accepted_as_sizes() -> None:
    sizes: list[Any] = [np.int64(2), np.uint8(3), np.int32(3), np.int64(2)]
    layer = Conv2D(*sizes)
    assert describe(layer) == describe(Conv2D(2, 3, 3, 2))
    assert {type(describe(layer)[name]) for name in ("inputs", "kernel", "stride")} == {int}


def test_numpy_integer_is_accepted_as_padding() -> None:
    padding: Any = np.int64(1)
    assert describe(Conv2D(1, 2, padding=padding)) == describe(Conv2D(1, 2, padding=1))


@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "size"),
    [
        *((5, 1, "valid", (4, 6)), (5, 1, "valid", (6, 4)), (5, 4, 0, (4, 4))),
        *((6, 1, 1, (3, 9)), (9, 9, 2, (4, 4))),
    ],
)
def test_kernel_larger_than_the_padded_image_raises(
    kernel: int, stride: int, padding: str | int, size: tuple[int, int]
) -> None:
    message = (
        f"kernel must be at most the size of the padded image, got {kernel} for an image of "
        f"{size[0]} x {size[1]} with padding {padding!r}: choose a smaller kernel or more padding$"
    )
    layer = Conv2D(1, 2, kernel, stride, padding)
    with pytest.raises(ValueError, match=f"^{message}"):
        layer.output_shape((*size, 1))
    with pytest.raises(ValueError, match=f"^layer 1: {message}"):
        Network([Normalize(), layer], input_shape=(*size, 1))


@pytest.mark.parametrize("shape", [(6, 6, 3), (6, 6, 1), (6, 2), (72,), (1, 6, 6, 2), ()])
def test_images_of_wrong_shape_raise_with_both_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(
        ValueError, match=r"Conv2D\(2, 3\) must be an image of shape \(H, W, 2\)"
    ) as caught:
        Conv2D(2, 3).output_shape(shape)
    assert str(caught.value).endswith(f", got {shape}")
    with pytest.raises(ValueError, match=r"^layer 0: the input of Conv2D\(2, 3\) must be an image"):
        Network([Conv2D(2, 3)], input_shape=shape)
