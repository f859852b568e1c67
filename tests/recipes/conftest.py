"""A recipe and data so small that a whole run takes a moment."""

from dataclasses import replace

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.recipes import MLP, RECIPES, Recipe, Split


@pytest.fixture
def tiny() -> Recipe:
    """A small network with everything that has state: batch norm, dropout, Adam."""
    architecture = MLP((16,), batch_norm=True, dropout=0.2)
    return replace(RECIPES["mlp"], architecture=architecture, epochs=3, batch_size=64)


@pytest.fixture(scope="session")
def split(digits: Dataset) -> Split:
    """400 images to train on, 100 to validate, 100 to test."""
    parts = np.split(np.arange(600), [400, 500])
    return Split(*(digits.subset(part) for part in parts))
