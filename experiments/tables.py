"""The Markdown tables of README.md and of pages in docs/, made from measured results."""

from collections.abc import Iterable, Sequence
from typing import Any

from tenfold.images import CORRUPTIONS
from tenfold.plots.formatting import joined

__all__ = [
    "PUBLISHED_ACCURACIES",
    "PUBLISHED_ERRORS",
    "ablation_tables",
    "baseline_table",
    "classics_table",
    "classifier_table",
    "export_table",
    "measured_by_machine",
    "measured_where",
    "readme_table",
    "recipe_table",
    "robustness_table",
]

# Results of others that can be compared; docs/results.md gives the sources below each table.
PUBLISHED_ACCURACIES = {
    "quick": "99.04 ± 0.07% [2]",
    "lenet": "99.04 ± 0.07% [2]",
    "tiny": "99.10% with 1,936 parameters [3]",
    "mlp": "98.4 to 98.5% [1]",
    "mlp-elastic": "99.3% [1]",
    "standard": "99.64 ± 0.05% [4]",
    "champion": "99.74 ± 0.03% [5]",
    "champion-upright": "99.74 ± 0.03% [5]",
    "ensemble": "99.75 ± 0.02% with 15 networks [4], 99.82% with 10 networks [5]",
}
PUBLISHED_ERRORS = {
    "majority class": "",
    "mean digit": "",
    "softmax regression": "12.0% [6]",
    "1 nearest neighbour": "3.09% [6]",
    "3 nearest neighbours": "5.0% [6]",
}


def readme_table(classics: list[dict[str, Any]]) -> str:
    """Return the table of the five projects in the README: claimed, as written, corrected."""
    rows = []
    for result in classics:
        forms = [result["as_written"], result["corrected"]]
        numbers = [
            f"{_percent(form['train_accuracy'])}, **{_percent(form['test_accuracy'])}**"
            for form in forms
        ]
        rows.append([f"`{result['name']}`", result["project"], _claimed(result), *numbers])
    head = "experiment | project | claimed | as written: train, test | corrected: train, test"
    return _markdown(head, rows)


def classics_table(classics: list[dict[str, Any]]) -> str:
    """Return the table of the five projects in docs/results.md, with seeds, range and seconds."""
    rows = []
    for result in classics:
        for form in ("as_written", "corrected"):
            numbers = result[form]
            tests = sorted(run["test_accuracy"] for run in numbers["runs"])
            cells = [
                f"`{result['name']}`",
                form.replace("_", " "),
                str(len(numbers["seeds"])),
                _percent(numbers["train_accuracy"]),
                _percent(numbers["test_accuracy"]),
                f"{_percent(tests[0])} to {_percent(tests[-1])}",
                f"{numbers['seconds']:,.0f}",
            ]
            rows.append(cells)
    head = "experiment | form | seeds | train | test | test, lowest to highest seed | seconds"
    return _markdown(head, rows)


def recipe_table(recipes: dict[str, Any]) -> str:
    """Return the table of tenfold's own recipes, sorted by test accuracy."""
    head = (
        "recipe | parameters | million multiply-adds | seeds | test, mean ± standard deviation "
        "| 95% interval | without disputed labels | seconds | published"
    )
    rows = []
    for name, result in _by_accuracy(recipes):
        low, high = result["test_interval95"]
        cells = [
            f"`{name}`",
            f"{result['parameters']:,}",
            f"{result['multiply_adds'] / 1e6:.2f}",
            *_over_seeds(result),
            f"{100 * low:.2f} to {100 * high:.2f}%",
            _percent(result["test_uncontested_accuracy_mean"]),
            f"{result['seconds_train_mean']:,.0f}",
            PUBLISHED_ACCURACIES[name],
        ]
        rows.append(cells)
    return _markdown(head, rows)


def ablation_tables(variants: list[dict[str, Any]]) -> str:
    """Return a table for each recipe; its first row is the recipe without a change."""
    recipes: dict[str, list[dict[str, Any]]] = {}
    for variant in variants:
        recipes.setdefault(variant["recipe"], []).append(variant)
    return "\n\n".join(_ablation_table(name, rows) for name, rows in recipes.items())


def robustness_table(models: dict[str, Any]) -> str:
    """Return the accuracy of each model under each corruption, sorted by that of the last model."""
    last = list(models.values())[-1]["corruptions"]
    results = list(models.values())
    rows = [["none", "unchanged", *(_with_interval(result["clean"]) for result in results)]]
    for name in sorted(last, key=lambda name: -last[name]["accuracy"]):
        cells = [_with_interval(result["corruptions"][name]) for result in results]
        rows.append([f"`{name}`", CORRUPTIONS[name].description, *cells])
    means = [f"**{100 * result['mean_accuracy']:.1f}%**" for result in results]
    rows.append(["mean", "over the corruptions", *means])
    rows.append(
        [
            "error rate",
            "over the corruptions, as a multiple of that on clean images",
            *map(_times, results),
        ]
    )
    rows.append(["number of images", "of the test set", *(f"{r['clean']['n']:,}" for r in results)])
    head = ["corruption", "effect", *(f"`{name}`" for name in models)]
    return _markdown(" | ".join(head), rows)


