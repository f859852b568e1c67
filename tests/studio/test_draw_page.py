"""The page of Draw in a real browser."""

import re
from typing import Any

import pytest

from tenfold.data.kaggle_csv import read_kaggle_csv

from .browser import expect, expect_in_address, opened
from .drawings import ONE, THREE, Place, placed


def draw(page: Any, drawing: list[list[Place]]) -> None:
    canvas = page.locator(".pad canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    for stroke in drawing:
        for number, (x, y) in enumerate(stroke):
            page.mouse.move(box["x"] + x * box["width"] / 1000, box["y"] + y * box["width"] / 1000)
            if number == 0:
                page.mouse.down()
        page.mouse.up()


def expect_answer(page: Any, digits: str) -> None:
    page.locator(".numeral.accepted, .numeral.unsure").filter(has_text=digits).wait_for()
    page.locator(".words li", has_text="digits were").first.wait_for()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_a_three_that_is_drawn_is_read_kept_and_saved(
    browser: Any, program: str, tmp_path: Any, width: int, scheme: str
) -> None:
    with opened(browser, program, "/draw?model=standard", width, color_scheme=scheme) as page:
        draw(page, placed(THREE))
        expect_answer(page, "3")
        expect(page.locator(".bars .best")).to_have_text(re.compile("3$"))
        expect(page.locator(".nearest li b").first).to_have_text("3")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("button", name="Keep").click()
        expect(page.locator(".kept li b")).to_have_text("3")
        expect(page.locator(".verdict")).to_have_text("Nothing drawn yet")
        with page.expect_download() as saved:
            page.get_by_role("button", name="CSV").click()
        saved.value.save_as(tmp_path / "digits.csv")
        kept = read_kaggle_csv(tmp_path / "digits.csv")
        assert kept.require_labels().tolist() == [3]
        assert 60 < (kept.images > 0).sum() < 200
        page.get_by_role("button", name="Undo").click()
        expect_answer(page, "3")
        page.reload()
        expect_answer(page, "3")  # the address holds the ink
        expect_in_address(page, "#ink=")
        expect(page.locator(".kept li b")).to_have_text("3")


def test_a_one_is_drawn_with_the_keyboard_alone(browser: Any, program: str) -> None:
    with opened(browser, program, "/?model=standard") as page:
        page.locator(".pad canvas").wait_for()
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.getAttribute('aria-label')") == "Drawing pad":
                break
        for key, times in (("ArrowUp", 12), (" ", 1), ("ArrowDown", 24), (" ", 1)):
            for _ in range(times):
                page.keyboard.press(key)
        expect_answer(page, "1")
        page.keyboard.press("Backspace")
        page.locator(".verdict", has_text="Nothing drawn yet").wait_for()


def test_a_finger_draws_and_does_not_scroll(browser: Any, program: str) -> None:
    with opened(
        browser, program, "/draw?model=standard", 390, has_touch=True, is_mobile=True
    ) as page:
        page.locator(".pad canvas").wait_for()
        box = page.locator(".pad canvas").bounding_box()
        finger = page.context.new_cdp_session(page)
        (stroke,) = placed(ONE)
        for number, (x, y) in enumerate(stroke):
            where = {
                "x": box["x"] + x * box["width"] / 1000,
                "y": box["y"] + y * box["width"] / 1000,
            }
            kind = "touchMove" if number else "touchStart"
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [where]})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        expect_answer(page, "1")
        assert page.evaluate("scrollY") == 0


def test_the_theme_and_the_large_type_are_kept(browser: Any, program: str) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    with opened(browser, program, "/draw") as page:
        light, small = page.evaluate(colour), page.evaluate(size)
        page.get_by_role("button", name="Theme").click()
        page.get_by_role("button", name="Presenter").click()
        dark, large = page.evaluate(colour), page.evaluate(size)
        assert light != dark
        assert large > 1.2 * small
        page.reload()
        page.locator(".pad canvas").wait_for()
        assert (page.evaluate(colour), page.evaluate(size)) == (dark, large)
