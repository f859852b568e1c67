"""Predict very many images in bulk, and measure speed and memory.

    python -m benchmarks.bulk                                  (200,000 images)
    python -m benchmarks.bulk --count 20000 --jobs 2 --format parquet

The images are in a Parquet file with PNG images, as on Hugging Face, and then in a folder of PNG
files. Three images in the middle are damaged. The command runs once undisturbed, and once it is
killed and repeated; both files of answers must be equal.
"""

import argparse
import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tenfold.data import load_mnist
from tenfold.nn.array import Array

SIZE = 1000  # images of one subfolder, and of one row group
MEGABYTE = 1024 * 1024
PAUSE = 0.2  # seconds between two looks at the memory


def encoded(count: int) -> Iterator[bytes]:
    """Yield ``count`` PNG files: MNIST's images again and again, three of them cut off."""
    images: Array = load_mnist("train").images[:, :, :, 0]
    files = [png(image) for image in images[: min(count, len(images))]]
    damaged = {count // 2 + i for i in range(3)}
    for i in range(count):
        content = files[i % len(files)]
        yield content[:60] if i in damaged else content


def png(image: Array) -> bytes:
    from PIL import Image

    content = io.BytesIO()
    Image.fromarray(image).save(content, "PNG")
    return content.getvalue()


def make_folder(path: Path, count: int) -> Path:
    """Write a folder of PNG files."""
    for i, content in enumerate(encoded(count)):
        inner = path / f"{i // SIZE:06d}"
        if i % SIZE == 0:
            inner.mkdir(parents=True)
        (inner / f"{i:09d}.png").write_bytes(content)
    return path


def make_parquet(path: Path, count: int) -> Path:
    """Write a Parquet file with the columns of Hugging Face's image data sets."""
    import pyarrow as pa
    from pyarrow import parquet

    image = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    files = encoded(count)
    with parquet.ParquetWriter(path, pa.schema([("image", image)])) as writer:
        for start in range(0, count, SIZE):
            rows = [{"bytes": next(files), "path": None} for _ in range(min(SIZE, count - start))]
            writer.write_table(pa.table({"image": pa.array(rows, image)}))
    return path


def peak_memory(process: "subprocess.Popen[bytes]") -> int:
    """Return the largest memory in bytes that a process and its children have used so far.

    It is the sum of the peaks of all of them, which may have been at different moments.
    """
    import psutil

    try:
        main = psutil.Process(process.pid)
        numbers = [each.pid for each in (main, *main.children(recursive=True))]
        return sum(map(high_water_mark, numbers))
    except (psutil.Error, OSError):  # it has just ended
        return 0


def high_water_mark(number: int) -> int:
    """Return the peak of the resident memory of a process, in bytes (Linux)."""
    status = Path(f"/proc/{number}/status").read_text()
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    return 1024 * int(found[1]) if found else 0


def run(command: list[str], out: Path, kill_at: int | None = None) -> tuple[float, float]:
    """Run the command; return its seconds and its peak memory in MB, of all its processes.

    Args:
        command: The command.
        out: Its file of answers.
        kill_at: Number of written parts at which it is killed with SIGKILL.
    """
    began, peak = time.perf_counter(), 0
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    folder = out.with_name(out.name + ".parts")
    while process.poll() is None:
        peak = max(peak, peak_memory(process))
        if kill_at is not None and len([*folder.glob("part-*")]) >= kill_at:
            os.kill(process.pid, signal.SIGKILL)
        time.sleep(PAUSE)
    expected = 1 if kill_at is None else -signal.SIGKILL  # 1: images could not be read
    assert process.returncode == expected, f"it ended with code {process.returncode}"
    assert out.exists() == (kill_at is None)
    return time.perf_counter() - began, peak / MEGABYTE


def measure(source: Path, folder: Path, arguments: argparse.Namespace) -> dict[str, object]:
    """Return the figures of one source, after the comparison of both files of answers."""
    outs = [folder / f"{name}-{source.name}.{arguments.format}" for name in ("whole", "killed")]
    options = [] if arguments.jobs is None else ["--jobs", str(arguments.jobs)]
    start = [sys.executable, "-m", "tenfold", "predict", arguments.model, str(source), *options]
    seconds, peak = run([*start, "-o", str(outs[0])], outs[0])
    third = max(1, arguments.count // 4096 // 3)
    _, killed_peak = run([*start, "-o", str(outs[1])], outs[1], third)
    _, resumed_peak = run([*start, "-o", str(outs[1])], outs[1])
    assert outs[0].read_bytes() == outs[1].read_bytes(), "the files of answers differ"
    return {
        "source": source.name,
        "images": arguments.count,
        "seconds": round(seconds, 1),
        "images_per_second": round(arguments.count / seconds),
        "peak_mb": round(max(peak, killed_peak, resumed_peak)),
        "error_rows": error_rows(outs[0]),
        "equal_after_kill": True,
    }


def error_rows(path: Path) -> list[int]:
    """Return the rows with an error of a file of answers."""
    import pandas as pd

    if path.suffix == ".csv":
        table = pd.read_csv(path, low_memory=False)
    elif path.suffix == ".parquet":
        table = pd.read_parquet(path)
    else:
        table = pd.read_json(path, lines=True)
    assert (table["row"] == np.arange(len(table))).all()
    rows: list[int] = table.loc[table["error"].notna(), "row"].tolist()
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200_000, help="number of images")
    parser.add_argument("--jobs", type=int, help="number of processes")
    parser.add_argument("--model", default="standard")
    parser.add_argument("--format", choices=("csv", "jsonl", "parquet"), default="csv")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = (
            make_parquet(folder / "digits.parquet", arguments.count),
            make_folder(folder / "digits", arguments.count),
        )
        for source in sources:
            print(json.dumps(measure(source, folder, arguments)), flush=True)


if __name__ == "__main__":
    main()
