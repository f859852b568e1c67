"""The contract of layers, tested for every layer in the table of ``contract.py``."""

import inspect
import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from tenfold import nn
from tenfold.nn import Layer, build, check_layer, describe, layers
from tenfold.nn.array import Array
from tests.nn.contract import (
    ROWS,
    Row,
    gradient_for,
    made,
    sample,
    snapshot,
    train,
    trained,
)

every_layer = pytest.mark.parametrize("row", ROWS, ids=str)
both_precisions = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    for child in kind.__subclasses__():
        yield child
        yield from subclasses(child)


def assert_same(left: dict[str, Array], right: dict[str, Array], rtol: float = 1e-12) -> None:
    assert left.keys() == right.keys()
    for name in left:
        np.testing.assert_allclose(left[name], right[name], rtol, atol=1e-13, err_msg=name)


def test_every_layer_is_exported_and_in_the_table() -> None:
    exported = {getattr(layers, name) for name in layers.__all__} - {Layer}
    own = (kind for kind in subclasses(Layer) if kind.__module__.startswith("tenfold.nn."))
    written = {kind for kind in own if not inspect.isabstract(kind)}
    assert exported == written
    assert exported == {type(row.make()) for row in ROWS}


@every_layer
def test_output_has_the_stated_shape(row: Row) -> None:
    layer, x = made(row), sample(row, 3)
    stated = (3, *layer.output_shape(row.shape))
    assert layer.forward(x).shape == stated
    assert train(layer, x).shape == stated


@both_precisions
@every_layer
def test_dtype_follows_the_data(row: Row, dtype: type) -> None:
    layer, x = made(row, dtype), sample(row, 3, dtype=dtype)
    assert layer.forward(x).dtype == dtype
    results = trained(layer, x, gradient_for(layer.forward(x)))
    results |= {f"value of {p.name}": p.value for p in layer.parameters} | layer.state
    assert {name: array.dtype for name, array in results.items()} == dict.fromkeys(results, dtype)


@every_layer
def test_inputs_are_never_written_to(row: Row) -> None:
    # Both are read-only, so that writing raises; comparison with a copy checks the memory, too.
    layer, x = made(row), sample(row, 3)
    dy = gradient_for(layer.forward(x))
    x_before, dy_before = x.copy(), dy.copy()
    trained(layer, x, dy)
    layer.forward(x)
    np.testing.assert_array_equal(x, x_before)
    np.testing.assert_array_equal(dy, dy_before)


@every_layer
def test_inference_stores_nothing(row: Row) -> None:
    layer = made(row)
    trained(layer, sample(row, 4), gradient_for(layer.forward(sample(row, 4))))
    train(layer, sample(row, 4, seed=1))
    before = snapshot(layer)
    layer.forward(sample(row, 4, seed=2))
    layer.forward(sample(row, 9, seed=3))
    assert snapshot(layer) == before


@every_layer
def test_inference_between_forward_and_backward_changes_no_gradient(row: Row) -> None:
    layer, other, x = made(row), made(row), sample(row, 3)
    dy = gradient_for(layer.forward(x))
    expected = trained(other, x, dy)
    y = train(layer, x)
    layer.forward(sample(row, 3, seed=1))
    layer.forward(sample(row, 8, seed=2))
    results = {"y": y, "dx": layer.backward(dy)} | {f"d{p.name}": p.grad for p in layer.parameters}
    assert_same(results, expected, rtol=0)


