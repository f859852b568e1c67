"""``tenfold read``: the digits in photos, scans and drawings."""

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold import shell
from tenfold.cli.shared.options import (
    BulkClusterOption,
    BulkJobsOption,
    BulkOutOption,
    BulkPartOption,
    JsonOption,
)
from tenfold.errors import TenfoldError, UsageError, is_folder, path_exists
from tenfold.files import files_in_subfolders

if TYPE_CHECKING:
    from tenfold.reading import Reading

__all__ = ["read"]


def read(
    pictures: Annotated[
        list[Path],
        typer.Argument(
            metavar="PICTURE...",
            readable=False,
            help="Pictures, or folders of pictures. With -o: one folder, tar or zip archive or "
            "Parquet file that contains pictures.",
        ),
    ],
    single: Annotated[
        bool, typer.Option("--single", help="Each picture shows exactly one digit.")
    ] = False,
    error_rate: Annotated[
        float,
        typer.Option(
            "--error-rate",
            metavar="RATE",
            help="Target share of wrong digits among the accepted digits, above 0 and below 1. "
            "The digits that are not accepted are marked as unsure. The confidence is calibrated "
            "for rates of 0.005 and more. With a smaller rate, all digits are unsure.",
        ),
    ] = 0.01,
    show: Annotated[
        Path | None,
        typer.Option(
            "--show",
            metavar="PNG",
            readable=False,
            help="Draw a figure of the result and save it in this file. For several pictures, give "
            "a folder, in which a figure of each picture is saved.",
        ),
    ] = None,
    as_json: JsonOption = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print CSV, with a row for each text line.")
    ] = False,
    out: BulkOutOption = None,
    part: BulkPartOption = None,
    jobs: BulkJobsOption = None,
    cluster: BulkClusterOption = None,
) -> None:
    """Read the digits in photos, scans, screenshots and drawings.

    Ink and paper may have any colour. Digits are found anywhere in the picture. The digits of a
    text line are printed on one line. A digit is unsure if its confidence is too low for
    --error-rate, or for another reason, such as a mark near it that may be a further digit. For a
    picture without digits, "none" is printed.

    \b
    Examples:
      tenfold read photo.jpg
      tenfold read scans/ --csv > numbers.csv
      tenfold read page.png --show seen.png
      tenfold read drawing.png --single --json
      tenfold read scans.tar -o numbers.csv --jobs 4
    """
    _check_options(as_json, as_csv, error_rate)
    if out is not None or part or jobs or cluster:
        from tenfold.cli.shared import bulk

        if out is None:
            bulk.check_options_without_out(part, jobs, cluster)
        else:
            bulk.check_options_with_out({"--json": as_json, "--csv": as_csv, "--show": show})
            bulk.read_pictures(pictures, out, part, single, error_rate, jobs, cluster)
            return
    found = _find_pictures(pictures, show)
    paths = list(found)
    figure_files = _figure_files(paths, show)
    results = {}
    for path, result in _read_all(found, single, error_rate, quiet=as_json or as_csv):
        results[path] = result
        if isinstance(result, TenfoldError):
            if len(paths) == 1 and not as_json:
                raise result
        elif path in figure_files:
            _draw(result, path, figure_files[path])
        if not (as_json or as_csv):
            typer.echo(_text(path, result, several=len(paths) > 1))
    if as_json:
        typer.echo(json.dumps([_entry(path, each) for path, each in results.items()], indent=2))
    if as_csv:
        _print_csv(results)
    _raise_problems(results)


def _check_options(as_json: bool, as_csv: bool, error_rate: float) -> None:
    if as_json and as_csv:
        raise UsageError("--json and --csv cannot be combined: give one of them")
    if not 0 < error_rate < 1:
        raise UsageError(f"--error-rate must be above 0 and below 1, got {error_rate:g}")


def _raise_problems(results: "dict[Path, Reading | TenfoldError]") -> None:
    problems = [each for each in results.values() if isinstance(each, TenfoldError)]
    if problems:
        raise TenfoldError(
            f"{len(problems):,} of {len(results):,} pictures cannot be read. The first: "
            f"{problems[0]}"
        )


def _find_pictures(paths: list[Path], show: Path | None) -> dict[Path, TenfoldError | None]:
    """Return the pictures, and the folders that cannot be listed.

    The value is None for a picture, and the error for a folder that cannot be listed.
    """
    from tenfold.cli.shared.picture_files import find_pictures

    for path in paths:
        _check_not_model(path)
    return find_pictures(paths, show)


