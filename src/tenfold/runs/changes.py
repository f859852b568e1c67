"""Changes of settings during training: those in the recipe, and those that an observer makes live.

A change ends ``fit``, and ``fit`` is called again with the same progress and the new settings.
Several calls with unchanged settings give the same bits as one call. A live change is added to the
recipe of the run, in ``config.json``, so that the run can be repeated with the same changes at the
same steps.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from tenfold.errors import TenfoldError, UsageError
from tenfold.nn import Network
from tenfold.nn.layers import Dropout
from tenfold.recipes import Change, Recipe, Split, apply_settings, recipe_to_json
from tenfold.runs.run import Run, write_config
from tenfold.runs.state import batches_of
from tenfold.training import (
    SINGLE_PROCESS,
    EpochRecord,
    Record,
    Team,
    TrainingState,
    fit,
    keep_average,
)

__all__ = ["Live", "Training", "check_changes", "recipe_at"]

_CHANGEABLE = ("schedule", "l2", "max_norm", "augment", "loss")


class Live:
    """An observer of a run during training, such as the studio; it may change settings of the run.

    The methods of this base class do nothing.
    """

    def saw(self, network: Network, record: Record) -> None:
        """Look at the network, before ``record`` is yielded. The network must not be changed."""

    def settings(self) -> Sequence[str]:
        """Return settings to change before the next step; called after each record was yielded."""
        return ()


def recipe_at(recipe: Recipe, step: int) -> Recipe:
    """Return a recipe with its changes up to a step applied.

    Args:
        recipe: The recipe.
        step: Index of the next step.

    Raises:
        TenfoldError: If a setting is invalid or cannot change during training.
    """
    changed = recipe
    for change in recipe.changes:
        if change.step <= step:
            changed = apply_settings(changed, change.settings)
            _check_same(recipe, changed)
    return changed


def check_changes(recipe: Recipe) -> None:
    """Raise a TenfoldError if a change of a recipe cannot be made."""
    if recipe.changes:
        recipe_at(recipe, max(change.step for change in recipe.changes))


class Training:
    """The calls of ``fit`` that train a run.

    Args:
        run: The run.
        split: Data of the run.
        state: State of the training, which is updated in place.
        team: The processes that train together.
        live: The observer; None for none. It is allowed only if one process trains.

    Attributes:
        run: The run, with the live changes so far in its recipe.
    """

    def __init__(
        self,
        run: Run,
        split: Split,
        state: TrainingState,
        team: Team = SINGLE_PROCESS,
        live: Live | None = None,
    ) -> None:
        if live is not None and team.size > 1:
            raise TenfoldError(
                f"a training that is watched must run in one process, got {team.size}"
            )
        self.run, self.split, self.state = run, split, state
        self.team, self.live = team, live or Live()
        self._epoch_steps = len(batches_of(run.recipe, split, state.network))

    def records(self, threads: int | None, parts: dict[str, Any]) -> Iterator[Record]:
        """Yield the records of ``fit`` until the end of the last epoch.

        Args:
            threads: Number of threads.
            parts: Objects with state: optimizer, average, ...
        """
        recipe, progress = self.run.recipe, self.state.progress
        if progress.epoch >= recipe.epochs:  # interrupted after the last epoch
            keep_average(self.state.network, parts.get("average"), self.split.train)
            return
        ended = False
        while not ended:
            ended = yield from self._until_change(threads, parts)

    def _until_change(
        self, threads: int | None, parts: dict[str, Any]
    ) -> Generator[Record, None, bool]:
        """Yield records until settings change; return whether training has ended."""
        progress, network = self.state.progress, self.state.network
        recipe = recipe_at(self.run.recipe, progress.step)
        changes_made = self._count_changes()
        _adjust(network, parts["optimizer"], recipe)
        records = fit(
            network,
            self.split.train,
            validation=self.split.validation,
            threads=threads,
            team=self.team,
            progress=progress,
            **(recipe.fit_arguments(len(self.split.train)) | parts),
        )
        for record in records:
            self.live.saw(network, record)
            yield record
            if settings := tuple(self.live.settings()):
                self._add_change(settings)
            if self._count_changes() != changes_made and self._may_change(record):
                return False
        return True

    def _count_changes(self) -> int:
        """Return how many of the changes in the recipe are in effect at the next step."""
        return sum(change.step <= self.state.progress.step for change in self.run.recipe.changes)

    def _may_change(self, record: Record) -> bool:
        """Return whether settings can change after a record.

        They cannot change between the last step of an epoch and the record of the epoch, because
        the record belongs to the old settings.
        """
        progress = self.state.progress
        if (
            isinstance(record, EpochRecord)
            or progress.step < (progress.epoch + 1) * self._epoch_steps
        ):
            return True
        epochs, log_every = self.run.recipe.epochs, self.run.recipe.log_every
        return progress.epoch % log_every != 0 and progress.epoch + 1 != epochs

    def _add_change(self, settings: tuple[str, ...]) -> None:
        """Add a change at the next step to the recipe of the run."""
        recipe = self.run.recipe
        change = Change(self.state.progress.step, settings)
        changed = replace(recipe, changes=(*recipe.changes, change))
        recipe_at(changed, change.step)  # raises if the change cannot be made
        self.run = replace(self.run, recipe=changed)
        write_config(self.run)


def _adjust(network: Network, optimizer: Any, recipe: Recipe) -> None:
    """Assign the settings of a recipe to a network and to its optimizer, whose state is kept."""
    for each in fields(recipe.optimizer):
        if each.init:
            setattr(optimizer, each.name, getattr(recipe.optimizer, each.name))
    for layer in network.layers:
        if isinstance(layer, Dropout):
            layer.rate = getattr(recipe.architecture, "dropout", layer.rate)


def _check_same(recipe: Recipe, changed: Recipe) -> None:
    """Raise a UsageError if recipes differ in a setting that cannot change during training."""
    old, new = recipe_to_json(recipe), recipe_to_json(changed)
    if old["architecture"].get("dropout") and "dropout" in new["architecture"]:
        new["architecture"]["dropout"] = old["architecture"]["dropout"]
    for settings in (old, new):
        for name in _CHANGEABLE:
            del settings[name]
        settings["optimizer"] = settings["optimizer"]["type"]
    different = [name for name in old if old[name] != new[name]]
    if different:
        raise UsageError(
            f"{different[0]} cannot change during training; these settings can: learning rate and "
            "schedule, the numbers of the optimizer, l2, max_norm, augment, loss, and the rate of "
            "dropout, if the network has any"
        )
