"""Model cards: a README.md with metadata for model hubs, from the files of a run."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tenfold.adapters.interface import interface
from tenfold.errors import TenfoldError
from tenfold.files import write_text
from tenfold.models import Model, bundled_models, find_model
from tenfold.nn.arguments import PathLike, checked
from tenfold.recipes import recipe_from_json, train_command
from tenfold.runs import PartMetrics, RunMetrics, results_of
from tenfold.runs.json_fields import read_json
from tenfold.runs.training_images import run_of

__all__ = ["export_card", "model_card"]

_PARTS = {"test": "test", "validation": "validation", "train": "training"}


@checked
def export_card(model: PathLike, path: PathLike) -> None:
    """Write a model card, see ``model_card``.

    Args:
        model: As for ``model_card``.
        path: Path of the file, usually ``README.md``.

    Raises:
        TenfoldError: As ``model_card``, or if the file cannot be written.
    """
    write_text(path, model_card(model))


@checked
def model_card(model: PathLike) -> str:
    """Return the model card of a finished run, in Markdown.

    It begins with metadata in YAML, in the format of Hugging Face's hub: tags, and the accuracy on
    the held-out images. Then come results with their intervals, how to use the model, how images
    must be prepared, the layers, how it was trained, and its limits.

    Args:
        model: A run folder, the model file in a run folder, or the name of a bundled model.

    Raises:
        TenfoldError: If there is no such model, or its results are unknown.
    """
    found, results = find_model(model), results_of(model)
    if results is None:
        raise TenfoldError(
            f"a model card needs the results of a run, and those of {model} are unknown: give the "
            "folder of a finished run, or the name of a bundled model"
        )
    name, own_images = results.recipe, bool(found.provenance.get("own_data"))
    metadata = _metadata(name, results, own_images)
    sections = [
        f"# {name}",
        f"A neural network that reads handwritten digits, trained with tenfold from the recipe "
        f"`{name}`. It has {results.parameters:,} parameters.",
        *_results(results, found),
        *_use(found),
        "## Layers",
        f"```text\n{found.network.summary()}\n```",
        *_training(found, results, own_images, _environment(model)),
        *_limits(found, own_images),
    ]
    return f"---\n{metadata}\n---\n\n" + "\n\n".join(sections) + "\n"


def _metadata(name: str, results: RunMetrics, own_images: bool) -> str:
    """Return the metadata as YAML; each value is JSON, which is YAML too."""
    part = next(part for part in _PARTS if results.part(part) is not None)
    held_out = results.part(part)
    assert held_out is not None
    data = {"name": "MNIST", "type": "mnist"}
    if own_images:
        data = {"name": "own images", "type": "other"}
    accuracy = {"type": "accuracy", "name": "Accuracy", "value": held_out.accuracy}
    task = {"type": "image-classification", "name": "Image Classification"}
    entry = {"task": task, "dataset": {**data, "split": part}, "metrics": [accuracy]}
    values: dict[str, Any] = {
        "library_name": "tenfold",
        "pipeline_tag": "image-classification",
        "tags": ["handwritten-digits", "mnist", "numpy", "tenfold"],
        **({} if own_images else {"datasets": ["mnist"]}),
        "metrics": ["accuracy"],
        "model-index": [{"name": name, "results": [entry]}],
    }
    return "\n".join(f"{key}: {json.dumps(value)}" for key, value in values.items())


def _results(results: RunMetrics, model: Model) -> Iterator[str]:
    yield "## Results"
    head = (
        "| images | number | accuracy | 95% interval | mean cross-entropy |\n|---|---|---|---|---|"
    )
    yield "\n".join([head, *(_row(*part) for part in _known_parts(results))])
    if model.unsure_below is not None and model.unsure_error is not None:
        yield (
            f"A prediction is unsure if its confidence is below {model.unsure_below:.4f}. This "
            "threshold was chosen on the validation images: of the other predictions, at most "
            f"{model.unsure_error:.2%} should be wrong."
        )


def _known_parts(results: RunMetrics) -> list[tuple[str, PartMetrics]]:
    parts = ((words, results.part(name)) for name, words in _PARTS.items())
    return [(words, part) for words, part in parts if part is not None]


def _row(words: str, part: PartMetrics) -> str:
    low, high = part.interval95
    loss = "" if part.loss is None else f"{part.loss:.4f}"
    return f"| {words} | {part.n:,} | {part.accuracy:.2%} | {low:.2%} to {high:.2%} | {loss} |"


def _use(model: Model) -> Iterator[str]:
    described = interface(model)
    shape = ", ".join(map(str, ("N", *described["input"]["shape"])))
    yield "## Use"
    yield (
        "```python\nimport tenfold\n\n"
        'model = tenfold.load("model.safetensors")\n'
        f"predictions = model.predict(images)  # images: ({shape})\n"
        "print(predictions.digit, predictions.confidence, predictions.unsure)\n```"
    )
    yield f"Images have the scale {described['input']['scale']}."
    if (preparation := described["preprocessing"]) is not None:
        steps = "\n".join(f"{n}. {step}" for n, step in enumerate(preparation["steps"], 1))
        yield f"A digit must be prepared as the training images were:\n\n{steps}"
        yield "`tenfold.read(picture)` finds and prepares the digits in a photo, scan or drawing."


def _training(
    model: Model, results: RunMetrics, own_images: bool, environment: dict[str, Any]
) -> Iterator[str]:
    yield "## Training"
    try:
        recipe = recipe_from_json(model.provenance["recipe"])
    except (KeyError, TenfoldError):  # written by another version of tenfold
        command = ""
    else:
        command = train_command(recipe, "IMAGES" if own_images else None, results.seed)
        yield f"```sh\n{command}\n```"
    yield (
        f"{results.epochs} epochs, {results.steps:,} steps, {results.train_seconds:,.1f} seconds, "
        f"random seed {results.seed}."
    )
    named = ("processor", "cores", "system", "python", "numpy", "tenfold", "date")
    known = [f"{name} {environment[name]}" for name in named if environment.get(name)]
    if known:
        yield f"Environment: {', '.join(known)}."


def _limits(model: Model, own_images: bool) -> Iterator[str]:
    yield "## Limits"
    lines = [
        "- The model reads one digit per image. An image of anything else is also read as one of "
        f"its {len(model.classes)} classes, possibly with high confidence.",
        "- The accuracy holds for images like those it was measured on, prepared in the same way. "
        "Other pens, papers and writers can be harder.",
    ]
    if not own_images:
        lines.append(
            "- MNIST's digits were written by employees and high-school pupils in the United "
            "States. Forms that are usual elsewhere, such as a 1 with a long flag or a "
            "crossed 7, are rare in MNIST."
        )
    yield "\n".join(lines)


def _environment(model: PathLike) -> dict[str, Any]:
    """Return the environment of a run; empty if it is unknown."""
    bundled = bundled_models()
    if not Path(model).exists() and str(model) in bundled:
        return bundled[str(model)].environment
    run = run_of(Path(model))
    path = None if run is None else run.folder / "environment.json"
    if path is None or not path.exists():
        return {}
    content = read_json(path)
    return content if isinstance(content, dict) else {}
