"""The runner with a reader of fixed answers, and the tables made of its numbers."""

import json
from pathlib import Path

import numpy as np
import pytest
from benchmarks.reading import __main__ as program
from benchmarks.reading import page
from benchmarks.reading.__main__ import merged
from benchmarks.reading.cases import CASES, chosen, scaled
from benchmarks.reading.process import ReaderProcess
from benchmarks.reading.readers import READERS, Entry
from benchmarks.reading.readers.reader import joined
from benchmarks.reading.readers.tesseract import lines_of_table
from benchmarks.reading.run import Settings

FAKE = "tests.reading_benchmark.fake_reader"


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(READERS, "fake", Entry(FAKE, "answers 7"))
    monkeypatch.setitem(READERS, "absent", Entry("tests.no_such_reader", "", install="magic"))


@pytest.mark.usefixtures("fake", "downloads")
def test_a_run_counts_what_each_reader_says(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "numbers.json"
    wanted = ["enlarged/cells/blocks", "pages/mnist/level", "non-digits/specks"]
    command = ["--readers", "fake", "absent", "--only", *wanted, "--scale", "0.02"]
    program.main([*command, "--out", str(out), "--wrong", str(tmp_path / "wrong")])
    text = out.read_text("utf-8")
    report = json.loads(text)
    assert sum('"case"' in line for line in text.splitlines()) == len(report["rows"])
    printed = capfd.readouterr()
    assert "absent is left out" in printed.err
    assert "try: magic" in printed.err
    assert list(report["readers"]) == ["fake"]
    assert report["half"] == "dev"
    rows = {(row["case"], row["mode"], row["scope"]): row for row in report["rows"]}
    blocks = rows["enlarged/cells/blocks", "sure", "all"]
    assert (blocks["n"], blocks["answered"], blocks["failures"]) == (18, 18, 0)
    assert blocks["exact"] + blocks["errors"] == 18
    assert rows["enlarged/cells/blocks", "sure", "shared"]["n"] == 2
    assert rows["enlarged/cells/blocks", "broken", "all"]["failures"] == 18
    assert rows["pages/mnist/level", "silent", "all"]["n"] == 6
    assert rows["non-digits/specks", "silent", "all"]["exact"] == 2
    assert rows["non-digits/specks", "sure", "all"]["answered"] == 2
    assert report["readers"]["fake"]["mb"] > 5
    assert report["readers"]["fake"]["start_ms"] > 0
    assert list((tmp_path / "wrong").glob("non-digits_specks 0 none read 7.png"))
    assert "| pictures without a digit (2) | accepted, % | 0.0 |" in printed.out  # the best mode


def test_rows_of_other_cases_stay_if_half_and_seed_are_the_same() -> None:
    settings = Settings((), (), "final", 0, {})
    first, second = CASES[0].name, CASES[1].name
    old = {"half": "final", "seed": 0, "rows": [{"case": first, "n": 1}, {"case": second, "n": 2}]}
    new = [{"case": first, "n": 3}]
    assert [row["n"] for row in merged(old, settings, {}, new)["rows"]] == [3, 2]
    assert [row["n"] for row in merged(old | {"seed": 1}, settings, {}, new)["rows"]] == [3]


@pytest.mark.usefixtures("fake")
def test_a_reader_process_answers_with_what_the_reader_says() -> None:
    picture = np.zeros((4, 5, 3), np.uint8)
    with ReaderProcess(FAKE) as process:
        assert process.modes == ("sure", "silent", "broken")
        assert process.read(picture, "sure")[0].lines == ("7",)
        assert process.read(picture, "broken")[0].error == "ValueError: no"


def test_the_standard_model_is_a_reader() -> None:
    picture = np.full((56, 56, 3), 255, np.uint8)
    picture[10:46, 26:30] = 0
    with ReaderProcess(READERS["standard"].module) as process:
        assert process.read(picture, "")[0].lines == ("1",)
        assert process.read(np.full((20, 20, 3), 9, np.uint8), "")[0].verdict == "none"


def test_pages_show_the_tables_between_their_markers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {
        "case": "lines/mnist/spaced",
        "group": "lines",
        "reader": "tenfold",
        "mode": "",
        "n": 200,
        "exact": 190,
        "digits": 1000,
        "errors": 12,
        "pictures": 200,
        "answered": 180,
        "ms": 12.3,
        "at": {"0.9": [900, 890, 880.0], "0.95": [800, 700, 790.0], "0.99": [0, 0, 0.0]},
    }
    report = {
        "environment": {"date": "2026-11-26", "cores": 2, "processor": "P", "system": "S"}
        | {"python": "3.11"},
        "half": "final",
        "seed": 0,
        "readers": {"tenfold": {"version": "1", "mb": 99.5, "start_ms": 400}},
        "rows": [row | {"scope": scope} for scope in ("all", "shared")],
    }
    monkeypatch.setattr(page, "_ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text("a\n<!-- reading -->\noutdated\n<!-- /reading -->\nb\n")
    names = ("reading comparison", "reading conditions")
    markers = "".join(f"<!-- {name} -->\n<!-- /{name} -->\n" for name in names)
    (tmp_path / "docs" / "reading.md").write_text(markers)
    page.fill(report)
    readme = (tmp_path / "README.md").read_text()
    assert "| numbers of five digits: exact | 95.0% |" in readme
    assert "| peak memory | 100 MB |" in readme
    assert "| median time for a number | 12 ms |" in readme
    assert "median time for a page" not in readme  # no pages were read
    assert "outdated" not in readme
    assert "Not installed: rapidocr, rapidocr-v4, tesseract." in readme
    table = (tmp_path / "docs" / "reading.md").read_text()
    assert "| numbers of five digits (200) | exact, % | 95.0 |" in table
    assert "| all pictures | milliseconds for a number (median of the cases) | 12 |" in table
    # 87.5% right is significantly below the promised 95%, so it is bold.
    assert (
        "| lines/mnist/spaced | 200 | 95.0 | 91.0 to 97.3 | 1.2 | 90.0 | 98.9 (900) "
        "| **87.5** (800) | - (0) |" in table
    )


def test_the_pages_show_the_measured_numbers() -> None:
    if page.LATEST.exists():
        assert page.main(["--check"]) == 0
    else:
        text = (page._ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
        assert text.count("Not measured yet.") == 2


def test_cases_have_unique_names_and_shared_pictures() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    assert all(2 <= case.shared <= case.n for case in CASES)
    assert all(scaled(case, 0.0001).n == 2 for case in CASES)
    assert {case.group for case in chosen(["lines"])} == {"lines"}
    with pytest.raises(ValueError, match="got snow"):
        chosen(["snow"])


def test_boxes_of_words_are_joined_along_their_line() -> None:
    def box(x: float, y: float, width: float = 20) -> np.ndarray:
        return np.array([[x, y], [x + width, y], [x + width, y + 10], [x, y + 10]], np.float64)

    boxes = [(box(30, 1), "3", 0.8), (box(0, 0), "12", 0.9), (box(0, 30), "45", 0.7)]
    far = (box(90, 0), "9", 0.6)  # another column
    assert joined([*boxes, far]) == [("123", 0.8), ("9", 0.6), ("45", 0.7)]


def test_the_table_of_tesseract_is_read() -> None:
    cells = "5\t1\t1\t1\t{}\t{}\t0\t0\t9\t9\t{}\t{}"
    rows = [(1, 1, 96.5, "12"), (1, 2, 80, "3"), (2, 1, 50, "7"), (2, 2, -1, " ")]
    table = ["level\t...", *(cells.format(*row) for row in rows)]
    assert lines_of_table("\n".join(table)) == [("123", 0.8), ("7", 0.5)]
