"""Analysis of networks and data: embeddings, loss landscape, robustness, layer statistics, and the
numbers of one forward and backward pass."""

from tenfold.inspection.arithmetic import arithmetic
from tenfold.inspection.chain import chain_rule
from tenfold.inspection.differences import Difference, finite_difference
from tenfold.inspection.embeddings import (
    DigitMaps,
    StageMap,
    digit_maps,
    neighbour_accuracy,
    pca,
    stages,
    tsne,
)
from tenfold.inspection.excitation import most_exciting
from tenfold.inspection.frozen import FrozenBatchNorm, FrozenNetwork, freeze
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
from tenfold.inspection.pruning import prune
from tenfold.inspection.robustness import (
    CorrectCount,
    DistortionCurve,
    Robustness,
    measure_robustness,
)
from tenfold.inspection.steps import Step, Term
from tenfold.inspection.tangents import tangent
from tenfold.inspection.trace import Trace, forward_from, trace

__all__ = [
    "PATH_OPTIMIZERS",
    "CorrectCount",
    "Difference",
    "DigitMaps",
    "DistortionCurve",
    "FrozenBatchNorm",
    "FrozenNetwork",
    "LabelErrors",
    "LayerMonitor",
    "LayerRow",
    "OptimizerPaths",
    "PathOptimizer",
    "Robustness",
    "StageMap",
    "Step",
    "Term",
    "Timing",
    "Trace",
    "arithmetic",
    "chain_rule",
    "digit_maps",
    "finite_difference",
    "forward_from",
    "freeze",
    "measure_layers",
    "measure_robustness",
    "monitored_steps",
    "most_exciting",
    "neighbour_accuracy",
    "optimizer_paths",
    "pca",
    "profile",
    "prune",
    "stages",
    "tangent",
    "trace",
    "tsne",
]
