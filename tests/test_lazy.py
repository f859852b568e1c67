"""Lazy packages: Python and type checkers see the same names, and no module is imported early."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import tenfold.data

PACKAGE = Path(tenfold.__file__).parent
LAZY = sorted(
    ".".join(path.relative_to(PACKAGE.parent).parent.parts)
    for path in PACKAGE.rglob("__init__.py")
    if "lazy_names(" in path.read_text("utf-8")
)
every_lazy_package = pytest.mark.parametrize("name", LAZY)


def type_checking_block(name: str) -> ast.If:
    path = PACKAGE.parent.joinpath(*name.split("."), "__init__.py")
    (block,) = (n for n in ast.parse(path.read_text("utf-8")).body if isinstance(n, ast.If))
    assert ast.unparse(block.test) == "TYPE_CHECKING"
    return block


@every_lazy_package
def test_names_are_those_that_type_checkers_see(name: str) -> None:
    block = type_checking_block(name)
    seen = {
        (node.module, alias.name)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    (call,) = (node for node in ast.walk(block) if isinstance(node, ast.Call))
    modules = ast.literal_eval(call.args[1])
    lazy = {(f"{name}.{module}", n) for module, names in modules.items() for n in names}
    assert lazy == seen
    assert {n for _, n in lazy} == set(importlib.import_module(name).__all__)


@every_lazy_package
def test_each_name_is_that_of_its_module(name: str) -> None:
    package = importlib.import_module(name)
    for node in type_checking_block(name).body:
        assert isinstance(node, ast.ImportFrom)
        module = importlib.import_module(str(node.module))
        for alias in node.names:
            assert getattr(package, alias.name) is getattr(module, alias.name)


@every_lazy_package
def test_importing_the_package_imports_none_of_its_modules(name: str) -> None:
    script = f"import {name}, sys; print(*(m for m in sys.modules if m.startswith('tenfold')))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    parts = name.split(".")
    parents = {".".join(parts[: length + 1]) for length in range(len(parts))}
    assert set(run.stdout.split()) == {*parents, "tenfold.lazy"}


def test_unknown_names_raise_as_usual() -> None:
    with pytest.raises(AttributeError, match=r"module 'tenfold\.data' has no attribute 'nothing'"):
        tenfold.data.nothing  # type: ignore[attr-defined] # noqa: B018


def test_names_are_listed_before_their_first_use() -> None:
    script = "import tenfold.data; print(*dir(tenfold.data))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert {"Dataset", "load_mnist", "__all__"} <= set(run.stdout.split())
