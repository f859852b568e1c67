"""The notes of a data set that no finding repeats."""

from collections.abc import Collection

from tenfold.data.arrays import LOW_SCALE_NOTE
from tenfold.data.dataset import Dataset
from tenfold.data.orientation import TRANSPOSED

__all__ = ["other_notes"]

_REPEATED = {"pixel-scale": LOW_SCALE_NOTE, "transposed-images": TRANSPOSED}
"""From the name of a finding to a text that occurs in the note that says the same."""


def other_notes(dataset: Dataset, findings: Collection[str]) -> tuple[str, ...]:
    """Return the notes of a data set, without those that say what a finding says.

    Args:
        dataset: The data set.
        findings: Names of the findings about it.
    """
    said = [text for name, text in _REPEATED.items() if name in findings]
    return tuple(note for note in dataset.notes if not any(text in note for text in said))
