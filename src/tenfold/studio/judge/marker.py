"""The marker: predicts the test images in a thread, and reports what it knows in between."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from tenfold.models import Model
from tenfold.nn.array import Array
from tenfold.studio.judge.question import Question
from tenfold.studio.library import Library
from tenfold.threads import limit_threads

__all__ = ["Marked", "Marker"]

_FIRST = 1000  # images after which the first answer is given: they take a fraction of a second
_CHUNK = 250
_TELL = 2000  # images between two answers
_KEPT = 6  # questions whose predictions are kept


@dataclass(frozen=True)
class Marked:
    """The predictions for the first images.

    Attributes:
        question: The model and the distortion.
        model: The model itself.
        probabilities: (n, 10) float32.
        labels: (n,).
        total: Number of all images.
    """

    question: Question
    model: Model = field(repr=False)
    probabilities: Array = field(repr=False)
    labels: Array = field(repr=False)
    total: int

    @property
    def done(self) -> bool:
        """Whether all images have been predicted."""
        return len(self.labels) == self.total


class Marker:
    """Answers the newest question of one session.

    The network sees one view of each image, without test-time augmentation, which would take five
    times as long. A newer question ends the work on an older one. What was found about an older
    one is kept, and is the beginning of its answer when it is asked again.

    Args:
        library: The models and images.
        tell: Is called with what is known so far.
        watched: Returns whether somebody waits for answers; if not, the work stops.
    """

    def __init__(
        self, library: Library, tell: Callable[[Marked], None], watched: Callable[[], bool]
    ) -> None:
        self._library, self._tell, self._watched = library, tell, watched
        self._lock = threading.Lock()
        self._wanted: Question | None = None
        self._running = self._stopped = False
        self._known: dict[Question, Marked] = {}
        self.latest: Marked | None = None

    def ask(self, question: Question) -> None:
        """Begin to answer a question; return at once."""
        with self._lock:
            self._wanted, self._stopped = question, False
            if not self._running:
                self._running = True
                threading.Thread(target=self._work, daemon=True).start()

    def stop(self) -> None:
        """End the work; what was found is kept."""
        with self._lock:
            self._wanted, self._stopped = None, True

    def _work(self) -> None:
        while True:
            with self._lock:
                question, self._wanted = self._wanted, None
                if question is None or not self._watched():
                    self._running = False
                    return
            try:
                with limit_threads(1):
                    self._answer(question)
            except Exception:
                with self._lock:
                    self._running = False
                raise

    def _answer(self, question: Question) -> None:
        """Predict until the end or until there is a newer question."""
        model = self._library.quick(question.model)
        data = self._library.data("test")
        labels = data.require_labels()
        known = self._known.pop(question, None)
        same = known is not None and known.model.network is model.network
        found = known.probabilities if known is not None and same else np.empty((0, 10), np.float32)
        told = 0
        while True:
            done = len(found)
            marked = Marked(question, model, found, labels[:done], len(labels))
            self._known[question] = marked
            for old in list(self._known)[:-_KEPT]:
                del self._known[old]
            if done >= _FIRST and (not told or done >= told + _TELL or marked.done):
                self.latest, told = marked, done
                self._tell(marked)
            if marked.done or self._wanted is not None or self._stopped or not self._watched():
                return
            images = question.distort(data.images[done : done + _CHUNK], done)
            found = np.concatenate([found, model.predict_probabilities(images, threads=1)])
