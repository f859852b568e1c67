"""The doctor: what is wrong with data, a recipe or a run, the evidence, and how to correct it.

In reading order: ``finding``, ``check``; then three subpackages with one list of checks each, in
their ``examination``: ``data``, ``recipe`` (before it is trained) and ``run`` (a run folder).
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
