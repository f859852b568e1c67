import numpy as np
import pytest

from tenfold.nn import Dense, Ones, Zeros, stream
from tests.nn import reference


def test_small_example_worked_by_hand() -> None:
    dense = Dense(2, 3)
    dense.initialize(stream(0, "test"), np.float64)
    dense.weight.value[...] = [[1, 0, -1], [2, 1, 0]]
    dense.bias.value[...] = [0.5, 0, -0.5]
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    # y[0] = (1*1 + 2*2 + 0.5, 1*0 + 2*1 + 0, 1*-1 + 2*0 - 0.5)
    # y[1] = (3*1 + 4*2 + 0.5, 3*0 + 4*1 + 0, 3*-1 + 4*0 - 0.5)
    y = [[5.5, 2, -1.5], [11.5, 4, -3.5]]
    np.testing.assert_array_equal(dense.forward(x), y)
    np.testing.assert_array_equal(dense.forward(x, training=True), y)

    dx = dense.backward(np.array([[1.0, 0.0, 2.0], [0.0, -1.0, 1.0]]))
    # dx[0] = (1*1 + 0*0 + 2*-1, 1*2 + 0*1 + 2*0); dx[1] = (0*1 - 1*0 + 1*-1, 0*2 - 1*1 + 1*0)
    np.testing.assert_array_equal(dx, [[-1, 2], [-1, -1]])
    # dweight[0] = (1*1 + 3*0, 1*0 + 3*-1, 1*2 + 3*1); dweight[1] = (2*1 + 4*0, ..., 2*2 + 4*1)
    np.testing.assert_array_equal(dense.weight.grad, [[1, -3, 5], [2, -4, 8]])
    np.testing.assert_array_equal(dense.bias.grad, [1 + 0, 0 - 1, 2 + 1])


def test_agrees_with_plain_loops() -> None:
    rng = stream(0, "test")
    dense = Dense(7, 4)
    dense.initialize(rng, np.float64)
    dense.bias.value[...] = rng.standard_normal(4)
    x, dy = rng.standard_normal((5, 7)), rng.standard_normal((5, 4))
    weight, bias = dense.weight.value.tolist(), dense.bias.value.tolist()
    y = dense.forward(x, training=True)
    np.testing.assert_allclose(y, reference.dense_forward(x.tolist(), weight, bias), 1e-12, 1e-14)
    dx, dweight, dbias = reference.dense_backward(x.tolist(), weight, dy.tolist())
    np.testing.assert_allclose(dense.backward(dy), dx, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(dense.weight.grad, dweight, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(dense.bias.grad, dbias, rtol=1e-12, atol=1e-14)


def test_initializers_are_used_and_only_the_weight_decays() -> None:
    dense = Dense(2, 3, Ones(), Zeros())
    dense.initialize(stream(0, "test"))
    np.testing.assert_array_equal(dense.weight.value, np.ones((2, 3)))
    np.testing.assert_array_equal(dense.bias.value, np.zeros(3))
    assert [(p.name, p.decay) for p in dense.parameters] == [("weight", True), ("bias", False)]


def test_wrong_number_of_inputs_raises_with_both_shapes() -> None:
    with pytest.raises(ValueError, match=r"Dense\(5, 3\) must be of shape \(5,\), got \(4,\)$"):
        Dense(5, 3).output_shape((4,))
    with pytest.raises(ValueError, match=r"got \(2, 2, 1\): put a Flatten before it$"):
        Dense(4, 3).output_shape((2, 2, 1))
