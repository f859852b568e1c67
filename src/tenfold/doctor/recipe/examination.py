"""The examination of a recipe: its list of checks, and the loop over them."""

from tenfold.data import Dataset
from tenfold.doctor.check import Check, ReportProgress, checked_faults, no_progress, run_checks
from tenfold.doctor.finding import Examination, by_severity
from tenfold.doctor.recipe.case import NetworkCase, RecipeCase
from tenfold.doctor.recipe.dead_units import DeadUnitsAfterTrial
from tenfold.doctor.recipe.learning_rate import HighLearningRate
from tenfold.doctor.recipe.one_batch import OneBatch
from tenfold.doctor.recipe.small_batches import SmallBatches
from tenfold.doctor.recipe.untrained_network import DeadNetwork, HighInitialLoss, UnscaledInputs
from tenfold.nn import Network
from tenfold.recipes import Recipe
from tenfold.training import check_labels

__all__ = ["NETWORK_CHECKS", "RECIPE_CHECKS", "examine_network", "examine_recipe"]

NETWORK_CHECKS: tuple[Check[NetworkCase], ...] = (
    SmallBatches(),
    UnscaledInputs(),
    DeadNetwork(),
    HighInitialLoss(),
    OneBatch(),
)
"""Checks of an untrained network."""

RECIPE_CHECKS: tuple[Check[RecipeCase], ...] = (
    *NETWORK_CHECKS,
    HighLearningRate(),
    DeadUnitsAfterTrial(),
)
"""Checks of a recipe: checks of its untrained network, and of a few training steps."""


def examine_recipe(
    recipe: Recipe,
    train: Dataset,
    command: str,
    seed: int = 0,
    report_progress: ReportProgress = no_progress,
) -> Examination:
    """Look for faults in a recipe before it is trained.

    Some checks train a network of the recipe for a few steps.

    Args:
        recipe: The recipe, not yet trained.
        train: Labelled images.
        command: The command that trains the recipe, such as ``"tenfold train mlp"``; fixes add
            settings to the command.
        seed: Random seed of the network, default 0.
        report_progress: Called with what is examined next.

    Raises:
        TenfoldError: If a label is not below the number of outputs of the network.
    """
    train = train.in_memory()
    network = recipe.network(seed, train.images)
    check_labels(train.require_labels(), network.shapes[-1][-1])
    case = RecipeCase(network, train, command, recipe, seed)
    findings = run_checks(RECIPE_CHECKS, case, report_progress)
    return Examination(
        f"recipe {recipe.name}", checked_faults(RECIPE_CHECKS), by_severity(findings)
    )


def examine_network(
    network: Network,
    train: Dataset,
    command: str = "tenfold train",
    report_progress: ReportProgress = no_progress,
) -> Examination:
    """Look for faults in an untrained network, which is not changed.

    Args:
        network: The network with its initial weights.
        train: Labelled images with the input shape of the network.
        command: The command that trains the network; fixes add settings to the command.
        report_progress: Called with what is examined next.

    Raises:
        TenfoldError: If a label is not below the number of outputs of the network.
    """
    check_labels(train.require_labels(), network.shapes[-1][-1])
    findings = run_checks(NETWORK_CHECKS, NetworkCase(network, train, command), report_progress)
    return Examination("a network", checked_faults(NETWORK_CHECKS), by_severity(findings))
