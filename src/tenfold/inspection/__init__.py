"""Analysis of networks and data: embeddings, loss landscape, robustness, layer statistics."""

from tenfold.inspection.embeddings import (
    DigitMaps,
    StageMap,
    digit_maps,
    neighbour_accuracy,
    pca,
    stages,
    tsne,
)
from tenfold.inspection.label_errors import LabelErrors
from tenfold.inspection.landscape import (
    PATH_OPTIMIZERS,
    OptimizerPaths,
    PathOptimizer,
    optimizer_paths,
)
from tenfold.inspection.layer_statistics import (
    LayerMonitor,
    LayerRow,
    measure_layers,
    monitored_steps,
)
from tenfold.inspection.profiling import Timing, profile
from tenfold.inspection.robustness import (
    CorrectCount,
    DistortionCurve,
    Robustness,
    measure_robustness,
)

__all__ = [
    "PATH_OPTIMIZERS",
    "CorrectCount",
    "DigitMaps",
    "DistortionCurve",
    "LabelErrors",
    "LayerMonitor",
    "LayerRow",
    "OptimizerPaths",
    "PathOptimizer",
    "Robustness",
    "StageMap",
    "Timing",
    "digit_maps",
    "measure_layers",
    "measure_robustness",
    "monitored_steps",
    "neighbour_accuracy",
    "optimizer_paths",
    "pca",
    "profile",
    "stages",
    "tsne",
]
