"""From a pointer event to the painted answer that contains it, in Chromium."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any

import numpy as np

from benchmarks.studio.program import Program
from benchmarks.studio.rows import Row
from benchmarks.studio.talking import MLP, QUICK, trained

__all__ = ["measure_latency"]

_MOVES = 30  # of a stroke
_PACE = 1 / 60  # seconds between two pointer events
_SIZES = ((390, 844), (1440, 900))
_JOBS = {"idle": None, "with an MLP job": MLP, "with a convolutional job": QUICK}
_STOPWATCH = Path(__file__).with_name("stopwatch.js")


def measure_latency(program: Program, moves: int) -> Iterator[Row]:
    """Draw with the mouse, at both widths, and with and without a training.

    Args:
        program: The studio.
        moves: Least number of pointer events for each row.
    """
    yield Row("server ready", 1000 * program.seconds, 1500)
    with _chromium() as browser:
        with _opened(browser, program, _SIZES[1]) as page:
            yield Row("first page ready to draw", page.evaluate(_READY), 1000)
        for name, job in _JOBS.items():
            with trained(program, job):
                for size in _SIZES:
                    yield from _rows(browser, program, size, moves, name)


_READY = "performance.getEntriesByName('pad')[0].startTime"


@contextmanager
def _chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=arguments)
        yield browser
        browser.close()


@contextmanager
def _opened(browser: Any, program: Program, size: tuple[int, int]) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    context.add_init_script(path=_STOPWATCH)
    context.add_init_script(_MARK)
    page = context.new_page()
    page.goto(f"{program.address}/draw")
    page.locator("select#model option").first.wait_for(state="attached")
    yield page
    context.close()


_MARK = """new MutationObserver((_, observer) => {
  if (!document.querySelector(".pad canvas")) return;
  observer.disconnect();
  requestAnimationFrame(() => performance.mark("pad"));
}).observe(document, { childList: true, subtree: true });"""


def _rows(
    browser: Any, program: Program, size: tuple[int, int], moves: int, name: str
) -> list[Row]:
    with _opened(browser, program, size) as page:
        _draw(page)  # the first one loads the networks
        page.evaluate("stopwatch.latencies.length = stopwatch.finals.length = 0")
        while page.evaluate("stopwatch.latencies.length") < moves:
            _draw(page)
        latencies, finals = page.evaluate("[stopwatch.latencies, stopwatch.finals]")
    middle, high = np.percentile(latencies, [50, 95])
    what = f"{size[0]} wide, {name}: "
    return [
        Row(f"{what}median of {len(latencies)}", float(middle), 50),
        Row(f"{what}95th percentile", float(high), 100),
        Row(f"{what}after the stroke, with all details", float(np.median(finals))),
    ]


def _draw(page: Any) -> None:
    """Draw one stroke at the pace of a pointer, wait for its answer, and clear the pad."""
    box = page.locator(".pad canvas").bounding_box()
    done = page.evaluate("stopwatch.finals.length")
    due = time.perf_counter()
    for number in range(_MOVES):
        turn = 2 * math.pi * number / _MOVES
        across, down = 0.5 + 0.22 * math.sin(turn), 0.5 - 0.33 * math.cos(turn)
        page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["width"])
        if number == 0:
            page.mouse.down()
        due += _PACE
        time.sleep(max(0.0, due - time.perf_counter()))
    page.mouse.up()
    while page.evaluate("stopwatch.finals.length") == done:
        time.sleep(0.02)
    page.get_by_role("button", name="Clear").click()
