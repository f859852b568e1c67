"""Fill the tables of README.md and docs/results.md from measured results, or check that they are.

Usage: python experiments/fill_tables.py [--check]

``tenfold reproduce --seeds 3 --json experiments/classics.json`` measures, and ``python
experiments/measure_recipes.py``. Between the lines ``<!-- classics -->`` and
``<!-- /classics -->``, or ``<!-- recipes -->`` and
``<!-- /recipes -->``, of a page stands what this script writes there, and
likewise for ``experiments/measure_ablation.py``, ``experiments/measure_baselines.py`` and
``experiments/measure_robustness.py``.
``python experiments/measure_faults.py`` measures what stands in docs/mathematics.md after
``<!-- measured: ... -->``.
"""

import json
import re
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tenfold.images import CORRUPTIONS

HERE = Path(__file__).parent
ROOT = HERE.parent
PAGES = ("README.md", "docs/results.md")
MATHEMATICS = "docs/mathematics.md"


def percent(value: float) -> str:
    """Return an accuracy as the pages write it."""
    return f"{100 * value:.2f} %"


def markdown(head: str, rows: Iterable[Sequence[str]]) -> str:
    """Return a table; its head comes with the bars between its cells."""
    lines = [f"| {head} |", "|" + "---|" * len(head.split("|"))]
    return "\n".join(lines + [f"| {' | '.join(cells)} |" for cells in rows])


def claimed(result: dict[str, Any]) -> str:
    """Return a project's own figures."""
    words = {"train": "train", "held_out": "held out"}
    claims = [f"{percent(c['value'])} {words[c['measures']]}" for c in result["claims"]]
    return ", ".join(claims) or "none"


def short_table(results: list[dict[str, Any]]) -> str:
    """Return the README's table: claimed, as written, corrected."""
    rows = []
    for result in results:
        forms = [result["as_written"], result["corrected"]]
        numbers = [
            f"{percent(form['train_accuracy'])}, **{percent(form['test_accuracy'])}**"
            for form in forms
        ]
        rows.append([f"`{result['name']}`", result["project"], claimed(result), *numbers])
    head = "experiment | after | claimed | as written: train, test | corrected: train, test"
    return markdown(head, rows)


def long_table(results: list[dict[str, Any]]) -> str:
    """Return the table of docs/results.md: every form, with seeds, range and seconds."""
    rows = []
    for result in results:
        for form in ("as_written", "corrected"):
            numbers = result[form]
            tests = sorted(run["test_accuracy"] for run in numbers["runs"])
            cells = [
                f"`{result['name']}`",
                form.replace("_", " "),
                str(len(numbers["seeds"])),
                percent(numbers["train_accuracy"]),
                percent(numbers["test_accuracy"]),
                f"{percent(tests[0])} to {percent(tests[-1])}",
                f"{numbers['seconds']:.0f}",
            ]
            rows.append(cells)
    head = "experiment | form | seeds | train | test | test, lowest to highest seed | seconds"
    return markdown(head, rows)


def where(environment: dict[str, Any]) -> str:
    """Return one line that says where and when the figures were measured."""
    return (
        f"Measured {environment['date'][:10]} on {environment['cores']} cores "
        f"({environment['processor']}), Python {environment['python']}, "
        f"NumPy {environment['numpy']}."
    )


# What others reached in comparable ways; the sources stand below the table.
ANCHORS = {
    "quick": "99.04 ± 0.07 % [1]",
    "lenet": "99.04 ± 0.07 % [1]",
    "tiny": "99.10 % with 1,936 [4]",
    "mlp": "98.4 to 98.5 % [2]",
    "mlp-elastic": "99.3 % [2]",
    "standard": "99.64 ± 0.05 % [3]",
    "champion": "99.74 ± 0.03 % [6]",
    "champion-upright": "99.74 ± 0.03 % [6]",
    "ensemble": "99.75 ± 0.02 % of 15 [3], 99.82 % of 10 [6]",
}


