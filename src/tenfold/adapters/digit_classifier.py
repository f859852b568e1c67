"""DigitClassifier: a scikit-learn classifier for images of 28 x 28 pixels, trained by a recipe."""

from dataclasses import replace
from typing import Any

import numpy as np

from tenfold.adapters.estimator import NetworkClassifier
from tenfold.data import Dataset
from tenfold.models import Model
from tenfold.nn import Normalize
from tenfold.nn.array import Array
from tenfold.nn.inputs import check_pixels
from tenfold.recipes import Recipe, recipe_to_json
from tenfold.runs.environment import versions

__all__ = ["DigitClassifier"]

_SHAPE = (28, 28, 1)
_PIXELS = 28 * 28


class DigitClassifier(NetworkClassifier):
    """A network for images of 28 x 28 pixels as a scikit-learn classifier.

    X is (N, 784), (N, 28, 28) or (N, 28, 28, 1), an array or a DataFrame such as Kaggle's
    ``train.csv`` without its labels: pixels on the scale 0 to 255, light ink on black. They are
    rounded to whole numbers. ``model_`` can be saved with ``model_.save(path)``, and then used by
    every command of tenfold.

    Args:
        recipe: Name of a recipe, or a ``Recipe``; its ``source`` is not used. Default: ``"quick"``.
        random_state: As for ``TenfoldClassifier``.
        min_steps: As for ``TenfoldClassifier``.
        **settings: As for ``TenfoldClassifier``.

    Attributes:
        classes_: The labels, sorted, (C,).
        loss_curve_: Mean training loss of each epoch.
        model_: The trained network, as a ``Model``.
        n_features_in_: Number of pixels, 784.
        n_iter_: Number of epochs.

    There are no sample weights: ``fit`` has no argument ``sample_weight``.

    Example:
        >>> train = load_mnist("train")
        >>> classifier = DigitClassifier().fit(train.images, train.labels)
    """

    def __init__(
        self,
        recipe: Recipe | str = "quick",
        *,
        random_state: Any = 0,
        min_steps: int = 300,
        **settings: Any,
    ) -> None:
        super().__init__(recipe, random_state=random_state, min_steps=min_steps, **settings)

    def _validated(self, X: Any, y: Any = "no_validation", *, reset: bool) -> Any:
        # "no_validation" is scikit-learn's value for: no y was given.
        if isinstance(X, np.ndarray) and X.shape[1:] in (_SHAPE, _SHAPE[:2]):
            X = X.reshape(len(X), _PIXELS)
        checked = super()._validated(X, y, reset=reset)
        rows = checked if isinstance(y, str) else checked[0]
        if rows.shape[1] != _PIXELS:
            raise ValueError(
                f"X must have 784 columns or the shape (N, 28, 28), got {rows.shape[1]} features: "
                "use TenfoldClassifier for other features"
            )
        images = rows.reshape(-1, *_SHAPE)
        check_pixels(images, Normalize())
        pixels = np.rint(np.clip(images, 0, 255)).astype(np.uint8)
        return pixels if isinstance(y, str) else (pixels, checked[1])

    def _inputs(self, X: Array) -> Array:
        return X

    def _data(self, X: Array, labels: Array) -> Dataset:
        return Dataset(X, labels, name="X", classes=len(self.classes_))

    def _new_model(self, recipe: Recipe, seed: int) -> Model:
        if hasattr(recipe.architecture, "classes"):
            architecture = replace(recipe.architecture, classes=len(self.classes_))  # type: ignore[type-var]
            recipe = replace(recipe, architecture=architecture)
        provenance = {
            "recipe": recipe_to_json(recipe),
            "seed": seed,
            "form": "",
            "own_data": True,
            "versions": versions(),
        }
        names = tuple(map(str, self.classes_))
        are_valid = all(names) and len(set(names)) == len(names)
        return Model(
            recipe.network(seed),
            test_time_shift=recipe.test_time_shift,
            classes=names if are_valid else (),
            provenance=provenance,
        )
