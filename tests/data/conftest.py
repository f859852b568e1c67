"""What several of these tests need: MNIST, read once, and a folder to write into."""

from pathlib import Path

import pytest

from tenfold.data import Dataset, load_mnist


@pytest.fixture(scope="session")
def mnist() -> Dataset:
    """MNIST's training images."""
    return load_mnist("train")


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that Hypothesis may use again for each of its examples."""
    return tmp_path_factory.mktemp("scratch")
