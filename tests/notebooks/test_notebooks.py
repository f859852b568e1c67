"""The stored output of the notebooks belongs to their cells, and the cells run on a few images."""

# mypy: disable-error-code="no-untyped-call"
# nbformat has types for some of its functions only.

import ast
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from notebooks.execute import FOLDER, LARGEST, code_digest, execute, faults, main, notebooks

from tests.docs.test_links import relative_links

NOTEBOOKS = notebooks()
SMALL = {
    "1": "IMAGES, STEPS, PATH_IMAGES, PATH_STEPS = 200, 11, 20, 2",
    "2": "IMAGES, HELD_OUT, EPOCHS, HIDDEN = 1000, 100, 1, 4",
    "3": "FOLDER, IMAGES, TEST_IMAGES, VALIDATION, EPOCHS = 'here', 1000, 300, 200, 1",
    "4": "IMAGES, EPOCHS, TEST_IMAGES, MAPPED, TESTED = 500, 1, 100, 30, 10",
}
# Warnings are errors in notebooks, too. Figures are small, their parts are placed roughly, and the
# files in Kaggle's format have 2,000 rows: the stored output shows that all works in full.
FIRST = """
import warnings
from matplotlib.figure import Figure
from tenfold.data import kaggle
from tenfold.plots import style
warnings.simplefilter("error")
kaggle.kaggle_split = lambda seed, split=kaggle.kaggle_split: [
    part.subset(range(min(len(part), 2000))) for part in split(seed)
]
Figure.get_layout_engine = lambda figure: None
style._NOTEBOOK_DPI = 20
"""

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def sizes_cell(notebook: NotebookNode) -> NotebookNode:
    (cell,) = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    return cell


def assigned(source: str) -> set[str]:
    nodes = ast.walk(ast.parse(source))
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def written(*sources: str) -> NotebookNode:
    """Return a notebook with these code cells, not executed."""
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])


def executed(*sources: str) -> NotebookNode:
    """Return a notebook as if it had been executed, without the cost of a process."""
    notebook = written(*sources)
    for number, cell in enumerate(notebook.cells, 1):
        cell.execution_count = number
    notebook.metadata["tenfold"] = {"executed": code_digest(notebook)}
    return notebook


def test_small_sizes_are_known_for_all_four() -> None:
    assert [path.name[0] for path in NOTEBOOKS] == sorted(SMALL)
    for path in NOTEBOOKS:
        sizes = sizes_cell(nbformat.read(path, as_version=4))
        assert assigned(sizes.source) == assigned(SMALL[path.name[0]])


@each_notebook
def test_stored_output_belongs_to_the_cells(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert faults(notebook) == [], "correct it with: python notebooks/execute.py"
    assert any("image/png" in o.get("data", {}) for c in code_cells(notebook) for o in c.outputs)
    assert not any("execution" in cell.metadata for cell in notebook.cells)


@pytest.fixture(scope="module")
def small_runs() -> dict[Path, NotebookNode]:
    """All notebooks, executed on a few images in one process, with an empty namespace for each."""
    small = {path: nbformat.read(path, as_version=4) for path in NOTEBOOKS}
    together = written()
    for path, notebook in small.items():
        sizes_cell(notebook).source = FIRST + SMALL[path.name[0]]
        together.cells += [nbformat.v4.new_code_cell("%reset -f"), *notebook.cells]
    execute(together)
    for notebook in small.values():
        for number, cell in enumerate(code_cells(notebook), 1):
            assert cell.execution_count is not None
            cell.execution_count = number
        notebook.metadata["tenfold"] = {"executed": code_digest(notebook)}
    return small


@each_notebook
def test_all_cells_run_on_a_few_images(path: Path, small_runs: dict[Path, NotebookNode]) -> None:
    assert faults(small_runs[path]) == []


@each_notebook
def test_links_lead_to_existing_files(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for link in relative_links(cell.source):
                assert (FOLDER / link.partition("#")[0]).exists(), link


def test_correct_notebook_has_no_faults() -> None:
    assert faults(executed("1 + 1", "2")) == []


def test_cells_out_of_order_or_not_executed_are_reported() -> None:
    notebook = executed("1", "2")
    notebook.cells[0].execution_count, notebook.cells[1].execution_count = 2, 1
    assert "order" in faults(notebook)[0]
    assert "order" in faults(written("1"))[0]


def test_changed_code_is_reported() -> None:
    notebook = executed("1 + 1")
    notebook.cells[0].source = "1 + 2"
    assert faults(notebook) == ["its code has changed since the execution"]


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ({"output_type": "error", "ename": "E", "evalue": "no", "traceback": []}, "cell 1 failed"),
        ({"output_type": "stream", "name": "stderr", "text": "careful"}, "cell 1 warns: careful"),
        ({"output_type": "stream", "name": "stdout", "text": f"in {FOLDER.parent}/x"}, "a path"),
        ({"output_type": "stream", "name": "stdout", "text": "<Thing at 0x7f00>"}, "the address"),
        ({"output_type": "stream", "name": "stdout", "text": "x" * LARGEST}, "at most"),
    ],
)
def test_unwanted_output_is_reported(output: dict[str, object], words: str) -> None:
    notebook = executed("1")
    notebook.cells[0].outputs = [NotebookNode(output)]
    (fault,) = faults(notebook)
    assert words in fault


def test_failing_notebook_is_not_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "9-broken.ipynb"
    path.write_text(nbformat.writes(written("1 / 0")))
    before = path.read_bytes()
    monkeypatch.setattr("notebooks.execute.notebooks", lambda chosen: [path])
    assert main([]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().out
    assert path.read_bytes() == before


def test_unknown_name_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["7", "8"]) == 2
    assert "7 or 8" in capsys.readouterr().err
