"""Measure what each fault of the five projects costs, one at a time.

    python -m experiments.measure_faults                 all, about ten minutes on two cores
    python -m experiments.measure_faults short-batch     one; the sentences of the others stay

Each experiment takes a corrected classic and puts one fault back; everything else, the random seeds
included, stays the same. Writes one sentence for each to experiments/faults.json, and fills
docs/mathematics.md with them.
"""

import argparse
import statistics
import sys
from functools import cache

from experiments.fill_tables import fill
from experiments.results import Trained, read_results, report, train, write_results
from tenfold.recipes import RECIPES, apply_settings
from tenfold.training import DivergenceError

SEEDS = (0, 1, 2)


@cache
def trainings(name: str, *settings: str) -> list[Trained]:
    """Train a recipe with some settings changed, once for each random seed."""
    recipe = apply_settings(RECIPES[name], settings)
    split = recipe.source.load()
    finished = []
    for seed in SEEDS:
        finished.append(train(recipe, seed, split))
        accuracy = finished[-1].metrics["test"]["accuracy"]
        report(f"{name} {' '.join(settings)} seed {seed}: {accuracy}")
    return finished


def test_accuracy(name: str, *settings: str) -> str:
    """Return mean and standard deviation of the test accuracy, in percent."""
    values = [100 * one.metrics["test"]["accuracy"] for one in trainings(name, *settings)]
    return f"{statistics.mean(values):.2f} ± {statistics.stdev(values):.2f}%"


def outcome(name: str, *settings: str) -> str:
    """Return what training does, as a verb phrase: ``reaches 90%``, or that it stops."""
    try:
        return f"reaches {test_accuracy(name, *settings)}"
    except DivergenceError:
        return "stops with non-finite numbers"


def adam_correction() -> str:
    name, steps = "classic-adam-corrected", "epochs=301"
    fault = 'optimizer={"type": "AdamWithoutCorrection"}'
    return (
        f"Measured on *{name}*, 301 steps: test accuracy {test_accuracy(name, steps)} with the "
        f"correction, {test_accuracy(name, steps, fault)} without."
    )


def bias_gradients() -> str:
    name = "classic-two-layer-corrected"
    fault = 'optimizer={"type": "OneBiasPerLayer", "rule": {"type": "SGD"}}'
    return (
        f"Measured on *{name}*: test accuracy {test_accuracy(name)} with one gradient per bias, "
        f"{test_accuracy(name, fault)} with one per layer."
    )


def summed_gradients() -> str:
    name, loss = "classic-two-layer-corrected", '{"type": "CrossEntropyAsWritten", "shift": "row"'
    total = 37_000
    summed = f'loss={loss}, "divisor": 1}}'
    same = test_accuracy(name, summed, f"learning_rate={0.1 / total}")
    return (
        f"Measured on *{name}*, 37,000 images (42,000 without the 5,000 for validation): the "
        f"mean gradient at learning rate 0.1 reaches a test accuracy of {test_accuracy(name)}, "
        f"the sum at 0.1/37,000 reaches {same}, and the "
        f"sum at 0.1 {outcome(name, summed, 'learning_rate=0.1')}."
    )


def unshifted_softmax() -> str:
    name = "classic-two-layer-corrected"
    no_shift = 'loss={"type": "CrossEntropyAsWritten", "shift": "none"}'
    wide = 'initializer={"type": "Uniform", "limit": 5.0}'
    return (
        f"Measured on *{name}*: test accuracy {test_accuracy(name)} with the shift and "
        f"{test_accuracy(name, no_shift)} without; the results agree as long as nothing overflows. "
        f"With weights from U(-5, 5), training without the shift {outcome(name, no_shift, wide)}; "
        f"with the shift, it {outcome(name, wide)}."
    )


def reported_mse() -> str:
    name = "classic-two-layer-corrected"
    fault = 'loss={"type": "SquaredProbabilityError"}'
    return (
        f"Measured on *{name}*, 500 steps: minimising the cross-entropy reaches a test accuracy "
        f"of {test_accuracy(name)}. Minimising the squared error of the probabilities reaches "
        f"{test_accuracy(name, fault)} at the same learning rate, and "
        f"{test_accuracy(name, fault, 'learning_rate=5')} at a learning rate fifty times higher."
    )


def short_batch() -> str:
    name, epochs = "classic-minibatch-corrected", "epochs=20"
    fault = 'loss={"type": "CrossEntropyAsWritten", "shift": "row", "divisor": 64}'
    return (
        f"Measured on *{name}*, 20 epochs of 55,000 images, so the last batch has 24: test "
        f"accuracy {test_accuracy(name, epochs)} when the gradient of that batch is divided by 24, "
        f"{test_accuracy(name, epochs, fault)} when it is divided by 64: no measurable difference."
    )


def last_batch() -> str:
    finished = trainings("classic-minibatch", "epochs=41", "log_every=1")
    records = [record for one in finished for record in one.records[20:]]
    printed = [100 * record["last_batch_accuracy"] for record in records]
    whole = [100 * record["train_accuracy"] for record in records]
    return (
        f"Measured on *classic-minibatch* over epochs 20 to 40 of three runs: the accuracy over "
        f"an epoch ranges from {min(whole):.1f} to {max(whole):.1f}%, that of its last batch "
        f"from {min(printed):.1f} to {max(printed):.1f}%."
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


def main(arguments: list[str]) -> None:
    """Run the named experiments, or all; the sentences of the others stay."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[[], *EXPERIMENTS], metavar="EXPERIMENT")
    sentences = read_results("faults").get("sentences", {})
    for name in parser.parse_args(arguments).names or EXPERIMENTS:
        sentences[name] = EXPERIMENTS[name]()
        write_results("faults", seeds=list(SEEDS), sentences=sentences)
    fill()


if __name__ == "__main__":
    main(sys.argv[1:])
