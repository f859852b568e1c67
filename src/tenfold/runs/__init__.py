"""Carrying a recipe out, and what a run folder holds."""

from tenfold.runs.classics import summarise
from tenfold.runs.comparison import (
    Contender,
    Pair,
    compare_all,
    last_values,
    mean_records,
    metric_names,
    open_contender,
)
from tenfold.runs.cross_validation import OutOfFold, scaled_to
from tenfold.runs.ensembles import assemble, execute_ensemble, measure_ensemble
from tenfold.runs.environment import describe_environment
from tenfold.runs.execution import check_fits, execute
from tenfold.runs.predictions import Answers, read_answers
from tenfold.runs.run import Run, create_run, newest_run, next_folder, open_run
from tenfold.runs.series import Series, execute_series, open_series
from tenfold.runs.submission import (
    Difference,
    Estimate,
    Exposure,
    Origin,
    estimate_score,
    find_exposure,
    origin_of,
)

__all__ = [
    "Answers",
    "Contender",
    "Difference",
    "Estimate",
    "Exposure",
    "Origin",
    "OutOfFold",
    "Pair",
    "Run",
    "Series",
    "assemble",
    "check_fits",
    "compare_all",
    "create_run",
    "describe_environment",
    "estimate_score",
    "execute",
    "execute_ensemble",
    "execute_series",
    "find_exposure",
    "last_values",
    "mean_records",
    "measure_ensemble",
    "metric_names",
    "newest_run",
    "next_folder",
    "open_contender",
    "open_run",
    "open_series",
    "origin_of",
    "read_answers",
    "scaled_to",
    "summarise",
]
