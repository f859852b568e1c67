"""The kinds of measurement: each turns what a library can do into figures, again and again."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from benchmarks.cases import Measurement
from benchmarks.subjects.clock import nothing, seconds, timed

__all__ = [
    "Figures",
    "Measure",
    "Recipe",
    "Training",
    "of_inference",
    "of_memory",
    "of_recipe",
    "of_start_up",
    "of_training",
]

Figures: TypeAlias = dict[str, float]
Measure: TypeAlias = Callable[[int], Figures]
"""Measures once, given the number of the repetition, and returns figures by their metric."""

_MEMORY_STEPS = 24  # each layer's buffers exist after the first; the rest is for what might grow
_WARM_UP = 1024  # images of the epoch that does not count
_MANY = 10_000  # images from which on seconds are told, not milliseconds


@dataclass(frozen=True)
class Training:
    """A training under way.

    Attributes:
        advance: takes the next steps.
        steps: how many of them at a time.
        settle: waits until they are really done.
    """

    advance: Callable[[], object]
    steps: int = 1
    settle: Callable[[], object] = nothing


@dataclass(frozen=True)
class Recipe:
    """A whole training, with its examination.

    Attributes:
        train: makes a network from a random seed and trains it on the first so many images.
        accuracy: of the latest network, on the test images.
    """

    train: Callable[[int, int], object]
    accuracy: Callable[[], float]


def of_training(training: Training, m: Measurement) -> Measure:
    """Measure a step, in the measurement's unit."""
    clock = timed(training.advance, training.settle)
    return lambda repetition: {m.metric: m.figure(clock() / training.steps)}


def of_inference(answer: Callable[[int], object], m: Measurement) -> Measure:
    """Measure the answer to each number of images that the measurement names."""
    clocks = {count: timed(partial(answer, count)) for count in m.counts}

    def measure(repetition: int) -> Figures:
        found = {}
        for count, clock in clocks.items():
            images, many = "image" if count == 1 else "images", count >= _MANY
            metric = f"inference of {count:,} {images}, {'seconds' if many else 'ms'}"
            found[metric] = clock() * (1 if many else 1e3)
        return found

    return measure


def of_memory(training: Training) -> Measure:
    """Measure the most memory that the process has had, with a training under way."""
    for _ in range(_MEMORY_STEPS):
        training.advance()
    training.settle()
    import resource  # not on Windows, where everything else can be measured

    unit = 1 if sys.platform == "darwin" else 1024  # bytes that ru_maxrss counts in

    def measure(repetition: int) -> Figures:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"peak memory, MB": peak * unit / 1e6}

    return measure


def of_recipe(recipe: Recipe) -> Measure:
    """Measure an epoch over all images, and what it reaches; the repetition is the random seed."""
    recipe.train(0, _WARM_UP)

    def measure(repetition: int) -> Figures:
        took = seconds(partial(recipe.train, repetition, 60_000))
        return {"seconds per epoch": took, "test accuracy, %": 100 * recipe.accuracy()}

    return measure


def of_start_up(start: Callable[[], object]) -> Measure:
    """Measure a process from start to end; the first time, which fills the disk's cache, is not."""
    start()
    return lambda repetition: {"ms in a fresh process": 1e3 * seconds(start)}
