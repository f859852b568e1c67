"""The files of the page: their size, and that the style sheets of the views do not mix."""

import re
from itertools import combinations

from tenfold.studio.server.assets import read_assets
from tenfold.studio.tours.registry import TOURS

MOST = 150_000  # bytes of JavaScript


def test_the_page_is_small() -> None:
    scripts = [asset for name, asset in read_assets().items() if name.endswith(".js")]
    assert len(scripts) > 20
    assert sum(len(script.content) for script in scripts) < MOST


def first_classes(sheet: str) -> set[str]:
    """Return the classes with which the selectors of a style sheet begin."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    selectors = [s for s in re.findall(r"([^{}]+)\{", sheet) if not s.strip().startswith("@")]
    each = [one for selector in selectors for one in re.split(r",(?![^(]*\))", selector)]
    return {found[1] for one in each if (found := re.match(r"\s*[a-z]*\.([\w-]+)", one))}


def test_no_view_changes_what_another_one_looks_like() -> None:
    # All style sheets are loaded at once, so a class may be styled by one view only.
    sheets = {
        name: first_classes(asset.content.decode())
        for name, asset in read_assets().items()
        if name.startswith("views/") and name.endswith(".css")
    }
    assert len(sheets) >= 5
    for one, other in combinations(sheets, 2):
        assert sheets[one] & sheets[other] == set(), (one, other)


def test_every_tour_has_a_picture() -> None:
    pictures = {name for name in read_assets() if name.startswith("tours/")}
    assert pictures == {f"tours/{tour.name}.svg" for tour in TOURS}


def test_every_colour_and_size_that_the_page_uses_is_defined() -> None:
    texts = {name: asset.content.decode() for name, asset in read_assets().items()}
    page = "\n".join(text for name, text in texts.items() if name.endswith((".css", ".js")))
    used = set(re.findall(r'(?:var\(|")(--[\w-]+)["\)]', page))
    defined = set(re.findall(r"(--[\w-]+)\s*:", page))
    defined |= set(re.findall(r'setProperty\("(--[\w-]+)"', page))
    assert len(used) > 15
    assert used <= defined, used - defined
