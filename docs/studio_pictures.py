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
_KEPT = (
    "1y.0.ev.5k.dc.mi",
    "1y.0.96.84.aa.6e.c0.5a.e1.51.fz.5n.hh.70.i9.8w.i6.ay.h8.cr.96.m8.jg.ly",
    "1y.0.8w.6e.j6.5z.ci.mi",
    "1y.0.i2.5z.b4.69.ak.cs.be.ci.dj.bt.fp.ce.hc.e4.i2.gk.ho.j3.ga.l2.e8.m1.c0.lr.a7.k9",
    "1y.0.es.5p.hn.87.j0.d1.ib.i7.ft.lm.ck.ly.9u.j1.8r.e1.9q.90.ce.5x.fn.62",
    "1y.0.9g.7n.c2.5o.f9.67.h5.8v.gi.c2.ds.du.eq.dw.h4.fm.hx.ib.gs.kx.e6.me.b5.m5.8u.ka",
    "1y.0.hi.5p.bo.ak.9l.go.9l.hx.au.l2.dw.md.gy.l2.i7.hx.gy.es.dw.dh.au.es.9l.hx",
    "1y.0.fm.68.d6.5s.b3.7d.ag.a5.bk.cq.dw.dr.dw.dr.hd.fp.hq.jr.em.mb.av.l0.9u.h2.ch.e0.ge.7i",
    "1y.0.hs.a0.gm.74.dt.5u.av.6v.9h.9n.ad.cm.d2.e5.g3.dd.hq.aq.hi.b4.ge.mi",
    "1y.0.bo.5k.96.f0.jg.eq-1y.0.gy.ak.g4.ms",
)  # ink of the ten digits

_SHOWN: dict[str, tuple[str, tuple[int, int], str]] = {
    "draw": (f"/draw?model=standard#ink={_FOUR}", (1440, 938), ".nearest b:not(:empty)"),
    "inside": ("/inside?model=standard&digit=8&layer=4", (1440, 1140), ".nine li"),
    "train": ("/train?show=adam&epochs=5", (1280, 830), "circle.s2:nth-of-type(9)"),
    "judge": ("/judge?model=standard&blur=0.9&rotation=20", (1440, 1330), ".pointed p"),
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
            for ink in _KEPT if name == "draw" else ():
                page.goto(address.rstrip("/") + f"/draw?model=standard#ink={ink}")
                page.get_by_role("button", name="Keep").click()
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
    page.mouse.move(0, 0)  # not over a button
    if name in ("train", "learn"):
        page.get_by_role("button", name="Start", exact=True).click()
    page.locator(ready).first.wait_for(state="attached", timeout=120_000)
    if name == "judge":
        page.locator(".total .note", has_text=" of 10,000").wait_for(timeout=120_000)
    page.wait_for_timeout(1500)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
