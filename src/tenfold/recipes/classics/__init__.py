"""The classics: the six experiments of five small public projects, as written and corrected."""

from tenfold.recipes.classics.classic import Claim, Classic
from tenfold.recipes.classics.projects import CLASSICS

__all__ = ["CLASSICS", "Claim", "Classic"]
