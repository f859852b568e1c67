"""docs/interoperability.md: its formats, its programs, and the script that fills its tables."""

import re
from pathlib import Path
from typing import Any

import numpy as np
from experiments.exported import onnx_answers
from experiments.measure_interoperability import compared
from experiments.tables import classifier_table, export_table

from tenfold import adapters
from tenfold.cli.commands.export import _SUFFIXES

PAGE = (Path(__file__).parents[2] / "docs" / "interoperability.md").read_text("utf-8")


def test_the_page_lists_every_format_and_function() -> None:
    rows = re.findall(
        r"^\| [^|]+ \| `tenfold export \w+ -o \w+(\.\w+)` \|.*\| ([^|]+) \|$", PAGE, re.M
    )
    assert {suffix for suffix, _ in rows} == set(_SUFFIXES)
    named = {name for _, cell in rows for name in re.findall(r"\w+", cell)}
    assert named == {name for name in adapters.__all__ if name.startswith(("export_", "load_"))}


def test_the_programs_of_the_page_are_valid_and_import_what_exists() -> None:
    programs = re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S)
    assert len(programs) == 4
    for program in programs:
        compile(program, "docs/interoperability.md", "exec")
        for names in re.findall(r"^from tenfold\.adapters import (.+)$", program, re.M):
            assert set(names.split(", ")) <= set(adapters.__all__)


def test_exported_models_are_compared_with_the_library() -> None:
    row = compared("standard", 5, onnx_answers)
    assert (row["other_digits"], row["other_unsure"], row["images"]) == (0, 0, 5)
    assert 0 <= row["difference"] < 1e-5

    def wrong(*given: Any) -> Any:
        answers = onnx_answers(*given)
        answers.digit[0] += 1
        answers.probabilities[1] = np.roll(answers.probabilities[1], 1)
        return answers

    row = compared("standard", 5, wrong)
    assert row["other_digits"] == 1
    assert row["difference"] > 0.9
    line = export_table({"onnx": {"rows": [{"format": "ONNX", **row}]}}).splitlines()[-1]
    assert line.startswith("| ONNX | `standard` | 5 | 1,0")
    assert line.endswith(" | 1 | 0 |")


def test_the_search_is_a_sentence_below_the_classifiers() -> None:
    search = {"best": {"epochs": "10"}, "accuracy": 0.5, "cpu_seconds": 7.2}
    row = {"classifier": "A()", "accuracy": 0.98765, "deviation": 0.01, "cpu_seconds": 3.21}
    table = classifier_table({"rows": [row, search]})
    assert "| `A()` | 98.77% ± 1.00% | 3.2 |" in table
    assert "took 7 processor seconds. It chose `epochs=10`, with a mean accuracy of 50.00%" in table