def recipe_table(recipes: dict[str, Any]) -> str:
    """Return the table of our own recipes, the best last."""
    head = (
        "recipe | parameters | MFLOP an image | seeds | test, mean ± deviation | 95 % interval "
        "| without the contested | seconds | others"
    )
    rows = []
    for name, found in sorted(recipes.items(), key=lambda item: item[1]["test_accuracy_mean"]):
        low, high = found["test_interval95"]
        cells = [
            f"`{name}`",
            f"{found['parameters']:,}",
            f"{2 * found['multiply_adds'] / 1e6:.2f}",
            *_over_seeds(found),
            f"{100 * low:.2f} to {100 * high:.2f} %",
            percent(found["test_uncontested_accuracy_mean"]),
            f"{found['seconds_train_mean']:.0f}",
            ANCHORS[name],
        ]
        rows.append(cells)
    return markdown(head, rows)


def _over_seeds(found: dict[str, Any]) -> tuple[str, str]:
    """Return how many seeds, and mean and deviation over them; an ensemble is measured once."""
    mean = f"**{100 * found['test_accuracy_mean']:.2f}**"
    if "members" in found:
        return f"1 of {len(found['members'])} networks", f"{mean} %"
    return str(len(found["seeds"])), f"{mean} ± {100 * found['test_accuracy_std']:.2f} %"


def ablation_table(variants: list[dict[str, Any]]) -> str:
    """Return tables of what each method is worth, a recipe each, beside the recipe as it is."""
    recipes: dict[str, list[dict[str, Any]]] = {}
    for variant in variants:
        recipes.setdefault(variant["recipe"], []).append(variant)
    return "\n\n".join(worth_table(name, rows) for name, rows in recipes.items())


def worth_table(recipe: str, variants: list[dict[str, Any]]) -> str:
    """Return the table of one recipe; its first row is the recipe as it is."""
    seeds = len(variants[0]["accuracies"])
    rows = []
    for place, variant in enumerate(variants):
        apart = 100 * (variant["mean"] - variants[0]["mean"])
        cells = [
            variant["name"],
            f"{100 * variant['mean']:.2f} ± {100 * variant['deviation']:.2f} %",
            f"{apart:+.2f}" if place else "",
            f"{variant['seconds']:.1f}",
        ]
        rows.append(cells)
    return markdown(f"`{recipe}`, {seeds} seeds | validation | difference | seconds", rows)


def robustness_table(models: dict[str, Any]) -> str:
    """Return the accuracy of each model under each corruption, the last one's order."""
    last = list(models.values())[-1]["corruptions"]
    rows = []

    def add(name: str, words: str, cells: list[str]) -> None:
        rows.append([name, words, *cells])

    def share(told: dict[str, Any]) -> str:
        low, high = told["interval95"]
        return f"{100 * told['accuracy']:.1f} ({100 * low:.1f} to {100 * high:.1f}) %"

    add("none", "as they are", [share(told["clean"]) for told in models.values()])
    for name in sorted(last, key=lambda name: -last[name]["accuracy"]):
        cells = [share(told["corruptions"][name]) for told in models.values()]
        add(f"`{name}`", CORRUPTIONS[name].words, cells)
    means = [f"**{100 * told['mean_accuracy']:.1f} %**" for told in models.values()]
    add("mean", "of the corruptions", means)
    times = [f"{told['relative_error']:.0f} times" for told in models.values()]
    add("mistakes", "beside those on clean images", times)
    add("images", "of the test set", [f"{told['clean']['n']:,}" for told in models.values()])
    return markdown(" | ".join(["corruption", "what it does", *(f"`{n}`" for n in models)]), rows)


# What others had for the same, in errors; the source stands below the table.
PUBLISHED = {
    "majority class": "",
    "mean digit": "",
    "softmax regression": "12.0 % [5]",
    "1 nearest neighbour": "3.09 % [5]",
    "3 nearest neighbours": "5.0 % [5]",
}


