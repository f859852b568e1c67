"""Runs: training a recipe in a folder, and reading the files of that folder."""

from tenfold.runs.begin import begin_or_resume
from tenfold.runs.chance import chance_cause
from tenfold.runs.changes import Live
from tenfold.runs.classics import summarise_classic
from tenfold.runs.comparison import Entry, Pair, compare_all, open_entry
from tenfold.runs.cross_validation import OutOfFold, all_labelled, load_fold, scaled_to
from tenfold.runs.ensembles import evaluate_ensemble, execute_ensemble, prepare_ensemble
from tenfold.runs.environment import describe_environment
from tenfold.runs.execution import check_split, execute
from tenfold.runs.fine_tuning import LEAST_DIGITS, FineTuning, fine_tune, fine_tune_and_save
from tenfold.runs.listing import RunSummary, find_runs
from tenfold.runs.members import member_folders
from tenfold.runs.predictions import PartPredictions, read_predictions
from tenfold.runs.records import Records, curve_points, last_values, mean_records, metric_names
from tenfold.runs.relocation import load_images, relocate
from tenfold.runs.results import PartMetrics, RunMetrics
from tenfold.runs.run import (
    RUN_FILES,
    Run,
    claim_folder,
    create_run,
    newest_run,
    open_run,
)
from tenfold.runs.series import Series, execute_series, open_series
from tenfold.runs.submission import (
    Difference,
    Estimate,
    Exposure,
    estimate_score,
    find_exposure,
    results_of,
)
from tenfold.runs.team import check_team
from tenfold.runs.training_images import Seen, seen_images, training_images

__all__ = [
    "LEAST_DIGITS",
    "RUN_FILES",
    "Difference",
    "Entry",
    "Estimate",
    "Exposure",
    "FineTuning",
    "Live",
    "OutOfFold",
    "Pair",
    "PartMetrics",
    "PartPredictions",
    "Records",
    "Run",
    "RunMetrics",
    "RunSummary",
    "Seen",
    "Series",
    "all_labelled",
    "begin_or_resume",
    "chance_cause",
    "check_split",
    "check_team",
    "claim_folder",
    "compare_all",
    "create_run",
    "curve_points",
    "describe_environment",
    "estimate_score",
    "evaluate_ensemble",
    "execute",
    "execute_ensemble",
    "execute_series",
    "find_exposure",
    "find_runs",
    "fine_tune",
    "fine_tune_and_save",
    "last_values",
    "load_fold",
    "load_images",
    "mean_records",
    "member_folders",
    "metric_names",
    "newest_run",
    "open_entry",
    "open_run",
    "open_series",
    "prepare_ensemble",
    "read_predictions",
    "relocate",
    "results_of",
    "scaled_to",
    "seen_images",
    "summarise_classic",
    "training_images",
]
