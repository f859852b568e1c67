"""Execute the notebooks from the first cell to the last, and store the output.

    python notebooks/execute.py        all of them, in place
    python notebooks/execute.py 2 4    those whose names start with 2 or 4

Edit a notebook in Jupyter or any editor, then execute it with this script. So the stored output is
that of the stored cells, executed in order in a new process. Information that differs from run to
run (times, versions, message counters) is removed. Nothing is written if a cell fails, warns or
shows a path of this machine, or if the file would be too large.
"""

# mypy: disable-error-code="no-untyped-call"
# nbformat has types for some of its functions only.

import asyncio
import hashlib
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from tenfold.files import write_text

__all__ = ["FOLDER", "LARGEST", "code_digest", "execute", "faults", "main", "notebooks"]

FOLDER = Path(__file__).resolve().parent
LARGEST = 700_000
"""Maximum size of a file in bytes; sites that render notebooks reject much larger ones."""

_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_TIMEOUT = 600  # seconds for one cell


def notebooks(chosen: list[str] | None = None, folder: Path = FOLDER) -> list[Path]:
    """Return the notebooks whose names start with one of ``chosen``, by default all."""
    found = sorted(folder.glob("*.ipynb"))
    return [path for path in found if path.name.startswith(tuple(chosen or [""]))]


def execute(notebook: NotebookNode) -> None:
    """Execute all cells in a new process and an empty folder, and store their output.

    Raises:
        CellExecutionError: If a cell fails.
        ValueError: If a cell shows the path of the folder.
    """
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            kernel_name=_KERNEL["name"],
            timeout=_TIMEOUT,
            record_timing=False,
            coalesce_streams=True,  # the division of a text into messages is random
            resources={"metadata": {"path": folder}},
        )
        asyncio.run(client.async_execute())  # client.execute() leaves an event loop open
    for text in _texts(notebook):
        if folder in text:
            raise ValueError(
                f"a cell shows the path of the folder in which it was executed: {folder}"
            )
    notebook.metadata = NotebookNode(
        kernelspec=NotebookNode(_KERNEL),
        language_info=NotebookNode(name="python"),
        tenfold=NotebookNode(executed=code_digest(notebook)),
    )


def code_digest(notebook: NotebookNode) -> str:
    """Return the SHA-256 of all code, to check that stored output belongs to it."""
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()


def faults(notebook: NotebookNode) -> list[str]:
    """Return one sentence for each problem of an executed notebook."""
    found = []
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        found.append("its cells were not executed once each, in order")
    if notebook.metadata.get("tenfold", {}).get("executed") != code_digest(notebook):
        found.append("its code has changed since the execution")
    for number, cell in enumerate(code, 1):
        for output in cell.outputs:
            if output.output_type == "error":
                found.append(f"cell {number} failed: {output.ename}: {output.evalue}")
            if output.get("name") == "stderr":
                found.append(f"cell {number} warns: {output.text.strip()[:200]}")
    own = {str(Path.home()), str(FOLDER.parent), sys.prefix}
    if any(path in text for text in _texts(notebook) for path in own if len(path) > 1):
        found.append("a cell shows a path of this machine")
    if any(" at 0x" in text for text in _texts(notebook)):
        found.append("a cell shows the address of an object, which differs from run to run")
    if (size := len(nbformat.writes(notebook).encode())) > LARGEST:
        found.append(
            f"it has {size:,} bytes, at most {LARGEST:,} are allowed: draw fewer or smaller figures"
        )
    return found


def _texts(notebook: NotebookNode) -> list[str]:
    """Return all texts in the output of the cells."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    shown = [text for output in outputs for text in output.get("data", {}).values()]
    return [output.text for output in outputs if "text" in output] + [
        text for text in shown if isinstance(text, str)
    ]


def main(arguments: list[str]) -> int:
    """Execute notebooks in place; return the exit code."""
    paths = notebooks(arguments)
    if not paths:
        print(f"no notebook starts with {' or '.join(arguments)}", file=sys.stderr)
        return 2
    wrong = 0
    for path in paths:
        print(path.name, flush=True)
        notebook = nbformat.read(path, as_version=4)
        try:
            execute(notebook)
            found = faults(notebook)
        except (CellExecutionError, ValueError) as error:
            found = [str(error)]
        for fault in found:
            print(f"  {fault}; the file is not changed")
        wrong += len(found)
        if not found:
            write_text(path, nbformat.writes(notebook) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
