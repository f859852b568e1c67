"""The loop: ``fit`` trains a network and tells how it goes; checkpoints and model files keep it."""

from tenfold.training.batches import Batches
from tenfold.training.checkpoint import TrainingState, load_checkpoint, save_checkpoint
from tenfold.training.divergence import DivergenceError, dead_units
from tenfold.training.fit import Progress, averaged, check_labels, fit
from tenfold.training.landscape import TRAVELLERS, Paths, Traveller, optimizer_paths
from tenfold.training.model_file import Model, load_model, save_model
from tenfold.training.profile import Timing, profile
from tenfold.training.records import EpochRecord, Record, Records, StepRecord
from tenfold.training.selective import Selective
from tenfold.training.shards import Shards
from tenfold.training.stopping import EarlyStopping
from tenfold.training.watch import Row, Watcher, watched_steps
from tenfold.training.whitening import whiten

__all__ = [
    "TRAVELLERS",
    "Batches",
    "DivergenceError",
    "EarlyStopping",
    "EpochRecord",
    "Model",
    "Paths",
    "Progress",
    "Record",
    "Records",
    "Row",
    "Selective",
    "Shards",
    "StepRecord",
    "Timing",
    "TrainingState",
    "Traveller",
    "Watcher",
    "averaged",
    "check_labels",
    "dead_units",
    "fit",
    "load_checkpoint",
    "load_model",
    "optimizer_paths",
    "profile",
    "save_checkpoint",
    "save_model",
    "watched_steps",
    "whiten",
]
