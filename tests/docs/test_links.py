"""Links in Markdown pages lead somewhere, and links to lines of code are right."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from docs.link_lines import corrected, definitions, faults, main, prose
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
MODULE = """\
import functools


@functools.cache
def plain(x):
    return x


class Box:
    def lid(self):
        def hinge():
            pass

        return hinge

    if True:

        async def side(self): ...
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pages")
    (made / "module.py").write_text(MODULE)
    (made / "broken.py").write_text("def (")
    return made


# The pages of this repository


def markdown_pages() -> list[Path]:
    found = ROOT.rglob("*.md")
    return sorted(p for p in found if not any(part[0] == "." for part in p.relative_to(ROOT).parts))


def relative_links(text: str) -> Iterator[str]:
    """Yield the targets of links and images, also in HTML, except those on other sites."""
    shown = re.sub(r"`[^`\n]*`", "", prose(text))
    forms = r'\]\(<?([^()\s<>]+)|^\s*\[[^\]]+\]:\s*(\S+)|(?:src|href)="([^"]+)"'
    for match in re.finditer(forms, shown, re.MULTILINE):
        target = next(group for group in match.groups() if group)
        if not re.match(r"[a-z][a-z0-9+.-]*:", target):
            yield target


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#{1,6} +(.+?) *#*$", prose(page.read_text(encoding="utf-8")), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dead_links(text: str, page: Path, root: Path) -> list[str]:
    dead = []
    for link in relative_links(text):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        exists = target.exists() and target.is_relative_to(root)
        if not exists or (target.suffix == ".md" and anchor and anchor not in anchors(target)):
            dead.append(link)
    return dead


def test_line_links_point_to_their_definitions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0, (
        f"correct them with: python docs/link_lines.py --fix\n{capsys.readouterr()}"
    )


@pytest.mark.parametrize("page", markdown_pages(), ids=lambda p: str(p.relative_to(ROOT)))
def test_relative_links_lead_to_existing_files_and_headings(page: Path) -> None:
    assert dead_links(page.read_text(encoding="utf-8"), page, ROOT) == []


def test_dead_links_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    (tmp_path / "here.md").write_text("# A *heading*, and more\n")
    page.write_text("## Mine\n")
    good = "[a](here.md) [b](here.md#a-heading-and-more) [c](#mine) ![d](here.md) [e](mailto:x@y)"
    assert dead_links(good, page, tmp_path) == []
    assert dead_links("`[a](gone.md)`\n```\n[b](gone.md)\n```\n", page, tmp_path) == []
    bad = '[a](gone.md) ![b](gone.png) <img src="gone.svg">\n[c]: gone\n[d](#other) [e](here.md#no)'
    expected = ["gone.md", "gone.png", "gone.svg", "gone", "#other", "here.md#no"]
    assert dead_links(bad, page, tmp_path) == expected
    assert dead_links("[out](../..)", page, tmp_path) == ["../.."]


# link_lines itself


def test_definitions_include_decorators() -> None:
    assert definitions(MODULE) == {
        "plain": "L4-L6",
        "Box": "L9-L18",
        "Box.lid": "L10-L14",
        "Box.lid.hinge": "L11-L12",
        "Box.side": "L18-L18",
    }


def test_faults_give_line_and_reason(folder: Path) -> None:
    text = (
        "[`plain`](module.py#L4-L6) and\n[`Box.lid`](module.py#L10)\n[`Box.top`](module.py#L1)\n"
        "[plain](module.py#L4-L6)\n[`plain`](gone.py#L1)\n[`plain`](broken.py#L1)\n"
    )
    found = faults(text, folder)
    assert found[0] == "line 2: [`Box.lid`](module.py#L10): it is at L10-L14"
    assert [line.split(":")[0] for line in found] == [f"line {row}" for row in range(2, 7)]
    assert "defines no Box.top" in found[1]
    assert "must be one name in backticks" in found[2]
    assert all("cannot be read as Python" in line for line in found[3:])


def test_corrected_changes_only_the_lines_of_links(folder: Path) -> None:
    text = "a [`plain`](module.py#L) b [`Box.lid`](module.py#L1-L9999)\n[`gone`](module.py#L7)\n"
    right = "a [`plain`](module.py#L4-L6) b [`Box.lid`](module.py#L10-L14)\n"
    assert corrected(text, folder) == right + "[`gone`](module.py#L7)\n"
    assert faults(corrected(text, folder), folder) == faults(right + text.splitlines()[1], folder)


@pytest.mark.parametrize("fence", ["```", "~~~", "````"])
def test_links_in_code_blocks_are_ignored(folder: Path, fence: str) -> None:
    wrong = "[`plain`](module.py#L1)"
    shown = f"{fence}md\n{wrong}\n{fence}\nor `` {wrong} `` here\n"
    assert faults(shown, folder) == []
    assert corrected(shown, folder) == shown
    assert len(faults(shown + wrong, folder)) == 1
    assert corrected(shown + wrong, folder) == shown + "[`plain`](module.py#L4-L6)"


def test_main_checks_by_default_and_corrects_with_fix(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "module.py").write_text(MODULE)
    readme, page = tmp_path / "README.md", tmp_path / "docs" / "page.md"
    readme.write_text("[`plain`](module.py#L1)\n")
    page.write_text("[`Box`](../module.py#L)\n[`no`](../module.py#L)\n")
    assert main([], tmp_path) == 1
    assert "README.md, line 1: [`plain`]" in capsys.readouterr().out
    assert readme.read_text() == "[`plain`](module.py#L1)\n"
    assert main(["--fix"], tmp_path) == 1
    assert capsys.readouterr().out.startswith("docs/page.md, line 2: [`no`]")
    assert readme.read_text() == "[`plain`](module.py#L4-L6)\n"
    page.write_text("[`Box`](../module.py#L9-L18)\n")
    assert main([], tmp_path) == main(["--fix"], tmp_path) == 0
    assert main(["--repair"]) == 2


names = st.sampled_from(["f", "g", "h"])
bodies = st.recursive(
    st.just("pass"),
    lambda inner: st.lists(st.tuples(names, st.booleans(), inner), min_size=1, max_size=3).map(
        lambda parts: "\n".join(written(*part) for part in parts)
    ),
    max_leaves=8,
)


def written(name: str, decorated: bool, body: str) -> str:
    indented = "\n".join("    " + line for line in body.split("\n"))
    return "@decorator\n" * decorated + f"def {name}():\n{indented}\n"


@given(bodies)
def test_lines_of_a_definition_start_and_end_with_it(source: str) -> None:
    rows = source.split("\n")
    for name, lines in definitions(source).items():
        first, last = (int(part[1:]) for part in lines.split("-"))
        block = [row.strip() for row in rows[first - 1 : last]]
        assert f"def {name.split('.')[-1]}():" in block[:2]
        assert block[0].startswith(("@", "def"))
        assert block[-1]


pieces = st.sampled_from(
    ["[`plain`](module.py#L", "[`gone`](gone.py#L", "1-L2)", ")", "`", "```", "~~~", "\n", "[x]("]
)


@given(st.text() | st.lists(pieces).map("".join))
def test_correcting_twice_changes_nothing_more(folder: Path, text: str) -> None:
    once = corrected(text, folder)
    assert corrected(once, folder) == once
    assert not any("it is at" in fault for fault in faults(once, folder))
    assert len(prose(text)) == len(text)
    assert prose(text).count("\n") == text.count("\n")
