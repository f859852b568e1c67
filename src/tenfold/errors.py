"""The error that a user can mend.

Every message says which rule was broken, what was received, and what to do next. The command line
prints it without a traceback; everything else is a defect of ours and keeps its traceback.
"""

__all__ = ["TenfoldError", "UsageError"]


class TenfoldError(Exception):
    """Something outside the program is not as it must be: a file, a setting, a folder.

    Attributes:
        exit_code: what the command line ends with.
    """

    exit_code = 1


class UsageError(TenfoldError):
    """A command was given something that it does not know."""

    exit_code = 2
