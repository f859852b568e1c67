"""The doctor: what is wrong with data, a recipe or a run, how one sees it, and what mends it.

In reading order: ``finding``; what is asked of data (``scale``, ``blanks``, ``ground``,
``position``, ``copies``, ``classes``, then, of the ``witness``, ``legibility`` and ``labels``); of
a recipe before it is trained (``start``, ``trial``, ``memory``, ``rate``, ``units``); of a run
(``course``, ``outcome``, ``answers``). ``remedy`` writes commands. ``checkup`` and ``finished``
ask everything in turn.
"""

from tenfold.doctor.checkup import examine_data, examine_network, examine_recipe
from tenfold.doctor.data.reference_model import agreeing
from tenfold.doctor.finding import Checkup, Finding, Severity, in_order
from tenfold.doctor.remedy import train_command
from tenfold.doctor.run.finished import examine_run

__all__ = [
    "Checkup",
    "Finding",
    "Severity",
    "agreeing",
    "examine_data",
    "examine_network",
    "examine_recipe",
    "examine_run",
    "in_order",
    "train_command",
]
