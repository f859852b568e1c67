"""Read the images of the next batches of mapped data while the network trains on this batch.

If an image of mapped data is not in memory, it must be read from the disk. So several threads, each
with a batch of its own, request images and wait for them.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from tenfold.data.labelled import LabelledData
from tenfold.data.mapped.dataset import MappedDataset
from tenfold.nn.array import Array
from tenfold.training.order import WINDOW, Shuffle

__all__ = ["read_batches"]

_THREADS = 8  # that read images from the file
_IMAGES = 16_384  # number of images that are read ahead; more if the threads have more batches


def read_batches(
    data: LabelledData, batches: Sequence[Array], shuffle: Shuffle = "exact"
) -> Iterator[Array]:
    """Yield the inputs of each batch in order, ``data.take(batch)``.

    Args:
        data: The data. Unless it is mapped, nothing is read ahead.
        batches: The positions of the examples of each batch.
        shuffle: The order of the epoch. With ``"blocks"``, the operating system is asked to read a
            whole window before the first batch of the window is needed.
    """
    if not isinstance(data, MappedDataset):
        yield from map(data.take, batches)
        return
    waiting: deque[Future[Array]] = deque()
    ahead = max(_THREADS, _IMAGES // max(1, len(batches[0]))) if batches else 0
    threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="tenfold-read")
    try:
        seen = 0
        for index, batch in enumerate(batches):
            if shuffle == "blocks":
                seen = _ask(data, batches, index, seen)
            waiting.append(threads.submit(data.take, batch))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        threads.shutdown(wait=True, cancel_futures=True)


def _ask(data: MappedDataset, batches: Sequence[Array], index: int, seen: int) -> int:
    """Ask for the next window when the first batch of a window is needed.

    Return the number of batches that were asked for.
    """
    if index < seen:
        return seen
    count = max(1, WINDOW // len(batches[index]))
    if not seen:
        data.read_ahead(np.concatenate(batches[:count]))
        seen = count
    if upcoming := batches[seen : seen + count]:
        data.read_ahead(np.concatenate(upcoming))
    return seen + count
