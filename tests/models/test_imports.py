"""Predicting with a model needs no subpackage that reads data, trains or runs recipes."""

import pytest

from tests.test_architecture import MODULES, PACKAGE, imported, parsed, subpackage_of

ALLOWED = {"nn", "images", "models", "errors", "files", "lazy", "shell", "threads"}


@pytest.mark.parametrize("name", sorted(p.name for p in MODULES if subpackage_of(p) == "models"))
def test_models_import_the_network_and_images_only(name: str) -> None:
    path = PACKAGE / "models" / name
    names = [full.split(".")[1] for full in imported(parsed(path), path) if "tenfold." in full]
    assert set(names) <= ALLOWED
