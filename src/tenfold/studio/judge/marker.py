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

__all__ = ["Known", "Marked", "Marker"]

_FIRST = 1000  # images after which the first answer is given: they take a fraction of a second
_CHUNK = 250
_TELL = 2000  # images between two answers
_KEPT = 24  # questions whose predictions are kept: 10 MB


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


class Known:
    """The predictions that were made, for all pages: pupils of a class often ask the same."""

    def __init__(self) -> None:
        self._marked: dict[Question, Marked] = {}
        self._lock = threading.Lock()

    def get(self, question: Question, model: Model) -> Array:
        """Return the probabilities that are known of the first images, (n, 10)."""
        with self._lock:
            found = self._marked.get(question)
        if found is None or found.model.network is not model.network:
            return np.empty((0, 10), np.float32)
        return found.probabilities

    def put(self, marked: Marked) -> None:
        """Keep predictions, in place of fewer ones."""
        with self._lock:
            old = self._marked.pop(marked.question, marked)
            same = old.model.network is marked.model.network
            longer = old if same and len(old.labels) > len(marked.labels) else marked
            self._marked[marked.question] = longer
            for question in list(self._marked)[:-_KEPT]:
                del self._marked[question]


class Marker:
    """Answers the newest question of one session.

    The network sees one view of each image, without test-time augmentation, which would take five
    times as long. A newer question ends the work on an older one.

    Args:
        library: The models and images.
        known: What is known already; predictions are added to it.
        tell: Is called with what is known so far.
        refuse: Is called with an error that ended the work.
        watched: Returns whether a page still waits for the answers; if not, the work stops.
    """

    def __init__(
        self,
        library: Library,
        known: Known,
        tell: Callable[[Marked], None],
        refuse: Callable[[Exception], None],
        watched: Callable[[], bool],
    ) -> None:
        self._library, self._known, self._watched = library, known, watched
        self._tell, self._refuse = tell, refuse
        self._lock = threading.Lock()
        self._wanted: Question | None = None
        self._running = self._stopped = False
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
            except Exception as error:
                self._refuse(error)

    def _answer(self, question: Question) -> None:
        """Predict until the end or until there is a newer question."""
        model = self._library.quick(question.model)
        data = self._library.data("test")
        labels = data.require_labels()
        told = 0
        while True:
            found = self._known.get(question, model)
            done = len(found)
            marked = Marked(question, model, found, labels[:done], len(labels))
            if done >= _FIRST and (not told or done >= told + _TELL or marked.done):
                self.latest, told = marked, done
                self._tell(marked)
            if marked.done or self._wanted is not None or self._stopped or not self._watched():
                return
            images = question.distort(data.images[done : done + _CHUNK], done)
            found = np.concatenate([found, model.predict_probabilities(images, threads=1)])
            self._known.put(Marked(question, model, found, labels[: len(found)], len(labels)))
