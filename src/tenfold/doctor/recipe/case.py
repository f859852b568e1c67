"""The recipe or network under examination, and what a few steps of training show about it."""

from dataclasses import dataclass
from functools import cached_property

from tenfold.data import Dataset
from tenfold.doctor.recipe.initial_state import InitialState, measure_initial_state
from tenfold.doctor.recipe.trial import Trial, mixed_sample, run_trial
from tenfold.nn import Network
from tenfold.recipes import Recipe

__all__ = ["NetworkCase", "RecipeCase"]

_PROBE = 256  # number of images that are passed through the network


@dataclass(frozen=True)
class NetworkCase:
    """An untrained network under examination; checks do not change it.

    Attributes:
        network: The network with its initial weights.
        train: Labelled images with the input shape of the network.
        command: The command that trains the network; fixes add settings to the command.
    """

    network: Network
    train: Dataset
    command: str

    @property
    def batch_size(self) -> int | None:
        """Number of images per training step; None for all of them."""
        return None

    @property
    def shards(self) -> int:
        """Number of shards that each batch is cut into."""
        return 1

    @cached_property
    def probe(self) -> Dataset:
        """Up to 256 of the images, in random order."""
        return mixed_sample(self.train, _PROBE, seed=0)

    @cached_property
    def initial_state(self) -> InitialState:
        """The results of one forward and backward pass with the probe."""
        return measure_initial_state(self.network, self.probe)


@dataclass(frozen=True)
class RecipeCase(NetworkCase):
    """A recipe under examination, with its untrained network.

    Attributes:
        recipe: The recipe, not yet trained.
        seed: Random seed of its network.
    """

    recipe: Recipe
    seed: int

    @property
    def batch_size(self) -> int | None:
        """The recipe's batch size."""
        return self.recipe.batch_size

    @property
    def shards(self) -> int:
        """The recipe's number of shards."""
        return self.recipe.shards

    @cached_property
    def trial(self) -> Trial:
        """The result of a few training steps with the recipe's own learning rate."""
        return self.try_rate(1.0)

    def try_rate(self, factor: float) -> Trial:
        """Return the result of a few steps with the learning rate multiplied by ``factor``."""
        return run_trial(self.recipe, self.train, self.seed, factor)
