"""Random numbers without hidden state: a generator for each (seed, purpose, step, index).

A counter-based generator (Philox) can start anywhere in its sequence at no cost. The seed and the
purpose ("shuffle", "dropout", ...) form its key; the step and the index (such as the index of a
layer) form its counter. Step 1,234 of a run can therefore be repeated without the 1,233 before it,
a run can be resumed without a saved random state, and the numbers of two purposes are independent.

References:
    Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
"""

import hashlib
from typing import Annotated

import numpy as np

from tenfold.nn.constraints import InstanceOf, Whole

__all__ = ["Seed", "stream"]

_SEED_RULE, _PURPOSE_RULE = Whole(0, 2**64 - 1), InstanceOf(str)
_COUNTER_RULE = Whole(0, 2**63 - 1)

Seed = Annotated[int, _SEED_RULE]
"""A whole number from 0 to 2**64 - 1."""


def stream(seed: int, purpose: str, step: int = 0, index: int = 0) -> np.random.Generator:
    """Return the generator of (seed, purpose, step, index), which always gives the same numbers.

    Args:
        seed: Random seed, 0 to 2**64 - 1.
        purpose: Purpose of the numbers, such as ``"shuffle"``.
        step: Index of the step, epoch or repetition, 0 to 2**63 - 1.
        index: Index of the stream within the step, such as the index of the layer that uses the
            numbers, 0 to 2**63 - 1. Each index has numbers of its own.

    Raises:
        ValueError: If an argument has a wrong type or is out of its range.
    """
    seed = _SEED_RULE.check("seed", seed)
    step, index = _COUNTER_RULE.check("step", step), _COUNTER_RULE.check("index", index)
    purpose = _PURPOSE_RULE.check("purpose", purpose)
    digest = hashlib.blake2b(purpose.encode(), digest_size=8).digest()
    key = np.array([seed, int.from_bytes(digest, "little")], dtype=np.uint64)
    counter = np.array([0, 0, index, step], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))
