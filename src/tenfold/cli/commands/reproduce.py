"""``tenfold reproduce``: run the five classic projects again, as written and corrected."""

import contextlib
import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tenfold.recipes import Recipe, Source, Split
    from tenfold.runs import Run

__all__ = ["reproduce"]


def reproduce(
    classics: Annotated[
        list[str] | None, typer.Argument(help="Which; all six experiments by default.")
    ] = None,
    as_written: Annotated[bool, typer.Option("--as-written", help="Only as written.")] = False,
    corrected: Annotated[bool, typer.Option("--corrected", help="Only corrected.")] = False,
    seeds: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Take the mean over random seeds 0, 1, ...; by default one run each, as written "
            "with the seed that replays the project's own log.",
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="Where the runs are kept.")] = Path("runs/classics"),
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the results to this file too.")
    ] = None,
) -> None:
    """Run the five classic projects again, exactly as they were written and corrected.

    Finished runs are kept and interrupted ones resumed, so the command can be stopped and
    repeated. All six both ways take about forty minutes on two cores.

    \b
    tenfold reproduce
    tenfold reproduce classic-adam classic-gd --as-written
    tenfold reproduce --seeds 3 --json classics.json
    """
    from tenfold.files import make_folder
    from tenfold.recipes import CLASSICS
    from tenfold.runs import summarise_classic

    names = _check_names(classics)
    forms = _check_forms(as_written, corrected)
    make_folder(out)
    results = []
    for name in names:
        done = {
            form: [
                _run(CLASSICS[name].forms[form], form, seed, out)
                for seed in _seeds(name, form, seeds)
            ]
            for form in forms
        }
        results.append(summarise_classic(CLASSICS[name], done))
    _draw_adam_against_gd(out, forms, seeds)
    for path in (out / "classics.json", json_file):
        if path is not None:
            _write_results(path, results)
    _tell(results, forms)
    typer.echo(f"Runs, reports, pictures and classics.json are in {out}")


def _write_results(path: Path, results: list[dict[str, Any]]) -> None:
    """Write the results, keeping those of other classics and forms that the file already holds."""
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
    from tenfold.errors import UsageError
    from tenfold.recipes import CLASSICS

    if strange := [name for name in names or () if name not in CLASSICS]:
        raise UsageError(
            f"there is no classic {', '.join(strange)}; there are: {', '.join(CLASSICS)}"
        )
    return names or list(CLASSICS)


def _check_forms(as_written: bool, corrected: bool) -> list[str]:
    from tenfold.errors import UsageError

    if as_written and corrected:
        raise UsageError("--as-written and --corrected exclude each other; leave both out for both")
    return ["as_written"] * (not corrected) + ["corrected"] * (not as_written)


def _seeds(name: str, form: str, count: int | None) -> list[int]:
    """Return the random seeds to run: the first so many, or the one that replays the log."""
    from tenfold.recipes import CLASSICS

    if count is None:
        return [CLASSICS[name].seed if form == "as_written" else 0]
    return list(range(count))


def _run(recipe: "Recipe", form: str, seed: int, out: Path) -> "Run":
    """Carry out one run, or what is missing of it, with its submission and its pictures."""
    from tenfold.cli.commands.train import carry_out
    from tenfold.errors import TenfoldError
    from tenfold.runs import Run, create_run, open_run

    folder = out / f"{recipe.name}-{seed}"
    if (folder / "config.json").exists():
        run = open_run(folder)
        if run.recipe != recipe:
            raise TenfoldError(
                f"{folder} holds a run of another version of {recipe.name}: remove it, or choose "
                "another folder with --out"
            )
    else:
        run = create_run(Run(recipe, seed, folder, form=form))
    if not run.finished:
        typer.echo(f"{recipe.name}, {form.replace('_', ' ')}, seed {seed} ...", err=True)
        split = _load(recipe.source)
        if not carry_out(run, split, quiet=False):
            typer.echo("Stopped and saved; the same command goes on from here.", err=True)
            raise typer.Exit(130)
    if not (folder / "pictures").exists():  # also after a kill between the end and the extras
        _write_extras(run, _load(recipe.source))
    return run


@cache
def _load(source: "Source") -> "Split":
    return source.load()


def _write_extras(run: "Run", split: "Split") -> None:
    """Write what the projects show beside their numbers: submission.csv and pictures."""
    from tenfold.cli.commands.train import draw
    from tenfold.data import write_submission
    from tenfold.models import load_model

    assert split.test is not None  # every classic has one
    if run.recipe.source.name == "kaggle":
        answers = load_model(run.model).predict_probabilities(split.test.images).argmax(axis=1)
        write_submission(run.folder / "submission.csv", answers)
    draw(run, split)


def _draw_adam_against_gd(out: Path, forms: list[str], seeds: int | None) -> None:
    """Draw what the first project set out to show, once both of its runs are there."""
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


def _tell(results: list[dict[str, Any]], forms: list[str]) -> None:
    from tenfold.cli.shared.tables import print_table

    head = ["experiment", "claimed"]
    for form in forms:
        head += [f"{form.replace('_', ' ')}: train", "held out", "seconds"]
    rows = []
    for result in results:
        claims = [f"{c['value']:.2%} {c['measures']}".replace("_", " ") for c in result["claims"]]
        row = [result["name"], ", ".join(claims) or "no figure"]
        for form in forms:
            numbers = result[form]
            row += [f"{numbers['train_accuracy']:.2%}", f"{numbers['test_accuracy']:.2%}"]
            row += [f"{numbers['seconds']:.0f}"]
        rows.append(row)
    print_table(head, rows, left=2)
    typer.echo("held out: 28,000 test images (classic-minibatch: 10,000) that no run trains on")
    if "as_written" in forms:
        _tell_logs(results)
    if "corrected" in forms:
        for result in results:
            typer.echo(f"\nMended in {result['name']} ({result['project']}):")
            for line in result["mended"]:
                typer.echo(f"  - {line}")


def _tell_logs(results: list[dict[str, Any]]) -> None:
    """Say how closely the runs as written follow what the projects' own programs printed."""
    for result in results:
        for run, seed in zip(
            result["as_written"]["runs"], result["as_written"]["seeds"], strict=True
        ):
            if "furthest_from_log" in run:
                typer.echo(
                    f"{result['name']} as written, seed {seed}: within "
                    f"{100 * run['furthest_from_log']:.1f} points of the project's own log at "
                    f"{run['marks_of_log']} mark{'s' * (run['marks_of_log'] > 1)}"
                )
