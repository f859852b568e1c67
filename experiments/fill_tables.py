"""Fill the tables of README.md and docs/ from measured results, or check that they are current.

    python -m experiments.fill_tables            fill them
    python -m experiments.fill_tables --check    exit with code 1 if one is out of date

A table is written between the lines ``<!-- recipes -->`` and ``<!-- /recipes -->`` of a page, where
``recipes`` is the name of the result file. The sentences of faults.json are written into
docs/mathematics.md between ``<!-- measured: NAME -->`` and ``<!-- /measured -->``. classics.json is
measured by ``tenfold reproduce NAME --seeds N --results experiments/classics.json`` with
``--as-written`` or ``--corrected`` (docs/results.md shows the N of each row), the other files by
the ``measure_*`` scripts.
"""

import argparse
import re
import sys
import textwrap

from experiments.results import FOLDER, read_results, report
from experiments.tables import (
    ablation_tables,
    baseline_table,
    classics_table,
    classifier_table,
    export_table,
    measured_by_machine,
    measured_where,
    readme_table,
    recipe_table,
    robustness_table,
)
from tenfold.files import write_text

__all__ = ["ROOT", "fill", "main", "pages", "with_sentences", "with_table"]

ROOT = FOLDER.parent


def with_table(page: str, name: str, table: str, measured: str) -> str:
    """Return a page with the content between a name's markers replaced.

    Args:
        page: The text of the page.
        name: The name in the markers.
        table: The new table.
        measured: The sentence below it, on where it was measured.
    """
    return re.sub(
        rf"(<!-- {name} -->\n).*?<!-- /{name} -->",
        lambda match: f"{match[1]}{table}\n\n{measured}\n<!-- /{name} -->",
        page,
        flags=re.DOTALL,
    )


def with_sentences(page: str, sentences: dict[str, str]) -> str:
    """Return a page with a measured sentence after each marker ``<!-- measured: NAME -->``."""
    for name, sentence in sentences.items():
        wrapped = textwrap.fill(sentence, 118, break_on_hyphens=False)
        block = f"<!-- measured: {name} -->\n{wrapped}\n<!-- /measured -->"
        marker = rf"<!-- measured: {name} -->(\n(?:(?!<!--).)*<!-- /measured -->)?"
        page = re.sub(marker, block.replace("\\", r"\\"), page, flags=re.DOTALL)
    return page


def pages() -> dict[str, str]:
    """Return the text that each page should have, by its path in the repository."""
    classics, sentences = read_results("classics"), read_results("faults").get("sentences", {})
    short = readme_table(classics["classics"])
    where = measured_where(classics["environment"])
    return {
        "README.md": with_table(_read("README.md"), "classics", short, where),
        "docs/interoperability.md": _interoperability_page(_read("docs/interoperability.md")),
        "docs/results.md": _results_page(_read("docs/results.md")),
        "docs/mathematics.md": with_sentences(_read("docs/mathematics.md"), sentences),
    }


def _interoperability_page(page: str) -> str:
    parts = read_results("interoperability").get("parts", {})
    others = {name: part for name, part in parts.items() if name != "sklearn"}
    page = with_table(page, "exports", export_table(others), measured_by_machine(others))
    if "sklearn" not in parts:
        return page
    where = measured_where(parts["sklearn"]["environment"])
    return with_table(page, "classifiers", classifier_table(parts["sklearn"]), where)


def _results_page(page: str) -> str:
    classics, recipes = read_results("classics"), read_results("recipes")["recipes"]
    variants = read_results("ablation")["variants"]
    baselines, robustness = read_results("baselines"), read_results("robustness")
    tables = {
        "classics": (
            classics_table(classics["classics"]),
            measured_where(classics["environment"]),
        ),
        "recipes": (recipe_table(recipes), measured_by_machine(recipes)),
        "ablation": (
            ablation_tables(variants),
            measured_by_machine({variant["recipe"]: variant for variant in variants}),
        ),
        "robustness": (
            robustness_table(robustness["models"]),
            measured_where(robustness["environment"]),
        ),
        "baselines": (
            baseline_table(baselines["baselines"], recipes),
            measured_where(baselines["environment"]),
        ),
    }
    for name, (table, where) in tables.items():
        page = with_table(page, name, table, where)
    return page


def _read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def fill() -> None:
    """Write the pages whose tables are out of date."""
    for page, text in pages().items():
        if text != _read(page):
            write_text(ROOT / page, text)
            report(f"filled {page}")


def main(arguments: list[str]) -> int:
    """Fill the tables, or with ``--check`` name the pages that are out of date."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing")
    if not parser.parse_args(arguments).check:
        fill()
        return 0
    outdated = [page for page, text in pages().items() if text != _read(page)]
    for page in outdated:
        print(f"{page} differs from the results; run python -m experiments.fill_tables")
    return 1 if outdated else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
