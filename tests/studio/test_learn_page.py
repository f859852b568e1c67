"""Tours in a real browser: the panel, what it outlines, and what it waits for."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tenfold.studio.tours.registry import TOURS

from .browser import expect, expect_in_address, opened

RACE = [
    {"name": name, "recipe": "mlp", "settings": ["hidden=8"]}
    for name in ("Random weights", "Zero weights")
]


def title(page: Any, words: str) -> None:
    page.locator(".tour h2").get_by_text(words, exact=True).wait_for()


def covered(page: Any) -> bool:
    """Return whether the panel covers a part of what is outlined."""
    return bool(
        page.evaluate(
            "document.querySelector('[data-outlined]').getBoundingClientRect().bottom >"
            "document.querySelector('.tour').getBoundingClientRect().top"
        )
    )


def test_a_tour_runs_to_its_end_by_keyboard_alone(browser: Any, program: str) -> None:
    (tour,) = (tour for tour in TOURS if tour.name == "zero-weights")
    with opened(browser, program, "/learn", reduced_motion="reduce") as page:
        page.get_by_role("link", name="Start: Why zero weights never learn").focus()
        page.keyboard.press("Enter")
        title(page, tour.steps[0].title)
        page.get_by_role("button", name="Next").focus()
        for number, step in enumerate(tour.steps[1:], 2):
            page.keyboard.press("Enter")
            title(page, step.title)
            page.locator(f"{step.focus}[data-outlined]").wait_for()
            expect_in_address(page, f"tour=zero-weights&step={number}")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        title(page, tour.steps[-2].title)
        page.go_back()
        title(page, tour.steps[-1].title)
        page.get_by_role("button", name="Finish").press("Enter")
        page.locator(".tours .note", has_text="You have seen it.").wait_for()
        expect(page.locator(".tour")).to_be_hidden()


def test_a_step_waits_for_a_drawing_and_is_found_again(browser: Any, program: str) -> None:
    (tour,) = (tour for tour in TOURS if tour.name == "my-digits")
    with opened(browser, program, "/learn?tour=my-digits", reduced_motion="reduce") as page:
        page.locator(".until").get_by_text("Go on when a digit is drawn.").wait_for()
        page.get_by_role("button", name="Show").press("Enter")
        expect(page.get_by_label("Drawing pad")).to_be_focused()
        for key, times in (("ArrowUp", 9), (" ", 1), ("ArrowDown", 18), (" ", 1)):
            for _ in range(times):
                page.keyboard.press(key)
        page.locator(".until.done").wait_for()
        assert not covered(page)
        page.keyboard.press("Escape")  # back to the panel
        page.keyboard.press("Enter")
        title(page, tour.steps[1].title)
        expect(page.locator(".numeral")).to_have_text("1")
        page.keyboard.press("Enter")
        page.locator(".numeral").get_by_text("3").wait_for()
        page.reload()
        title(page, tour.steps[2].title)
        page.locator(".numeral").get_by_text("3").wait_for()
        page.locator(".sees[data-outlined]").wait_for()


def test_the_parts_of_all_steps_are_in_their_views(browser: Any, program: str) -> None:
    seek = "(selector) => document.querySelector('.view:not([hidden])').querySelector(selector)"
    with opened(browser, program, "/draw") as page:
        for view in ("draw", "inside", "train", "judge", "read"):
            page.locator(f"nav a[data-view={view}]").click()
            page.locator(f".view.{view} h1").wait_for()
            for tour in TOURS:
                for step in tour.steps:
                    if step.address.startswith(f"/{view}"):
                        assert page.evaluate(f"({seek})({json.dumps(step.focus)}) !== null"), step
                        for condition in filter(None, (step.until, step.impossible_if)):
                            page.evaluate(f"({seek})({json.dumps(condition.selector)})")  # is valid


def test_a_step_waits_for_a_training(browser: Any, program: str) -> None:
    nets = json.dumps(RACE, separators=(",", ":"))
    path = f"/train?show=zero&epochs=1&batch=5000&nets={nets}&tour=zero-weights&step=2"
    with opened(browser, program, path, 390, reduced_motion="reduce") as page:
        title(page, TOURS[0].steps[1].title)
        page.locator(".controls[data-outlined]").wait_for()
        expect(page.locator(".until")).to_contain_text("Go on when “Random weights” has")
        page.get_by_role("button", name="Start").click()
        page.locator(".until.done").wait_for()
        assert not covered(page)
        page.locator("nav a[data-view=draw]").click()
        page.locator(".until", has_text="This step is about another view").wait_for()
        page.get_by_role("button", name="Show").click()
        page.locator(".train .controls[data-outlined]").wait_for()
        page.get_by_role("button", name="End tour").click()
        page.locator(".tour").wait_for(state="hidden")
        expect(page).not_to_have_url(re.compile("tour"))
        expect_in_address(page, "show=zero")


@pytest.fixture
def go(browser: Any, program: str) -> Any:
    """Return a function that opens an address in a page, as the history of the browser does."""
    with opened(browser, program, "/draw?model=standard#ink=1y.0.dw.50.dw.ng") as page:
        page.locator("#model option").nth(1).wait_for(state="attached")
        page.locator(".numeral.accepted, .numeral.unsure").wait_for()
        expect(page.locator("#model")).to_have_value("standard")

        def gone(address: str) -> Any:
            # In one script: between two scripts, an answer to the last view may write its address.
            page.evaluate(
                f"history.pushState(null, '', {json.dumps(address)});"
                "dispatchEvent(new PopStateEvent('popstate'))"
            )
            return page

        yield gone


def test_an_address_opens_also_in_a_view_that_is_open(go: Callable[[str], Any]) -> None:
    page = go("/draw?model=small.safetensors")
    page.locator(".verdict", has_text="Nothing drawn yet").wait_for()
    expect(page.locator("#model")).to_have_value("small.safetensors")
    go("/train?show=rates&seed=3")
    page.locator(".setup .note", has_text="Too small a rate").wait_for()
    go("/train?show=conv&epochs=1")
    page.locator(".setup .note", has_text="neighbouring pixels").wait_for()
    for name, value in (("epochs", "1"), ("seed", "0")):
        expect(page.locator(f"#{name}")).to_have_value(value)
    go("/judge?model=small.safetensors&blur=1")
    page.locator(".total .note").get_by_text("of").wait_for()
    go("/judge?model=small.safetensors&rotation=10&cell=4.9")
    page.locator(".behind h2", has_text="of digit 4 taken for 9").wait_for()
    values = {each: page.locator(f"#distort-{each}").input_value() for each in ("blur", "rotation")}
    assert values == {"blur": "0", "rotation": "10"}
