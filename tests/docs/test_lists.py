"""The lists in README.md, CONTRIBUTING.md and docs/design.md are complete and current."""

import re
import tomllib
from pathlib import Path

from tests.test_architecture import SUBPACKAGES

ROOT = Path(__file__).resolve().parents[2]


def rows(page: str, pattern: str) -> dict[str, str]:
    """Return subpackage and content of each table row whose first cell matches ``pattern``."""
    text = (ROOT / page).read_text("utf-8")
    return dict(re.findall(rf"^\| {pattern} \| (.*?) \|", text, re.M))


def test_readme_lists_the_rooms() -> None:
    links = rows("README.md", r"\[`tenfold/(\w+)`\]\(src/tenfold/\w+\)")
    assert list(links.items()) == list(SUBPACKAGES.items())


def test_design_page_lists_the_rooms() -> None:
    assert list(rows("docs/design.md", r"`(\w+)`").items()) == list(SUBPACKAGES.items())


def test_contributing_lists_the_rooms() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    listed = re.search(r"in this order: ((?:`\w+`[,\s]*)+)\.", text)
    assert listed is not None
    assert re.findall(r"\w+", listed[1]) == list(SUBPACKAGES)


def test_files_named_in_contributing_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`((?:\w+/)+(?:\w+\.\w+)?)`", text)
    assert len(named) > 20
    for path in named:
        assert (ROOT / path).exists() or (ROOT / "src" / "tenfold" / path).exists(), path


def test_contributing_explains_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = {name.split(">")[0] for name in sum(extras.values(), project["dependencies"])}
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("## Dependencies")[1]
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \|$", text, re.M)[1:]
    listed = {name for row in rows for name in re.sub(r" \(extras? .*", "", row).split(", ")}
    assert listed == {name for name in needed if not name.startswith("tenfold[")}
