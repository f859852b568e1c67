import numpy as np
import pytest

from tenfold.nn import BatchNorm, Layer, Tanh, stream
from tenfold.nn.array import Array


def test_buffer_is_reused_until_more_memory_is_needed() -> None:
    layer = Tanh()
    large = layer.buffer("y", (4, 3), np.float32)
    small = layer.buffer("y", (2, 3), np.float32)
    assert small.shape == (2, 3)
    assert np.shares_memory(large, small)
    assert not np.shares_memory(large, layer.buffer("y", (5, 3), np.float32))


def test_buffers_differ_by_name_and_dtype() -> None:
    layer = Tanh()
    single = layer.buffer("y", (4,), np.float32)
    double = layer.buffer("y", (4,), np.float64)
    assert single.dtype == np.float32
    assert double.dtype == np.float64
    assert not np.shares_memory(single, double)
    assert not np.shares_memory(double, layer.buffer("dx", (4,), np.float64))


def test_saved_arrays_are_returned_once() -> None:
    layer, x = Tanh(), np.ones(2)
    layer.save_for_backward(x)
    assert layer.pop_saved()[0] is x
    with pytest.raises(
        RuntimeError, match=r"Tanh.backward needs a training forward pass: .* training=True"
    ):
        layer.pop_saved()


def test_initialize_converts_parameters_and_state_to_the_dtype() -> None:
    layer = BatchNorm(3)
    layer.initialize(stream(0, "test"), np.float32)
    arrays = [p.value for p in layer.parameters] + list(layer.state.values())
    assert [array.dtype for array in arrays] == [np.float32] * 4


class OnlyForward(Layer):
    def forward(self, x: Array, training: bool = False) -> Array:
        return x


class OnlyBackward(Layer):
    def backward(self, dy: Array) -> Array:
        return dy


@pytest.mark.parametrize(
    ("half", "missing"), [(OnlyForward, "backward"), (OnlyBackward, "forward")]
)
def test_layer_without_forward_or_backward_is_abstract(half: type, missing: str) -> None:
    with pytest.raises(TypeError, match=f"abstract method '?{missing}"):
        half()


def test_the_names_of_version_0_1_still_work() -> None:
    layer, x = Tanh(), np.ones(3)
    layer.keep(x)
    assert layer.take_kept()[0] is x
