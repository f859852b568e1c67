"""The kinds of measurement, from the functions of a library to figures."""

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
"""Measures once, given the number of the repetition, and returns the figures by metric."""

_MEMORY_STEPS = 24  # buffers exist after the first step; the others would show a growth
_WARM_UP = 1024  # images of the epoch for warming up, which is not measured
_MANY = 10_000  # from this number of images on, the unit is seconds instead of ms


@dataclass(frozen=True)
class Training:
    """A training that can be continued step by step.

    Attributes:
        advance: Takes the next steps.
        steps: Number of steps that ``advance`` takes.
        settle: Waits until they are finished.
    """

    advance: Callable[[], object]
    steps: int = 1
    settle: Callable[[], object] = nothing


@dataclass(frozen=True)
class Recipe:
    """A whole training with its evaluation.

    Attributes:
        train: Trains a new network; takes a random seed and the number of images.
        accuracy: Returns the accuracy of the latest network on the test images.
    """

    train: Callable[[int, int], object]
    accuracy: Callable[[], float]


def of_training(training: Training, m: Measurement) -> Measure:
    """Measure a training step, in the unit of the measurement."""
    clock = timed(training.advance, training.settle)
    return lambda repetition: {m.metric: m.figure(clock() / training.steps)}


def of_inference(predict: Callable[[int], object], m: Measurement) -> Measure:
    """Measure the prediction of each number of images in ``m.counts``."""
    clocks = {count: timed(partial(predict, count)) for count in m.counts}

    def measure(repetition: int) -> Figures:
        found = {}
        for count, clock in clocks.items():
            images, many = "image" if count == 1 else "images", count >= _MANY
            metric = f"inference of {count:,} {images}, {'seconds' if many else 'ms'}"
            found[metric] = clock() * (1 if many else 1e3)
        return found

    return measure


def of_memory(training: Training) -> Measure:
    """Measure the peak memory of the process during a training."""
    for _ in range(_MEMORY_STEPS):
        training.advance()
    training.settle()
    import resource  # not on Windows, where everything else can be measured

    unit = 1 if sys.platform == "darwin" else 1024  # bytes per unit of ru_maxrss

    def measure(repetition: int) -> Figures:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"peak memory, MB": peak * unit / 1e6}

    return measure


def of_recipe(recipe: Recipe) -> Measure:
    """Measure seconds and accuracy of one epoch; the repetition is the random seed."""
    recipe.train(0, _WARM_UP)

    def measure(repetition: int) -> Figures:
        took = seconds(partial(recipe.train, repetition, 60_000))
        return {"seconds per epoch": took, "test accuracy, %": 100 * recipe.accuracy()}

    return measure


def of_start_up(start: Callable[[], object]) -> Measure:
    """Measure a process from start to end; the first, which fills the disk cache, is skipped."""
    start()
    return lambda repetition: {"ms in a fresh process": 1e3 * seconds(start)}
