"""``tenfold data generate``."""

import json
from pathlib import Path

import pytest

from tenfold.reading.synthetic.pages import KINDS

from .conftest import Tenfold


def test_pages_are_drawn(tenfold: Tenfold, tmp_path: Path) -> None:
    answer = tenfold(
        "data", "generate", "-o", tmp_path / "pages", "--count", 2, "--kind", "line", "--size", 300
    )
    assert (answer.code, answer.err) == (0, "")
    truth = json.loads((tmp_path / "pages" / "truth.json").read_text())
    count = sum(len(page["digits"]) for page in truth)
    assert answer.out.strip().endswith(f"2 pictures with {count} digits in 2 lines, and truth.json")


@pytest.mark.parametrize("name", ["generate", "draw"])  # an earlier name
def test_one_page_as_json(tenfold: Tenfold, tmp_path: Path, name: str) -> None:
    answer = tenfold("data", name, "-o", tmp_path, "--count", 1, "--clean", "--json", "--jpeg")
    assert answer.code == 0
    assert json.loads(answer.out) == json.loads((tmp_path / "truth.json").read_text())
    assert (tmp_path / "0000-single.jpg").exists()


def test_an_unknown_kind_is_refused_before_anything_is_written(
    tenfold: Tenfold, tmp_path: Path
) -> None:
    answer = tenfold("data", "generate", "-o", tmp_path / "new", "--kind", "cheque")
    assert answer.code == 2
    assert "--kind must be one of single, line," in answer.err
    assert not (tmp_path / "new").exists()


def test_a_folder_with_pages_is_refused(tenfold: Tenfold, tmp_path: Path) -> None:
    (tmp_path / "truth.json").write_text("[]")
    answer = tenfold("data", "generate", "-o", tmp_path)
    assert answer.code == 1
    assert "choose another folder" in answer.err


def test_the_help_names_all_kinds(tenfold: Tenfold) -> None:
    text = " ".join(tenfold("data", "generate", "--help").out.split())
    assert all(kind in text for kind in KINDS)
