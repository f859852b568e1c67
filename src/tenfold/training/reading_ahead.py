"""Read the next batches of mapped data while the network trains on the current batch.

If an image of mapped data is not in memory, it must be read from the disk, and a thread that
requests it waits. So several threads request images, each thread the images of a different batch.
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

_THREADS = 8  # number of threads that read images from the file
_IMAGES = 16_384  # number of images that are read ahead, but at least a batch for each thread


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
        requested = 0
        for index, batch in enumerate(batches):
            if shuffle == "blocks":
                requested = _request_window(data, batches, index, requested)
            waiting.append(threads.submit(data.take, batch))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        threads.shutdown(wait=True, cancel_futures=True)


def _request_window(
    data: MappedDataset, batches: Sequence[Array], index: int, requested: int
) -> int:
    """Request the images of further batches: ask the operating system to read them into memory.

    The first call requests two windows. A later call requests one more window if the batch
    ``index`` has not been requested yet.

    Returns:
        The number of batches that have been requested so far.
    """
    if index < requested:
        return requested
    count = max(1, WINDOW // len(batches[index]))
    if not requested:
        data.read_ahead(np.concatenate(batches[:count]))
        requested = count
    if upcoming := batches[requested : requested + count]:
        data.read_ahead(np.concatenate(upcoming))
    return requested + count
