"""The classics: five small public projects, as they were written and corrected."""

from tenfold.recipes.classics.classic import Claim, Classic
from tenfold.recipes.classics.projects import CLASSICS

__all__ = ["CLASSICS", "Claim", "Classic"]
