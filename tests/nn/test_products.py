"""Matrix products in parts that depend on the sizes alone."""

from collections.abc import Sequence

import numpy as np
import pytest

from tenfold.nn import products, stream
from tenfold.nn.array import Array
from tenfold.nn.products import Job, matmul, products_in_threads


def operands(rows: int, inner: int, columns: int, dtype: type = np.float32) -> tuple[Array, Array]:
    rng = stream(0, "test")
    return tuple(rng.standard_normal(s).astype(dtype) for s in ((rows, inner), (inner, columns)))  # type: ignore[return-value]


def counted(rows: int, inner: int, columns: int) -> int:
    """Return the number of parts of a product."""
    seen = []

    def count(jobs: Sequence[Job]) -> None:  # it does not run them
        seen.append(len(jobs))

    a, b = np.zeros((rows, inner), np.float32), np.zeros((inner, columns), np.float32)
    with products_in_threads(count):
        matmul(a, b, np.empty((rows, columns), np.float32))
    return seen[0] if seen else 1


@pytest.mark.parametrize("shape", [(0, 3, 2), (1, 1, 1), (5, 7, 3), (64, 784, 10), (130, 700, 300)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_matmul_equals_the_product(shape: tuple[int, int, int], dtype: type) -> None:
    a, b = operands(*shape, dtype)
    out: Array = np.full((shape[0], shape[2]), np.nan, dtype)
    assert matmul(a, b, out) is out
    exact = a.astype(np.float64) @ b.astype(np.float64)
    np.testing.assert_allclose(out, exact, rtol=1e-4, atol=1e-4 if dtype == np.float32 else 1e-10)


def test_transposed_operands_and_part_of_an_array_as_output() -> None:
    a, b = operands(700, 300, 200)
    whole = np.zeros((300, 250), np.float32)
    matmul(a.T, a[:, :200].copy(), whole[:, :200])
    np.testing.assert_allclose(whole[:, :200], a.T @ a[:, :200], rtol=1e-3, atol=1e-3)
    assert not whole[:, 200:].any()
    assert b.shape == (300, 200)


def test_number_of_parts_depends_on_size_and_rows() -> None:
    assert counted(128, 784, 128) == 1
    assert counted(128, 784, 800) == 2
    assert counted(1, 5000, 5000) == 1
    assert counted(3000, 800, 500) == 8


def test_order_of_the_parts_does_not_change_the_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "_TWO_PARTS", 100)
    a, b = operands(37, 50, 20)
    alone = matmul(a, b, np.empty((37, 20), np.float32)).copy()

    def backwards(jobs: Sequence[Job]) -> None:
        for job in reversed(jobs):
            job()

    with products_in_threads(backwards):
        assert matmul(a, b, np.empty((37, 20), np.float32)).tobytes() == alone.tobytes()


def test_sharing_ends_with_the_with_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "_TWO_PARTS", 1)
    a, b = operands(4, 3, 2)
    calls: list[int] = []
    out = np.empty((4, 2), np.float32)

    def broken(jobs: Sequence[Job]) -> None:
        calls.append(len(jobs))
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"), products_in_threads(broken):
        matmul(a, b, out)
    matmul(a, b, out)
    assert calls == [2]
