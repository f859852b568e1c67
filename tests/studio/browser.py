"""Pages of a studio in the browser, and what they must never do.

The answers of the studio arrive while a test continues. So tests do not compare what a page shows
at one moment, but ``expect`` it, which waits.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

try:
    from playwright import sync_api
except ImportError:  # then the fixture ``browser`` skips each test that needs it
    expect: Any = None
else:
    expect = sync_api.expect

PATIENCE = 90_000
"""Milliseconds to wait for what a page shall show: the machine may be busy."""

_NOTE = """addEventListener("securitypolicyviolation", (event) =>
  console.log("violation of " + event.violatedDirective + " by " + event.blockedURI))"""


@contextmanager
def opened(
    browser: Any, address: str, path: str, width: int = 1440, **options: Any
) -> Iterator[Any]:
    """Yield a page at an address of a studio.

    At the end the page must have printed nothing, violated no policy, and asked no other host.
    """
    size = {"width": width, "height": 900 if width > 600 else 844}
    context = browser.new_context(viewport=size, **options)
    context.add_init_script(_NOTE)
    page = context.new_page()
    noted: list[str] = []
    page.on("console", lambda message: noted.append(message.text))
    page.on("pageerror", lambda error: noted.append(str(error)))
    page.on("request", lambda request: noted.append(request.url))
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.goto(address.rstrip("/") + path)
    yield page
    context.close()
    own = (address, "data:image", f"blob:{address}")
    foreign = [each for each in noted if not each.startswith(own)]
    assert not foreign, foreign


def expect_in_address(page: Any, *parts: str) -> None:
    """Wait until the address of a page contains each part."""
    for part in parts:
        expect(page).to_have_url(re.compile(re.escape(part)))
