"""Lazy public names of a package: a module is imported when one of its names is first used."""

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

__all__ = ["lazy_names"]


def lazy_names(
    package: str, modules: Mapping[str, Sequence[str]]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the functions ``__getattr__`` and ``__dir__`` of a package (PEP 562).

    For type checkers, the package also imports the names under ``TYPE_CHECKING``. A test checks
    that these imports and ``modules`` contain the same names:

        if TYPE_CHECKING:
            from tenfold.data.dataset import CLASSES, Dataset
        else:
            __getattr__, __dir__ = lazy.lazy_names(__name__, {"dataset": ["CLASSES", "Dataset"]})

    Args:
        package: ``__name__`` of the package.
        modules: For each module of the package, the public names that it defines.
    """
    module_of = {name: f"{package}.{module}" for module, names in modules.items() for name in names}

    def get(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(module_of[name]), name)
        # Later uses of the name do not call this function.
        setattr(sys.modules[package], name, value)
        return value

    def list_names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *module_of})

    return get, list_names
