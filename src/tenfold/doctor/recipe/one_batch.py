"""Overfitting one batch: a network that cannot learn 32 images will not learn 60,000."""

from copy import deepcopy
from dataclasses import dataclass

import numpy as np

from tenfold.data import Dataset
from tenfold.doctor.check import Check
from tenfold.doctor.finding import Finding
from tenfold.doctor.fix import with_settings
from tenfold.doctor.recipe.case import NetworkCase
from tenfold.doctor.recipe.trial import mixed_sample
from tenfold.nn import Adam, Constant, Network
from tenfold.training import DivergenceError, StepRecord, fit

__all__ = ["OneBatch", "OneBatchResult", "overfit_one_batch"]

_IMAGES = 32  # number of images in the batch that the network must learn
_STEPS = 100  # largest number of training steps on this batch
_RATE = 0.01
_LEARNED = 0.9  # accuracy from which the batch counts as learned


class OneBatch(Check[NetworkCase]):
    """Check for a network that cannot learn a single batch of 32 images."""

    name = "one-batch"
    looks_for = "a single batch that cannot be learned"
    explained_by = frozenset({"small-batches", "inputs-unscaled", "dead-network"})

    def run(self, case: NetworkCase) -> Finding | None:
        """Return a finding if a copy of the network learns less than 90% of one batch."""
        result = overfit_one_batch(deepcopy(case.network), case.train)
        if result.accuracy >= _LEARNED:
            return None
        return Finding(
            self.name,
            "serious",
            f"the network cannot learn a single batch of {result.images} images",
            f"at best {result.accuracy:.0%} of them are predicted correctly, in {result.steps} "
            f"steps with Adam at {_RATE}; in the end {result.digits} different "
            f"digit{'s are' if result.digits != 1 else ' is'} predicted",
            "layers that are too narrow, units that never become active, or equal images with "
            "different labels",
            with_settings(case.command, "activation=LeakyReLU", "initializer=HeNormal"),
        )


@dataclass(frozen=True)
class OneBatchResult:
    """How well a network learned one batch.

    Attributes:
        images: Number of images in the batch.
        steps: Number of steps that were made.
        accuracy: Best accuracy on the batch.
        digits: Number of different digits predicted in the end.
    """

    images: int
    steps: int
    accuracy: float
    digits: int


def overfit_one_batch(network: Network, train: Dataset, seed: int = 0) -> OneBatchResult:
    """Train a network on the same 32 images until all are correct, for at most 100 steps.

    The optimizer is Adam at 0.01, not that of a recipe: the question is whether the network can
    learn at all.

    Args:
        network: The network, which is trained in place.
        train: Labelled images; 32 of them are used.
        seed: Random seed that selects the images, default 0.
    """
    batch = mixed_sample(train, _IMAGES, seed)
    best, steps, digits = 0.0, 0, 0
    records = fit(
        network,
        batch,
        optimizer=Adam(),
        schedule=Constant(_RATE),
        epochs=_STEPS,
        batch_size=None,
        log_every=_STEPS,
    )
    try:
        for record in records:
            if isinstance(record, StepRecord):
                predicted = record.logits.argmax(axis=1)
                steps, digits = steps + 1, len(np.unique(predicted))
                best = max(best, float((predicted == record.labels).mean()))
                if best == 1:
                    break
    except DivergenceError:
        pass  # the result is that of the steps so far
    return OneBatchResult(len(batch), steps, best, digits)
