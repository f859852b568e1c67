"""The studio: draw digits and train networks in the browser, on a page that this machine serves.

``server`` checks and answers requests. ``views`` has one module per view, which computes what this
view shows. Some views have a package for their computations: ``ink`` for Draw (from strokes to
images and answers), ``inside``, ``jobs`` for Train, ``judge``, and ``tours`` for Learn. The page
itself (HTML, CSS and ES modules) is in ``static``. It only displays results: everything is computed
in Python.
"""

from typing import TYPE_CHECKING

from tenfold import lazy

if TYPE_CHECKING:
    from tenfold.studio.server.run import serve
    from tenfold.studio.server.settings import Settings
else:
    __getattr__, __dir__ = lazy.lazy_names(
        __name__, {"server.run": ["serve"], "server.settings": ["Settings"]}
    )

__all__ = ["Settings", "serve"]