def baseline_table(baselines: dict[str, Any], recipes: dict[str, Any]) -> str:
    """Return the table of the baselines, followed by tenfold's own recipes."""
    results = [(name, row, PUBLISHED_ERRORS[name]) for name, row in baselines.items()]
    for name, row in _by_accuracy(recipes):
        result = {
            "accuracy": row["test_accuracy_mean"],
            "interval95": row["test_interval95"],
            "seconds": row["seconds_train_mean"],
        }
        results.append((f"`{name}`", result, ""))
    rows = []
    for name, row, published in results:
        low, high = row["interval95"]
        cells = [
            name,
            f"**{_percent(1 - row['accuracy'])}**",
            _percent(row["accuracy"]),
            f"{100 * low:.2f} to {100 * high:.2f}%",
            f"{row['seconds']:,.1f}",
            published,
        ]
        rows.append(cells)
    head = "method | errors | accuracy | 95% interval | seconds | published errors"
    return _markdown(head, rows)


def measured_where(environment: dict[str, Any]) -> str:
    """Return one sentence on where and when results were measured."""
    return (
        f"Measured on {environment['date'][:10]} on {environment['cores']} cores "
        f"({environment['processor']}), Python {environment['python']}, "
        f"NumPy {environment['numpy']}."
    )


def measured_by_machine(results: dict[str, Any]) -> str:
    """Return one sentence for each day and machine, with the names that were measured there."""
    places: dict[str, list[str]] = {}
    for name, result in results.items():
        place = measured_where(result["environment"])[:-1]
        places.setdefault(place, []).append(f"`{name}`")
    return " ".join(
        f"{joined(names)} {'was' if len(names) == 1 else 'were'} m{place[1:]}."
        for place, names in places.items()
    )


def export_table(parts: dict[str, Any]) -> str:
    """Return the table of exported models: how their answers differ from the library's."""
    head = (
        "format | model | images | size of the file | largest difference of a probability "
        "| different digits | different unsure marks"
    )
    rows = [
        [
            row["format"],
            f"`{row['model']}`",
            f"{row['images']:,}",
            f"{row['bytes'] / 1000:,.0f} kB",
            f"{row['difference']:.1e}",
            str(row["other_digits"]),
            "" if row["other_unsure"] is None else str(row["other_unsure"]),
        ]
        for name, part in parts.items()
        if name != "sklearn"
        for row in part["rows"]
    ]
    return _markdown(head, rows)


def classifier_table(part: dict[str, Any]) -> str:
    """Return the table of classifiers on scikit-learn's digits, and the search on MNIST below."""
    *classifiers, search = part["rows"]
    head = "classifier | accuracy, mean ± standard deviation of 10 folds | processor seconds"
    rows = [
        [
            f"`{row['classifier']}`",
            f"{_percent(row['accuracy'])} ± {_percent(row['deviation'])}",
            f"{row['cpu_seconds']:.1f}",
        ]
        for row in classifiers
    ]
    chosen = ", ".join(f"`{name}={value}`" for name, value in sorted(search["best"].items()))
    sentence = (
        "A grid search with `DigitClassifier` in a pipeline, over 5,000 images of MNIST as a "
        f"DataFrame, took {search['cpu_seconds']:.0f} processor seconds. It chose {chosen}, "
        f"with a mean accuracy of {_percent(search['accuracy'])} in three folds."
    )
    return f"{_markdown(head, rows)}\n\n{sentence}"


def _markdown(head: str, rows: Iterable[Sequence[str]]) -> str:
    """Return a table; ``head`` holds the bars between its cells."""
    lines = [f"| {head} |", "|" + "---|" * len(head.split("|"))]
    return "\n".join(lines + [f"| {' | '.join(cells)} |" for cells in rows])


def _percent(value: float) -> str:
    return f"{100 * value:.2f}%"


def _with_interval(result: dict[str, Any]) -> str:
    low, high = result["interval95"]
    return f"{100 * result['accuracy']:.1f}% ({100 * low:.1f} to {100 * high:.1f})"


def _times(result: dict[str, Any]) -> str:
    times = result["relative_error"]  # None without an error on clean images
    return "" if times is None else f"{times:.0f} times"


def _claimed(result: dict[str, Any]) -> str:
    """Return the accuracies that a project states itself."""
    words = {"train": "train", "held_out": "test"}
    claims = [f"{_percent(c['value'])} {words[c['measures']]}" for c in result["claims"]]
    return ", ".join(claims) or "none"


def _by_accuracy(recipes: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted(recipes.items(), key=lambda item: item[1]["test_accuracy_mean"])


def _over_seeds(result: dict[str, Any]) -> tuple[str, str]:
    """Return the cells for seeds and accuracy; an ensemble is measured once."""
    mean = f"{100 * result['test_accuracy_mean']:.2f}"
    if "members" in result:
        return f"{len(result['members'])} networks", f"**{mean}%**"
    return str(len(result["seeds"])), f"**{mean}** ± {100 * result['test_accuracy_std']:.2f}%"


def _ablation_table(recipe: str, variants: list[dict[str, Any]]) -> str:
    """Return the table of one recipe, with differences from its first row."""
    seeds = len(variants[0]["accuracies"])
    rows = []
    for index, variant in enumerate(variants):
        difference = 100 * (variant["mean"] - variants[0]["mean"])
        cells = [
            variant["name"],
            f"{100 * variant['mean']:.2f} ± {100 * variant['deviation']:.2f}%",
            f"{difference:+.2f}" if index else "",
            f"{variant['seconds']:.1f}",
        ]
        rows.append(cells)
    return _markdown(f"`{recipe}`, {seeds} seeds | validation | difference | seconds", rows)