def baseline_table(baselines: dict[str, Any]) -> str:
    """Return the table of what is reached without a network, with our recipes' errors below."""
    recipes = json.loads((HERE / "recipes.json").read_text(encoding="utf-8"))["recipes"]
    told = [(name, row, PUBLISHED[name]) for name, row in baselines.items()]
    for name, row in sorted(recipes.items(), key=lambda item: item[1]["test_accuracy_mean"]):
        found = {"accuracy": row["test_accuracy_mean"], "interval95": row["test_interval95"]}
        told.append((f"`{name}`", found | {"seconds": row["seconds_train_mean"]}, ""))
    rows = []
    for name, row, published in told:
        low, high = row["interval95"]
        cells = [
            name,
            f"**{percent(1 - row['accuracy'])}**",
            percent(row["accuracy"]),
            f"{100 * low:.2f} to {100 * high:.2f} %",
            f"{row['seconds']:.1f}",
            published,
        ]
        rows.append(cells)
    return markdown("| errors | accuracy | 95 % interval | seconds | others' errors", rows)


def where_each(recipes: dict[str, Any]) -> str:
    """Return a sentence for each day and machine, with the recipes that were measured there."""
    places: dict[str, list[str]] = {}
    for name, found in recipes.items():
        places.setdefault(where(found["environment"])[:-1], []).append(f"`{name}`")
    return " ".join(f"{place}: {', '.join(names)}." for place, names in places.items())


def with_table(text: str, name: str, table: str, measured: str) -> str:
    """Return a page's text with the table between a name's marks filled in."""
    return re.sub(
        rf"(<!-- {name} -->\n).*?<!-- /{name} -->",
        lambda match: f"{match[1]}{table}\n\n{measured}\n<!-- /{name} -->",
        text,
        flags=re.DOTALL,
    )


def explained(sentences: dict[str, str]) -> str:
    """Return docs/mathematics.md with what each fault costs filled in."""
    text = (ROOT / MATHEMATICS).read_text(encoding="utf-8")
    for name, sentence in sentences.items():
        block = f"<!-- measured: {name} -->\n{textwrap.fill(sentence, 118)}\n<!-- /measured -->"
        marker = rf"<!-- measured: {name} -->(\n(?:(?!<!--).)*<!-- /measured -->)?"
        text = re.sub(marker, block.replace("\\", r"\\"), text, flags=re.DOTALL)
    return text


def filled(page: str, measured: dict[str, Any]) -> str:
    """Return a page's text with the table of the projects filled in."""
    text = (ROOT / page).read_text(encoding="utf-8")
    table = short_table if page == "README.md" else long_table
    return with_table(text, "classics", table(measured["classics"]), where(measured["environment"]))


def pages() -> dict[str, str]:
    """Return every page as it should be."""
    measured = json.loads((HERE / "classics.json").read_text(encoding="utf-8"))
    faults = HERE / "faults.json"
    known = json.loads(faults.read_text(encoding="utf-8"))["sentences"] if faults.exists() else {}
    found = {page: filled(page, measured) for page in PAGES} | {MATHEMATICS: explained(known)}
    page = found["docs/results.md"]
    for name, key, table in (
        ("recipes", "recipes", recipe_table),
        ("ablation", "variants", ablation_table),
        ("robustness", "models", robustness_table),
        ("baselines", "baselines", baseline_table),
    ):
        told = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
        if key in ("recipes", "variants"):  # measured row by row, perhaps on several machines
            rows = told[key] if key == "recipes" else {row["recipe"]: row for row in told[key]}
            measured = where_each(rows)
        else:
            measured = where(told["environment"])
        page = with_table(page, name, table(told[key]), measured)
    return found | {"docs/results.md": page}


def main(arguments: list[str]) -> int:
    """Fill the tables, or with ``--check`` say which are out of date."""
    stale = {
        page: text for page, text in pages().items() if text != (ROOT / page).read_text("utf-8")
    }
    if arguments == ["--check"]:
        for page in stale:
            print(
                f"{page}: a figure differs from what was measured; run experiments/fill_tables.py"
            )
        return int(bool(stale))
    for page, text in stale.items():
        (ROOT / page).write_text(text, encoding="utf-8")
        print(f"filled {page}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
