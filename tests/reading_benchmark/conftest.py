"""Small stand-ins for what the benchmark downloads: pen paths of two writers, and one font."""

from collections.abc import Iterator
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from benchmarks.reading.sources import find_source, letters

# One digit of each kind, with eight points each: a one with a flag, a crossed seven, a zero.
PEN = {
    "flag": ([0, 57, 31, 68, 72, 90, 100, 100, 76, 75, 50, 51, 28, 25, 16, 0], 1),
    "crossed 7": ([0, 95, 40, 100, 100, 92, 70, 50, 45, 0, 15, 45, 50, 48, 95, 52], 7),
    "one stroke": ([50, 100, 10, 80, 0, 40, 30, 5, 70, 0, 100, 40, 90, 80, 50, 98], 0),
    "false line": ([100, 100, 10, 95, 30, 60, 90, 40, 60, 0, 5, 10, 60, 95, 100, 100], 5),
}

_HERSHEY = """
class HersheyFonts:
    def load_default_font(self, name):
        self.name = name

    def strokes_for_text(self, text):
        for place, _ in enumerate(text):
            yield [(20 * place, 0), (20 * place + 8, 21), (20 * place + 16, 0)]
            yield [(20 * place + 4, 12), (20 * place + 12, 12)]
"""


@pytest.fixture
def downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Put small files of the same form in the place of the downloads and of the fonts."""
    rows = [[*points, digit] for points, digit in PEN.values()]
    np.savetxt(tmp_path / "penbased.dat", rows * 200, fmt="%d", delimiter=", ")
    (tmp_path / "HersheyFonts.py").write_text(_HERSHEY, encoding="utf-8")
    font = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    monkeypatch.setenv("TENFOLD_BENCH_CACHE", str(tmp_path))
    monkeypatch.setattr(letters, "_FOLDER", font.parent)
    monkeypatch.setattr(
        letters, "FONTS", dict.fromkeys(letters.FONTS, (("matplotlib", font.name),))
    )
    find_source.cache_clear()
    letters._font.cache_clear()
    yield tmp_path
    find_source.cache_clear()
    letters._font.cache_clear()
