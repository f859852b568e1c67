"""The training images that excite the units of a model most, searched for in a separate thread."""

import threading
from collections.abc import Callable

import numpy as np

from tenfold.inspection import freeze, most_exciting
from tenfold.models import Model
from tenfold.nn.array import Array
from tenfold.studio.library import Library

__all__ = ["SEARCHED_IMAGES", "Exciting"]

SEARCHED_IMAGES = 3000
"""Number of training images that are searched."""

_KEPT = 3  # models, besides the newest

Tell = Callable[["tuple[Array, ...] | None", float], None]
"""Is called with the indices by layer, or with None, and with the share of images seen so far."""


class Exciting:
    """The result of ``most_exciting`` for the latest models.

    The search takes some seconds, during which pages ask for other things. So it runs in a thread,
    and at its end the newest question of each page is answered.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._found: list[tuple[Model, tuple[Array, ...]]] = []
        self._waiting: list[tuple[Model, dict[str, Tell]]] = []  # the running searches

    @property
    def images(self) -> Array:
        """The images that are searched, (SEARCHED_IMAGES, 28, 28, 1) uint8."""
        return self._library.data("train").images[:SEARCHED_IMAGES]

    @property
    def labels(self) -> Array:
        """Their labels, (SEARCHED_IMAGES,)."""
        return self._library.data("train").require_labels()[:SEARCHED_IMAGES]

    def ask(self, model: Model, who: str, tell: Tell) -> None:
        """Call ``tell`` with the result, at once or when it has been found.

        Args:
            model: The model.
            who: Who asks; of several questions of one, the newest is answered.
            tell: The function that is called.
        """
        with self._lock:
            found = next((layers for each, layers in self._found if each is model), None)
            if found is None:
                waiting = next((tells for each, tells in self._waiting if each is model), None)
                if waiting is not None:
                    waiting[who] = tell
                    return
                self._waiting.append((model, {who: tell}))
                threading.Thread(target=self._seek, args=self._waiting[-1], daemon=True).start()
                return
        tell(found, 1.0)

    def _seek(self, model: Model, waiting: dict[str, Tell]) -> None:
        def report(done: int, total: int) -> None:
            for tell in tuple(waiting.values()):
                tell(None, done / total)

        found = most_exciting(freeze(model.network, np.float32), self.images, 9, report)
        with self._lock:
            self._found = [*self._found[-_KEPT:], (model, found)]
            self._waiting = [each for each in self._waiting if each[0] is not model]
        for tell in waiting.values():
            tell(found, 1.0)
