"""A model of eleven classes, the digits and "not a digit", from its training to every command."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tenfold.cli.shared import recipes
from tenfold.data import load_mnist, read_submission
from tenfold.models import load_model
from tenfold.recipes import RECIPES, Recipe, Split, apply_settings
from tenfold.report import page
from tenfold.report.blocks import Matrix, SideBySide, Table, Tiles
from tenfold.report.context import read_context
from tenfold.report.mistakes import mistakes_section
from tenfold.report.result import result_section
from tenfold.runs import Run, create_run, execute, open_run, read_predictions
from tests.cli.conftest import Tenfold

NAMES = [*"0123456789", "not a digit"]
SMALL = [
    *("variants=0", "non_digits=40", "generated=96", "pictures=0", "pages=0"),
    *("architecture=MLP", "hidden=8", "classes=11", "epochs=1", "augment=null", "average=null"),
    "clean_epochs=0",
    "selective=null",
]

pytestmark = pytest.mark.usefixtures("small_blocks")


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    return apply_settings(RECIPES["reader-digit"], SMALL)


@pytest.fixture(scope="module")
def parts(recipe: Recipe, digits_file: Path) -> Split:
    return recipe.source.load(digits_file)


@pytest.fixture(scope="module")
def eleven(
    recipe: Recipe, parts: Split, digits_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A finished run whose predictions for some test images are "not a digit"."""
    run = create_run(Run(recipe, 0, tmp_path_factory.mktemp("eleven") / "run", str(digits_file)))
    for _ in execute(run, parts):
        pass
    with np.load(run.folder / "predictions.npz") as archive:
        arrays = dict(archive)
    arrays["test_predicted"][:5], arrays["test_confidence"][:5] = 10, 0.999
    np.savez(run.folder / "predictions.npz", **arrays)
    return run.folder


@pytest.mark.usefixtures("empty_figures", "empty_pictures")
def test_training_ends_with_a_report_and_pictures(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # test_reader_source.py draws the pictures, and has the other sections.
    sections = (result_section, mistakes_section)
    monkeypatch.setattr(page, "SECTIONS", sections)
    settings = [part for setting in SMALL for part in ("--set", setting)]
    out = tmp_path / "run"
    answer = tenfold("train", "reader-digit", "--data", digits_file, "--out", out, *settings)
    assert (answer.code, answer.err.count("Traceback")) == (0, 0)
    assert (out / "report.html").is_file()
    assert (out / "pictures" / "confusion.png").is_file()
    predictions = read_predictions(open_run(out))
    assert predictions is not None
    assert list(predictions.names) == NAMES


def test_the_report_names_the_class(eleven: Path, parts: Split) -> None:
    section = mistakes_section(read_context(open_run(eleven), parts))
    assert section is not None
    matrices, tables, *galleries = section.blocks
    assert isinstance(matrices, SideBySide)
    for matrix in matrices.blocks:
        assert isinstance(matrix, Matrix)
        assert list(matrix.names) == NAMES
        assert matrix.counts.shape == (11, 11)
        assert matrix.counts[:, 10].sum() >= 5
    assert isinstance(tables, SideBySide)
    by_class, pairs = tables.blocks
    assert isinstance(by_class, Table)
    assert isinstance(pairs, Table)
    assert [row[0] for row in by_class.rows] == NAMES
    assert any("→ not a digit" in row[0] for row in pairs.rows)
    alts = [
        tile.alt for gallery in galleries if isinstance(gallery, Tiles) for tile in gallery.tiles
    ]
    assert any(alt.endswith("predicted as “not a digit”") for alt in alts)


def test_the_page_has_the_class_as_row_and_column(
    eleven: Path, tenfold: Tenfold, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "SECTIONS", (mistakes_section,))
    assert tenfold("report", eleven).code == 0
    html = (eleven / "report.html").read_text("utf-8")
    assert html.count('<th scope="col" class="name">not a digit</th>') == 2
    assert html.count('<th scope="row" class="name">not a digit</th>') == 2


@pytest.fixture(scope="module")
def never_a_digit(eleven: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that predicts "not a digit" for every image."""
    model = load_model(eleven / "model.safetensors")
    model.network.layers[-1].parameters[1].value[10] = 1000
    path = tmp_path_factory.mktemp("model") / "never.safetensors"
    model.save(path)
    return path


def test_evaluate_names_the_class(never_a_digit: Path, new_file: Path, tenfold: Tenfold) -> None:
    written = tenfold("evaluate", never_a_digit, "--data", new_file).out
    assert "1 predicted as not a digit" in written
    assert "\nclass " in written
    assert "\nnot a digit " in written
    metrics = json.loads(tenfold("evaluate", never_a_digit, "--data", new_file, "--json").out)
    assert metrics["classes"] == NAMES
    assert len(metrics["confusion"]) == len(metrics["digits"]) == 11


def test_evaluate_lists_no_names_of_digits(trained: Path, new_file: Path, tenfold: Tenfold) -> None:
    assert "classes" not in json.loads(
        tenfold("evaluate", trained, "--data", new_file, "--json").out
    )


def test_a_submission_has_only_digits(
    never_a_digit: Path, tenfold: Tenfold, tmp_path: Path
) -> None:
    images = load_mnist("test").images[:40].reshape(40, -1)
    rows = [
        ",".join(f"pixel{place}" for place in range(784)),
        *(",".join(map(str, row)) for row in images),
    ]
    (tmp_path / "test.csv").write_text("\n".join(rows) + "\n")
    out = tmp_path / "submission.csv"
    assert tenfold("submit", never_a_digit, tmp_path / "test.csv", "-o", out).code == 0
    probabilities = load_model(never_a_digit).predict_probabilities(load_mnist("test").images[:40])
    np.testing.assert_array_equal(read_submission(out), probabilities[:, :10].argmax(axis=1))


def test_suspects_suggests_only_digits(
    recipe: Recipe, digits_file: Path, tenfold: Tenfold, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipes, "find_recipe", lambda name: recipe)
    answer = tenfold("data", "label-errors", digits_file, "--folds", 2, "--json")
    assert answer.code == 0
    result = json.loads(answer.out)
    assert len(result["joint"]) == 10
    assert max(row["suggested"] for row in result["suspects"]) < 10


@pytest.mark.parametrize(
    "arguments",
    [
        ("doctor",),
        ("robustness", "--images", 20),
        ("map", "--images", 50),
        ("show",),
        ("predict",),
        ("runs",),
    ],
    ids=lambda arguments: arguments[0],
)
def test_other_commands_take_the_run(
    arguments: tuple[object, ...], eleven: Path, new_file: Path, tenfold: Tenfold, tmp_path: Path
) -> None:
    name, *options = arguments
    if name == "predict":
        Image.fromarray(load_mnist("test").images[0, ..., 0]).save(tmp_path / "7.png")
        options = [tmp_path / "7.png"]
    elif name in ("robustness", "map"):
        options += ["--data", new_file]
    folder = eleven.parent if name == "runs" else eleven
    answer = tenfold(
        name, folder, *options, *(["--out", tmp_path / "o.png"] if name == "map" else [])
    )
    assert "Error" not in answer.err
    assert answer.code in ((0, 3) if name == "doctor" else (0,))
