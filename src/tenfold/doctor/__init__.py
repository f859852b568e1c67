"""The doctor finds faults in data, recipes and runs, and reports evidence and fix of each fault.

Read ``finding`` and ``check`` first, then the three subpackages: ``data``, ``recipe`` (before it is
trained) and ``run`` (a run folder). Each has its list of checks in its module ``examination``.
"""

from tenfold.doctor.check import Check, ReportProgress, run_checks
from tenfold.doctor.data.examination import examine_data
from tenfold.doctor.data.reference_model import label_agreement
from tenfold.doctor.finding import Examination, Finding, Severity, by_severity
from tenfold.doctor.recipe.examination import examine_network, examine_recipe
from tenfold.doctor.run.examination import examine_run

__all__ = [
    "Check",
    "Examination",
    "Finding",
    "ReportProgress",
    "Severity",
    "by_severity",
    "examine_data",
    "examine_network",
    "examine_recipe",
    "examine_run",
    "label_agreement",
    "run_checks",
]
