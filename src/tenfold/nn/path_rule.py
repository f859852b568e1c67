"""The rule for arguments that are paths of files or folders."""

import os
from typing import Annotated, Any

from tenfold.nn.constraints import Rule

__all__ = ["FilePath", "PathLike"]


class FilePath(Rule):
    """A path as a string that is not empty, or as a ``Path``."""

    words = "the path of a file or folder (a string or a Path)"

    def holds(self, value: Any) -> bool:
        """Return True for a string or path object that names something."""
        if not isinstance(value, (str, os.PathLike)):
            return False
        text = os.fspath(value)
        return isinstance(text, str) and bool(text.strip()) and "\0" not in text


PathLike = Annotated[str | os.PathLike[str], FilePath()]
"""The path of a file or folder."""
