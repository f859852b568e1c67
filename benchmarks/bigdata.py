"""Train on more images than the memory limit allows: speed of reading, and a kill in mid-epoch.

    python -m benchmarks.bigdata                       8 million images (5.9 GiB on the disk)
    python -m benchmarks.bigdata --count 200000 --images-to-read 50000
    python -m benchmarks.bigdata --folder /data/big    keep the images there; use them if they exist

MNIST's training images, tiled, are converted to a folder of mapped arrays. Then random and
blockwise reading are timed with an empty page cache (``posix_fadvise`` with DONTNEED empties it for
the file), and ``tenfold train`` is run twice under a limit of its memory: once undisturbed, once
killed by SIGKILL in the middle of the epoch and resumed. Both model files must have the same bytes.

The limit is RLIMIT_DATA (``ulimit -d``): all memory that the process allocates. The system's cache
of the mapped file, which it can drop at any time, does not count; the largest ``RssAnon``
(allocated memory in use) and ``RssFile`` (mapped pages in use) are printed, too. Linux only.
"""

import argparse
import contextlib
import hashlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tenfold.data import load_mnist
from tenfold.data.mapped.dataset import MappedDataset
from tenfold.data.mapped.folder import open_folder
from tenfold.data.mapped.writing import write_folder
from tenfold.data.streams import ImageBatch, ImageStream
from tenfold.data.streams.batches import position_names
from tenfold.runs import open_run
from tenfold.training.order import Shuffle, epoch_order
from tenfold.training.reading_ahead import read_batches

_LIMIT = 700 * 2**20  # bytes
_BATCH = 128  # images of a batch in the timing of reading
_TRAINED = 1024  # images of a batch in the training


def main() -> None:
    """Write the images, time reading, and train."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--count", type=int, default=8_000_000)
    parser.add_argument("--images-to-read", type=int, default=400_000)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        images = folder / "images"
        if not images.exists():
            write(options.count, images)
        for shuffle in ("exact", "blocks"):
            time_reading(images, shuffle, options.images_to_read)
        compare_trainings(images, Path(stack.enter_context(tempfile.TemporaryDirectory())))


def write(count: int, folder: Path) -> None:
    """Write tiled MNIST as a folder of mapped arrays."""
    data = load_mnist("train")
    labels = data.require_labels()

    def pieces(start: int) -> Iterator[ImageBatch]:
        for first in range(start, count, 8192):
            rows = np.arange(first, min(first + 8192, count)) % len(data)
            names = position_names(first, len(rows))
            yield ImageBatch(first, names, data.images[rows], labels[rows])

    begin = time.perf_counter()
    write_folder(ImageStream("tiled MNIST", "tiled MNIST", True, pieces, count), folder, {})
    seconds = time.perf_counter() - begin
    print(
        f"converted {count:,} images: {seconds:.1f} s, {count / seconds:,.0f} images/s", flush=True
    )


def time_reading(folder: Path, shuffle: Shuffle, wanted: int) -> None:
    """Print how fast batches are read in the order of an epoch with an empty page cache."""
    data = open_folder(folder)
    order = epoch_order(len(data), 0, 0, shuffle)[:wanted]
    batches = np.split(order, range(_BATCH, len(order), _BATCH))
    cached = empty_cache(data)
    begin = time.perf_counter()
    count = sum(len(images) for images in read_batches(data, batches, shuffle))
    seconds = time.perf_counter() - begin
    print(
        f"read {count:,} images, shuffle={shuffle}, cold cache ({cached:.1%} of the file was still "
        f"cached): {seconds:.1f} s, {count / seconds:,.0f} images/s",
        flush=True,
    )


def empty_cache(data: MappedDataset) -> float:
    """Drop the pages of the file from the cache, and return the share that remains, sampled."""
    path = data.file.path
    os.sync()
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return _cached_share(path)


def _cached_share(path: Path) -> float:
    """Return the share of a file in the page cache, from ``fincore`` if there is such a program."""
    command = ["fincore", "--bytes", "--noheadings", "--output", "RES", str(path)]
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return float("nan")
    return int(result.stdout) / path.stat().st_size


def compare_trainings(images: Path, folder: Path) -> None:
    """Train once undisturbed and once killed and resumed, and compare the model files.

    Args:
        images: The folder of mapped arrays.
        folder: Folder for the two runs.
    """
    settings = ("--epochs", "1", "--set", f"batch_size={_TRAINED}", "--checkpoint-every", "0.3")
    begin = ("train", "mlp", "--data", str(images), *settings, "--no-pictures", "--out")
    empty_cache(open_folder(images))
    train(begin, folder / "whole", "trained without interruption, from a cold cache")
    third = seconds_of(folder / "whole") / 3
    train(begin, folder / "killed", "killed in mid-epoch", kill_after=third)
    assert not open_run(folder / "killed").records(), "it was killed after the epoch"
    train(("train", "--no-pictures", "--resume"), folder / "killed", "resumed")
    hashes = [
        hashlib.sha256((folder / name / "model.safetensors").read_bytes()).hexdigest()
        for name in ("whole", "killed")
    ]
    print(
        f"model files equal: {hashes[0] == hashes[1]} (SHA-256 {hashes[0][:16]}, {hashes[1][:16]})"
    )


def seconds_of(run: Path) -> float:
    """Return the time of the training alone."""
    return float(open_run(run).metrics()["seconds"]["train"])


def train(
    arguments: tuple[str, ...], folder: Path, what: str, kill_after: float | None = None
) -> None:
    """Run ``tenfold`` under the limit; kill it some seconds after its first checkpoint."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "tenfold", *arguments, str(folder)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (_LIMIT, _LIMIT)),
        stdout=subprocess.DEVNULL,
    )
    peaks = {"RssAnon": 0.0, "RssFile": 0.0}
    first_checkpoint: float | None = None
    while process.poll() is None:
        time.sleep(0.1)
        note_peaks(process.pid, peaks)
        if first_checkpoint is None and (folder / "checkpoint.safetensors").exists():
            first_checkpoint = time.perf_counter()
        if (
            kill_after is not None
            and first_checkpoint is not None
            and time.perf_counter() > first_checkpoint + kill_after
        ):
            process.send_signal(signal.SIGKILL)
            process.wait()
    expected = 0 if kill_after is None else -signal.SIGKILL
    assert process.returncode == expected, f"exit code {process.returncode}"
    seconds = time.perf_counter() - begin
    used = ", ".join(f"{name} at most {value:.0f} MB" for name, value in peaks.items())
    print(f"{what}, ulimit -d {_LIMIT // 1024}: {seconds:.1f} s, {used}", flush=True)


def note_peaks(process: int, peaks: dict[str, float]) -> None:
    """Raise the peaks to the present values of a process, in MB of 10^6 bytes."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            name, _, value = line.partition(":")
            if name in peaks:
                peaks[name] = max(peaks[name], int(value.split()[0]) * 1024 / 1e6)


if __name__ == "__main__":
    main()
