"""Evidence: ink must differ from the paper by more than a few grey levels."""

import numpy as np
import pytest

from tenfold.reading.candidates import whole_candidate
from tenfold.reading.evidence import evidence_of
from tenfold.reading.lattice import Arc
from tenfold.reading.mask import find_pieces


def _evidence(paper: float) -> float:
    """Return the evidence of ink of 40 x 20 pixels that is black, on paper of a grey level."""
    mask = np.zeros((100, 100), bool)
    mask[30:70, 40:60] = True
    ink = find_pieces(mask, np.where(mask, 0, paper).astype(np.float32), mask.astype(np.float32))
    return evidence_of(ink, whole_candidate(ink, [0]), Arc(0, 0, 1.0))


def test_the_halo_of_dark_ink_on_white_paper_has_little_evidence() -> None:
    """If light ink is assumed, white paper counts as nearly black, and the halo as black."""
    assert _evidence(0.9) == pytest.approx(40)
    assert _evidence(0.01) < 0.3 * 40
