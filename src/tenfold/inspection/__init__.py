"""Looking into networks and data: embeddings, loss landscape, robustness, layer statistics."""

from tenfold.inspection.embeddings import (
    DigitMaps,
    StageMap,
    digit_maps,
    neighbour_purity,
    pca,
    stages,
    tsne,
)
from tenfold.inspection.label_errors import LabelErrors
from tenfold.inspection.landscape import TRAVELLERS, Paths, Traveller, optimizer_paths
from tenfold.inspection.layer_statistics import Row, Watcher, watched_steps
from tenfold.inspection.profiling import Timing, profile
from tenfold.inspection.robustness import Curve, Robustness, Tally, measure_robustness

__all__ = [
    "TRAVELLERS",
    "Curve",
    "DigitMaps",
    "LabelErrors",
    "Paths",
    "Robustness",
    "Row",
    "StageMap",
    "Tally",
    "Timing",
    "Traveller",
    "Watcher",
    "digit_maps",
    "measure_robustness",
    "neighbour_purity",
    "optimizer_paths",
    "pca",
    "profile",
    "stages",
    "tsne",
    "watched_steps",
]
