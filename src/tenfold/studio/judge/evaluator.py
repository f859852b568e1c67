"""Evaluator: predicts the test images in a thread, and reports the results so far."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from tenfold.models import Model
from tenfold.nn.array import Array
from tenfold.studio.judge.request import EvaluationRequest
from tenfold.studio.library import Library
from tenfold.threads import limit_threads

__all__ = ["Evaluator", "PartialResult", "ResultCache"]

_FIRST_REPORT = 1000  # images before the first report: they take a fraction of a second
_CHUNK = 250  # images that are predicted before the evaluator looks for a newer request
_REPORT_EVERY = 2000  # images between two reports
_MOST_REQUESTS = 24  # largest number of requests whose results are cached: 10 MB


@dataclass(frozen=True)
class PartialResult:
    """The predictions for the first images.

    Attributes:
        request: Name of the model, and strengths of the distortions.
        model: The loaded model of this name.
        probabilities: (n, 10) float32.
        labels: (n,).
        total: Number of all test images.
    """

    request: EvaluationRequest
    model: Model = field(repr=False)
    probabilities: Array = field(repr=False)
    labels: Array = field(repr=False)
    total: int

    @property
    def done(self) -> bool:
        """Whether all images have been predicted."""
        return len(self.labels) == self.total


class ResultCache:
    """The results so far of the last requests, shared by all pages.

    In a class, many pupils often make the same request.
    """

    def __init__(self) -> None:
        self._results: dict[EvaluationRequest, PartialResult] = {}
        self._lock = threading.Lock()

    def get(self, request: EvaluationRequest, model: Model) -> Array:
        """Return the stored probabilities of the first n images, (n, 10); n may be 0."""
        with self._lock:
            found = self._results.get(request)
        if found is None or found.model.network is not model.network:
            return np.empty((0, 10), np.float32)
        return found.probabilities

    def put(self, result: PartialResult) -> None:
        """Store a result, unless a result for more images is stored already for its request."""
        with self._lock:
            old = self._results.pop(result.request, result)
            same = old.model.network is result.model.network
            has_more = same and len(old.labels) > len(result.labels)
            self._results[result.request] = old if has_more else result
            for request in list(self._results)[:-_MOST_REQUESTS]:
                del self._results[request]


class Evaluator:
    """Carries out the newest request of one session.

    The network sees one view of each image, without test-time augmentation, which would take five
    times as long. A newer request ends the work on an older one.

    Args:
        library: The models and images.
        cache: Results of earlier requests; new ones are added to it.
        report: Function that is called with each partial result.
        report_error: Function that is called with an error that ended the work.
        watched: Function that returns whether a page still waits for the results; if not, the work
            stops.

    Attributes:
        latest: The newest result that was reported; None if there is none.
    """

    def __init__(
        self,
        library: Library,
        cache: ResultCache,
        report: Callable[[PartialResult], None],
        report_error: Callable[[Exception], None],
        watched: Callable[[], bool],
    ) -> None:
        self._library, self._cache, self._watched = library, cache, watched
        self._report, self._report_error = report, report_error
        self._lock = threading.Lock()
        self._next: EvaluationRequest | None = None
        self._running = self._stopped = False
        self.latest: PartialResult | None = None

    def start(self, request: EvaluationRequest) -> None:
        """Begin to carry out a request; return at once."""
        with self._lock:
            self._next, self._stopped = request, False
            if not self._running:
                self._running = True
                threading.Thread(target=self._work, daemon=True).start()

    def stop(self) -> None:
        """End the work. The results so far stay in the cache."""
        with self._lock:
            self._next, self._stopped = None, True

    def _work(self) -> None:
        while True:
            with self._lock:
                request, self._next = self._next, None
                if request is None or not self._watched():
                    self._running = False
                    return
            try:
                with limit_threads(1):
                    self._evaluate(request)
            except Exception as error:
                self._report_error(error)

    def _evaluate(self, request: EvaluationRequest) -> None:
        """Predict all images; end early on a newer request, after ``stop``, or if no page waits."""
        model = self._library.single_view_model(request.model)
        data = self._library.data("test")
        labels = data.require_labels()
        reported = 0
        while True:
            found = self._cache.get(request, model)
            done = len(found)
            result = PartialResult(request, model, found, labels[:done], len(labels))
            if done >= _FIRST_REPORT and (
                not reported or done >= reported + _REPORT_EVERY or result.done
            ):
                self.latest, reported = result, done
                self._report(result)
            if result.done or self._next is not None or self._stopped or not self._watched():
                return
            images = request.distort(data.images[done : done + _CHUNK], done)
            found = np.concatenate([found, model.predict_probabilities(images, threads=1)])
            self._cache.put(PartialResult(request, model, found, labels[: len(found)], len(labels)))
