"""What holds for every test: numerical faults are errors, and each run draws the same examples."""

import numpy as np
from hypothesis import settings

# An overflow, an invalid operation or a division by zero is a defect even where the result happens
# to look right. Underflow is not: the tails of exp end in zeros.
np.seterr(over="raise", invalid="raise", divide="raise", under="ignore")

settings.register_profile("tenfold", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("tenfold")
