"""Take the pictures of the studio for docs/studio.md, from a studio that is running.

    tenfold studio --no-open &
    python docs/studio_pictures.py http://127.0.0.1:8010/            all pictures
    python docs/studio_pictures.py http://127.0.0.1:8010/ read       some of them

Needs the extra ``dev``. The picture of Train shows a training that takes about ten seconds.
"""

import io
import sys
from pathlib import Path
from shutil import which
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

__all__ = ["main"]

_PICTURES = Path(__file__).parent / "pictures"
_COLOURS = 256
_FOUR = "1y.0.7s.4q.6q.cc.lu.cc-1y.0.gs.4q.gs.mw"  # ink

_SHOWN: dict[str, tuple[str, tuple[int, int], str]] = {
    "draw": (f"/draw?model=standard#ink={_FOUR}", (1440, 860), ".nearest b:not(:empty)"),
    "inside": ("/inside?model=standard&digit=8&layer=4", (1440, 1140), ".nine li"),
    "train": ("/train?show=adam&epochs=5", (1280, 830), "circle.s2:nth-of-type(9)"),
    "judge": ("/judge?model=standard&blur=0.9&rotation=20", (1440, 1410), ".pointed p"),
    "read": ("/read?example=1", (1440, 948), ".found button"),
    "learn": ("/learn?tour=batch-norm&step=3", (1440, 900), "circle.s1:nth-of-type(6)"),
}
"""Address, size, and an element that is there when the page can be shown."""


def main(address: str, names: list[str]) -> None:
    """Take pictures.

    Args:
        address: Address of the studio.
        names: Which ones; all, if there are none.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"))
        for name in names or _SHOWN:
            path, (width, height), ready = _SHOWN[name]
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(address.rstrip("/") + path)
            _prepare(page, name, ready)
            image = Image.open(io.BytesIO(page.screenshot()))
            small = image.convert("RGB").quantize(
                _COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE
            )
            small.save(_PICTURES / f"studio-{name}.png", optimize=True)
            page.close()
        browser.close()


def _prepare(page: Any, name: str, ready: str) -> None:
    if name in ("train", "learn"):
        page.get_by_role("button", name="Start", exact=True).click()
    page.locator(ready).first.wait_for(state="attached", timeout=120_000)
    if name == "judge":
        page.locator(".total .note", has_text=" of 10,000").wait_for(timeout=120_000)
    page.wait_for_timeout(1500)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
