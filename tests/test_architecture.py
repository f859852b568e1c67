"""The rules of the architecture: imports between subpackages, lengths of files and functions,
exported names, and sources of random numbers."""

import ast
import functools
import importlib
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType

import pytest

TESTS = Path(__file__).parent
ROOT = TESTS.parent
PACKAGE = ROOT / "src" / "tenfold"
MODULES = sorted(PACKAGE.rglob("*.py"))
MODULES_OF_NN = sorted((PACKAGE / "nn").rglob("*.py"))

# The subpackages in their order. Each imports only from those above it. The lists in README.md,
# CONTRIBUTING.md, docs/design.md and tenfold/__init__.py must agree with this one.
SUBPACKAGES = {
    "nn": "the neural network from scratch, on NumPy alone: layers, losses, optimizers, schedules",
    "images": "image transformations: distortions, corruptions, MNIST's normalisation",
    "data": "data sets: file formats, splits, and faults in images and labels",
    "models": "trained models with everything a prediction needs: load, save, predict, ensembles",
    "reading": "digits in photos, scans and drawings; generated handwriting",
    "evaluation": "metrics, confidence intervals, calibration, significance tests, baselines",
    "training": "`fit`, the training loop: batches on several threads, checkpoints, early stopping",
    "recipes": "descriptions of what to train, which can be stored as JSON",
    "inspection": "analysis of networks and data: embeddings, loss landscape, robustness, "
    "label errors",
    "runs": "execution of recipes, and the content of a run folder",
    "doctor": "faults in data, recipes and runs, and how to fix them",
    "plots": "figures of results",
    "report": "an HTML page with everything about a run",
    "adapters": "models in other programs: scikit-learn, ONNX, PyTorch, C, one HTML file",
    "studio": "a page in the browser: draw digits, look inside networks, train and evaluate them, "
    "read photos",
    "cluster": "many trainings or predictions at once, and one training over several "
    "processes or machines",
    "cli": "the command line: parse arguments, call the library, print",
}
ROOT_MODULES = ("__init__", "__main__", "errors", "files", "lazy", "shell", "threads")
# The subpackages from which the root modules may import.
ROOT_IMPORTS = {"__init__": {"models", "nn", "reading"}, "__main__": {"cli"}}
HEAVY = (
    *("dask", "distributed", "jinja2", "matplotlib", "mpi4py", "onnx", "optuna", "PIL", "rich"),
    *("pyarrow", "safetensors", "sklearn"),
)
# Modules whose classes are derived from those of a heavy library. Their package is lazy.
DERIVED = {
    "adapters/estimator.py": {"sklearn"},
    "adapters/classifier.py": {"sklearn"},
}

Check = Callable[[Path], Iterator[str]]


def in_every(paths: Sequence[Path]) -> Callable[[Check], Callable[[], None]]:
    """Make one test, not thousands, of a function that yields what is wrong in a file."""

    def as_test(check: Check) -> Callable[[], None]:
        def test() -> None:
            faults = [f"{path.relative_to(ROOT)}: {text}" for path in paths for text in check(path)]
            assert not faults, "\n".join(faults)

        return test

    return as_test


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@functools.cache
def nodes_of(path: Path) -> list[ast.AST]:
    """Return all nodes of a module: several rules look at each."""
    return list(ast.walk(parsed(path)))


def subpackage_of(path: Path) -> str | None:
    """Return the subpackage of a module; None for the modules outside all of them."""
    inside = path.relative_to(PACKAGE).parts
    return inside[0] if len(inside) > 1 else None


def imported(tree: ast.AST, path: Path) -> Iterator[str]:
    """Yield the full name of each object that is imported anywhere in ``tree``."""
    package = ("tenfold", *path.relative_to(PACKAGE).parent.parts)
    nodes = nodes_of(path) if tree is parsed(path) else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join((*above, *([node.module] if node.module else [])))
            yield from (f"{base}.{alias.name}" for alias in node.names)


def at_import_time(tree: ast.AST) -> ast.Module:
    """Return the imports that run when a module is imported: those outside functions."""
    found: list[ast.stmt] = []
    waiting: list[ast.AST] = [tree]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                found.append(node)
            elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
                waiting.append(ast.Module(node.orelse, []))
            elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                waiting.append(node)
    return ast.Module(found, [])


def test_every_folder_is_a_room() -> None:
    folders = {subpackage_of(path) for path in MODULES} - {None}
    assert folders == set(SUBPACKAGES)
    assert {path.stem for path in MODULES if subpackage_of(path) is None} <= set(ROOT_MODULES)


def test_package_docstring_lists_the_rooms() -> None:
    docstring = " ".join((ast.get_docstring(parsed(PACKAGE / "__init__.py")) or "").split())
    listed = " ".join(f"- ``tenfold.{name}``: {what}" for name, what in SUBPACKAGES.items())
    assert listed in docstring
    assert docstring.count("``tenfold.") == len(SUBPACKAGES)


@in_every(MODULES)
def test_rooms_import_only_from_rooms_above(path: Path) -> Iterator[str]:
    subpackage = subpackage_of(path)
    allowed = {"nn"} if subpackage == "nn" else {*ROOT_MODULES, "__version__"}
    if subpackage is None:
        allowed |= ROOT_IMPORTS.get(path.stem, set())
    else:
        order = list(SUBPACKAGES)
        allowed |= set(order[: order.index(subpackage) + 1])
    for name in imported(parsed(path), path):
        top, inside = (*name.split("."), "__version__")[:2]
        if top == "tenfold" and inside not in allowed:
            yield f"it may not import {name}"


