"""The page in a real browser: headless Chromium, on a file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CUT = """() => [...document.querySelectorAll("section, .stat, figure, li, h1, h2, p, code, .card")]
  .filter(e => e.checkVisibility() && !e.closest(".scroll, .unseen"))
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, r]) => r.left < -0.5 || r.right > innerWidth + 0.5 || r.width < 1 || r.height < 1)
  .map(([e, r]) => e.tagName + " " + e.className + " " + e.textContent.trim().slice(0, 40))"""
SPILT = """() => [...document.querySelectorAll("td, th, dd, dt, a, button, span, figcaption")]
  .filter(e => e.checkVisibility() && !e.closest(".scroll, .unseen, .skip"))
  .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0)
  .map(e => e.tagName + " " + e.className + " " + e.textContent.trim().slice(0, 40))"""
OVERLAPPING = """() => {
  const found = [];
  for (const parent of document.querySelectorAll("main, .beside, .stats, .tiles, section")) {
    const inside = [...parent.children].map(e => [e, e.getBoundingClientRect()])
      .filter(([e, r]) => r.width && r.height);
    inside.forEach(([e, p], i) => inside.slice(i + 1).forEach(([other, q]) => {
      const across = p.left < q.right - 1 && q.left < p.right - 1;
      if (across && p.top < q.bottom - 1 && q.top < p.bottom - 1)
        found.push(e.className + " and " + other.className);
    }));
  }
  return found;
}"""
SCROLLED = """() => [...document.querySelectorAll(".scroll")]
  .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
  .map(e => e.getAttribute("aria-label") + " " + e.textContent.trim().slice(0, 40))"""
PICTURES = """() => [...document.querySelectorAll("svg, img")].map(e => {
  const r = e.getBoundingClientRect(), shown = e.tagName != "IMG" || e.naturalWidth > 0;
  return [r.width, r.height, (e.getAttribute("aria-label") || e.alt || "").length, shown];
})"""

RESTORE = """() => {
  delete document.documentElement.dataset.theme;
  document.querySelectorAll("details").forEach(e => { e.open = false; });
  document.body.tabIndex = -1;
  document.body.focus();  // the next Tab leads to the first link
  document.body.removeAttribute("tabindex");
  scrollTo(0, 0);
}"""


@pytest.fixture(scope="module")
def address(page: Path) -> str:
    return page.as_uri()


@pytest.fixture(scope="module")
def shared(browser: Any, address: str) -> Iterator[tuple[Any, list[str]]]:
    """The page for all tests, with its requests, console messages and errors."""
    page = browser.new_page()
    noted: list[str] = []
    page.on("request", lambda request: noted.append(request.url))
    page.on("console", lambda message: noted.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: noted.append(f"error: {error}"))
    page.goto(address)
    yield page, noted
    page.close()


@pytest.fixture
def opened(
    shared: tuple[Any, list[str]], width: int, scheme: str
) -> Iterator[tuple[Any, list[str]]]:
    """The page at a width and in a theme, and in all other respects as after it was opened."""
    page, _ = shared
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(media="screen", color_scheme=scheme)
    yield shared
    page.evaluate(RESTORE)


def colours(page: Any) -> list[str]:
    found: list[str] = page.evaluate(
        """() => { const style = getComputedStyle(document.body);
                   const line = document.querySelector("svg [style*='var(--blue)']");
                   return [style.backgroundColor, style.color, getComputedStyle(line).stroke]; }"""
    )
    return found


@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_requested_cut_off_or_overlapping(
    opened: tuple[Any, list[str]], address: str, width: int, scheme: str
) -> None:
    page, noted = opened
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert [url for url in noted if not url.startswith("data:")] == [address]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT) == []
    assert page.evaluate(SPILT) == []
    assert page.evaluate(OVERLAPPING) == []
    assert page.evaluate(SCROLLED) == []
    pictures = page.evaluate(PICTURES)
    assert len(pictures) > 20
    for across, down, words, shown in pictures:
        assert across > 20
        assert down > 20
        assert words > 10
        assert shown
    ground, ink, _ = colours(page)
    dark = [sum(map(int, c[4:-1].split(","))) < 384 for c in (ground, ink)]
    assert dark == ([True, False] if scheme == "dark" else [False, True])


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light")])
def test_the_button_switches_the_theme_and_print_is_white(
    opened: tuple[Any, list[str]],
) -> None:
    page, _ = opened
    light = colours(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "theme"
    page.keyboard.press("Enter")
    dark = colours(page)
    assert all(one != other for one, other in zip(light, dark, strict=True))
    page.emulate_media(media="print")
    assert colours(page)[1:] == light[1:]
    assert colours(page)[0] == "rgb(255, 255, 255)"
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("width", "scheme"), [(390, "light")])
def test_wide_figures_can_be_enlarged_on_a_small_screen(
    opened: tuple[Any, list[str]],
) -> None:
    page, _ = opened
    button = page.locator(".wide .enlarge").first
    drawing = page.locator(".wide svg").first
    small = drawing.bounding_box()["width"]
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert drawing.bounding_box()["width"] > 1.5 * small
    assert len(page.evaluate(SCROLLED)) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    button.click()
    assert drawing.bounding_box()["width"] == small
    page.set_viewport_size({"width": 1400, "height": 900})
    assert not button.is_visible()  # there is room for it there


@pytest.mark.parametrize(("width", "scheme"), [(390, "light")])
def test_the_page_can_be_printed(opened: tuple[Any, list[str]]) -> None:
    page, _ = opened
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
    assert 3 <= paper.count(b"/Type /Page\n") <= 24
