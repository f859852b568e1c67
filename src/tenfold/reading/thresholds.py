"""Thresholds: below which confidence a digit is unsure, for a wanted error rate.

The table was fitted on shifted validation pictures (see docs/reading.md): for each error rate the
lowest confidence at which the upper end of the exact one-sided 95 % interval of the share of wrong
digits (Clopper and Pearson) is at most that rate.
"""

import numpy as np

from tenfold.nn.constraints import Number

__all__ = ["ERROR_RATE", "unsure_below"]

ERROR_RATE = 0.01
"""Default of the wanted share of wrong digits among those that are not unsure."""

_RATE = Number("(0, 1)")
_TABLE = {0.001: 0.9999, 0.002: 0.999, 0.005: 0.995, 0.01: 0.98, 0.02: 0.95, 0.05: 0.85, 0.1: 0.7}


def unsure_below(error_rate: float = ERROR_RATE) -> float:
    """Return the confidence below which a digit is unsure.

    Between the rates of the table, the logarithms are interpolated; outside it, the nearest is
    used.

    Args:
        error_rate: Wanted share of wrong digits among the answered, above 0 and below 1.

    Raises:
        ValueError: If the rate is out of its range.
    """
    rate = float(_RATE.check("error_rate", error_rate))
    rates, doubts = np.array(list(_TABLE)), 1 - np.array(list(_TABLE.values()))
    return float(1 - np.exp(np.interp(np.log(rate), np.log(rates), np.log(doubts))))
