"""Each view in a real browser: what one does there, and whether everybody can do it.

All views share one browser and one server, and each is loaded once: its accessibility is checked
in both widths and themes on the same page.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH

from .browser import expect, expect_in_address, opened
from .conftest import png
from .drawings import threes

SIZES = ((1440, 900), (390, 844))
REPEATED = ", ".join(
    f"{each}:nth-of-type(n+4)"
    for each in (
        ".equation",
        ".terms tr",
        ".strip li",
        ".matrix tr",
        ".gallery li",
        ".bars li",
        ".layerlist li",
    )
)
"""Elements that are like those before them: checking them would take seconds."""
CUT = """[...document.querySelectorAll(":is(.scroll, .strip) :is(button, a)")].filter((each) => {
  const box = each.closest(".scroll, .strip");
  return each.getBoundingClientRect().left + box.scrollLeft < box.getBoundingClientRect().left;
}).length"""
"""The number of buttons that begin to the left of what can be scrolled to."""


@pytest.fixture(scope="module")
def shared(browser: Any, program: str) -> Iterator[Any]:
    """The page that all tests of this module use."""
    with opened(browser, program, "/draw#ink=1y.0.dw.50.dw.ng", reduced_motion="reduce") as page:
        yield page


@pytest.fixture
def show(shared: Any, program: str) -> Callable[[str], Any]:
    """Return a function that opens an address, large and light."""

    def shown(path: str) -> Any:
        shared.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
        shared.emulate_media(color_scheme="light")
        shared.goto("about:blank")
        shared.goto(program.rstrip("/") + path)
        return shared

    return shown


def check_accessibility(page: Any) -> None:
    """Check that axe finds no serious or critical fault, and that nothing is cut at the side.

    The dark theme differs from the light one in its colours only, so there the contrast is checked.
    """
    page.evaluate(AXE_FILE_PATH.read_text("utf-8"))
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for scheme, rules in (("light", ""), ("dark", "runOnly: ['color-contrast'],")):
            page.emulate_media(color_scheme=scheme)
            options = f"{{{rules} resultTypes: ['violations'], preload: false}}"
            found = page.evaluate(f"axe.run({{exclude: [['{REPEATED}']]}}, {options})")
            assert [
                (width, scheme, fault["id"], fault["nodes"][0]["html"])
                for fault in found["violations"]
                if fault["impact"] in ("serious", "critical")
            ] == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate(CUT) == 0


def test_learn_and_the_panel_of_a_tour_are_accessible(show: Callable[[str], Any]) -> None:
    page = show("/learn")
    page.locator(".tours .card").nth(5).wait_for()
    check_accessibility(page)
    page.get_by_role("link", name="Start: Why my digits fail").click()
    page.locator(".draw .left[data-outlined]").wait_for()
    check_accessibility(page)


@pytest.mark.parametrize("path", ["/draw#ink=1y.0.dw.50.dw.ng", "/train?show=hand"])
def test_draw_and_train_are_accessible(show: Callable[[str], Any], path: str) -> None:
    page = show(path)
    ready = (
        ".numeral.accepted, .numeral.unsure"
        if path.startswith("/draw")
        else ".layerlist .count:not(:empty)"
    )
    page.locator(ready).first.wait_for(state="attached")
    check_accessibility(page)


def test_inside_shows_a_unit_and_the_chain_rule(show: Callable[[str], Any]) -> None:
    page = show("/inside?digit=4&layer=4")
    page.locator(".equation").nth(3).wait_for()
    page.locator(".filters canvas").wait_for()
    painted = "document.querySelector('.filters canvas').toDataURL()"
    light = page.evaluate(painted)
    page.emulate_media(color_scheme="dark")
    later = (page.wait_for_timeout(50) or page.evaluate(painted) for _ in range(1000))
    assert any(each != light for each in later)  # weights are painted again in another theme
    page.get_by_role("button", name="Backward").click()
    page.locator(".terms button").nth(2).click()
    page.locator(".terms button[aria-pressed=true]").wait_for()
    expect(page.locator(".compare dd").last).to_contain_text("e−")
    page.locator(".tiles canvas").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("PageUp")
    page.get_by_role("button", name="Switch off").click()
    page.locator(".off li").wait_for()
    page.locator(".effect", has_text="Of 500 validation digits").wait_for()
    address = page.url
    row, column, channel = address.split("unit=")[1].split("&")[0].split(".")
    title = f"3 ReLU, channel {channel}, row {row}, column {column}"
    assert "show=backward" in address
    assert "off=4." in address
    check_accessibility(page)
    page.goto("about:blank")
    page.goto(address)
    page.locator(".off li").wait_for()
    page.locator(".unit h2", has_text=title).wait_for()
    page.get_by_role("button", name="Undo all changes").click()
    page.locator(".off li").wait_for(state="detached")


def test_a_picture_is_dropped_and_read(show: Callable[[str], Any], tmp_path: Path) -> None:
    picture = tmp_path / "two.png"
    picture.write_bytes(png(threes()))
    page = show("/read?example=1")
    page.locator(".found button").nth(1).wait_for()
    tops = page.locator(".boxes text").evaluate_all(
        "texts => texts.map(t => t.getAttribute('y') - 0.75 * t.getAttribute('font-size'))"
    )
    assert min(tops) >= 0  # one digit of this page touches the upper border
    page.locator("#picture-file").set_input_files(picture)
    page.locator(".numbers b", has_text="33").wait_for()
    page.locator(".found button").nth(1).click()
    expect(page.locator(".boxes g.chosen text")).to_have_text("3")
    expect(page.locator(".one .words li").first).to_have_text(re.compile("^3 with 9"))
    expect(page).not_to_have_url(re.compile("example"))
    check_accessibility(page)


def test_a_cell_of_the_matrix_opens_its_digits(show: Callable[[str], Any]) -> None:
    page = show("/judge?blur=1")
    page.locator(".score", has_text="%").wait_for()
    page.locator(".digitmap output", has_text="logits").wait_for()
    cell = page.locator(".matrix button[tabindex='0']")
    cell.focus()
    for key in ("Home", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.locator(".behind h2", has_text="of digit 2 taken for 2").wait_for()
    page.locator(".total .note", has_text=" of 10,000").wait_for()
    expect(page.locator(".score")).to_have_text(re.compile(r"^[5-9]\d\.\d\d%$"))
    page.locator(".gallery a").first.wait_for()
    expect(page.locator(".matrix button[aria-pressed=true]")).to_have_text(re.compile(r"^\d+$"))
    page.locator(".plane canvas").focus()
    page.keyboard.press("ArrowRight")
    page.locator(".pointed p", has_text="Test digit 0: a 7").wait_for()
    page.locator("#below").focus()
    page.keyboard.press("End")
    expect_in_address(page, "below=0.99", "cell=2.2", "blur=1")
    check_accessibility(page)
    page.locator(".gallery a").first.click()
    page.locator(".equation").first.wait_for()
    expect_in_address(page, "/inside?")
