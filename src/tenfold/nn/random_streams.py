"""Randomness without hidden state: a generator for (seed, purpose, step), made where it is needed.

A counter-based generator (Philox) can start anywhere in its sequence at no cost. The seed and the
purpose ("shuffle", "dropout", ...) make its key, the step and the lane its counter. So step 1,234
of a run can be replayed without the 1,233 before it, a resumed run needs no saved random state,
and two purposes never share a number.

Reference: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
"""

import hashlib

import numpy as np

__all__ = ["stream"]


def stream(seed: int, purpose: str, step: int = 0, lane: int = 0) -> np.random.Generator:
    """Return the generator that belongs to (seed, purpose, step, lane): always the same numbers.

    Args:
        seed: the run's seed, 0 <= seed < 2**64.
        purpose: what the numbers are for, such as ``"shuffle"``.
        step: which step, epoch or repetition, 0 <= step < 2**63.
        lane: which of several users of the same purpose, such as a layer's index; same range.

    Raises:
        ValueError: if one of the numbers is negative or too large.
    """
    if not 0 <= seed < 2**64:
        raise ValueError(f"a seed is a whole number from 0 to 2**64 - 1, not {seed}")
    if not (0 <= step < 2**63 and 0 <= lane < 2**63):
        raise ValueError(
            f"step and lane are whole numbers from 0 to 2**63 - 1, not {step} and {lane}"
        )
    digest = hashlib.blake2b(purpose.encode(), digest_size=8).digest()
    key = np.array([seed, int.from_bytes(digest, "little")], dtype=np.uint64)
    counter = np.array([0, 0, lane, step], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))
