"""The HTML page in a browser: drawing by pointer and keyboard, its layout, no requests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import numpy as np
import pytest

from tenfold.adapters import export_html
from tenfold.images import normalize
from tenfold.models import Model, find_model
from tenfold.nn import Dense, Flatten, Network, Normalize

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
SEVEN = [(80, 70), (200, 70), (180, 120), (150, 180), (130, 230)]


def small_model() -> Model:
    """Return a model that takes less time than the bundled one."""
    network = Network([Normalize(), Flatten(), Dense(784, 10)], seed=3)
    return Model(network)


@pytest.fixture
def opened(
    browser: Any, tmp_path: Path, model: Model, width: int, scheme: str
) -> Iterator[tuple[Any, list[str]]]:
    """The page of a model at a width and in a theme, with its requests, messages and errors."""
    path = tmp_path / "digits.html"
    export_html(model, path, "float32")
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    noted: list[str] = []
    page.on("request", lambda request: noted.append(request.url))
    page.on("console", lambda message: noted.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: noted.append(f"error: {error}"))
    page.goto(path.as_uri())
    yield page, noted
    context.close()
    assert [each for each in noted if not each.startswith("data:")] == [path.as_uri()]


def draw(page: Any, points: list[tuple[int, int]]) -> None:
    area = page.locator("#paper").bounding_box()
    scale = area["width"] / 280
    places = [(area["x"] + x * scale, area["y"] + y * scale) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=3)
    page.mouse.up()


def assert_answer_is_that_of_the_library(page: Any, model: Model) -> str:
    """Compare the shown image and digit with those for the ink of the page; return the digit."""
    page.evaluate("answer()")  # of the whole drawing, not of a part of it
    ink = np.array(page.evaluate("[...inkOf()]"), np.uint8).reshape(280, 280)
    pixels = page.evaluate("[...find('image').getContext('2d').getImageData(0, 0, 28, 28).data]")
    shown = np.array(pixels, np.uint8).reshape(28, 28, 4)[..., :1]
    assert np.abs(shown.astype(int) - normalize(ink)).max() <= 1
    digit = str(model.predict(shown[np.newaxis]).digit[0])
    assert page.inner_text("#digit") == digit
    assert page.locator("tr.best").inner_text().split()[0] == digit
    return digit


def assert_bars_are_as_long_as_the_probabilities(page: Any, model: Model) -> None:
    ink = np.array(page.evaluate("[...inkOf()]"), np.uint8).reshape(280, 280)
    (probabilities,) = model.predict_probabilities(normalize(ink)[np.newaxis])
    script = "[...document.querySelectorAll('.bar')].map(bar => bar.getBoundingClientRect().width)"
    lengths = np.array(page.evaluate(script))
    whole = page.evaluate("find('rows').rows[0].cells[1].clientWidth") - 72
    np.testing.assert_allclose(lengths, probabilities * whole, atol=0.01 * whole)


def assert_accessible(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate(AXE.read_text("utf-8"))
    assert page.evaluate("axe.run().then(r => r.violations.map(v => v.id))") == []


def is_empty(page: Any) -> bool:
    page.evaluate("answer()")
    return bool(page.inner_text("#certainty") == "Nothing drawn yet")


def shows_a_hint(page: Any) -> bool:
    """Whether something is on the paper, which is no ink; empty it first."""
    pixels = "paper.getContext('2d').getImageData(0, 0, 280, 280).data.some(value => value)"
    return bool(page.evaluate(pixels)) and not any(page.evaluate("[...inkOf()]"))


@pytest.mark.parametrize(
    ("model", "width", "scheme"), [(find_model("standard"), 390, "dark")], ids=["390-dark"]
)
def test_a_drawn_seven_is_read(opened: tuple[Any, list[str]], model: Model) -> None:
    page, _ = opened
    draw(page, SEVEN)
    assert assert_answer_is_that_of_the_library(page, model) == "7"
    assert page.inner_text("#certainty").endswith("% certain")
    assert_bars_are_as_long_as_the_probabilities(page, model)
    assert_accessible(page)


@pytest.mark.parametrize(
    ("model", "width", "scheme"), [(small_model(), 1440, "light")], ids=["1440-light"]
)
def test_a_digit_is_drawn_with_the_keyboard_undone_and_cleared(
    opened: tuple[Any, list[str]], model: Model
) -> None:
    page, _ = opened
    assert is_empty(page)
    assert shows_a_hint(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "paper"
    for key in ["ArrowUp"] * 6 + [" "] + ["ArrowDown"] * 14 + [" "]:
        page.keyboard.press(key)
    upright = assert_answer_is_that_of_the_library(page, model)
    assert_bars_are_as_long_as_the_probabilities(page, model)
    assert page.evaluate("strokes.length") == 1
    page.keyboard.press(" ")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Backspace")
    assert assert_answer_is_that_of_the_library(page, model) == upright
    page.keyboard.press("Delete")
    assert is_empty(page)
    for name, action in (("Undo", "click"), ("Clear", "press")):
        draw(page, SEVEN)
        assert_answer_is_that_of_the_library(page, model)
        button = page.get_by_role("button", name=name)
        button.click() if action == "click" else button.press("Enter")
        assert is_empty(page)
    assert page.locator("tr.best").count() == 0
    assert_accessible(page)
