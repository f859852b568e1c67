"""What makes a file of this folder a subject: it prepares, and measures whenever it is asked.

A subject is started with its mode and the name of a measurement. It prints "ready" when prepared
and warm; for each line on its input, the number of the repetition, it measures once and prints
the figures as a JSON object. In between it waits for the next line, which costs nothing, so that
subjects that alternate do not disturb each other.
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
    """What a library can do. Each is given the mode and the measurement.

    Attributes:
        training: begins a training.
        inference: returns what answers so many images.
        recipe: returns a whole training.
        start_up: returns what starts a process and waits for its end.
    """

    training: Callable[[str, Measurement], Training] | None = None
    inference: Callable[[str, Measurement], Callable[[int], object]] | None = None
    recipe: Callable[[str, Measurement], Recipe] | None = None
    start_up: Callable[[str], Callable[[], object]] | None = None


def serve(abilities: Abilities) -> None:
    """Be the subject that the command line names, until the input ends."""
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
    sys.exit(f"{sys.argv[0]} cannot do what is asked of it: {m.name}")
