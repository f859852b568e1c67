"""The images that models are evaluated on: those of the user, or by default images of MNIST."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tenfold.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from tenfold.cli.shared.options import Part
    from tenfold.data import Dataset
    from tenfold.models import Model

__all__ = ["evaluation_data"]


def evaluation_data(
    models: "Sequence[Model]", data: "Path | None", part: "Part" = "test"
) -> "Dataset":
    """Return the labelled images to evaluate models on.

    Without ``data``, these are MNIST's images, split as in the recipe of the models. Kaggle's
    competition splits MNIST in another way: its training images are 60% of all images, and include
    some of MNIST's test images. A model whose recipe uses this split (``source.name=kaggle``) is
    evaluated on the other 40%.

    Args:
        models: The models.
        data: File or folder with labelled images; None for MNIST.
        part: The split to use, if the data has two.

    Raises:
        UsageError: If the models were trained on different splits of MNIST and ``data`` is None.
        TenfoldError: If the images cannot be read or have no labels.
    """
    from tenfold.data import kaggle_split, load_dataset, load_mnist

    if data is not None:
        dataset = load_dataset(data, part)
        dataset.require_labels()
        return dataset
    kaggle = {_is_kaggle(model.provenance) for model in models}
    if len(kaggle) > 1:
        raise UsageError(
            "some of these models were trained on Kaggle's split of MNIST, which includes some of "
            "MNIST's test images, and some were not; use --data to evaluate them on images that "
            "none was trained on"
        )
    return kaggle_split()[part == "test"] if kaggle == {True} else load_mnist(part)


def _is_kaggle(provenance: dict[str, Any]) -> bool:
    try:
        return bool(provenance["recipe"]["source"]["name"] == "kaggle")
    except (KeyError, TypeError):
        return False
