"""The notebooks are what their cells show, and their cells run, here on little data.

Each runs in a kernel of its own, as a reader runs it: what one leaves must not help the next.
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from nbformat import NotebookNode

FOLDER = Path(__file__).parents[2] / "notebooks"


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("execute_notebooks", FOLDER / "execute.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


script = _load()
NAMES = [path.name for path in script.notebooks()]
SMALL = {
    "1": "IMAGES = 300\nUPDATES = 12\nPATH_IMAGES = 60\nPATH_STEPS = 4",
    "2": "IMAGES = 1_000\nHELD_OUT = 300\nEPOCHS = 1\nHIDDEN = 8",
    "3": 'FOLDER = "digits"\nIMAGES = 1_500\nTEST_IMAGES = 300\nVALIDATION = 300\nEPOCHS = 1',
    "4": "IMAGES = 800\nEPOCHS = 1\nTEST_IMAGES = 300\nMAPPED = 40\nTESTED = 30",
}


def read(name: str) -> NotebookNode:
    return nbformat.read(FOLDER / name, as_version=4)


def names(source: str) -> list[str]:
    """Return what a cell of sizes gives a value to."""
    return [line.split(" = ")[0] for line in source.splitlines() if " = " in line]


def test_there_are_four() -> None:
    assert [name[0] for name in NAMES] == list(SMALL)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_stored_was_shown_by_the_cells_that_stand_there(name: str) -> None:
    notebook = read(name)
    nbformat.validate(notebook)
    assert script.faults(notebook) == []
    assert notebook.cells[0].source.startswith("# ")
    pictures = [o for c in notebook.cells for o in c.get("outputs", ()) if "image/png" in str(o)]
    assert pictures


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_on_little_data_without_a_warning(name: str) -> None:
    notebook = read(name)
    (sizes,) = (c for c in notebook.cells if c.metadata.get("tags") == ["parameters"])
    assert names(sizes.source) == names(SMALL[name[0]])
    sizes.source = SMALL[name[0]]
    script.execute(notebook)
    assert script.faults(notebook) == []


def test_what_is_wrong_is_said() -> None:
    notebook = read(NAMES[0])
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    code[2].source += "\n# changed"
    code[3].execution_count = 7
    code[4].outputs = [
        nbformat.v4.new_output("error", ename="E", evalue="broken", traceback=[]),
        nbformat.v4.new_output("stream", name="stderr", text="beware"),
        nbformat.v4.new_output("stream", name="stdout", text=f"{sys.prefix} <object at 0x7f>"),
    ]
    told = " ".join(script.faults(notebook))
    for words in (
        *("not executed in their order", "has changed since", "cell 5 failed: E: broken"),
        *("cell 5 warns: beware", "a path of this machine", "the address of an object"),
    ):
        assert words in told
    code[0].source = "raise ValueError('no')"
    with pytest.raises(script.CellExecutionError, match="no"):
        script.execute(notebook)


def test_only_what_is_asked_for_is_executed(capsys: pytest.CaptureFixture[str]) -> None:
    assert [path.name for path in script.notebooks(["2", "4"])] == [NAMES[1], NAMES[3]]
    assert script.main(["9"]) == 2
    assert "no notebook's name begins with 9" in capsys.readouterr().err
