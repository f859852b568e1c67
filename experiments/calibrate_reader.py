"""Fit the confidence of ``tenfold.read`` on the development pictures of the benchmark.

    python -m experiments.calibrate_reader               all conditions
    python -m experiments.calibrate_reader --count 10    fewer pictures of each condition

The pictures come from another composer and other writers than the training images. All of them fit
the weights of ``tenfold.reading.confidence``, each condition with the same weight. The thresholds
are chosen by the upper end of the exact one-sided 95% interval (Clopper and Pearson). For them,
the confidence of a digit comes from a fit on the half of the pictures that it is not part of. The
final pictures of the benchmark are not used. Writes src/tenfold/reading/calibration.json.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
from benchmarks.reading import compose
from benchmarks.reading.compose.canvas import Truth

from experiments.results import FOLDER
from tenfold.evaluation import unsure_threshold
from tenfold.files import write_json
from tenfold.nn.array import Array
from tenfold.reading.confidence import FEATURES, Calibration, digit_features
from tenfold.reading.picture import load_picture
from tenfold.reading.pictures import to_picture
from tenfold.reading.working import bundled_recogniser, read_working

TARGET = FOLDER.parent / "src" / "tenfold" / "reading" / "calibration.json"
RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
SEED = 2024
LARGE = ("phone", "tiny")  # pictures of up to 12 megapixels: fewer of them
PENALTY = 1e-3
Row = tuple[Array, bool]


def cases(count: int) -> list[tuple[str, tuple[Any, ...], dict[str, Any]]]:
    """Return the generator, its arguments and its options of each set of pictures."""
    found: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
    for condition in compose.CONDITIONS:
        number = max(1, count // 5) if condition in LARGE else count
        sources = ("pen",) if condition == "one pixel" else ("mnist", "pen")
        found += [("singles", (condition, SEED, number), {"source": s}) for s in sources]
    found += [("enlarged", (c, SEED, 2 * count), {}) for c in compose.ENLARGED]
    for kind in ("pen flags", "pen crossed"):
        found.append(("singles", ("plain", SEED, count), {"source": kind}))
    for condition in compose.LINES:
        sources = ("pen",) if condition == "one pixel" else ("mnist", "pen")
        found += [("lines", (condition, SEED, count // 2), {"source": s}) for s in sources]
    found += [("pages", (page, SEED, max(1, count // 5)), {}) for page in compose.PAGES]
    found += [("nondigits", (kind, SEED, 2 * count), {}) for kind in compose.NONDIGITS]
    return found


def rows_of(case: tuple[str, tuple[Any, ...], dict[str, Any]]) -> list[list[Row]]:
    """Return the digits that were read in each picture of a set: features, and if it is correct."""
    name, arguments, options = case
    pictures = getattr(compose, name)(*arguments, half="dev", **options)
    return [list(_rows(picture, truth)) for picture, truth in pictures]


def _rows(picture: Array, truth: Truth) -> Iterator[Row]:
    working, result = read_working(load_picture(picture), bundled_recogniser())
    if result is None:
        return
    for found, features in zip(result.digits, digit_features(result), strict=True):
        box = to_picture(found.candidate, result, working)
        yield features, str(found.arc.digit) == _text_at(box, truth)


def _text_at(box: tuple[int, int, int, int], truth: Truth) -> str:
    """Return what is written in a box: the mark of which it holds at least half, if it is one."""
    x, y, width, height = box
    texts = []
    for mark in truth.marks:
        left, top, w, h = mark.box
        across = min(x + width, left + w) - max(x, left)
        down = min(y + height, top + h) - max(y, top)
        if across > 0 and down > 0 and across * down >= max(w * h, 1) / 2:
            texts.append(mark.text)
    return texts[0] if len(texts) == 1 else ""


def fit(features: Array, right: Array, weight: Array) -> tuple[Array, float]:
    """Return w and b of the logistic regression, by Newton's method."""
    x = np.column_stack([features, np.ones(len(features))])
    theta = np.zeros(x.shape[1])
    penalty = PENALTY * weight.sum() * np.append(np.ones(features.shape[1]), 0)
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ theta))
        gradient = x.T @ (weight * (p - right)) + penalty * theta
        curvature = (x * (weight * p * (1 - p))[:, np.newaxis]).T @ x + np.diag(penalty + 1e-9)
        step = np.linalg.solve(curvature, gradient)
        theta -= step
        if np.abs(step).max() < 1e-8:
            break
    return theta[:-1], float(theta[-1])


def main(arguments: list[str]) -> None:
    """Read the pictures, fit, choose the thresholds, and write all of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=40, help="pictures of each condition")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    sets = cases(options.count)
    found: list[list[list[Row]]] = []
    with ProcessPoolExecutor(options.processes) as pool:
        for case, pictures in zip(sets, pool.map(rows_of, sets), strict=True):
            found.append(pictures)
            digits = [right for rows in pictures for _, right in rows]
            wrong = len(digits) - sum(digits)
            print(
                f"{case[0]} {case[1][0]} {case[2]}: {len(digits)} digits, {wrong} wrong", flush=True
            )
    features, right, weight, half = _arrays(found)
    confidence = np.empty(len(right))
    for part in (half, ~half):
        weights, bias = fit(features[~part], right[~part], weight[~part])
        confidence[part] = Calibration(tuple(weights), bias, ()).confidence(features[part])
    weights, bias = fit(features, right, weight)
    chosen = {
        str(rate): threshold
        for rate in RATES
        if (threshold := unsure_threshold(confidence, right, rate)) is not None
    }
    content = {
        "weights": dict(zip(FEATURES, map(float, weights), strict=True)),
        "bias": bias,
        "thresholds": chosen,
        "digits": len(right),
        "right": int(right.sum()),
    }
    write_json(TARGET, content)
    print(json.dumps(content, indent=2))


def _arrays(found: list[list[list[Row]]]) -> tuple[Array, Array, Array, Array]:
    """Return the features, right or wrong, weight and half of each digit."""
    rng = np.random.default_rng(0)
    rows, weight, half = [], [], []
    for pictures in found:
        count = sum(map(len, pictures))
        for digits in pictures:
            rows += digits
            weight += [1 / count] * len(digits)
            half += [rng.random() < 0.5] * len(digits)
    weights = np.array(weight) * len(weight) / sum(weight)
    return np.array([f for f, _ in rows]), np.array([r for _, r in rows]), weights, np.array(half)


if __name__ == "__main__":
    main(sys.argv[1:])