@every_layer
def test_single_images_give_the_same_result_as_a_batch(row: Row) -> None:
    layer, x = made(row), sample(row, 5)
    singles = np.concatenate([layer.forward(x[n : n + 1]) for n in range(5)])
    np.testing.assert_allclose(layer.forward(x), singles, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("seed", range(5))
@every_layer
def test_backward_is_the_derivative_of_forward(row: Row, seed: int) -> None:
    layer = made(row, seed=seed)
    checks = check_layer(layer, sample(row, 4, seed), seed)
    assert len(checks) == 1 + len(layer.parameters)
    for check in checks:
        assert check.error < 1e-7, str(check)


@both_precisions
@every_layer
def test_same_seed_gives_same_bits(row: Row, dtype: type) -> None:
    x = sample(row, 6, dtype=dtype)
    dy = gradient_for(made(row, dtype).forward(x))
    runs = [snapshot(trained(made(row, dtype), x, dy)) for _ in range(2)]
    assert runs[0] == runs[1]


@every_layer
def test_backward_without_training_forward_raises(row: Row) -> None:
    layer, x = made(row), sample(row, 3)
    dy = gradient_for(layer.forward(x))
    needs_forward = pytest.raises(RuntimeError, match=r"forward\(x, training=True\)")
    with needs_forward:
        layer.backward(dy)
    with needs_forward:
        layer.backward_parameters(dy)
    trained(layer, x, dy)
    with needs_forward:
        layer.backward(dy)
    layer.forward(x)
    with needs_forward:
        layer.backward(dy)


@every_layer
def test_gradients_are_assigned_not_added(row: Row) -> None:
    layer, x = made(row), sample(row, 3)
    dy = gradient_for(layer.forward(x))
    expected = trained(layer, x, dy)
    for parameter in layer.parameters:
        parameter.grad[...] = 123
    assert_same(trained(layer, x, dy), expected, rtol=0)


@every_layer
def test_backward_parameters_assigns_the_same_gradients(row: Row) -> None:
    layer, x = made(row), sample(row, 3)
    dy = gradient_for(layer.forward(x))
    trained(layer, x, dy)
    expected = [p.grad.copy() for p in layer.parameters]
    for parameter in layer.parameters:
        parameter.grad[...] = 123
    train(layer, x)
    layer.backward_parameters(dy)
    for parameter, gradient in zip(layer.parameters, expected, strict=True):
        np.testing.assert_array_equal(parameter.grad, gradient)


@every_layer
def test_description_makes_an_equal_layer(row: Row) -> None:
    layer = row.make()
    description = json.loads(json.dumps(describe(layer)))
    again = build(description, {name: getattr(nn, name) for name in nn.__all__})
    assert type(again) is type(layer)
    assert describe(again) == describe(layer)
    assert snapshot(made(Row(lambda: again, row.shape))) == snapshot(made(row))


def fortran_ordered(array: Array) -> Array:
    return np.asfortranarray(array)


def every_second_column(array: Array) -> Array:
    return np.repeat(array, 2, axis=-1)[..., ::2]


def backwards_in_memory(array: Array) -> Array:
    return np.flip(np.flip(array).copy())


@pytest.mark.parametrize("rearranged", [fortran_ordered, every_second_column, backwards_in_memory])
@every_layer
def test_result_does_not_depend_on_memory_layout(
    row: Row, rearranged: Callable[[Array], Array]
) -> None:
    layer, x = made(row), sample(row, 3)
    dy = gradient_for(layer.forward(x))
    np.testing.assert_allclose(layer.forward(rearranged(x)), layer.forward(x), rtol=1e-12)
    expected = trained(made(row), x, dy)
    assert_same(trained(layer, rearranged(x), rearranged(dy)), expected)


@every_layer
def test_empty_batch_gives_empty_output(row: Row) -> None:
    layer, x = made(row), sample(row, 0)
    y = layer.forward(x)
    assert y.shape == (0, *layer.output_shape(row.shape))
    if not row.empty_training:
        with pytest.raises(ValueError, match="empty batch"):
            train(layer, x)
        return
    results = trained(layer, x, y)
    assert results.pop("y").shape == y.shape
    assert results.pop("dx").shape == x.shape
    assert all((gradient == 0).all() for gradient in results.values())


@every_layer
def test_reused_memory_does_not_affect_the_result(row: Row) -> None:
    # Batches of different sizes must each give the result of a new layer.
    reused = made(row)
    for turn, batch in enumerate([6, 2, 6, 9, 1]):
        x, fresh = sample(row, batch, seed=turn), made(row)
        dy = gradient_for(fresh.forward(x), seed=turn)
        assert_same(trained(reused, x, dy, turn), trained(fresh, x, dy, turn), rtol=1e-12)


@every_layer
def test_backward_uses_the_latest_training_forward(row: Row) -> None:
    layer, first, second = made(row), sample(row, 4, seed=1), sample(row, 4, seed=2)
    dy = gradient_for(layer.forward(first))
    train(layer, first)
    assert_same(trained(layer, second, dy), trained(made(row), second, dy))
