"""Ensembles: recipes for several networks that predict together."""

from dataclasses import dataclass

from tenfold.nn.arguments import check_fields

__all__ = ["ENSEMBLES", "EnsembleRecipe"]


@dataclass(frozen=True)
class EnsembleRecipe:
    """Several recipes, each trained with random seeds 0, 1, ...; their probabilities are averaged.

    Attributes:
        name: Name on the command line.
        summary: One line for the list of recipes.
        members: Number of seeds of each recipe, by its name.
    """

    name: str
    summary: str
    members: dict[str, int]

    def __post_init__(self) -> None:
        check_fields(self)


ENSEMBLES = {
    ensemble.name: ensemble
    for ensemble in (
        EnsembleRecipe(
            "ensemble",
            "mean of four champion networks, two of which deskew the digits first, in two hours",
            {"champion": 2, "champion-upright": 2},
        ),
    )
}
"""The ensembles by name."""
