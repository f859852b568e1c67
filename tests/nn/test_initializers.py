import numpy as np
import pytest

from tenfold.nn import (
    GlorotUniform,
    HeNormal,
    Initializer,
    LeCunNormal,
    Ones,
    Orthogonal,
    Uniform,
    UniformFanIn,
    Zeros,
    stream,
)

DENSE = (400, 250)
CONV = (5, 5, 16, 48)  # fan_in = 5 * 5 * 16 = 400, fan_out = 5 * 5 * 48 = 1200
EVERY = [
    Zeros(),
    Ones(),
    Uniform(),
    UniformFanIn(),
    LeCunNormal(),
    GlorotUniform(),
    HeNormal(),
    Orthogonal(),
]


def draw(initializer: Initializer, shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    return initializer(shape, stream(seed, "test"))


@pytest.mark.parametrize("initializer", EVERY, ids=repr)
@pytest.mark.parametrize("shape", [(7,), (6, 4), (4, 6), (3, 3, 2, 5)])
def test_value_has_the_shape_in_float64_and_depends_on_the_seed(
    initializer: Initializer, shape: tuple[int, ...]
) -> None:
    value = draw(initializer, shape)
    assert value.shape == shape
    assert value.dtype == np.float64
    np.testing.assert_array_equal(value, draw(initializer, shape))
    constant = isinstance(initializer, (Zeros, Ones))
    assert constant == np.array_equal(value, draw(initializer, shape, seed=1))


def test_constants() -> None:
    assert (draw(Zeros(), (3, 2)) == 0).all()
    assert (draw(Ones(), (3, 2)) == 1).all()


@pytest.mark.parametrize(
    ("initializer", "shape", "variance"),
    [
        (LeCunNormal(), DENSE, 1 / 400),
        (LeCunNormal(), CONV, 1 / 400),
        (HeNormal(), DENSE, 2 / 400),
        (HeNormal(), CONV, 2 / 400),
        (GlorotUniform(), DENSE, 2 / (400 + 250)),
        (GlorotUniform(), CONV, 2 / (400 + 1200)),
        (Uniform(0.5), DENSE, 1 / 12),
        (UniformFanIn(), CONV, 1 / 400 / 3),
    ],
)
def test_mean_and_variance_are_the_stated_ones(
    initializer: Initializer, shape: tuple[int, ...], variance: float
) -> None:
    value = draw(initializer, shape)
    assert abs(value.mean()) < 5 * np.sqrt(variance / value.size)
    assert value.var() == pytest.approx(variance, rel=0.03)


@pytest.mark.parametrize(
    ("initializer", "shape", "limit"),
    [
        (Uniform(0.25), DENSE, 0.25),
        (UniformFanIn(), DENSE, 1 / 20),
        (UniformFanIn(), CONV, 1 / 20),
        (UniformFanIn(100), (5000,), 0.1),
        (GlorotUniform(), DENSE, np.sqrt(6 / 650)),
        (GlorotUniform(), CONV, np.sqrt(6 / 1600)),
    ],
)
def test_uniform_draws_fill_their_interval(
    initializer: Initializer, shape: tuple[int, ...], limit: float
) -> None:
    value = draw(initializer, shape)
    assert -limit <= value.min() < -0.999 * limit
    assert 0.999 * limit < value.max() < limit


@pytest.mark.parametrize(
    ("shape", "matrix"), [((8, 5), (8, 5)), ((5, 8), (5, 8)), ((3, 3, 4, 7), (36, 7))]
)
def test_singular_values_of_orthogonal_equal_the_gain(
    shape: tuple[int, ...], matrix: tuple[int, int]
) -> None:
    q = draw(Orthogonal(gain=3), shape).reshape(matrix)
    np.testing.assert_allclose(np.linalg.svd(q, compute_uv=False), 3, rtol=1e-12)


def test_orthogonal_matrices_are_drawn_uniformly() -> None:
    # Of size 1 x 1 there are two, and without the correction of signs one of them never comes.
    signs = [draw(Orthogonal(), (1, 1), seed).item() for seed in range(200)]
    assert {round(sign, 12) for sign in signs} == {-1, 1}
    assert abs(sum(signs)) < 4 * np.sqrt(200)


def test_he_normal_keeps_the_variance_through_relu_layers() -> None:
    rng = stream(0, "test")
    x = rng.standard_normal((50, 256))
    for _ in range(10):
        x = np.maximum(x @ HeNormal()((256, 256), rng), 0)
    assert 0.3 < (x**2).mean() / 1 < 3


def test_largest_limit_is_finite_in_float32() -> None:
    assert np.isfinite(draw(Uniform(1e38), (100,)).astype(np.float32)).all()
