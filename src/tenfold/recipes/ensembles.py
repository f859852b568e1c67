"""Ensembles: recipes of several networks that answer together."""

from dataclasses import dataclass

__all__ = ["ENSEMBLES", "EnsembleRecipe"]


@dataclass(frozen=True)
class EnsembleRecipe:
    """Several recipes, each with random seeds 0, 1, ...; the mean of their probabilities answers.

    Attributes:
        name: what it is called on the command line.
        summary: one line for the list of recipes.
        members: how many seeds of which recipe.
    """

    name: str
    summary: str
    members: dict[str, int]


ENSEMBLES = {
    ensemble.name: ensemble
    for ensemble in (
        EnsembleRecipe(
            "ensemble",
            "four champions answer together, two of which deskew digits first: two hours",
            {"champion": 2, "champion-upright": 2},
        ),
    )
}
"""The ensembles by name."""
