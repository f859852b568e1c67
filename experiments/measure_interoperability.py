"""Compare exported models with the library, and the scikit-learn classifier with MLPClassifier.

    python -m experiments.measure_interoperability            all parts
    python -m experiments.measure_interoperability onnx c     some parts

The parts are onnx, html, c, torch (needs PyTorch) and sklearn. Writes
experiments/interoperability.json and fills the tables of docs/interoperability.md. The networks
quick, mlp and tiny (8 epochs) are trained first, and kept in runs/interoperability. Times are those
of the processor, not of the clock.
"""

import argparse
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from experiments.exported import (
    Answers,
    back_from_torch,
    c_answers,
    html_answers,
    onnx_answers,
    torch_answers,
)
from experiments.fill_tables import fill
from experiments.results import FOLDER, read_results, report, write_results
from tenfold.data import load_mnist
from tenfold.models import Model, find_model
from tenfold.nn import stream
from tenfold.nn.array import Array
from tenfold.recipes import RECIPES
from tenfold.runs import Run, create_run, describe_environment, execute

__all__ = ["PARTS", "main"]

_RUNS = FOLDER.parent / "runs" / "interoperability"


def model_of(name: str) -> Model:
    """Return the bundled model ``standard``, or another recipe trained with seed 0."""
    if name == "standard":
        return find_model(name)
    folder = _RUNS / name
    if not (folder / "metrics.json").exists():
        recipe = replace(RECIPES[name], epochs=8) if name == "tiny" else RECIPES[name]
        run = create_run(Run(recipe, 0, folder))
        report(f"training {name} ...")
        for _ in execute(run, run.recipe.source.load()):
            pass
    return find_model(folder)


def compared(
    name: str, count: int, answer: Callable[[Model, Array, Path], Answers]
) -> dict[str, Any]:
    """Return how the answers of an exported model differ from those of the library."""
    model, images = model_of(name), load_mnist("test").images[:count]
    with tempfile.TemporaryDirectory() as folder:
        found = answer(model, images, Path(folder))
    return differences(name, model, images, found)


def differences(name: str, model: Model, images: Array, found: Answers) -> dict[str, Any]:
    """Return how answers differ from those of a model."""
    expected = model.predict(images)
    row = {
        "model": name,
        "images": len(images),
        "difference": float(np.abs(found.probabilities - expected.probabilities).max()),
        "other_digits": int((found.digit != expected.digit).sum()),
        "other_unsure": None
        if found.unsure is None
        else int((found.unsure != expected.unsure).sum()),
        "bytes": found.size,
    }
    report(str(row))
    return row


def _onnx() -> Iterator[dict[str, Any]]:
    for name in ("standard", "quick", "mlp"):
        yield {"format": "ONNX", **compared(name, 10_000, onnx_answers)}


def _html() -> Iterator[dict[str, Any]]:
    for weights in ("float32", "int8"):
        row = compared("standard", 2000, partial(html_answers, weights=weights))
        yield {"format": f"HTML, {weights}", **row}


def _c() -> Iterator[dict[str, Any]]:
    for name in ("tiny", "quick"):
        for weights in ("float32", "int16", "int8"):
            row = compared(name, 1000, partial(c_answers, weights=weights, optimized=True))
            yield {"format": f"C, {weights}", **row}


def _torch() -> Iterator[dict[str, Any]]:
    for name in ("standard", "quick", "mlp"):
        yield {"format": "PyTorch", **compared(name, 1000, torch_answers)}
        images = load_mnist("test").images[:1000]
        with tempfile.TemporaryDirectory() as folder:
            back, found = back_from_torch(model_of(name), images, Path(folder))
        yield {"format": "back from PyTorch", **differences(name, back, images, found)}


def _sklearn() -> Iterator[dict[str, Any]]:
    """Yield accuracy and time on scikit-learn's digits, and the result of a search on MNIST."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from tenfold.adapters import TenfoldClassifier

    x, y = load_digits(return_X_y=True)
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    classifiers = {
        "TenfoldClassifier()": TenfoldClassifier(),
        "MLPClassifier()": MLPClassifier(random_state=0),
        "StandardScaler, MLPClassifier()": make_pipeline(
            StandardScaler(), MLPClassifier(random_state=0)
        ),
    }
    for name, classifier in classifiers.items():
        start = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # MLPClassifier may not converge
            scores = cross_val_score(classifier, x, y, cv=folds)
        row = {"classifier": name, "accuracy": scores.mean(), "deviation": scores.std(ddof=1)}
        row |= {"cpu_seconds": time.process_time() - start}
        report(str(row))
        yield row
    yield _search()


def _search() -> dict[str, Any]:
    """Return the best settings of a search over a pipeline, on a DataFrame of MNIST's images."""
    import pandas as pd
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    from tenfold.adapters import DigitClassifier

    train = load_mnist("train")
    rows = stream(0, "search").permutation(len(train))[:5000]
    frame = pd.DataFrame(train.images[rows].reshape(len(rows), -1))
    frame.columns = [f"pixel{i}" for i in range(784)]
    pipeline = make_pipeline(FunctionTransformer(), DigitClassifier("mlp"))
    grid: dict[str, list[Any]] = {
        "digitclassifier__hidden": [(64,), (128, 64)],
        "digitclassifier__epochs": [10],
    }
    start = time.process_time()
    search = GridSearchCV(pipeline, grid, cv=3).fit(frame, train.require_labels()[rows])
    row = {
        "search": {key: list(values) for key, values in grid.items()},
        "best": {key: str(value) for key, value in search.best_params_.items()},
        "accuracy": float(search.best_score_),
        "cpu_seconds": time.process_time() - start,
    }
    report(str(row))
    return row


PARTS: dict[str, Callable[[], Iterator[dict[str, Any]]]] = {
    "onnx": _onnx,
    "html": _html,
    "c": _c,
    "torch": _torch,
    "sklearn": _sklearn,
}
"""The parts of the measurement, by name."""


def main(arguments: list[str]) -> None:
    """Measure the parts that are given, or all of them; write and fill the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    for name in parser.parse_args(arguments).parts or list(PARTS):
        part = {"environment": describe_environment(), "rows": list(PARTS[name]())}
        parts = read_results("interoperability").get("parts", {})
        write_results(
            "interoperability", environment=describe_environment(), parts=parts | {name: part}
        )
    fill()


if __name__ == "__main__":
    main(sys.argv[1:])
