"""What holds for every test: numerical faults are errors, and each run draws the same examples."""

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from tenfold.data import Dataset, load_mnist

# An overflow, an invalid operation or a division by zero is a defect even where the result happens
# to look right. Underflow is not: the tails of exp end in zeros.
np.seterr(over="raise", invalid="raise", divide="raise", under="ignore")

settings.register_profile(
    "tenfold",
    deadline=None,  # no test depends on how busy the machine is
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    max_examples=40,
)
settings.load_profile("tenfold")


@pytest.fixture(scope="session")
def digits() -> Dataset:
    """The first 600 of MNIST's training images."""
    return load_mnist("train").subset(np.arange(600))
