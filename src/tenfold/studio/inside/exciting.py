"""The training images with the largest outputs of each unit, found in a separate thread."""

import threading
from collections.abc import Callable

import numpy as np

from tenfold.inspection import freeze, most_exciting
from tenfold.models import Model
from tenfold.nn.array import Array
from tenfold.studio.library import Library

__all__ = ["SEARCHED_IMAGES", "ExcitingImages"]

SEARCHED_IMAGES = 3000
"""Number of training images that are searched."""

_MAX_OLDER_MODELS = 3  # number of results that are kept besides that of the newest model

Send = Callable[["tuple[Array, ...] | None", float], None]
"""A function that is called with the indices for each layer and the share of images searched.

The indices are None until the search has ended.
"""


class ExcitingImages:
    """The results of ``most_exciting`` for the models that were asked for last.

    The search takes some seconds. So it runs in a thread, and pages can ask for other things
    meanwhile. When the search has ended, the newest request of each page is answered.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._found: list[tuple[Model, tuple[Array, ...]]] = []
        # For each running search: the model, and the function to call for each session.
        self._waiting: list[tuple[Model, dict[str, Send]]] = []

    @property
    def images(self) -> Array:
        """The images that are searched, (SEARCHED_IMAGES, 28, 28, 1) uint8."""
        return self._library.data("train").images[:SEARCHED_IMAGES]

    @property
    def labels(self) -> Array:
        """The labels of these images, (SEARCHED_IMAGES,)."""
        return self._library.data("train").require_labels()[:SEARCHED_IMAGES]

    def ask(self, model: Model, session: str, send: Send) -> None:
        """Call ``send`` with the result, at once or when it has been found.

        Args:
            model: The model.
            session: Key of the session that asks. Only its newest request is answered.
            send: The function that is called.
        """
        with self._lock:
            found = next((layers for each, layers in self._found if each is model), None)
            if found is None:
                waiting = next((sends for each, sends in self._waiting if each is model), None)
                if waiting is not None:
                    waiting[session] = send
                    return
                self._waiting.append((model, {session: send}))
                threading.Thread(target=self._search, args=self._waiting[-1], daemon=True).start()
                return
        send(found, 1.0)

    def _search(self, model: Model, waiting: dict[str, Send]) -> None:
        def report(done: int, total: int) -> None:
            for send in tuple(waiting.values()):
                send(None, done / total)

        found = most_exciting(freeze(model.network, np.float32), self.images, 9, report)
        with self._lock:
            self._found = [*self._found[-_MAX_OLDER_MODELS:], (model, found)]
            self._waiting = [each for each in self._waiting if each[0] is not model]
        for send in waiting.values():
            send(found, 1.0)
