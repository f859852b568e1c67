"""The limit of the machine: only the matrix products of a network, with the same shapes.

No program that uses this BLAS can be faster. A convolution is its im2col products, in blocks of
images whose operands stay in the cache; gathering the operands is not included.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.cases import Measurement
from benchmarks.nets import Conv, Dense, placed
from benchmarks.subjects.measures import Training
from benchmarks.subjects.serving import Abilities, serve
from tenfold.nn import stream
from tenfold.nn.array import Array

_BLOCK = 2  # images


@dataclass(frozen=True)
class Product:
    """The product out = a b, repeated ``times`` times."""

    a: Array
    b: Array
    out: Array
    times: int


def shapes(net: str, images: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield (rows, inputs, outputs, times) of each product y = x w.

    For a convolution the rows of x are patches, one for each output pixel of a block of images.
    """
    for part, before, after in placed(net):
        if isinstance(part, Dense):
            yield images, before[0], part.outputs, 1
        elif isinstance(part, Conv):
            block = min(_BLOCK, images)
            patch = part.kernel**2 * before[-1]
            yield block * after[0] * after[1], patch, part.outputs, images // block


def products(net: str, images: int, backward: bool) -> list[Product]:
    """Return the products of y = x w, and for backward also dw = x^T dy and dx = dy w^T.

    The first layer needs no dx.
    """
    rng = stream(0, "operands")
    found: list[Product] = []

    def matrix(rows: int, columns: int) -> Array:
        return rng.standard_normal((rows, columns), np.float32)

    for rows, inputs, outputs, times in shapes(net, images):
        x, w, y = matrix(rows, inputs), matrix(inputs, outputs), matrix(rows, outputs)
        first = not found
        found.append(Product(x, w, y, times))
        if backward:
            dy = matrix(rows, outputs)
            found.append(Product(x.T, dy, np.empty_like(w), times))
            if not first:
                found.append(Product(dy, w.T, np.empty_like(x), times))
    return found


def worker(mode: str, net: str, images: int, backward: bool) -> Callable[[], object]:
    """Return a function that computes the products of ``images`` images.

    The mode "2 threads" uses two threads of the BLAS; "2 halves" are two Python threads, each with
    half of the images and one thread of the BLAS.
    """
    threadpool_limits(2 if mode == "2 threads" else 1, user_api="blas")
    if mode != "2 halves" or images == 1:
        return partial(multiply, products(net, images, backward))
    halves = [products(net, images // 2, backward) for _ in range(2)]
    pool = ThreadPoolExecutor(2)
    return lambda: list(pool.map(multiply, halves))


def multiply(row: list[Product]) -> None:
    """Compute products one after the other."""
    for product in row:
        for _ in range(product.times):
            np.matmul(product.a, product.b, out=product.out)


def training(mode: str, m: Measurement) -> Training:
    """Return an endless training of the products of a training step."""
    return Training(worker(mode, m.net, m.batch, backward=True))


def inference(mode: str, m: Measurement) -> Callable[[int], object]:
    """Return a function that computes the products of predictions, 1,000 images at a time."""
    workers = {count: worker(mode, m.net, min(count, 1000), backward=False) for count in m.counts}
    return lambda count: [workers[count]() for _ in range(max(1, count // 1000))]


if __name__ == "__main__":
    serve(Abilities(training, inference))
