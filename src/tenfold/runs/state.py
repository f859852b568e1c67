"""The state of a run: at its start, or at its checkpoint."""

import hashlib
import json
from typing import Any

from tenfold.nn import Network
from tenfold.recipes import Recipe, Split, recipe_to_json
from tenfold.recipes.old_names import FIELDS_OF_0_1, renamed
from tenfold.recipes.settings import changed_settings
from tenfold.runs.run import Run
from tenfold.training import Batches, EarlyStopping, TrainingState, load_checkpoint
from tenfold.training.checkpoint import load_checkpoint_bytes

__all__ = ["batches_of", "restored_state"]


def restored_state(run: Run, split: Split, checkpoint: bytes | None = None) -> TrainingState:
    """Return the state of a run at its checkpoint, or at its start if there is none.

    Args:
        run: The run, not finished.
        split: Data of the run.
        checkpoint: The content of the checkpoint; None to read it from the run folder.

    Raises:
        TenfoldError: If the checkpoint is damaged or was written with other images or settings.
    """
    recipe = run.recipe
    network = recipe.network(run.seed, split.train.images)
    merged = batches_of(recipe, split, network).merged
    state = TrainingState(
        network=network,
        identity=_identity(run, split, merged),
        older_identity=_identity_of_0_1(run, split, merged),
    )
    parts = recipe.fit_arguments()
    if recipe.patience is not None:
        parts["stopping"] = EarlyStopping(recipe.patience)
    state.parts = {name: part for name, part in parts.items() if hasattr(part, "state_names")}
    if checkpoint is not None:
        load_checkpoint_bytes(checkpoint, state)
    elif run.checkpoint.exists():
        load_checkpoint(run.checkpoint, state)
    return state


def batches_of(recipe: Recipe, split: Split, network: Network) -> Batches:
    """Return the batches of a recipe, without distortion and selection."""
    return Batches(network, split.train, recipe.batch_size, shards=recipe.shards)


def _identity(run: Run, split: Split, merged: bool) -> str:
    """Return a hash of everything on which the result depends.

    Checkpoints with another hash are refused. Settings with their default value are left out, so
    that checkpoints stay valid if a later version adds a setting. Changes during training are left
    out, too, because more of them may be made after the checkpoint. ``merged`` says whether the
    last two batches of an epoch are merged: before version 0.2 they were not, so the steps of
    older checkpoints differ.
    """
    settings = changed_settings(run.recipe)
    settings.pop("changes", None)
    return _hash(run, split, settings, merged)


def _identity_of_0_1(run: Run, split: Split, merged: bool) -> str:
    """Return the hash as version 0.1 computed it, from all settings with their old names."""
    recipe = renamed(recipe_to_json(run.recipe), back=True)
    only_if_set = ("selective", "whitened")  # the hash of version 0.1 contains them only if set
    names = [name for name in FIELDS_OF_0_1 if recipe[name] or name not in only_if_set]
    fields = {name: recipe[name] for name in names}
    return _hash(run, split, fields, merged)


def _hash(run: Run, split: Split, recipe: dict[str, Any], merged: bool) -> str:
    parts = (split.train, split.validation, split.test)
    fingerprints = [None if part is None else part.fingerprint for part in parts]
    inputs = [recipe, run.seed, fingerprints, *["merged"] * merged]
    text = json.dumps(inputs, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
