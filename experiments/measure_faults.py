"""Measure what each fault of the five projects costs, one at a time; write faults.json.

Each experiment takes a corrected classic and puts one fault back; everything else, the random seed
included, stays the same. The sentences it writes go into docs/mathematics.md with
``python experiments/fill_tables.py``. Takes about ten minutes on two cores.
"""

import json
import statistics
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from tenfold.recipes import RECIPES, apply_settings
from tenfold.runs import Run, create_run, describe_environment, execute
from tenfold.training import DivergenceError

HERE = Path(__file__).parent
SEEDS = (0, 1, 2)


@cache
def runs(name: str, *settings: str) -> list[Run]:
    """Carry out a recipe with settings changed, once for each random seed."""
    recipe = apply_settings(RECIPES[name], settings)
    split = recipe.source.load()
    done = []
    for seed in SEEDS:
        run = create_run(Run(recipe, seed, Path(tempfile.mkdtemp()) / "run"))
        for _ in execute(run, split):
            pass
        print(name, *settings, f"seed {seed}:", run.metrics()["test"]["accuracy"], file=sys.stderr)
        done.append(run)
    return done


def test(done: list[Run]) -> str:
    """Return mean and deviation of the test accuracies, in percent."""
    values = [100 * run.metrics()["test"]["accuracy"] for run in done]
    return f"{statistics.mean(values):.2f} ± {statistics.stdev(values):.2f} %"


def diverges(name: str, *settings: str) -> str:
    """Return whether training stops with numbers that are not finite, and what is reached."""
    try:
        return f"reaches {test(runs(name, *settings))}"
    except DivergenceError:
        return "stops with numbers that are not finite"


def adam_correction() -> str:
    name, updates = "classic-adam-corrected", "epochs=301"
    fault = 'optimizer={"type": "AdamWithoutCorrection"}'
    return (
        f"Measured on *{name}*, 301 updates: {test(runs(name, updates))} of the test images "
        f"right with the correction, {test(runs(name, updates, fault))} without."
    )


def bias_gradients() -> str:
    name = "classic-two-layer-corrected"
    fault = 'optimizer={"type": "OneBiasPerLayer", "rule": {"type": "SGD"}}'
    return (
        f"Measured on *{name}*: {test(runs(name))} of the test images right with a gradient for "
        f"each bias, {test(runs(name, fault))} with one for each layer."
    )


def summed_gradients() -> str:
    name, loss = "classic-two-layer-corrected", '{"type": "WrittenCrossEntropy", "shift": "row"'
    total = 37_000
    same = runs(name, f'loss={loss}, "divisor": 1}}', f"learning_rate={0.1 / total}")
    wrong = diverges(name, f'loss={loss}, "divisor": 1}}', "learning_rate=0.1")
    return (
        f"Measured on *{name}*, 37,000 images: the mean gradient at 0.1 gives {test(runs(name))} "
        f"of the test images right, the sum at 0.1/37,000 gives {test(same)}, and the sum at 0.1 "
        f"{wrong}."
    )


def unshifted_softmax() -> str:
    name = "classic-two-layer-corrected"
    none = 'loss={"type": "WrittenCrossEntropy", "shift": "none"}'
    wide = 'initializer={"type": "Uniform", "limit": 5.0}'
    return (
        f"Measured on *{name}*: {test(runs(name))} of the test images right with the shift, "
        f"{test(runs(name, none))} without, the same as long as nothing overflows. With weights "
        f"from U(-5, 5) training without the shift {diverges(name, none, wide)}; with it, it "
        f"{diverges(name, wide)}."
    )


def reported_mse() -> str:
    name = "classic-two-layer-corrected"
    fault = 'loss={"type": "SquaredProbabilityError"}'
    return (
        f"Measured on *{name}*, 500 updates: minimising the cross-entropy gives {test(runs(name))} "
        f"of the test images right, minimising the squared error of the probabilities "
        f"{test(runs(name, fault))} at the same learning rate, and "
        f"{test(runs(name, fault, 'learning_rate=5'))} at one fifty times higher."
    )


def short_batch() -> str:
    name, epochs = "classic-minibatch-corrected", "epochs=20"
    fault = 'loss={"type": "WrittenCrossEntropy", "shift": "row", "divisor": 64}'
    return (
        f"Measured on *{name}*, 20 epochs, whose last batch has 24 images: "
        f"{test(runs(name, epochs))} of the test images right when it is divided by its size, "
        f"{test(runs(name, epochs, fault))} when by 64: no difference that can be measured."
    )


def last_batch() -> str:
    done = runs("classic-minibatch", "epochs=41", "log_every=1")
    records = [record for run in done for record in run.records()[20:]]
    printed = [100 * record["last_batch_accuracy"] for record in records]
    whole = [100 * record["train_accuracy"] for record in records]
    return (
        f"Measured on *classic-minibatch* over epochs 20 to 40 of three runs: the accuracy over "
        f"an epoch runs from {min(whole):.1f} to {max(whole):.1f} %, that of its last batch "
        f"from {min(printed):.1f} to {max(printed):.1f} %."
    )


EXPERIMENTS = {
    "adam-correction": adam_correction,
    "bias-gradients": bias_gradients,
    "summed-gradients": summed_gradients,
    "unshifted-softmax": unshifted_softmax,
    "reported-mse": reported_mse,
    "short-batch": short_batch,
    "last-batch-accuracy": last_batch,
}


def main(names: list[str]) -> None:
    """Run the named experiments, or all, and write what they show beside the others' results."""
    path = HERE / "faults.json"
    known: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    sentences = known.get("sentences", {})
    for name in names or EXPERIMENTS:
        sentences[name] = EXPERIMENTS[name]()
        report = {"environment": describe_environment(), "seeds": SEEDS, "sentences": sentences}
        path.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
