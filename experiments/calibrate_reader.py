"""Fit the confidence of ``tenfold.read`` on the development pictures of the benchmark.

    python -m experiments.calibrate_reader               all conditions
    python -m experiments.calibrate_reader --count 10    fewer pictures of each condition

The pictures come from another composer and other writers than the training images. Each reading is
used twice: as it is, and without the doubtful digits that ``tenfold.read`` leaves out (the final
reading; the existing calibration decides which digits these are). Digits that look like something
else (``look_like_others``), such as circles, are not used: they are always unsure.

The weights of ``tenfold.reading.confidence`` are fitted on all pictures, so that each condition
counts the same. The thresholds are chosen on those digits of the final readings that can be
accepted: the digits of lines in which no ink was left out that may be a digit. A threshold depends
on the upper end of the exact one-sided 95% interval (Clopper and Pearson) of the error rate. For
this choice, the confidence of a digit comes from a fit on the half of the pictures that does not
contain the digit.

The final pictures of the benchmark are not used. Writes src/tenfold/reading/calibration.json, and
prints the conditions in which this promise is not kept: of the digits with confidence c or more, at
least the share c is right.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from benchmarks.reading import compose
from benchmarks.reading.compose.canvas import Truth

from experiments.results import FOLDER
from tenfold.evaluation import unsure_threshold
from tenfold.files import write_json
from tenfold.nn.array import Array
from tenfold.reading.confidence import FEATURES, Calibration, digit_features, load_calibration
from tenfold.reading.doubtful import UNREAD, look_like_others, without_doubtful
from tenfold.reading.picture import load_picture
from tenfold.reading.pictures import read_loaded, to_picture

TARGET = FOLDER.parent / "src" / "tenfold" / "reading" / "calibration.json"
RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)  # error rates of the thresholds
SEED = 2024
LARGE = ("phone", "tiny")  # pictures of up to 12 megapixels: fewer of them
PENALTY = 1e-3  # PENALTY / 2 times the sum of the squared weights is added to the mean loss
LEVELS = (0.9, 0.95, 0.99)  # confidences for which the promise is checked


class Row(NamedTuple):
    """A digit that was read.

    Attributes:
        features: Its features.
        right: Whether it is right.
        acceptable: Whether it is in the final reading and can be accepted there.
    """

    features: Array
    right: bool
    acceptable: bool


def cases(count: int) -> list[tuple[str, tuple[Any, ...], dict[str, Any]]]:
    """Return the name of the generator, its arguments and its options, for each set of pictures."""
    found: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
    for condition in compose.CONDITIONS:
        number = max(1, count // 5) if condition in LARGE else count
        sources = ("pen",) if condition == "one pixel" else ("mnist", "pen")
        found += [("singles", (condition, SEED, number), {"source": s}) for s in sources]
    found += [("stored", (c, SEED, 2 * count), {}) for c in compose.STORED]
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
    """Return the digits that were read in each picture of a set."""
    name, arguments, options = case
    pictures = getattr(compose, name)(*arguments, half="dev", **options)
    return [list(_rows(picture, truth)) for picture, truth in pictures]


def _rows(picture: Array, truth: Truth) -> Iterator[Row]:
    working, result = read_loaded(load_picture(picture))
    if result is None:
        return
    final, _ = without_doubtful(result, load_calibration())
    for reading, is_final in ((result, False), (final, True)):
        features = digit_features(reading)
        for found, row, other in zip(
            reading.digits, features, look_like_others(reading), strict=True
        ):
            if not other:
                box = to_picture(found.candidate, reading, working)
                acceptable = is_final and reading.missing[found.line] < UNREAD
                yield Row(row, str(found.arc.digit) == _text_at(box, truth), acceptable)


def _text_at(box: tuple[int, int, int, int], truth: Truth) -> str:
    """Return the text of the mark whose main part is in a box; empty if there is not exactly one.

    The main part is half of the mark's box, or a fifth of it if the box contains its centre: the
    box of a skewed mark is larger than its ink.
    """
    x, y, width, height = box
    texts = []
    for mark in truth.marks:
        left, top, w, h = mark.box
        across = min(x + width, left + w) - max(x, left)
        down = min(y + height, top + h) - max(y, top)
        share = max(across, 0) * max(down, 0) / max(w * h, 1)
        centred = x <= left + w / 2 <= x + width and y <= top + h / 2 <= y + height
        if share >= 0.5 or (centred and share >= 0.2):
            texts.append(mark.text)
    return texts[0] if len(texts) == 1 else ""


def fit(features: Array, right: Array, weight: Array) -> tuple[Array, float]:
    """Return w and b of the logistic regression p = 1 / (1 + exp(-(x w + b))), by Newton's method.

    Args:
        features: The features x of each digit, (N, F).
        right: Whether each digit is right, (N,).
        weight: The weight of each digit in the loss, (N,).
    """
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
            right = [row.right for rows in pictures for row in rows if row.acceptable]
            wrong = len(right) - sum(right)
            print(f"{_name(case)}: {len(right)} can be accepted, {wrong} wrong", flush=True)
    calibrate([_name(case) for case in sets], found)


def _name(case: tuple[str, tuple[Any, ...], dict[str, Any]]) -> str:
    return " ".join((case[0], case[1][0], *case[2].values()))


def calibrate(names: list[str], found: list[list[list[Row]]]) -> None:
    """Fit the weights, choose the thresholds, write them, and print where the promise fails.

    Args:
        names: Name of each set of pictures.
        found: Their digits, for each picture.
    """
    rows, weight, half = _arrays(found)
    features = np.array([row.features for row in rows])
    right, acceptable = (np.array([row[i] for row in rows]) for i in (1, 2))
    confidence = np.empty(len(right))
    for part in (half, ~half):
        weights, bias = fit(features[~part], right[~part], weight[~part])
        confidence[part] = Calibration(tuple(weights), bias, ()).confidence(features[part])
    weights, bias = fit(features, right, weight)
    chosen = {
        str(rate): threshold
        for rate in RATES
        if (threshold := unsure_threshold(confidence[acceptable], right[acceptable], rate))
        is not None
    }
    content = {
        "weights": dict(zip(FEATURES, map(float, weights), strict=True)),
        "bias": bias,
        "thresholds": chosen,
        "digits": int(acceptable.sum()),
        "right": int(right[acceptable].sum()),
    }
    write_json(TARGET, content)
    print(json.dumps(content, indent=2))
    set_names = [
        name for name, pictures in zip(names, found, strict=True) for rows in pictures for _ in rows
    ]
    _print_failures(np.array(set_names)[acceptable], confidence[acceptable], right[acceptable])


def _print_failures(names: Array, confidence: Array, right: Array) -> None:
    """Print for each level how many digits are right, and the sets with fewer than promised."""
    for level in LEVELS:
        confident = confidence >= level
        share = right[confident].mean()
        print(f"confidence {level} or more: {confident.sum()} digits, {share:.2%} right")
        for name in sorted(set(names[confident].tolist())):
            of_set = right[confident & (names == name)]
            if of_set.mean() < level:
                print(f"  {name}: {of_set.sum()} of {len(of_set)}")


def _arrays(found: list[list[list[Row]]]) -> tuple[list[Row], Array, Array]:
    """Return the digits, the weight of each, and whether it is in the first half of the pictures.

    The digits of each set of pictures have the same total weight. The halves are random.
    """
    rng = np.random.default_rng(0)
    rows, weight, half = [], [], []
    for pictures in found:
        count = sum(map(len, pictures))
        for digits in pictures:
            rows += digits
            weight += [1 / count] * len(digits)
            half += [rng.random() < 0.5] * len(digits)
    return rows, np.array(weight) * len(weight) / sum(weight), np.array(half)


if __name__ == "__main__":
    main(sys.argv[1:])
