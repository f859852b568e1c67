"""Training: the loop ``fit``, its options, early stopping and checkpoints."""

from tenfold.training.averaging import averaged, keep_average
from tenfold.training.batch_sizes import batch_problem, check_batches
from tenfold.training.batches import Batches
from tenfold.training.checkpoint import TrainingState, load_checkpoint, save_checkpoint
from tenfold.training.checks import check_labels
from tenfold.training.divergence import DivergenceError, dead_units
from tenfold.training.loop import fit
from tenfold.training.progress import Progress
from tenfold.training.records import EpochRecord, Record, Records, StepRecord
from tenfold.training.selective import Selective
from tenfold.training.shards import Shards
from tenfold.training.stopping import EarlyStopping
from tenfold.training.team import SINGLE_PROCESS, Team
from tenfold.training.whitening import whiten

__all__ = [
    "ALONE",
    "SINGLE_PROCESS",
    "Batches",
    "DivergenceError",
    "EarlyStopping",
    "EpochRecord",
    "Progress",
    "Record",
    "Records",
    "Selective",
    "Shards",
    "StepRecord",
    "Team",
    "TrainingState",
    "averaged",
    "batch_problem",
    "check_batches",
    "check_labels",
    "dead_units",
    "fit",
    "keep_average",
    "load_checkpoint",
    "save_checkpoint",
    "whiten",
]

ALONE = SINGLE_PROCESS  # its name in version 0.2
