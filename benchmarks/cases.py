"""The cases: each has one or more measurements of several subjects."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from benchmarks.libraries import Subject, modes
from benchmarks.nets import TITLES, is_dense

__all__ = ["CASES", "Case", "Measurement", "find", "more_is_better"]

Work: TypeAlias = Literal["training", "inference", "memory", "recipe", "start-up"]
Unit: TypeAlias = Literal["ms per step", "images per second", "ms per image"]


@dataclass(frozen=True)
class Measurement:
    """A measurement of several subjects in turn.

    Attributes:
        case: Name of its case.
        work: The measured work.
        subjects: The subjects; the first is tenfold, and ratios are relative to it.
        net: A key of ``NETS``.
        batch: Images per training step.
        size: Height and width of the images, in pixels.
        counts: Numbers of images to predict at once, for inference.
        what: Distinguishes it from other measurements of its case.
        unit: Unit of the figures of a training run.
    """

    case: str
    work: Work
    subjects: tuple[Subject, ...]
    net: str = ""
    batch: int = 128
    size: int = 28
    counts: tuple[int, ...] = ()
    what: str = ""
    unit: Unit = "ms per step"

    @property
    def name(self) -> str:
        """The unique name of the measurement, which a subject gets as an argument."""
        return ": ".join(filter(None, (self.case, self.work, self.what)))

    @property
    def metric(self) -> str:
        """Name of the figure of a training run."""
        return f"{self.what}: {self.unit}" if self.what else f"training, {self.unit}"

    @property
    def fresh(self) -> bool:
        """Whether each repetition needs a new process, since peak memory never decreases."""
        return self.work == "memory"

    @property
    def max_repetitions(self) -> int | None:
        """Maximum number of repetitions: a recipe has one for each of five seeds."""
        return 5 if self.work == "recipe" else None

    def figure(self, seconds: float) -> float:
        """Convert the seconds of one training step to the unit."""
        if self.unit == "images per second":
            return self.batch / seconds
        return 1e3 * seconds / (self.batch if self.unit == "ms per image" else 1)


@dataclass(frozen=True)
class Case:
    """A section of the page: its title and its measurements."""

    title: str
    measurements: tuple[Measurement, ...]


def more_is_better(metric: str) -> bool:
    """Return whether larger figures are better."""
    return "images per second" in metric or "accuracy" in metric


_TENFOLD = Subject("tenfold")
_ONE_THREAD = modes("pytorch", "1 thread", "1 thread, channels-last")
_TWO_THREADS = modes("pytorch", "2 threads", "2 threads, channels-last")
_DENSE = (
    _TENFOLD,
    *modes("pytorch", "1 thread", "2 threads"),
    *modes("jax", "per step", "scan"),
    Subject("scikit-learn"),
    Subject("neuralnetlib"),
    *modes("blas", "1 thread", "2 threads", "2 halves"),
)
_CONVOLUTIONAL = (
    _TENFOLD,
    *_ONE_THREAD,
    *_TWO_THREADS,
    Subject("neuralnetlib"),
    *modes("blas", "1 thread", "2 halves"),
)
_STATEMENTS = (
    *("import tenfold", "tenfold --help", "import tenfold.training", "pass", "import numpy"),
    *("import torch", "import jax", "import sklearn", "import sklearn.neural_network"),
)


def _net(net: str) -> Case:
    """Return training and inference of one net by all libraries that support it."""
    subjects = _DENSE if is_dense(net) else _CONVOLUTIONAL
    predicting = tuple(dict.fromkeys(map(_predicting, subjects)))
    counts = (1, 32, 1000, 10_000) if net == "lenet" else (1, 32, 1000)
    training = Measurement(net, "training", subjects, net)
    return Case(
        TITLES[net], (training, Measurement(net, "inference", predicting, net, counts=counts))
    )


def _predicting(subject: Subject) -> Subject:
    return Subject("jax") if subject.library == "jax" else subject  # its modes are for training


def _speed(net: str, batch: int, mode: str = "") -> Measurement:
    peers = _ONE_THREAD if mode == "1 thread" else _TWO_THREADS
    return Measurement(
        case="scaling",
        work="training",
        subjects=(Subject("tenfold", mode), *peers),
        net=net,
        batch=batch,
        what=f"{net}, batch {batch}" + (f", {mode}" if mode else ""),
        unit="images per second",
    )


def _scaling(net: str) -> list[Measurement]:
    """Return trainings with several batch sizes, and with one or two threads."""
    by_batch = [_speed(net, batch) for batch in (32, 128, 512)]
    return by_batch + [_speed(net, 128, mode) for mode in ("1 thread", "2 threads")]


def _image_size(size: int) -> Measurement:
    """Return a training with images of size x size pixels."""
    return Measurement(
        case="image-size",
        work="training",
        subjects=(_TENFOLD, *_TWO_THREADS),
        net="stack",
        size=size,
        what=f"{size} x {size} pixels",
        unit="ms per image",
    )


CASES = {
    **{net: _net(net) for net in ("mlp-small", "mlp-wide", "lenet", "vgg")},
    "scaling": Case(
        "training with several batch sizes, and with one or two threads. If a heading gives no "
        "number of threads, all cores of the machine were used. So on two cores, 'batch 128' and "
        "'batch 128, 2 threads' are the same measurement at two times. Their difference shows how "
        "much the speed of the machine varies",
        (*_scaling("lenet"), *_scaling("vgg")),
    ),
    "image-size": Case(
        f"training with larger images: {TITLES['stack']}",
        tuple(_image_size(size) for size in (28, 56, 112)),
    ),
    "memory": Case(
        "peak memory of a process that trains vgg, with all 60,000 images loaded",
        (Measurement("memory", "memory", (_TENFOLD, *_TWO_THREADS), "vgg"),),
    ),
    "start-up": Case(
        "time from the start to the end of a process",
        (Measurement("start-up", "start-up", modes("python", *_STATEMENTS)),),
    ),
    "lenet-epoch": Case(
        "one epoch of lenet, random seeds 0 to 4: Adam with betas 0.7 and 0.9, one cycle up to "
        "0.01, batch 256, weights and biases uniform on ±1/√fan_in",
        (Measurement("lenet-epoch", "recipe", (_TENFOLD, *_TWO_THREADS), "lenet", 256),),
    ),
}
"""The cases by name, in the order of the page."""


def find(name: str) -> Measurement:
    """Return the measurement with a name."""
    every = (m for case in CASES.values() for m in case.measurements)
    return next(m for m in every if m.name == name)
