"""The protocol between a subject's process and ``worker.py``.

A subject is started with its mode and the name of a measurement. It prints "ready" when it is
prepared and warmed up. For each line on its input, the number of the repetition, it measures once
and prints the figures as a JSON object. In between it waits for the next line without using the
processor, so that alternating subjects do not disturb each other.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.cases import Measurement, find
from benchmarks.subjects.measures import (
    Measure,
    Recipe,
    Training,
    of_inference,
    of_memory,
    of_recipe,
    of_start_up,
    of_training,
)

__all__ = ["Abilities", "serve"]


@dataclass(frozen=True)
class Abilities:
    """The work that a library can do; each function gets the mode and the measurement.

    Attributes:
        training: Returns a training.
        inference: Returns a function that predicts a given number of images.
        recipe: Returns a whole training.
        start_up: Returns a function that starts a process and waits for its end.
    """

    training: Callable[[str, Measurement], Training] | None = None
    inference: Callable[[str, Measurement], Callable[[int], object]] | None = None
    recipe: Callable[[str, Measurement], Recipe] | None = None
    start_up: Callable[[str], Callable[[], object]] | None = None


def serve(abilities: Abilities) -> None:
    """Serve measurements of the subject that the command line names, until the input ends."""
    mode, name = sys.argv[1:]
    measure = _prepared(abilities, mode, find(name))
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(measure(int(line))), flush=True)


def _prepared(abilities: Abilities, mode: str, m: Measurement) -> Measure:
    match m.work:
        case "training" if abilities.training:
            return of_training(abilities.training(mode, m), m)
        case "memory" if abilities.training:
            return of_memory(abilities.training(mode, m))
        case "inference" if abilities.inference:
            return of_inference(abilities.inference(mode, m), m)
        case "recipe" if abilities.recipe:
            return of_recipe(abilities.recipe(mode, m))
        case "start-up" if abilities.start_up:
            return of_start_up(abilities.start_up(mode))
    sys.exit(f"{sys.argv[0]} does not support the measurement {m.name}")
