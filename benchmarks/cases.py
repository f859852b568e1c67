"""What is measured: the cases, each one or more measurements of subjects side by side."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from benchmarks.libraries import Subject, modes
from benchmarks.nets import TITLES, is_dense

__all__ = ["CASES", "Case", "Measurement", "find", "more_is_better"]

Work: TypeAlias = Literal["training", "inference", "memory", "recipe", "start-up"]
Unit: TypeAlias = Literal["ms per step", "images per second", "ms per image"]


@dataclass(frozen=True)
class Measurement:
    """What subjects do side by side, in turn.

    Attributes:
        case: the part of the table that it belongs to.
        work: what they do.
        subjects: the first is tenfold's own, and ratios are to it.
        net: a key of ``NETS``.
        batch: images per training step.
        size: of the images, in pixels.
        counts: how many images are answered at once, for inference.
        what: tells it from others of its case.
        unit: of a training's figure.
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
        """By which a subject is told what to do; no other measurement has it."""
        return ": ".join(filter(None, (self.case, self.work, self.what)))

    @property
    def metric(self) -> str:
        """What a training's figure is called."""
        return f"{self.what}: {self.unit}" if self.what else f"training, {self.unit}"

    @property
    def fresh(self) -> bool:
        """Whether each repetition needs a process of its own: peak memory only ever grows."""
        return self.work == "memory"

    @property
    def most(self) -> int | None:
        """How many repetitions there are at most: a recipe has one for each of five seeds."""
        return 5 if self.work == "recipe" else None

    def figure(self, seconds: float) -> float:
        """Turn the seconds of one training step into the unit."""
        if self.unit == "images per second":
            return self.batch / seconds
        return 1e3 * seconds / (self.batch if self.unit == "ms per image" else 1)


@dataclass(frozen=True)
class Case:
    """A part of the page: what it is about, and what is measured."""

    title: str
    measurements: tuple[Measurement, ...]


def more_is_better(metric: str) -> bool:
    """Return whether a larger figure is a better one."""
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
    """Training and inference of one net, by everybody who can."""
    subjects = _DENSE if is_dense(net) else _CONVOLUTIONAL
    answering = tuple(dict.fromkeys(map(_answering, subjects)))
    counts = (1, 32, 1000, 10_000) if net == "lenet" else (1, 32, 1000)
    training = Measurement(net, "training", subjects, net)
    return Case(
        TITLES[net], (training, Measurement(net, "inference", answering, net, counts=counts))
    )


def _answering(subject: Subject) -> Subject:
    return Subject("jax") if subject.library == "jax" else subject  # its modes are to train


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
    """Training with other batches, and with one thread or two."""
    by_batch = [_speed(net, batch) for batch in (32, 128, 512)]
    return by_batch + [_speed(net, 128, mode) for mode in ("1 thread", "2 threads")]


def _growing(size: int) -> Measurement:
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
        "training with other batches, and with one thread or two",
        (*_scaling("lenet"), *_scaling("vgg")),
    ),
    "image-size": Case(
        f"training while images grow: {TITLES['stack']}",
        tuple(_growing(size) for size in (28, 56, 112)),
    ),
    "memory": Case(
        "the most memory that a process takes to train vgg, all 60,000 images loaded",
        (Measurement("memory", "memory", (_TENFOLD, *_TWO_THREADS), "vgg"),),
    ),
    "start-up": Case(
        "from nothing to the end of a process",
        (Measurement("start-up", "start-up", modes("python", *_STATEMENTS)),),
    ),
    "lenet-epoch": Case(
        "one epoch of lenet, random seeds 0 to 4: Adam with betas 0.7 and 0.9, one cycle up to "
        "0.01, batch 256, weights and biases uniform on ±1/√fan_in",
        (Measurement("lenet-epoch", "recipe", (_TENFOLD, *_TWO_THREADS), "lenet", 256),),
    ),
}
"""Every case by its name, in the order of the page."""


def find(name: str) -> Measurement:
    """Return the measurement of that name."""
    every = (m for case in CASES.values() for m in case.measurements)
    return next(m for m in every if m.name == name)
