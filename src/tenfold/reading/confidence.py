r"""Confidence: the probability that a digit is correct, fitted on pictures with known digits.

The probability of an arc of the lattice (see ``tenfold.reading.lattice``) is too high for pictures
that differ from the training images. With features x of a digit and its picture, the confidence is

    c = 1 / (1 + exp(-(b + w . x))),

where b and w are fitted by logistic regression, with a small penalty on w; the target is whether
the digit is correct. The pictures for the fit differ from the training images: they are composed by
other code, and their digits were written by people whose writing is not in the training images.
``experiments/calibrate_reader.py`` writes b and w to ``calibration.json``, with a threshold for
each error rate. A digit whose confidence is below the threshold is unsure.

References:
    Platt, "Probabilistic outputs for support vector machines" (1999).
"""

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from tenfold.nn.array import Array
from tenfold.nn.constraints import Number
from tenfold.reading.quantiles import median, quantile

if TYPE_CHECKING:
    from tenfold.reading.result import Found, Result

__all__ = [
    "ERROR_RATE",
    "FEATURES",
    "Calibration",
    "confidences",
    "digit_features",
    "load_calibration",
]

ERROR_RATE = 0.01
"""Default of the target error rate: the share of wrong digits among the accepted digits."""

FEATURES = (
    "log odds",
    "log odds of the weakest digit",
    "log odds in other views",
    "mean log odds in other views",
    "log size",
    "thin strokes",
    "thick strokes",
    "faint",
    "several pieces",
    "touches the border",
    "light ink",
    "ink left out",
    "relative size",
    "fainter than others",
    "is a 1",
    "1s in the picture",
    "is a 1, ink left out",
    "is a 1, rules erased",
    "ink left out in its line",
    "all ink explained",
    "is a 1, all ink explained",
    "in MNIST's form",
    "is a 1, log of width per height",
)
"""Names of the features, in their order."""

_MOST_LOG_ODDS = 12.0
_RATE = Number("(0, 1)")


@dataclass(frozen=True)
class Calibration:
    """The fitted confidence and thresholds.

    Attributes:
        weights: w, one for each of ``FEATURES``.
        bias: b.
        thresholds: Pairs of an error rate and the confidence below which a digit is unsure, in
            increasing order of the rates.
    """

    weights: tuple[float, ...]
    bias: float
    thresholds: tuple[tuple[float, float], ...]

    def confidence(self, features: Array) -> Array:
        """Return the confidence (N,) of digits with features (N, F)."""
        return 1 / (1 + np.exp(-(self.bias + features @ np.array(self.weights))))

    def unsure_below(self, error_rate: float = ERROR_RATE) -> float:
        """Return the confidence below which a digit is unsure.

        It is the threshold of the largest calibrated rate that is at most ``error_rate``. Below the
        smallest calibrated rate, every digit is unsure, since no threshold was found for it.

        Args:
            error_rate: Target share of wrong digits among the accepted digits, above 0 and below 1.

        Raises:
            ValueError: If the rate is out of its range.
        """
        rate = float(_RATE.check("error_rate", error_rate))
        fitted = [threshold for each, threshold in self.thresholds if each <= rate]
        return fitted[-1] if fitted else math.inf


@lru_cache(maxsize=1)
def load_calibration() -> Calibration:
    """Return the calibration that is part of the package."""
    text = (resources.files("tenfold.reading") / "calibration.json").read_text("utf-8")
    data = json.loads(text)
    return Calibration(
        tuple(data["weights"][name] for name in FEATURES),
        data["bias"],
        tuple((float(rate), threshold) for rate, threshold in data["thresholds"].items()),
    )


def confidences(result: "Result") -> Array:
    """Return the confidence of each digit of a reading, (N,); their steadiness must be known."""
    return load_calibration().confidence(digit_features(result))


def digit_features(result: "Result") -> Array:
    """Return the features (N, F) of the digits of a reading."""
    if not result.digits:
        return np.zeros((0, len(FEATURES)))
    log_odds = np.array([_log_odds(found.arc.probability) for found in result.digits])
    steady = np.array([_log_odds(found.steadiness) for found in result.digits])
    sizes = result.sizes.astype(np.float64)
    ones = np.array([found.arc.digit == 1 for found in result.digits], np.float64)
    rows = [
        _row(found, result, float(size), median(sizes))
        for found, size in zip(result.digits, sizes, strict=True)
    ]
    strength = np.array([_strength(found) for found in result.digits])
    fainter = np.log(strength.max() / strength)  # large if writing on the back shows through
    count = len(result.digits)
    many = np.full(count, ones.mean() * math.log(count))  # bars are often read as 1s
    clear = np.full(count, float(result.clear))
    other_ink = [ones * result.left_out, ones * (result.hypothesis.ruled_lines > 0)]
    # Ruled lines, edges and strokes of letters are more slender than most 1s.
    aspects = [min(0.0, math.log(found.candidate.glyph.aspect)) for found in result.digits]
    missing = np.array([result.missing[found.line] for found in result.digits])
    stored = np.full(count, float(result.stored))
    picture = [np.full(count, log_odds.min()), steady, np.full(count, steady.mean())]
    columns = [log_odds, *picture, rows, fainter, ones, many, *other_ink, missing, clear]
    columns += [ones * clear, stored, ones * np.array(aspects)]
    return np.column_stack(columns)


def _row(found: "Found", result: "Result", size: float, typical: float) -> list[float]:
    """Return the features of one digit from "log size" to "relative size"."""
    top, left, bottom, right = found.candidate.box
    height, width = result.ink.contrast.shape
    contrast = result.ink.strongest(found.candidate.box)
    stroke = found.candidate.glyph.stroke
    return [
        math.log(size / 40),
        max(0.0, math.log(0.06 / max(stroke, 1e-3))),
        max(0.0, math.log(stroke / 0.2 + 1e-9)),
        max(0.0, math.log(0.3 / max(contrast, 1e-3))),
        float(found.candidate.stop - found.candidate.start > 1),
        float(min(top, left, height - bottom, width - right) <= 1),
        float(result.hypothesis.light),
        result.left_out,
        abs(math.log(size / typical)),
    ]


def _strength(found: "Found") -> float:
    """Return the contrast that only the strongest tenth of the ink of a digit exceeds."""
    candidate = found.candidate
    return max(quantile(candidate.contrast[candidate.mask], 0.9), 1e-3)


def _log_odds(probability: float) -> float:
    doubt = max(1 - probability, 1e-9)
    return min(math.log(max(probability, 1e-9) / doubt), _MOST_LOG_ODDS)
