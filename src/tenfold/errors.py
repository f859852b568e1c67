"""Errors that a user can correct.

Their messages say which rule was broken, what was received, and what to do next. The command line
prints them without a traceback. Any other exception is a bug in tenfold and keeps its traceback.
"""

__all__ = ["TenfoldError", "UsageError"]


class TenfoldError(Exception):
    """Something outside the program is wrong, such as a file, a folder or a setting.

    Attributes:
        exit_code: Exit code of the command line.
    """

    exit_code = 1


class UsageError(TenfoldError):
    """The arguments of a command are wrong."""

    exit_code = 2
