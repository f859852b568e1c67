"""The training images that excite the units of a model most, searched for in a separate thread."""

import threading
from collections.abc import Callable

import numpy as np

from tenfold.inspection import freeze, most_exciting
from tenfold.models import Model
from tenfold.nn.array import Array
from tenfold.studio.library import Library

__all__ = ["SOUGHT", "Exciting"]

SOUGHT = 3000
"""Number of training images among which they are sought."""

Tell = Callable[["tuple[Array, ...] | None", float], None]
"""Is called with the indices by layer, or with None, and with the share of images seen so far."""


class Exciting:
    """The result of ``most_exciting`` for one model at a time.

    The search takes some seconds, during which the page asks for other things. So it runs in a
    thread, and only the newest question is answered at its end.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._found: tuple[Model, tuple[Array, ...]] | None = None
        self._model: Model | None = None  # the one of the running search
        self._tell: Tell = lambda found, share: None

    @property
    def images(self) -> Array:
        """The images that are searched, (SOUGHT, 28, 28, 1) uint8."""
        return self._library.data("train").images[:SOUGHT]

    @property
    def labels(self) -> Array:
        """Their labels, (SOUGHT,)."""
        return self._library.data("train").require_labels()[:SOUGHT]

    def ask(self, model: Model, tell: Tell) -> None:
        """Call ``tell`` with the result, at once or when it has been found."""
        with self._lock:
            self._tell = tell
            if self._found is None or self._found[0] is not model:
                if self._model is not model:
                    self._model = model
                    threading.Thread(target=self._seek, args=(model,), daemon=True).start()
                return
            found = self._found[1]
        tell(found, 1.0)

    def _seek(self, model: Model) -> None:
        frozen = freeze(model.network, np.float32)
        found = most_exciting(frozen, self.images, 9, self._report)
        with self._lock:
            if self._model is not model:
                return  # another model was chosen in the meantime
            self._found, self._model, tell = (model, found), None, self._tell
        tell(found, 1.0)

    def _report(self, done: int, total: int) -> None:
        self._tell(None, done / total)
