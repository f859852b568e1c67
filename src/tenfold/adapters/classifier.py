"""TenfoldClassifier: a multilayer perceptron as a scikit-learn classifier of any features."""

from dataclasses import replace

import numpy as np
from sklearn.preprocessing import StandardScaler

from tenfold.adapters.estimator import NetworkClassifier
from tenfold.data import Examples
from tenfold.models import Model
from tenfold.nn import Network
from tenfold.nn.array import Array
from tenfold.nn.constraints import invalid
from tenfold.recipes import MLP, Recipe

__all__ = ["TenfoldClassifier"]


class TenfoldClassifier(NetworkClassifier):
    """A multilayer perceptron as a scikit-learn classifier, for any float or integer features.

    X is (N, F), an array or a DataFrame. Each feature is standardised: x' = (x - mean) / standard
    deviation. The mean and the standard deviation are those of the training data; ``partial_fit``
    updates them.

    Args:
        recipe: Name of a recipe with an ``MLP``, such as ``"mlp"`` or ``"linear"``, or a
            ``Recipe``. The data determines the numbers of inputs and outputs.
        random_state: Random seed: a whole number, a ``RandomState``, or None for a new seed at each
            fit; 0 by default, so that a fit can be repeated.
        min_steps: Smallest number of training steps of ``fit``; 300 by default. The epochs of a
            recipe are meant for 60,000 images, so on less data ``fit`` trains for more epochs.
        **settings: Settings of the recipe, as for ``tenfold train --set``: ``epochs=30``,
            ``hidden=(256, 128)``, ``learning_rate=0.003``, ``optimizer__beta2=0.99``. ``fit``
            checks them. If ``epochs`` is given, ``min_steps`` is not used.

    Attributes:
        classes_: The labels, sorted, (C,).
        loss_curve_: Mean training loss of each epoch.
        model_: The trained network, as a ``Model`` of standardised features.
        n_features_in_: Number of features F.
        n_iter_: Number of epochs.

    There are no sample weights: ``fit`` has no argument ``sample_weight``.

    Example:
        >>> from sklearn.datasets import load_digits
        >>> classifier = TenfoldClassifier(hidden=(128,)).fit(*load_digits(return_X_y=True))
    """

    def _learn_scale(self, X: Array, reset: bool) -> None:
        if reset:
            self._scaler = StandardScaler()
        self._scaler.partial_fit(X)

    def _inputs(self, X: Array) -> Array:
        inputs: Array = self._scaler.transform(X).astype(self.model_.network.dtype)
        return inputs

    def _data(self, X: Array, labels: Array) -> Examples:
        return Examples(self._inputs(X), labels, name="X")

    def _check_recipe(self, recipe: Recipe) -> None:
        if not isinstance(recipe.architecture, MLP) or recipe.augment is not None:
            wanted = "a recipe with an MLP and without augment, such as mlp or linear"
            raise invalid("recipe", wanted, recipe.name, "for images, use DigitClassifier")

    def _new_model(self, recipe: Recipe, seed: int) -> Model:
        assert isinstance(recipe.architecture, MLP)
        features = self.n_features_in_
        architecture = replace(recipe.architecture, classes=len(self.classes_))
        layers = architecture.dense_layers(features)
        return Model(Network(layers, seed, np.dtype(recipe.precision), (features,)))
