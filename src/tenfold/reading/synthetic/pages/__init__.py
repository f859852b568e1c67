"""Pages of handwriting with ground truth: digits and other things on paper, as a camera sees them.

The modules, in reading order:

- ``page``: the result
- ``writer``: the handwriting and the pen of one page
- ``layout``: what is written where
- ``ink``: from strokes to grey levels of any size
- ``paper`` and ``camera``: the paper; perspective, light and noise
- ``compose``: a page from all of these
- ``files``: pictures, and a file with the ground truth (text lines, and the box of each digit)
"""

from typing import TYPE_CHECKING

from tenfold import lazy

if TYPE_CHECKING:
    from tenfold.reading.synthetic.pages.compose import generate_page
    from tenfold.reading.synthetic.pages.files import write_pages
    from tenfold.reading.synthetic.pages.layout import KINDS
    from tenfold.reading.synthetic.pages.page import Page, PageDigit
else:
    __getattr__, __dir__ = lazy.lazy_names(
        __name__,
        {
            "compose": ["generate_page"],
            "files": ["write_pages"],
            "layout": ["KINDS"],
            "page": ["Page", "PageDigit"],
        },
    )

__all__ = ["KINDS", "Page", "PageDigit", "generate_page", "write_pages"]
