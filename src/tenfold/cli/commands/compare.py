"""``tenfold compare``: runs side by side, and the significance of their differences."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tenfold.cli.shared.options import JsonOption

if TYPE_CHECKING:
    from tenfold.plots import Over
    from tenfold.runs import Entry, Pair

__all__ = ["compare"]

_X_AXES: "dict[str, Over]" = {"epochs": "epoch", "seconds": "seconds", "steps": "step"}
_SINGLE_RUNS = (
    "These tests compare single networks. To compare recipes, train several seeds of each: "
    "tenfold train RECIPE --seeds 5"
)


def compare(
    runs: Annotated[
        list[Path],
        typer.Argument(
            metavar="RUN", help="Folders of runs, or of series (made by tenfold train --seeds)."
        ),
    ],
    metric: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Also print and draw this metric of the runs, such as accuracy or cost (the mean "
            "squared error); may be repeated.",
        ),
    ] = None,
    figure_path: Annotated[
        Path | None,
        typer.Option(
            "--figure",
            "--picture",  # name in version 0.1
            metavar="PNG",
            help="Draw the metrics; by default accuracy, loss and, if recorded, MSE, RMSE and R².",
        ),
    ] = None,
    x_axis: Annotated[
        Literal["epochs", "seconds", "steps"],
        typer.Option(
            "--x-axis",
            "--against",  # name in version 0.1
            metavar="epochs|seconds|steps",
            help="What the x axis of the figure shows.",
        ),
    ] = "epochs",
    as_json: JsonOption = False,
) -> None:
    """Compare runs and test their differences for significance.

    Two runs are compared image by image (McNemar's exact test). Two series are compared
    by their mean accuracies (Welch's t-test). The results on the test images are compared if both
    have the same test images, otherwise the results on the validation images.

    \b
    Examples:
      tenfold compare runs/001-mlp runs/002-linear --figure both.png
      tenfold compare runs/001-mlp runs/002-linear --figure time.png --x-axis seconds
      tenfold compare runs/classics/classic-adam-0 runs/classics/classic-gd-1 --metric cost
      tenfold compare runs/001-lenet-seeds runs/002-mlp-seeds
    """
    from tenfold.cli.shared.output import check_figure_path
    from tenfold.runs import compare_all, last_values, mean_records

    check_figure_path(figure_path)
    entries = _open(runs)
    metrics = metric or []
    rows = [entry.to_dict() for entry in entries]
    if metrics:
        records = [mean_records([run.records() for run in e.runs]) for e in entries]
        _check_metrics(metrics, records)
        for row, recorded in zip(rows, records, strict=True):
            row["last"] = {name: last_values(recorded, name) for name in metrics}
    pairs = compare_all(entries)
    if as_json:
        typer.echo(
            json.dumps({"runs": rows, "pairs": [pair.to_dict() for pair in pairs]}, indent=2)
        )
    else:
        _print_table(rows)
        _print_last(rows, metrics)
        _print_pairs(pairs, any(len(entry.runs) == 1 for entry in entries))
    if figure_path is not None:
        _draw(entries, figure_path, metrics, _X_AXES[x_axis])


def _open(folders: list[Path]) -> "list[Entry]":
    """Open the folders. If the last parts of their paths differ, these are used as names."""
    from tenfold.cli.shared.names import check_run_folder
    from tenfold.runs import open_entry

    for folder in folders:
        check_run_folder(folder)
    names_differ = len({folder.name for folder in folders}) == len(folders)
    return [open_entry(folder, folder.name if names_differ else None) for folder in folders]


def _check_metrics(metrics: list[str], records: Sequence[Any]) -> None:
    from tenfold.errors import UsageError
    from tenfold.runs import metric_names

    known = metric_names(records)
    if unknown := [name for name in metrics if name not in known]:
        raise UsageError(
            f"no run has recorded {', '.join(unknown)}; choose from {', '.join(known) or 'none'}"
        )


def _draw(entries: "list[Entry]", figure_path: Path, metrics: list[str], x_axis: "Over") -> None:
    from tenfold.plots import draw_comparison

    shown = {
        f"{c.name}, mean of {len(c.runs)} seeds" if len(c.runs) > 1 else c.name: c.runs
        for c in entries
    }
    draw_comparison(shown, figure_path, metrics, x_axis)
    typer.echo(f"Figure saved in {figure_path}", err=True)


def _print_table(rows: list[dict[str, Any]]) -> None:
    from tenfold.cli.shared.tables import print_table

    cells = [
        [
            row["folder"],
            row["recipe"],
            str(row["seed"]) if "seed" in row else f"{len(row['seeds'])} seeds",
            *(_accuracy_text(row.get(part)) for part in ("validation", "test")),
            _interval_text(row.get("test")),
            f"{row['seconds']['train']:.1f}",
        ]
        for row in rows
    ]
    print_table(
        ["run", "recipe", "seed", "validation", "test", "95% interval", "seconds"], cells, left=2
    )


def _accuracy_text(result: Mapping[str, Any] | None) -> str:
    if result is None:
        return ""
    if result.get("standard_deviation") is None:
        return f"{result['accuracy']:.2%}"
    return f"{result['accuracy']:.3%} ± {100 * result['standard_deviation']:.3f}"


def _interval_text(result: Mapping[str, Any] | None) -> str:
    ends = None if result is None else result["interval95"]
    return "" if ends is None else "{:.2%} to {:.2%}".format(*ends)


def _print_last(rows: list[dict[str, Any]], metrics: list[str]) -> None:
    from tenfold.cli.shared.tables import print_table

    recorded_keys = {key for row in rows for found in row.get("last", {}).values() for key in found}
    keys = [f"{part}{name}" for name in metrics for part in ("train_", "validation_", "")]
    keys = [key for key in keys if key in recorded_keys]
    if keys:
        cells = []
        for row in rows:
            values = {key: value for found in row["last"].values() for key, value in found.items()}
            numbers = [f"{values[key]:.6g}" if key in values else "" for key in keys]
            cells.append([row["name"], *numbers])
        typer.echo()
        print_table(["at the end", *(key.replace("_", " ") for key in keys)], cells)


def _print_pairs(pairs: "list[Pair]", single: bool) -> None:
    for pair in pairs:
        where = f" ({pair.images:,} {pair.part} images)" if pair.test is not None else ""
        typer.echo(f"\n{pair.first} and {pair.second}{where}:\n  {pair.conclusion}")
    if single and any(pair.test is not None for pair in pairs):
        typer.echo(f"\n{_SINGLE_RUNS}")