def module_graph() -> dict[str, set[str]]:
    """Return for each file the files that it imports, also inside functions, without packages."""
    names = {
        ".".join(("tenfold", *p.relative_to(PACKAGE).with_suffix("").parts)): p for p in MODULES
    }
    files = {name: path for name, path in names.items() if path.name != "__init__.py"}
    graph = {}
    for name, path in files.items():
        found = imported(parsed(path), path)
        graph[name] = {base for full in found for base in (full, full.rpartition(".")[0])} & set(
            files
        )
    return graph


def test_no_files_import_each_other_in_a_circle() -> None:
    graph = module_graph()
    while free := {name for name, needs in graph.items() if not needs & set(graph)}:
        graph = {name: needs for name, needs in graph.items() if name not in free}
    assert not graph, f"these import each other: {', '.join(sorted(graph))}"


@in_every(MODULES_OF_NN)
def test_the_network_imports_numpy_and_the_standard_library_only(path: Path) -> Iterator[str]:
    for name in imported(parsed(path), path):
        top = name.split(".")[0]
        if top not in {"tenfold", "numpy"} | sys.stdlib_module_names:
            yield f"it may not import {name}"


@in_every(MODULES)
def test_heavy_libraries_are_imported_where_they_are_used(path: Path) -> Iterator[str]:
    tops = {name.split(".")[0] for name in imported(at_import_time(parsed(path)), path)}
    allowed = DERIVED.get(path.relative_to(PACKAGE).as_posix(), set())
    for name in sorted(tops & (set(HEAVY) - allowed)):
        yield f"it imports {name} outside the functions that use it"


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the number of lines of a function without its signature and docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    if not body:
        return 0
    assert body[-1].end_lineno is not None
    return body[-1].end_lineno - body[0].lineno + 1


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@in_every(MODULES)
def test_functions_are_short(path: Path) -> Iterator[str]:
    for node in nodes_of(path):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = body_lines(node)
            if lines > 40:
                yield f"the body of {node.name} has {lines} lines, at most 40 are allowed"


@in_every([*MODULES, *sorted(TESTS.rglob("*.py"))])
def test_files_are_short(path: Path) -> Iterator[str]:
    if lines_of(path) > 300:
        yield f"it has {lines_of(path)} lines, at most 300 are allowed"


@in_every(MODULES)
def test_every_module_has_a_docstring(path: Path) -> Iterator[str]:
    if not ast.get_docstring(parsed(path)):
        yield "it has no docstring"


@in_every(MODULES)
def test_only_random_streams_creates_generators(path: Path) -> Iterator[str]:
    allowed = {"Generator"}
    if path == PACKAGE / "nn" / "random_streams.py":
        allowed |= {"Philox"}
    for node in nodes_of(path):
        if not isinstance(node, ast.Attribute) or node.attr in allowed:
            continue
        if getattr(node.value, "attr", "") == "random":  # a quick test before the exact one
            used = ast.unparse(node)
            if used.startswith(("np.random.", "numpy.random.")):
                yield f"it uses {used}"
    for name in imported(parsed(path), path):
        if name.split(".")[0] == "random" or name.startswith("numpy.random"):
            yield f"it imports {name}"


def packages() -> list[str]:
    folders = [path.parent for path in MODULES if path.name == "__init__.py"]
    return [".".join(("tenfold", *folder.relative_to(PACKAGE).parts)) for folder in folders]


@pytest.mark.parametrize("name", packages())
def test_all_lists_the_public_names_of_a_package(name: str) -> None:
    package = importlib.import_module(name)
    if not hasattr(package, "__all__"):
        return
    offered = package.__all__
    assert not [name for name, count in Counter(offered).items() if count > 1]
    assert not [name for name in offered if not hasattr(package, name)]
    public = {
        name
        for name, value in vars(package).items()
        if not name.startswith("_") and name != "TYPE_CHECKING"
        if not isinstance(value, ModuleType)
    }
    assert public <= set(offered)


def function_names(body: list[ast.stmt]) -> list[str]:
    return [node.name for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]


_DEFINED = re.compile(r"^( *)(?:def|class) (\w+)", re.MULTILINE)


@in_every(sorted(TESTS.rglob("test_*.py")))
def test_no_two_tests_have_the_same_name(path: Path) -> Iterator[str]:
    defined = _DEFINED.findall(path.read_text(encoding="utf-8"))
    if len(defined) == len(set(defined)):
        return  # parsing takes a hundred times as long
    tree = parsed(path)
    bodies = [tree.body] + [node.body for node in tree.body if isinstance(node, ast.ClassDef)]
    for body in bodies:
        for name, count in Counter(function_names(body)).items():
            if count > 1:
                yield f"it defines {name} {count} times"


def loaded_by(statement: str, before: str = "") -> set[str]:
    """Return the modules that a statement loads in a new Python process, after ``before``."""
    lines = ["import sys", before, "old = set(sys.modules)", statement]
    script = "\n".join([*lines, "print(*sorted(set(sys.modules) - old))"])
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_importing_tenfold_loads_no_other_module() -> None:
    assert loaded_by("import tenfold") == {"tenfold"}


def test_importing_the_network_loads_numpy_and_nothing_else() -> None:
    # NumPy is imported first, because its compiled modules register others under unusual names.
    loaded = loaded_by("import tenfold.nn", before="import numpy, numpy.random")
    others = {name for name in loaded if name.split(".")[0] not in sys.stdlib_module_names}
    others = {name for name in others if name.split(".")[0] != "numpy"}
    assert "tenfold.nn.network" in others
    assert {name for name in others if not name.startswith("tenfold.nn")} == {"tenfold"}
