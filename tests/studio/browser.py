"""Pages of a studio in the browser, and what they must never do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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
    page.set_default_timeout(90_000)  # the machine may be busy
    page.goto(address.rstrip("/") + path)
    yield page
    context.close()
    own = (address, "data:image", f"blob:{address}")
    foreign = [each for each in noted if not each.startswith(own)]
    assert not foreign, foreign
