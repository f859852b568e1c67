"""All tours, in the order in which the view Learn shows them."""

from tenfold.studio.tours.adam import ADAM
from tenfold.studio.tours.batch_norm import BATCH_NORM
from tenfold.studio.tours.convolution import CONVOLUTION
from tenfold.studio.tours.learning_rate import LEARNING_RATE
from tenfold.studio.tours.my_digits import MY_DIGITS
from tenfold.studio.tours.tour import Tour
from tenfold.studio.tours.zero_weights import ZERO_WEIGHTS

__all__ = ["TOURS"]

TOURS: tuple[Tour, ...] = (
    ZERO_WEIGHTS,
    LEARNING_RATE,
    BATCH_NORM,
    ADAM,
    CONVOLUTION,
    MY_DIGITS,
)
"""All tours."""
