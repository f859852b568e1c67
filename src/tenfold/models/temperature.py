r"""Temperature: one number that makes a network as sure as it is right, and changes no answer.

A network trained to the end says 99.99 % where it is right in 99 of 100 cases; one trained with
label smoothing says 96 % where it is right in 999 of 1000. One power mends both:

.. math:: q_c = \frac{p_c^{1/T}}{\sum_k p_k^{1/T}}, \qquad p = \frac1V \sum_v softmax(z_v)

p is the mean over the V views of an image; of one view, q = softmax(z / T), as in the paper. Being
taken of the mean, and not of each view before it, the power keeps the order of the classes, so
that no temperature changes which digit is named. ``evaluation/calibration.py`` fits T.

Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks" (ICML 2017). The mean
first and the power second: Rahaman and Thiery, "Uncertainty quantification and deep ensembles"
(NeurIPS 2021).
"""

import numpy as np

from tenfold.nn.array import Array
from tenfold.nn.losses import softmax

__all__ = ["MAX_TEMPERATURE", "MIN_TEMPERATURE", "apply_temperature", "log_probabilities"]

MIN_TEMPERATURE, MAX_TEMPERATURE = 0.05, 20.0
"""Beyond these a temperature is damage and not calibration: all certain, or all a guess."""


def apply_temperature(probabilities: Array, temperature: float) -> Array:
    """Return p^(1/T) of each row (N, C), scaled to sum to 1; at T = 1 the rows as they are.

    Below 1 the answers get surer, above 1 less sure. The dtype stays.
    """
    if temperature == 1:
        return probabilities
    return softmax(log_probabilities(probabilities) / temperature)


def log_probabilities(probabilities: Array) -> Array:
    """Return log p, with the smallest normal number of the dtype in place of what is below it."""
    logarithms: Array = np.log(np.maximum(probabilities, np.finfo(probabilities.dtype).tiny))
    return logarithms
