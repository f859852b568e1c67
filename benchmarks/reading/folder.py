"""Measure how fast photos of 12 megapixels are read, and how much memory that takes.

    python -m benchmarks.reading.folder             200 photos: 100 different ones, each twice
    python -m benchmarks.reading.folder --pictures 20 --seed 1

The photos are pictures of the composer (development half), enlarged, with the noise of a sensor, as
JPEG: single digits, lines, pages and pictures without digits. They are read by the command line, in
a process of its own: a small picture, photos one by one, and the folder.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.reading import compose
from benchmarks.reading.compose.scene import Picture
from tenfold.runs import describe_environment

__all__ = ["main", "make_photos"]

_PIXELS = 12_000_000
_WIDEST = 3.0  # largest ratio of the sides of a photo
_GRAIN = 2.5  # standard deviation of the sensor's noise, in grey levels
_ALONE = 10  # photos that are also read one by one


def make_photos(folder: Path, pictures: int, seed: int) -> list[Path]:
    """Write photos into a folder, each different one twice, and return their paths.

    Args:
        folder: An empty folder.
        pictures: Number of photos.
        seed: Random seed.
    """
    paths: list[Path] = []
    different = -(-pictures // 2)
    for number, picture in enumerate(islice(_composed(seed), different)):
        photo = _photo(picture, np.random.default_rng([seed, number]))
        for copy in ("a", "b")[: pictures - len(paths)]:
            paths.append(folder / f"{number:03d}{copy}.jpg")
            photo.save(paths[-1], quality=90)
    return paths


def _composed(seed: int) -> Iterator[Picture]:
    """Yield pictures of all kinds in turn.

    Of ten pictures, four are single digits, three lines, two pages, and one has no digit.
    """
    few = 40  # of each condition; more than are needed
    singles = (compose.singles(name, seed, few) for name in ("plain", "shadow", "ruled", "mixed"))
    lines = (compose.lines(name, seed, few, "dev", "mnist") for name in ("spaced", "ruled", "form"))
    pages = (compose.pages(name, seed, few) for name in list(compose.PAGES)[:2])
    kinds = [*singles, *lines, *pages, compose.nondigits("drawings", seed, few)]
    for kind in cycle(kinds):
        picture, _ = next(kind)
        sides = sorted(picture.shape[:2])
        if sides[1] <= _WIDEST * sides[0]:
            yield picture


def _photo(picture: Picture, rng: np.random.Generator) -> Image.Image:
    """Return a picture enlarged to 12 megapixels, with noise."""
    height, width = picture.shape[:2]
    scale = (_PIXELS / (width * height)) ** 0.5
    size = (round(width * scale), round(height * scale))
    big = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC), np.float32)
    noise = rng.standard_normal(big.shape[:2], np.float32)[..., np.newaxis]
    return Image.fromarray(np.clip(big + _GRAIN * noise, 0, 255).astype(np.uint8))


# A small process starts the command, because Linux counts the memory of a parent process, at the
# time of the start, as memory of the process that it starts.
_LAUNCHER = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
seconds = time.perf_counter() - start
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu, megabytes = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "cpu": cpu, "megabytes": megabytes}))
"""


@dataclass(frozen=True)
class _Cost:
    """What a command took: seconds, seconds of all cores, and the largest memory in MB."""

    seconds: float
    cpu: float
    megabytes: float


def _read(*paths: Path) -> _Cost:
    """Return what ``tenfold read`` takes for files or a folder."""
    command = [sys.executable, "-m", "tenfold", "read", *map(str, paths), "--json"]
    launcher = [sys.executable, "-c", _LAUNCHER, *command]
    done = subprocess.run(launcher, stdout=subprocess.PIPE, check=True)
    return _Cost(**json.loads(done.stdout))


def _measure(folder: Path, pictures: int, seed: int) -> Iterator[str]:
    """Yield a line about each measurement."""
    small = folder / "small.png"
    Image.new("L", (100, 100), 220).save(small)
    starts = [_read(small).seconds for _ in range(5)]
    yield f"start, and a small picture: {np.median(starts):.2f} s (median of 5)"
    photos = folder / "photos"
    photos.mkdir()
    paths = make_photos(photos, pictures, seed)
    costs = [_read(path) for path in paths[:: max(1, len(paths) // _ALONE)]]
    seconds = [cost.seconds for cost in costs]
    yield (
        f"one photo, with the start: {np.median(seconds):.2f} s (median of {len(seconds)}), at "
        f"most {max(seconds):.2f} s and {max(cost.megabytes for cost in costs):.0f} MB"
    )
    cost = _read(photos)
    yield (
        f"a folder of {len(paths)} photos: {cost.seconds:.1f} s, {len(paths) / cost.seconds:.1f} "
        f"photos per second; {cost.cpu:.1f} s of all cores; largest process {cost.megabytes:.0f} MB"
    )


def main() -> None:
    """Measure what the command line asks for, and print it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reading.folder",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--pictures", type=int, default=200, help="number of photos (default 200)")
    parser.add_argument("--seed", type=int, default=0, help="random seed (default 0)")
    options = parser.parse_args()
    if options.pictures < 1:
        parser.error(f"--pictures must be at least 1, got {options.pictures}")
    environment = describe_environment()
    print(
        ", ".join(
            f"{key} {environment[key]}"
            for key in ("processor", "cores", "system", "python", "numpy")
            if key in environment
        )
    )
    with tempfile.TemporaryDirectory() as folder:
        for line in _measure(Path(folder), options.pictures, options.seed):
            print(line, flush=True)


if __name__ == "__main__":
    main()