def _check_not_model(path: Path) -> None:
    """Raise a UsageError for a model: a file, a bundled name, or a folder of runs."""
    from tenfold.models import refers_to_model

    name = "model.safetensors"
    # Each of them is a model file or the folder of one; the first may be ``path`` itself.
    candidates = (path, *files_in_subfolders(path, name)) if is_folder(path) else ()
    models = [each for each in candidates if each.name == name or path_exists(each / name)]
    if models or (refers_to_model(path) and not is_folder(path)):
        model = models[0].parent if models and models[0] != path else path
        raise UsageError(
            f"{path} {'contains models' if model != path else 'is a model'}, and read takes only "
            f"pictures. To use this model: tenfold predict {shell.quote(model)} PICTURE"
        )


def _read_all(
    found: dict[Path, TenfoldError | None], single: bool, error_rate: float, *, quiet: bool
) -> "Iterator[tuple[Path, Reading | TenfoldError]]":
    from tenfold.cli.shared.other_inputs import wrong_command_error
    from tenfold.cli.shared.progress import progress_bar
    from tenfold.reading import read_many

    usable = [path for path, error in found.items() if error is None]
    results = read_many(usable, single=single, error_rate=error_rate)
    with (
        closing(results),
        progress_bar("reading", len(found), quiet=quiet or len(found) < 3) as bar,
    ):
        for path, error in found.items():
            result = error or next(results)[1]
            bar.advance(f"reading {path.name}")
            if isinstance(result, TenfoldError) and error is None:
                result = wrong_command_error(path) or result
            yield path, result


def _figure_files(paths: list[Path], show: Path | None) -> dict[Path, Path]:
    """Return the file of the figure of each picture: ``show``, or files in the folder ``show``."""
    if show is None:
        return {}
    from tenfold.cli.shared.output import FIGURE, check_outputs
    from tenfold.files import make_folder

    if len(paths) == 1:
        if show.suffix.lower() != ".png":
            raise UsageError(f"--show must be the name of a PNG file, got {show}")
        figure_files = {paths[0]: show}
    else:
        if show.is_file():
            raise UsageError(f"--show must be a folder for several pictures, got the file {show}")
        make_folder(show)
        figure_files = dict(zip(paths, _different_files(paths, show), strict=True))
    check_outputs(figure_files.values(), FIGURE, paths)
    return figure_files


def _different_files(paths: list[Path], folder: Path) -> list[Path]:
    """Return a different PNG in the folder for each picture: page.png, page-2.png, ..."""
    taken: set[str] = set()
    numbers: dict[str, int] = {}  # the last number of each stem
    files = []
    for path in paths:
        name, stem = path.stem, path.stem.casefold()
        while name.casefold() in taken:
            numbers[stem] = numbers.get(stem, 1) + 1
            name = f"{path.stem}-{numbers[stem]}"
        taken.add(name.casefold())
        files.append(folder / f"{name}.png")
    return files


def _draw(result: "Reading", path: Path, figure_file: Path) -> None:
    from tenfold.reading import save_drawing

    save_drawing(result, path, figure_file)


def _text(path: Path, result: "Reading | TenfoldError", *, several: bool) -> str:
    if isinstance(result, TenfoldError):
        return f"{path}  error: {result}"
    from tenfold.reading.answer import percent

    lines = [
        f"{line}  {percent(confidence)}"
        for line, confidence in zip(result.lines, result.line_confidences(), strict=True)
    ]
    unsure = {digit.line for digit in result.digits if digit.unsure}  # indices of lines
    lines = [f"{line}  unsure" if n in unsure else line for n, line in enumerate(lines)] or ["none"]
    if not several:
        return "\n".join([*lines, *(f"({warning})" for warning in result.warnings)])
    return "\n".join(f"{path}  {line}" for line in lines)


def _entry(path: Path, result: "Reading | TenfoldError") -> dict[str, Any]:
    from tenfold.reading.entries import to_entry

    entry = to_entry(str(path), result)
    return {key: value for key, value in entry.items() if key != "confidences"}


def _print_csv(results: "dict[Path, Reading | TenfoldError]") -> None:
    from tenfold.reading.entries import LINE_COLUMNS, line_rows, to_entry

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(LINE_COLUMNS)
    for path, result in results.items():
        for row in line_rows(to_entry(str(path), result)):
            writer.writerow([f"{v:.6f}" if isinstance(v, float) else v for v in row])
