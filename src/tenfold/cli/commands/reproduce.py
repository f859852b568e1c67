"""``tenfold reproduce``: the six experiments of five projects, as written and corrected."""

import contextlib
import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.cli.shared.options import MAX_SEEDS, JsonOption

if TYPE_CHECKING:
    from tenfold.recipes import Recipe, Source, Split
    from tenfold.runs import Run

__all__ = ["reproduce"]

_MEASURED_ON = {"train": "train", "held_out": "test"}
"""Printed name of the images that a claim was measured on, by their key in the claims."""


def reproduce(
    classics: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Experiments to run.", show_default="all six"),
    ] = None,
    as_written: Annotated[
        bool, typer.Option("--as-written", help="Run only the experiments as written.")
    ] = False,
    corrected: Annotated[
        bool, typer.Option("--corrected", help="Run only the corrected experiments.")
    ] = False,
    seeds: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            max=MAX_SEEDS,
            help="Run each form of an experiment with the random seeds 0 to N - 1, and average the "
            "results. By default, each form is run once: the corrected form with seed 0, the "
            "as-written form with the seed whose results are closest to those that the project's "
            "program printed (its log).",
            show_default="one run",
        ),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder for the runs.")] = Path(
        "runs/classics"
    ),
    results: Annotated[
        Path | None,
        typer.Option(metavar="JSON", help="Also write the results to this file."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Reproduce the experiments of five public projects.

    Each experiment has two forms: exactly as its author wrote it, and corrected. By default, both
    are run.

    The command can be stopped and repeated: finished runs are kept, and interrupted runs are
    resumed. All six experiments, as written and corrected, take about forty minutes on two cores.

    \b
    Examples:
      tenfold reproduce
      tenfold reproduce classic-adam classic-gd --as-written
      tenfold reproduce --seeds 3 --results classics.json
    """
    from tenfold.cli.shared.output import CLASSICS_FILE, check_output
    from tenfold.files import make_folder
    from tenfold.recipes import CLASSICS
    from tenfold.runs import summarise_classic

    names = _check_names(classics)
    forms = _check_forms(as_written, corrected)
    check_output(results, CLASSICS_FILE)
    make_folder(out)
    check_output(out / "classics.json", CLASSICS_FILE)
    found = []
    for name in names:
        done = {
            form: [
                _run(CLASSICS[name].forms[form], form, seed, out, as_json)
                for seed in _seeds(name, form, seeds)
            ]
            for form in forms
        }
        found.append(summarise_classic(CLASSICS[name], done))
    _draw_adam_against_gd(out, forms, seeds)
    for path in (out / "classics.json", results):
        if path is not None:
            _write_results(path, found)
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    _print(found, forms)
    typer.echo(f"Runs, reports, figures and classics.json are saved in {out}")


def _write_results(path: Path, results: list[dict[str, Any]]) -> None:
    """Write the results; keep those of other experiments and forms that the file contains."""
    from tenfold.files import write_json
    from tenfold.recipes import CLASSICS
    from tenfold.runs import describe_environment

    new = {result["name"]: result for result in results}
    if path.exists():
        with contextlib.suppress(ValueError, KeyError, TypeError):
            old = json.loads(path.read_text(encoding="utf-8"))["classics"]
            kept = {result["name"]: result for result in old}
            new = kept | {name: kept.get(name, {}) | result for name, result in new.items()}
    ordered = [new[name] for name in CLASSICS if name in new]
    write_json(path, {"environment": describe_environment(), "classics": ordered})


def _check_names(names: list[str] | None) -> list[str]:
    from tenfold.cli.shared.errors import unknown_name
    from tenfold.errors import UsageError
    from tenfold.recipes import CLASSICS

    for name in names or ():
        if name.endswith(".json"):  # as in version 0.1
            raise UsageError(
                f"--json prints JSON: to write the results to a file, use --results {name}"
            )
        if name not in CLASSICS:
            raise unknown_name("experiment", name, CLASSICS)
    return names or list(CLASSICS)


def _check_forms(as_written: bool, corrected: bool) -> list[str]:
    from tenfold.errors import UsageError

    if as_written and corrected:
        raise UsageError(
            "--as-written cannot be combined with --corrected; to run both forms, omit both options"
        )
    return ["as_written"] * (not corrected) + ["corrected"] * (not as_written)


def _seeds(name: str, form: str, count: int | None) -> list[int]:
    """Return the seeds to run: 0 to ``count`` - 1.

    Without ``count``, return a single seed: 0 for the corrected form, and for the form as written
    the seed whose results are closest to those in the log of the project's program.
    """
    from tenfold.recipes import CLASSICS

    if count is None:
        return [CLASSICS[name].seed if form == "as_written" else 0]
    return list(range(count))


def _run(recipe: "Recipe", form: str, seed: int, out: Path, quiet: bool) -> "Run":
    """Train one run, unless it is finished, and write its submission and its figures."""
    from tenfold.cli.shared.interrupt import exit_stopped
    from tenfold.cli.shared.training import TrainingOptions, train_run
    from tenfold.errors import TenfoldError
    from tenfold.runs import Run, create_run, open_run

    folder = out / f"{recipe.name}-{seed}"
    if (folder / "config.json").exists():
        run = open_run(folder)
        if run.recipe != recipe:
            raise TenfoldError(
                f"{folder} contains a run of another version of {recipe.name}; remove it, or "
                "choose another folder with --out"
            )
    else:
        run = create_run(Run(recipe, seed, folder, form=form))
    if not run.finished:
        typer.echo(f"{recipe.name}, {form.replace('_', ' ')}, seed {seed} ...", err=True)
        split = _load(recipe.source)
        if not train_run(run, split, TrainingOptions(quiet)):
            exit_stopped("the same command")
    if not (folder / "pictures").exists():  # an earlier call may have been killed
        _write_extras(run, _load(recipe.source))
    return run


@cache
def _load(source: "Source") -> "Split":
    return source.load()


def _write_extras(run: "Run", split: "Split") -> None:
    """Write what the projects produce besides numbers: submission.csv and figures."""
    from tenfold.cli.shared.training import draw_pictures
    from tenfold.data import write_submission
    from tenfold.models import load_model

    assert split.test is not None  # every classic has one
    if run.recipe.source.name == "kaggle":
        predictions = load_model(run.model).predict(split.test.images)
        write_submission(run.folder / "submission.csv", predictions.digit)
    draw_pictures(run, split)


def _draw_adam_against_gd(out: Path, forms: list[str], seeds: int | None) -> None:
    """Draw the comparison that the first project was made for, if both of its runs exist."""
    from tenfold.plots import draw_comparison
    from tenfold.recipes import CLASSICS
    from tenfold.runs import open_run

    if find_spec("matplotlib") is None:
        return
    for form in forms:
        folders = [
            out / f"{CLASSICS[name].forms[form].name}-{_seeds(name, form, seeds)[0]}"
            for name in ("classic-adam", "classic-gd")
        ]
        if all((folder / "metrics.json").exists() for folder in folders):
            runs = dict(zip(("Adam", "gradient descent"), map(open_run, folders), strict=True))
            draw_comparison(runs, out / f"adam-against-gd-{form.replace('_', '-')}.png")


def _print(results: list[dict[str, Any]], forms: list[str]) -> None:
    from tenfold.cli.shared.tables import print_table

    head = ["experiment", "claimed"]
    for form in forms:
        head += [f"{form.replace('_', ' ')}: train", "test", "seconds"]
    rows = []
    for result in results:
        claims = [f"{c['value']:.2%} {_MEASURED_ON[c['measures']]}" for c in result["claims"]]
        row = [result["name"], ", ".join(claims) or "no number"]
        for form in forms:
            numbers = result[form]
            row += [f"{numbers['train_accuracy']:.2%}", f"{numbers['test_accuracy']:.2%}"]
            row += [f"{numbers['seconds']:.0f}"]
        rows.append(row)
    print_table(head, rows, left=2)
    typer.echo("test: 28,000 images not used for training (classic-minibatch: 10,000)")
    if "as_written" in forms:
        _print_logs(results)
    if "corrected" in forms:
        for result in results:
            typer.echo(f"\nCorrected in {result['name']} ({result['project']}):")
            for line in result["corrections"]:
                typer.echo(f"  - {line}")


def _print_logs(results: list[dict[str, Any]]) -> None:
    """Print how closely the runs as written follow the logs of the original programs."""
    for result in results:
        for run, seed in zip(
            result["as_written"]["runs"], result["as_written"]["seeds"], strict=True
        ):
            if "furthest_from_log" in run:
                points = run["marks_of_log"]  # number of points of the log that were compared
                typer.echo(
                    f"{result['name']} as written, seed {seed}: within "
                    f"{100 * run['furthest_from_log']:.1f} percentage points of the project's log "
                    f"at {points} point{'s' * (points > 1)}"
                )
