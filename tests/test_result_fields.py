"""The fields of classes that hold results are checked as the arguments of functions are."""

import dataclasses
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold import doctor, evaluation, inspection, models, reading, runs, training
from tenfold.errors import TenfoldError

ROOMS = ("images", "data", "models", "evaluation", "training", "inspection", "runs", "doctor")
UNCHECKED = {"StepRecord"}  # made at every training step


def classes() -> Iterator[type[Any]]:
    for room in (*ROOMS, "reading"):
        module = importlib.import_module(f"tenfold.{room}")
        for name in module.__all__:
            kind = getattr(module, name)
            if inspect.isclass(kind) and dataclasses.is_dataclass(kind) and name not in UNCHECKED:
                yield kind


@pytest.mark.parametrize("kind", list(classes()), ids=lambda kind: kind.__name__)
def test_a_wrong_field_is_named(kind: type[Any]) -> None:
    names = [field.name for field in dataclasses.fields(kind) if field.init]
    with pytest.raises(
        (ValueError, TenfoldError), match=rf"\b({'|'.join(names)})\b.* must be .+, got "
    ) as error:
        kind(**dict.fromkeys(names, object()))
    assert "object at 0x" not in str(error.value)


RATES = (np.ones(10), np.ones(10), np.ones(10))
ONES = np.ones(2)


@pytest.mark.parametrize(
    ("kind", "values", "message"),
    [
        (
            evaluation.ClassMetrics,
            (*RATES, "many", np.ones(10)),
            "support must be a NumPy array, got 'many'",
        ),
        (
            evaluation.RiskCoverage,
            (ONES, [1, 2], ONES),
            "accepted must be a NumPy array, got list",
        ),
        (evaluation.Spread, (2.5, 0.9, 0.1, (0.8, 1.0)), "n must be a whole number, got 2.5"),
        (
            models.Predictions,
            ("0.9", np.zeros(1, bool), None, ("0",)),
            "probabilities must be a NumPy array, got '0.9'",
        ),
        (
            training.EpochRecord,
            (1, 1, None, 0.5, 0.1, None, None),
            "train_loss must be a number, got None",
        ),
        (inspection.Timing, ("dense", "fast"), "forward must be a number, got 'fast'"),
        (doctor.Examination, ("a", "b", ()), "checked must be a list .*, got 'b'"),
        (reading.Reading, (7, (), (1, 1), ""), "digits must be a list .*, got 7"),
        (runs.RunSummary, (Path("a"), "finished", 3), "recipe must be a string, got 3"),
    ],
)
def test_the_field_and_its_value_are_in_the_message(
    kind: Any, values: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        kind(*values)


def test_numbers_of_numpy_are_numbers() -> None:
    numbers: tuple[Any, ...] = (np.int64(2), np.float64(0.9), np.float32(0.5), (0.5, 1.0))
    spread = evaluation.Spread(*numbers)
    assert (type(spread.n), spread.standard_deviation) == (int, 0.5)
