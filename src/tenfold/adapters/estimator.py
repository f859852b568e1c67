"""NetworkClassifier, the base class of the scikit-learn classifiers: fit, predict and pickle.

An estimator must be derived from classes of scikit-learn. So this module, and the two modules that
define the classifiers, import scikit-learn at their top. ``tenfold.adapters`` imports these modules
only when one of their names is first used.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from typing import Any, Self

import numpy as np

from tenfold.adapters.estimator_settings import resolved_recipe
from tenfold.data.labelled import LabelledData
from tenfold.errors import TenfoldError
from tenfold.models import MODEL_FORMAT, Model
from tenfold.models.tensor_file import pack_tensors, unpack_tensors
from tenfold.nn import Network
from tenfold.nn.array import Array
from tenfold.nn.constraints import Whole
from tenfold.recipes import Recipe
from tenfold.training import Batches, EpochRecord, Progress, fit

try:
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.utils import check_random_state
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError as error:
    raise TenfoldError(
        "scikit-learn estimators need scikit-learn 1.6 or newer, which is not installed: run pip "
        "install '.[sklearn]' in a checkout of tenfold"
    ) from error

__all__ = ["NetworkClassifier"]

_VALID_STEPS, _VALID_SEED = Whole(0), Whole(0, 2**64 - 1)


class NetworkClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Base class: what the classifiers of features and of images have in common.

    Each subclass defines how X becomes labelled data, and which untrained model a recipe describes.

    Args:
        recipe: Name of a recipe, or a ``Recipe``.
        random_state: Random seed: a whole number, a ``RandomState``, or None for a new seed.
        min_steps: Smallest number of training steps of ``fit``, unless ``epochs`` is a setting.
        **settings: Settings of the recipe.
    """

    classes_: Array
    loss_curve_: list[float]
    model_: Model
    n_features_in_: int
    n_iter_: int
    _optimizer_state: dict[str, dict[str, Any]]  # the key is the name of the optimizer's class

    def __init__(
        self,
        recipe: Recipe | str = "mlp",
        *,
        random_state: Any = 0,
        min_steps: int = 300,
        **settings: Any,
    ) -> None:
        self.recipe = recipe
        self.random_state = random_state
        self.min_steps = min_steps
        self._settings = settings

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the arguments of the constructor, with the settings that were given."""
        parameters: dict[str, Any] = super().get_params(deep=False)
        return parameters | self._settings

    def set_params(self, **parameters: Any) -> Self:
        """Set arguments of the constructor; any other name is a setting of the recipe."""
        arguments = self._get_param_names()
        for name, value in parameters.items():
            if name in arguments:
                setattr(self, name, value)
            else:
                self._settings[name] = value
        return self

    def fit(self, X: Any, y: Any) -> Self:
        """Train a new network.

        Args:
            X: The data, as the class describes.
            y: Labels of at least two classes, (N,): numbers or strings.

        Raises:
            ValueError: If the data or a setting is invalid, or training diverges.
        """
        recipe = self._resolved()
        X, y = self._validated(X, y, reset=True)
        self.classes_ = np.unique(y)
        labels = self._encoded(y)
        self._start(recipe, X)
        data = self._data(X, labels)
        network = self.model_.network
        arguments = recipe.fit_arguments(len(data))
        if "epochs" not in self._settings:
            steps = len(Batches(network, data, recipe.batch_size, shards=recipe.shards))
            arguments["epochs"] = max(recipe.epochs, ceil(self.min_steps / steps))
        self._train(data, **arguments)
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None) -> Self:
        """Train for one epoch: each row of X is used once.

        The learning rate is constant, that of the setting ``learning_rate``. The weights are not
        averaged over the steps.

        Args:
            X: The data, as in ``fit``. In the first call of a ``TenfoldClassifier``, X should be
                large, since the scale of the features is computed from it. Later calls refine the
                scale.
            y: Labels, (N,).
            classes: All labels that will ever occur, at the first call; optional later.

        Raises:
            ValueError: As ``fit``, or if ``classes`` is missing at the first call or differs later.
        """
        recipe = self._resolved()
        first_call = not hasattr(self, "model_")
        X, y = self._validated(X, y, reset=first_call)
        self._note_classes(classes, first_call)
        labels = self._encoded(y)
        if first_call:
            self._start(recipe, X)
        else:
            self._learn_scale(X, reset=False)
        data, network = self._data(X, labels), self.model_.network
        arguments = recipe.fit_arguments(len(data))
        optimizer = arguments["optimizer"]
        for name, value in self._optimizer_state.get(type(optimizer).__name__, {}).items():
            setattr(optimizer, name, value)
        steps = len(Batches(network, data, recipe.batch_size, shards=recipe.shards))
        arguments |= {
            "schedule": recipe.schedule.learning_rate,
            "epochs": self.n_iter_ + 1,
            "progress": Progress(epoch=self.n_iter_, step=self.n_iter_ * steps),
            **dict.fromkeys(("average", "selective")),
            "clean_epochs": 0,
        }
        self._train(data, **arguments)
        state = {name: getattr(optimizer, name) for name in optimizer.state_names}
        self._optimizer_state = {type(optimizer).__name__: state}
        return self

    def predict_proba(self, X: Any) -> Array:
        """Return the probability of each class, (N, C), in the order of ``classes_``."""
        check_is_fitted(self)
        with _value_errors():
            inputs = self._inputs(self._validated(X, reset=False))
            probabilities = self.model_.predict_probabilities(inputs).astype(np.float64)
        normalised: Array = probabilities / probabilities.sum(axis=1, keepdims=True)
        return normalised

    def predict(self, X: Any) -> Array:
        """Return the most probable label of each row, (N,)."""
        indices = self.predict_proba(X).argmax(axis=1)
        labels: Array = self.classes_[indices]
        return labels

    def __getstate__(self) -> dict[str, Any]:
        """Return the state for pickle, with the model as the bytes of a model file."""
        state: dict[str, Any] = dict(super().__getstate__())
        if model := state.pop("model_", None):
            header = {"kind": "model", "format": MODEL_FORMAT, **model.to_header()}
            state["_packed"] = pack_tensors(model.network.tensors(), header)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore the state that ``__getstate__`` returned."""
        content = state.pop("_packed", None)
        super().__setstate__(state)
        if content is not None:
            tensors, header = unpack_tensors(content, "model", "the pickled estimator")
            self.model_ = Model.from_header(header, tensors)

    # The methods that subclasses define.

    def _validated(self, X: Any, y: Any = "no_validation", *, reset: bool) -> Any:
        """Return X, and y if it is given, as arrays.

        ``"no_validation"`` is scikit-learn's value for: no y was given.
        """
        return validate_data(self, X, y, reset=reset, dtype=[np.float64, np.float32])

    def _learn_scale(self, X: Array, reset: bool) -> None:
        """Learn from training data how to convert X to inputs; ``reset`` forgets earlier data."""

    def _inputs(self, X: Array) -> Array:
        """Return validated data as the inputs of the network."""
        raise NotImplementedError

    def _data(self, X: Array, labels: Array) -> LabelledData:
        """Return validated training data for ``fit``."""
        raise NotImplementedError

    def _check_recipe(self, recipe: Recipe) -> None:
        """Raise ValueError if the recipe is for other data."""

    def _new_model(self, recipe: Recipe, seed: int) -> Model:
        """Return the untrained model of a recipe for the data."""
        raise NotImplementedError

    # The steps of ``fit`` and ``partial_fit``.

    def _resolved(self) -> Recipe:
        recipe = resolved_recipe(self.recipe, self._settings)
        self._check_recipe(recipe)
        _VALID_STEPS.check("min_steps", self.min_steps)
        return recipe

    def _note_classes(self, classes: Any, first_call: bool) -> None:
        if first_call and classes is None:
            raise ValueError(
                "classes must be all labels at the first call of partial_fit, got None"
            )
        if classes is None:
            return
        if first_call:
            self.classes_ = np.unique(classes)
        elif not np.array_equal(self.classes_, np.unique(classes)):
            raise ValueError(
                f"classes must be those of the first call, {self.classes_.tolist()}, got "
                f"{np.unique(classes).tolist()}"
            )

    def _encoded(self, y: Array) -> Array:
        """Return labels as positions in ``classes_``, (N,) int64."""
        check_classification_targets(y)
        if len(self.classes_) < 2:
            raise ValueError(f"y must have at least two classes, got 1 class: {self.classes_[0]}")
        if len(unknown := np.setdiff1d(y, self.classes_)):
            raise ValueError(f"y must have only labels of classes_, got {unknown.tolist()[:10]}")
        positions: Array = np.searchsorted(self.classes_, y)
        return positions

    def _start(self, recipe: Recipe, X: Array) -> None:
        """Make a new network, and forget what an earlier fit has learned."""
        self._learn_scale(X, reset=True)
        with _value_errors():
            self.model_ = self._new_model(recipe, _seed(self.random_state))
        self._optimizer_state = {}
        self.loss_curve_ = []
        self.n_iter_ = 0

    def _train(self, data: LabelledData, **arguments: Any) -> None:
        network: Network = self.model_.network
        with _value_errors():
            for record in fit(network, data, **arguments):
                if isinstance(record, EpochRecord):
                    self.loss_curve_.append(record.train_loss)
                    self.n_iter_ = record.epoch


def _seed(random_state: Any) -> int:
    """Return the seed of a network for an argument ``random_state`` of scikit-learn."""
    if isinstance(random_state, (int, np.integer)):
        _VALID_SEED.check("random_state", random_state)
        return int(random_state)
    return int(check_random_state(random_state).randint(2**31 - 1))


@contextmanager
def _value_errors() -> Iterator[None]:
    """Raise errors of tenfold as ValueError, which scikit-learn expects."""
    try:
        yield
    except TenfoldError as error:
        raise ValueError(str(error)) from error
