"""What is measured: each subject trains 784-128-64-10 with Adam, and times one epoch when asked.

Each runs in a process of its own (``python subjects.py NAME``), so that one library's idle threads
cannot disturb another. It prints "ready" after a warm-up epoch; then each line on its input makes
it train one epoch and print the seconds.
"""

import sys
import time
from collections.abc import Callable

import numpy as np

BATCH = 128


def tenfold(threads: str) -> Callable[[], None]:
    """The library as its users call it: ``fit`` on the stored bytes, accuracy included."""
    from tenfold.data import load_mnist
    from tenfold.nn import Adam, Constant, Dense, Flatten, Network, Normalize, ReLU
    from tenfold.training import fit

    train = load_mnist("train")
    layers = [Normalize(), Flatten(), Dense(784, 128), ReLU(), Dense(128, 64), ReLU()]
    network = Network([*layers, Dense(64, 10)])
    adam = Adam()

    def epoch() -> None:
        for _ in fit(network, train, optimizer=adam, schedule=Constant(1e-3), batch_size=BATCH):
            pass

    return epoch


def pytorch(threads: str) -> Callable[[], None]:
    """PyTorch at its best: images already float32 in memory, fused Adam, nothing reported."""
    import torch

    from tenfold.data import load_mnist

    torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    train = load_mnist("train")
    images = torch.from_numpy(train.images.reshape(-1, 784).astype(np.float32))
    images = (images - 33.3184) / 78.5675
    labels = torch.from_numpy(train.require_labels().copy())
    linear, relu = torch.nn.Linear, torch.nn.ReLU
    network = torch.nn.Sequential(linear(784, 128), relu(), linear(128, 64), relu(), linear(64, 10))
    adam = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)

    def epoch() -> None:
        order = torch.randperm(len(images))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            adam.zero_grad(set_to_none=True)
            logits = network(images[chosen])
            loss = torch.nn.functional.cross_entropy(logits, labels[chosen])
            loss.backward()
            adam.step()

    return epoch


def blas(threads: str) -> Callable[[], None]:
    """The machine's own limit: nothing but the matrix products of an epoch, same shapes."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(int(threads), user_api="blas")
    rng = np.random.default_rng(0)
    sizes = [784, 128, 64, 10]
    weights = [rng.standard_normal(pair).astype("f4") for pair in zip(sizes, sizes[1:])]  # noqa: B905, RUF007
    outputs = [np.empty((BATCH, size), "f4") for size in sizes[1:]]
    inputs = [rng.standard_normal((BATCH, size)).astype("f4") for size in sizes[:-1]]
    steps = -(-60_000 // BATCH)

    def epoch() -> None:
        for _ in range(steps):
            for x, w, y in zip(inputs, weights, outputs, strict=True):
                np.matmul(x, w, out=y)
                np.matmul(x.T, y)
            for w, y in zip(weights[1:], outputs[1:], strict=True):
                np.matmul(y, w.T)

    return epoch


SUBJECTS = {
    "tenfold": (tenfold, "1"),
    "pytorch, 1 thread": (pytorch, "1"),
    "pytorch, 2 threads": (pytorch, "2"),
    "blas alone, 1 thread": (blas, "1"),
    "blas alone, 2 threads": (blas, "2"),
}

if __name__ == "__main__":
    make, threads = SUBJECTS[sys.argv[1]]
    epoch = make(threads)
    epoch()
    print("ready", flush=True)
    for _ in sys.stdin:
        began = time.perf_counter()
        epoch()
        print(time.perf_counter() - began, flush=True)
