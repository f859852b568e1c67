"""Maps of images that take less time."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from tenfold.inspection import embeddings


@contextmanager
def short_tsne() -> Iterator[None]:
    """Let t-SNE make 250 steps, the fewest that scikit-learn allows, instead of 500.

    For tests about the files and figures of a map; those of this folder examine the maps.
    """
    with patch.object(embeddings, "_STEPS", 250):
        yield
