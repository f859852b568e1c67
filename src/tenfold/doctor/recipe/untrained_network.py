"""Checks of an untrained network: unscaled inputs, a dead network, and a high initial loss."""

from tenfold.doctor.check import Check
from tenfold.doctor.finding import Finding
from tenfold.doctor.fix import with_settings
from tenfold.doctor.recipe.case import NetworkCase
from tenfold.doctor.recipe.initial_state import InitialState
from tenfold.training.divergence import LARGE_INPUT

__all__ = ["DeadNetwork", "HighInitialLoss", "UnscaledInputs"]

_TOO_HIGH = 2.0  # times the loss of a guess; the built-in recipes start at 1.0 to 1.5 times
_DEAD = 0.9  # a network with a larger share of dead ReLU units is dead
_HEALTHY = ("initializer=HeNormal", "bias_initializer=Zeros")


class UnscaledInputs(Check[NetworkCase]):
    """Check for pixels that reach the first weights unscaled."""

    name = "inputs-unscaled"
    looks_for = "unscaled inputs"

    def run(self, case: NetworkCase) -> Finding | None:
        """Return a finding if the scaled pixels exceed ``LARGE_INPUT``."""
        state = case.initial_state
        if state.largest_input <= LARGE_INPUT:
            return None
        return Finding(
            self.name,
            "serious",
            "the network does not scale the pixels",
            f"values up to {state.largest_input:.0f} reach the first weights (they should stay "
            f"below {LARGE_INPUT:.0f}; scaled pixels of MNIST are at most 2.8); the initial loss "
            f"is {state.loss:.3g}, that of a guess {state.guess:.2f}",
            "the first layer neither subtracts the mean of the pixels nor divides them by their "
            "standard deviation",
            with_settings(case.command, "mean=33.3184", "deviation=78.5675"),
        )


class DeadNetwork(Check[NetworkCase]):
    """Check for weights without gradient and dead ReLU units before the first step."""

    name = "dead-network"
    looks_for = "a dead network"
    explained_by = frozenset({"small-batches", "inputs-unscaled"})

    def run(self, case: NetworkCase) -> Finding | None:
        """Return a finding if a weight array has no gradient or over 90% of units are dead."""
        state = case.initial_state
        if not state.without_gradient and state.dead <= _DEAD * state.units:
            return None
        return Finding(
            self.name,
            "serious",
            "the network is dead before its first step: it cannot learn",
            f"{state.dead:,} of {state.units:,} ReLU units are 0 for all {state.images} images; "
            f"{state.without_gradient} of {state.weights} weight arrays have a zero gradient; "
            f"each output differs by at most {state.spread:.2g} between images",
            _cause(state),
            with_settings(case.command, *_HEALTHY),
        )


def _cause(state: InitialState) -> str:
    if state.zero:
        return (
            f"the initial weights are all zero in {state.zero} of {state.weights} layers, so they "
            "have no gradient and stay zero at any learning rate"
        )
    return (
        "initial biases or weights are so far below zero that no unit is ever active: where a unit "
        "is 0, its gradient is 0"
    )


class HighInitialLoss(Check[NetworkCase]):
    """Check for an initial loss of more than twice the loss of a guess."""

    name = "start-loss"
    looks_for = "a high initial loss"
    explained_by = frozenset({"small-batches", "inputs-unscaled", "dead-network"})

    def run(self, case: NetworkCase) -> Finding | None:
        """Return a finding if the initial loss exceeds 2 ln(classes)."""
        state = case.initial_state
        if state.loss <= _TOO_HIGH * state.guess:
            return None
        return Finding(
            self.name,
            "warning",
            "the initial predictions are confident and wrong",
            f"the initial loss is {state.loss:.3g}; a guess among {state.classes} classes has "
            f"ln({state.classes}) = {state.guess:.2f}",
            "the initial weights are too large for their number of inputs, so the first steps only "
            "reduce the confidence",
            with_settings(case.command, *_HEALTHY),
        )
