"""Model cards: metadata and text from the files of a run."""

import json
from pathlib import Path

import pytest

from tenfold.adapters import export_card, model_card
from tenfold.errors import TenfoldError
from tenfold.models import find_model
from tenfold.recipes import Recipe, Split
from tenfold.runs import Run, create_run, execute


@pytest.fixture(scope="module")
def finished(tiny: Recipe, split: Split, tmp_path_factory: pytest.TempPathFactory) -> Run:
    run = create_run(Run(tiny, 3, tmp_path_factory.mktemp("runs") / "tiny", data="my/digits"))
    for _ in execute(run, split):
        pass
    return run


def metadata(card: str) -> dict[str, object]:
    """Return the metadata of a card: each line is a name and a value in JSON."""
    assert card.startswith("---\n")
    lines = card.split("---\n")[1].splitlines()
    return {name: json.loads(value) for name, value in (line.split(": ", 1) for line in lines)}


def test_the_card_of_the_bundled_model_states_its_results() -> None:
    card = model_card("standard")
    found = metadata(card)
    assert found["library_name"] == "tenfold"
    assert found["datasets"] == ["mnist"]
    index = found["model-index"]
    assert isinstance(index, list)
    (result,) = index[0]["results"]
    assert result["dataset"] == {"name": "MNIST", "type": "mnist", "split": "test"}
    assert result["metrics"] == [{"type": "accuracy", "name": "Accuracy", "value": 0.997}]
    assert "| test | 10,000 | 99.70% | 99.57% to 99.79% |" in card
    assert "confidence is below 0.9490" in card
    assert "```sh\ntenfold train standard --seed 0\n```" in card
    assert find_model("standard").network.summary() in card


def test_the_card_of_a_run_on_own_images_does_not_claim_mnist(
    finished: Run, tmp_path: Path
) -> None:
    export_card(finished.folder, tmp_path / "README.md")
    card = (tmp_path / "README.md").read_text("utf-8")
    found, results = metadata(card), finished.results()
    assert "datasets" not in found
    index = found["model-index"]
    assert isinstance(index, list)
    assert results.test is not None
    assert index[0]["results"][0]["metrics"][0]["value"] == results.test.accuracy
    assert f"| test | 100 | {results.test.accuracy:.2%} |" in card
    assert "--seed 3 --data IMAGES" in card
    assert "my/digits" not in card
    assert "United States" not in card
    assert f"{results.steps:,} steps" in card
    assert "numpy " in card


def test_a_model_without_results_is_refused(tmp_path: Path) -> None:
    find_model("standard").save(tmp_path / "model.safetensors")
    with pytest.raises(TenfoldError, match=r"needs the results of a run, and those of .* unknown"):
        model_card(tmp_path / "model.safetensors")
