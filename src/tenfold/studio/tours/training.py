"""What the tours through Train have in common: addresses of races, and what the page observes."""

import json
from urllib.parse import urlencode

from tenfold.studio.tours.tour import Condition

__all__ = ["chosen", "learned", "learns", "race_address", "training_without"]

Racer = tuple[str, tuple[str, ...]]
"""Name and settings of a network of the recipe ``mlp``."""


def race_address(show: str, *racers: Racer, epochs: int) -> str:
    """Return the address of a race.

    Args:
        show: Name of a preset.
        racers: The networks, in place of the networks of the preset.
        epochs: Number of epochs.
    """
    query: dict[str, str | int] = {"show": show, "epochs": epochs}
    if racers:
        nets = [
            {"name": name, "recipe": "mlp", "settings": list(settings)} for name, settings in racers
        ]
        query["nets"] = json.dumps(nets, separators=(",", ":"))
    return f"/train?{urlencode(query)}"


def learned(name: str, *, index: int, epochs: int) -> Condition:
    """Return the condition that a network has learned for some epochs.

    Args:
        name: Its name.
        index: Its number among the racers.
        epochs: Number of epochs.
    """
    return Condition(
        f"{_with(name)} circle.s{index}",
        f"“{name}” has learned for {epochs} {'epoch' if epochs == 1 else 'epochs'}",
        epochs,
    )


def learns(name: str) -> Condition:
    """Return the condition that the training of a network is running."""
    return Condition(f"{_with(name)} .state.running", f"“{name}” learns")


def chosen(name: str, *, index: int) -> Condition:
    """Return the condition that the details of a network are shown."""
    return Condition(
        f"{_with(name)} .racers button:nth-child({index + 1})[aria-pressed=true]",
        f"“{name}” is chosen",
    )


def training_without(name: str) -> Condition:
    """Return the condition that a training without this network is running or paused."""
    return Condition(
        f".train:not(:has({_progress(name)})) .state:is(.running, .paused, .starting)",
        "Another training is running. Press Stop first.",
    )


def _with(name: str) -> str:
    return f".train:has({_progress(name)})"


def _progress(name: str) -> str:
    return f'progress[aria-label="Progress of {name}"]'
