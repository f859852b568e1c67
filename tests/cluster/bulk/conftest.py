"""Sources of images, and a model, for answers in bulk."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tenfold.cluster.bulk import jobs
from tenfold.data import Dataset
from tenfold.models import Model
from tests.cluster.bulk.helpers import ROWS, many_images, small_network


@pytest.fixture(scope="module")
def model() -> Model:
    """A model of the small network."""
    return Model(small_network(), unsure_below=0.5, unsure_error=0.1)


@pytest.fixture(scope="module", autouse=True)
def _small_parts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "_IMAGES_PER_PART", ROWS)
        patch.setattr(jobs, "_PICTURES_PER_PART", 2)
        yield


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory, digits: Dataset) -> Path:
    """2,600 images, one of them blank."""
    path = tmp_path_factory.mktemp("data") / "digits.npz"
    np.savez(path, images=many_images(digits)[..., 0])
    return path


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory, digits: Dataset) -> Path:
    """70 of them as PNG files in two folders; two are damaged."""
    folder = tmp_path_factory.mktemp("data") / "pictures"
    for i in range(70):
        path = folder / str(i // 40) / f"{i:03d}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(digits.images[i, ..., 0]).save(path)
    (folder / "0" / "020.png").write_bytes(b"no picture")
    (folder / "1" / "050.png").write_bytes((folder / "1" / "051.png").read_bytes()[:60])
    return folder
