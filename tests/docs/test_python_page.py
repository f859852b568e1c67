"""The programs of docs/python.md run from top to bottom, and print what the comments say."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from tenfold.training.checks import _NOT_ITERATED

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "python.md").read_text("utf-8")
PROGRAMS = re.findall(r"^```python\n(.*?)^```$", TEXT, re.M | re.S)

SOURCES = sorted((ROOT / "src").rglob("*.py"))


@pytest.mark.usefixtures("no_registered_classes")
def test_programs_print_what_the_comments_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "page"}
    assert len(PROGRAMS) == len(re.findall(r"^```\w+$", TEXT, re.M))
    for program in PROGRAMS:
        exec(compile(program, "docs/python.md", "exec"), names)
        stated = re.findall(r"# prints (.*)$", program, re.M)
        assert capsys.readouterr().out.splitlines() == stated, program
    assert {path.name for path in tmp_path.iterdir()} == {
        *("digit.png", "digits.npz", "model.safetensors", "squares.safetensors"),
    }


def test_every_print_states_its_result() -> None:
    lines = [line for program in PROGRAMS for line in program.splitlines() if "print(" in line]
    assert len(lines) > 15
    assert all("# prints " in line for line in lines)
    assert max(map(len, lines)) < 115


def test_readme_links_the_page() -> None:
    assert "(docs/python.md)" in (ROOT / "README.md").read_text("utf-8")


def test_every_warning_of_the_library_is_in_the_table() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| `(?:fit|Model\.predict)` \|", TEXT, re.M)
    starts = [_NOT_ITERATED, *(start for file in SOURCES for start in _warnings_in(file))]
    assert len(rows) == len(starts) == 6
    for start in starts:
        assert [row for row in rows if start.startswith(row)], start


def _warnings_in(file: Path) -> list[str]:
    """Return how the messages begin that a module gives literally to a function ``warn``."""
    found = []
    for call in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(call, ast.Call) and call.args:
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            first = call.args[0]
            text = first.values[0] if isinstance(first, ast.JoinedStr) else first
            if name in ("warn", "_warn") and isinstance(text, ast.Constant):
                found.append(str(text.value))
    return found
