"""What a convolution can be, and what is refused."""

from typing import Any

import numpy as np
import pytest

from tenfold import nn
from tenfold.nn import Conv2D, Network, Normalize, Ones, Uniform, build, describe


@pytest.mark.parametrize("padding", ["valid", "same", 0, 2])
def test_the_description_makes_the_same_layer(padding: str | int) -> None:
    layer = Conv2D(2, 3, 5, 2, padding, Uniform(0.25), Ones(), with_bias=False)
    catalogue = {name: getattr(nn, name) for name in nn.__all__}
    again = build(describe(layer), catalogue)
    assert describe(again) == describe(layer)
    assert again.output_shape((9, 8, 2)) == layer.output_shape((9, 8, 2))


@pytest.mark.parametrize("wrong", [0, -1, 2.0, 1.5, float("nan"), "3", None])
@pytest.mark.parametrize("name", ["inputs", "outputs", "kernel", "stride"])
def test_a_size_that_is_no_whole_number_from_1_is_refused(name: str, wrong: Any) -> None:
    sizes = {"inputs": 1, "outputs": 2, "kernel": 3, "stride": 1} | {name: wrong}
    given = ", ".join(repr(size) for size in sizes.values())
    with pytest.raises(ValueError, match=f"at least 1, in whole numbers, not {given}$"):
        Conv2D(**sizes)


@pytest.mark.parametrize("name", ["inputs", "outputs", "kernel", "stride"])
def test_a_truth_value_is_no_size(name: str) -> None:
    sizes: dict[str, Any] = {"inputs": 1, "outputs": 2} | {name: True}
    with pytest.raises(ValueError, match="in whole numbers, not"):
        Conv2D(**sizes)


@pytest.mark.parametrize("name", ["inputs", "outputs", "kernel", "stride", "padding"])
def test_a_truth_value_in_a_file_is_no_size(name: str) -> None:
    description = {"type": "Conv2D", "inputs": 1, "outputs": 2} | {name: True}
    with pytest.raises(ValueError, match=f"Conv2D: {name} must be .*a whole number, not True"):
        build(description, {"Conv2D": Conv2D})


@pytest.mark.parametrize("padding", ["full", "SAME", "", -1, True, False, 1.0, None, (1, 1)])
def test_a_padding_that_is_none_is_refused(padding: Any) -> None:
    with pytest.raises(ValueError, match=r"'valid', 'same' or a number from 0 on, not ") as caught:
        Conv2D(1, 1, padding=padding)
    assert str(caught.value).endswith(f"not {padding!r}")


def test_whole_numbers_of_numpy_are_sizes() -> None:
    sizes: list[Any] = [np.int64(2), np.uint8(3), np.int32(3), np.int64(2)]
    layer = Conv2D(*sizes)
    assert describe(layer) == describe(Conv2D(2, 3, 3, 2))
    assert {type(describe(layer)[name]) for name in ("inputs", "kernel", "stride")} == {int}


def test_a_whole_number_of_numpy_is_a_padding() -> None:
    padding: Any = np.int64(1)
    assert describe(Conv2D(1, 2, padding=padding)) == describe(Conv2D(1, 2, padding=1))


@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "size"),
    [
        *((5, 1, "valid", (4, 6)), (5, 1, "valid", (6, 4)), (5, 4, 0, (4, 4))),
        *((6, 1, 1, (3, 9)), (9, 9, 2, (4, 4))),
    ],
)
def test_a_kernel_larger_than_the_image_is_refused(
    kernel: int, stride: int, padding: str | int, size: tuple[int, int]
) -> None:
    message = (
        f"a {kernel} x {kernel} kernel does not fit an image of {size[0]} x {size[1]} "
        f"with padding {padding!r}: choose a smaller kernel or more padding$"
    )
    layer = Conv2D(1, 2, kernel, stride, padding)
    with pytest.raises(ValueError, match=f"^{message}"):
        layer.output_shape((*size, 1))
    with pytest.raises(ValueError, match=f"^layer 1: {message}"):
        Network([Normalize(), layer], input_shape=(*size, 1))


@pytest.mark.parametrize("shape", [(6, 6, 3), (6, 6, 1), (6, 2), (72,), (1, 6, 6, 2), ()])
def test_images_of_another_shape_are_refused_with_both(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"Conv2D\(2, 3\) takes images \(H, W, 2\)") as caught:
        Conv2D(2, 3).output_shape(shape)
    assert str(caught.value).endswith(f"receives the shape {shape}")
    with pytest.raises(ValueError, match=r"^layer 0: Conv2D\(2, 3\) takes images"):
        Network([Conv2D(2, 3)], input_shape=shape)
