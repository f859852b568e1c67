"""The error that a user can mend.

Every message says which rule was broken, what was received, and what to do next. The command line
prints it without a traceback; everything else is a defect of ours and keeps its traceback.
"""

__all__ = ["TenfoldError"]


class TenfoldError(Exception):
    """Something outside the program is not as it must be: a file, a setting, a folder."""
