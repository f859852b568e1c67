r"""Temperature scaling: one number that corrects a network's confidence.

For example, a network that was trained for many epochs may be correct for only 99% of the images
with a confidence of 99.99%. A network that was trained with label smoothing may be correct for
99.9% of the images with a confidence of 96%. One exponent corrects both:

.. math:: q_c = \frac{p_c^{1/T}}{\sum_k p_k^{1/T}}, \qquad p = \frac1V \sum_v softmax(z_v)

p is the mean over the V views of an image (``views.py``). For a single view q = softmax(z / T), as
in the paper. The exponent is applied to the mean, not to each view, so it keeps the order of the
classes: no temperature changes the predicted class. ``evaluation/calibration.py`` fits T.

References:
    Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks" (ICML 2017).
    Rahaman and Thiery, "Uncertainty quantification and deep ensembles" (NeurIPS 2021), for
    averaging before scaling.
"""

import numpy as np

from tenfold.nn.arguments import checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Positive
from tenfold.nn.losses import softmax

__all__ = ["MAX_TEMPERATURE", "MIN_TEMPERATURE", "apply_temperature", "log_probabilities"]

MIN_TEMPERATURE, MAX_TEMPERATURE = 0.05, 20.0
"""Range of T. Beyond it, all predictions would be nearly certain, or all nearly uniform."""


@checked
def apply_temperature(probabilities: Array, temperature: Positive) -> Array:
    """Return p^(1/T), with each row scaled to sum to 1.

    T < 1 makes predictions more confident, T > 1 less; T = 1 returns ``probabilities`` itself.

    Args:
        probabilities: Array of shape (..., C).
        temperature: T, above 0.

    Returns:
        Array of the same shape and dtype.
    """
    if temperature == 1:
        return probabilities
    return softmax(log_probabilities(probabilities) / temperature)


def log_probabilities(probabilities: Array) -> Array:
    """Return log p. If p is 0, the smallest normal number of its dtype takes its place."""
    logarithms: Array = np.log(np.maximum(probabilities, np.finfo(probabilities.dtype).tiny))
    return logarithms
