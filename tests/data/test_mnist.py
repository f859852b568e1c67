import hashlib
import os
import subprocess
import sys
import zipfile
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from tenfold.data import Dataset, load_mnist
from tests.data.damage import idx_bytes

# MD5 of the published files, uncompressed.
MD5 = {
    "train": ("6bbc9ace898e44ae57da46a324031adb", "a25bea736e30d166cdddb491f175f624"),
    "test": ("2646ac647ad5339dbf082846283269ea", "27ae3e4e09519cfbb04c329615203637"),
}


def check(data: Dataset, part: str) -> None:
    """Check that the arrays, written as IDX, equal the published files bit for bit."""
    files = data.images[..., 0], data.require_labels().astype(np.uint8)
    digests = [hashlib.md5(idx_bytes(array), usedforsecurity=False).hexdigest() for array in files]
    assert tuple(digests) == MD5[part]


def test_the_training_images_are_the_published_ones(mnist: Dataset) -> None:
    check(mnist, "train")
    assert (len(mnist), mnist.images.shape[1:], mnist.name) == (60_000, (28, 28, 1), "MNIST train")


def test_the_test_images_are_the_published_ones() -> None:
    data = load_mnist("test")
    check(data, "test")
    assert (len(data), data.name) == (10_000, "MNIST test")


def test_other_parts_raise() -> None:
    with pytest.raises(ValueError, match="part must be 'train' or 'test', got 'validation'"):
        load_mnist("validation")  # type: ignore[arg-type]


def test_mnist_is_read_from_a_zipped_package(tmp_path: Path) -> None:
    archive = tmp_path / "tenfold.zip"
    package = Path(str(resources.files("tenfold")))
    wanted = [
        *package.glob("*.py"),
        *(package / "nn").rglob("*.py"),
        *(package / "data").rglob("*"),
    ]
    with zipfile.ZipFile(archive, "w") as file:
        for path in wanted:
            if path.is_file() and path.suffix != ".pyc":
                file.write(path, path.relative_to(package.parent))
    code = (
        "import tenfold, tenfold.data; assert 'tenfold.zip' in tenfold.__file__;"
        "print(len(tenfold.data.load_mnist('test')))"
    )
    environment = os.environ | {"PYTHONPATH": str(archive)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("10000\n", "")
