"""Memory: a network that cannot learn 32 images by heart will not learn 60,000."""

from tenfold.doctor.finding import Finding
from tenfold.doctor.recipe.trial import Memory
from tenfold.doctor.remedy import with_settings

__all__ = ["learns_one_batch"]

_KNOWN = 0.9


def learns_one_batch(memory: Memory, command: str) -> Finding | None:
    """Return a finding if a batch was not learned by heart, nine images of ten at the least."""
    if memory.accuracy >= _KNOWN:
        return None
    return Finding(
        "one-batch",
        "serious",
        f"the network cannot learn {memory.images} images by heart",
        f"{memory.accuracy:.0%} of them right at best, in {memory.steps} steps with Adam at 0.01; "
        f"it ends with {memory.answers} different answer{'s' if memory.answers != 1 else ''}",
        "layers that are too narrow, units that never become active, or images that are the same "
        "and bear different labels",
        with_settings(command, "activation=LeakyReLU", "initializer=HeNormal"),
    )
