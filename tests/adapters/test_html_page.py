"""The HTML page in a browser: drawing by pointer and keyboard, its layout, no requests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import numpy as np
import pytest

from tenfold.adapters import export_html
from tenfold.images import normalize
from tenfold.models import find_model

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
SEVEN = [(80, 70), (200, 70), (180, 120), (150, 180), (130, 230)]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "digits.html"
    export_html(find_model("standard"), path)
    return path.as_uri()


@pytest.fixture
def opened(browser: Any, address: str, width: int, scheme: str) -> Iterator[tuple[Any, list[str]]]:
    """The page at a width and in a theme, with its requests, console messages and errors."""
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    noted: list[str] = []
    page.on("request", lambda request: noted.append(request.url))
    page.on("console", lambda message: noted.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: noted.append(f"error: {error}"))
    page.goto(address)
    yield page, noted
    context.close()


def draw(page: Any, points: list[tuple[int, int]]) -> None:
    area = page.locator("#paper").bounding_box()
    scale = area["width"] / 280
    places = [(area["x"] + x * scale, area["y"] + y * scale) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=3)
    page.mouse.up()


def wait_for(page: Any, digit: str) -> None:
    page.wait_for_function("d => document.getElementById('digit').textContent === d", arg=digit)


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_a_drawn_seven_is_read_and_the_page_is_accessible(
    opened: tuple[Any, list[str]], address: str
) -> None:
    page, noted = opened
    draw(page, SEVEN)
    wait_for(page, "7")
    assert "certain" in page.inner_text("#certainty")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    row = page.locator("tr.best").inner_text().split()
    assert row[0] == "7"
    page.evaluate("answer()")  # of the whole drawing, not of a part of it
    image = page.evaluate("[...find('image').getContext('2d').getImageData(0, 0, 28, 28).data]")
    ink = np.array(page.evaluate("[...inkOf()]"), np.uint8).reshape(280, 280)
    shown = np.array(image).reshape(28, 28, 4)[..., 0]
    assert np.abs(shown - normalize(ink)[..., 0].astype(int)).max() <= 1
    assert [url for url in noted if not url.startswith("data:")] == [address]
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run().then(r => r.violations.map(v => v.id))")
    assert found == []


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light")])
def test_a_digit_is_drawn_with_the_keyboard_undone_and_cleared(
    opened: tuple[Any, list[str]],
) -> None:
    page, noted = opened
    assert page.inner_text("#certainty") == "Nothing drawn yet"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "paper"
    for key in ["ArrowUp"] * 9 + [" "] + ["ArrowDown"] * 20 + [" "]:
        page.keyboard.press(key)
    wait_for(page, "1")
    page.keyboard.press(" ")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Backspace")
    assert page.evaluate("strokes.length") == 1
    page.keyboard.press("Delete")
    wait_for(page, "–")
    draw(page, SEVEN)
    wait_for(page, "7")
    page.get_by_role("button", name="Undo").click()
    wait_for(page, "–")
    draw(page, SEVEN)
    wait_for(page, "7")
    page.get_by_role("button", name="Clear").press("Enter")
    wait_for(page, "–")
    assert page.evaluate("[...document.querySelectorAll('tr.best')].length") == 0
    assert len([each for each in noted if not each.startswith("data:")]) == 1
