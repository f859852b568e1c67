"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from tenfold.threads import MAX_THREADS

__all__ = [
    "MAX_SEED",
    "MAX_SEEDS",
    "BulkClusterOption",
    "BulkJobsOption",
    "BulkOutOption",
    "BulkPartOption",
    "ClusterOption",
    "DataArgument",
    "DataOption",
    "FigureOption",
    "JobsOption",
    "JsonOption",
    "LabelledDataOption",
    "ModelArgument",
    "Part",
    "PartOption",
    "PngOption",
    "SeedOption",
    "SettingsOption",
    "ThreadsOption",
]

MAX_SEEDS = 10_000
"""The largest number of runs of a series, as in ``tenfold.runs``, which takes long to import."""

MAX_SEED = 2**64 - 1
"""The largest random seed."""

Part: TypeAlias = Literal["train", "test"]


def _check_data_path(path: Path | None) -> Path | None:
    if path is None:
        return None
    from tenfold.cli.shared.data_paths import check_data_path

    return check_data_path(path)


ModelArgument: TypeAlias = Annotated[
    Path,
    typer.Argument(
        metavar="MODEL", help="Model file, run folder or bundled model (see: tenfold models)."
    ),
]
DataArgument: TypeAlias = Annotated[
    Path | None,
    typer.Argument(
        metavar="PATH",
        callback=_check_data_path,
        help="File or folder with images.",
        show_default="bundled MNIST",
    ),
]
DataOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="PATH",
        callback=_check_data_path,
        help="Labelled images: IDX, CSV, npz, npy, Parquet, a tar or zip archive, or a folder.",
        show_default="bundled MNIST",
    ),
]
LabelledDataOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="PATH",
        callback=_check_data_path,
        help="Labelled images: IDX, CSV, npz, npy, Parquet, a tar or zip archive, or a folder.",
        show_default="MNIST's test images; for a model whose recipe has source.name=kaggle, such "
        "as classic-adam, the test images of Kaggle's split of MNIST",
    ),
]
PartOption: TypeAlias = Annotated[
    Part,
    typer.Option(
        "--split",
        "--part",  # name in version 0.1
        metavar="train|test",
        help="Which split to use, if the data has a training and a test split.",
    ),
]
SeedOption: TypeAlias = Annotated[
    int, typer.Option("--seed", metavar="N", min=0, max=MAX_SEED, help="Random seed.")
]
SettingsOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change a setting of the recipe, such as epochs=3 or schedule.final=0.1 (names: "
        "tenfold recipes RECIPE); may be repeated.",
    ),
]
ThreadsOption: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--threads",
        metavar="N",
        min=1,
        max=MAX_THREADS,
        help="Number of threads of each training; it does not change the result.",
        show_default="all cores; with --jobs, each training gets an equal share of them",
    ),
]
JobsOption: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        metavar="N",
        min=1,
        max=MAX_THREADS,
        help="Train N networks at the same time, in processes on this machine.",
        show_default="one after another",
    ),
]
ClusterOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS|local",
        help="Train several networks at the same time on the workers of a Dask scheduler with this "
        "address, such as tcp://host:8786 (use it only in a private network). With the word local, "
        "workers are started on this machine.",
    ),
]
# Bulk: predict or read with -o, for very many images.
BulkOutOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--out",
        metavar="FILE",
        help="Write the answers for all images of a folder or file to this file: .csv, .jsonl or "
        ".parquet. This needs little memory. After an interruption, repeat the command to "
        "continue.",
    ),
]
BulkJobsOption: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        metavar="N",
        min=1,
        max=MAX_THREADS,
        help="With -o: use N processes of this machine.",
    ),
]
BulkClusterOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS|local",
        help="With -o: use the workers of a Dask scheduler with this address, such as "
        "tcp://host:8786 (only in a private network). With the word local, workers are started on "
        "this machine.",
    ),
]
BulkPartOption: TypeAlias = Annotated[
    Part | None,
    typer.Option(
        "--split",
        metavar="train|test",
        help="With -o: which split to use, if the data has a training and a test split.",
        show_default="test",
    ),
]
PngOption: TypeAlias = Annotated[
    Path, typer.Option("-o", "--out", metavar="PNG", help="File for the figure.")
]
FigureOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--figure",
        "--picture",  # name in version 0.1
        metavar="PNG",
        help="Draw the result and save the figure in this file.",
    ),
]
JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]
