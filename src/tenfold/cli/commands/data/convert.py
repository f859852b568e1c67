"""``tenfold data convert``: any source as arrays that can be mapped into memory."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.cli.shared.options import JsonOption, PartOption

if TYPE_CHECKING:
    from tenfold.data.mapped.manifest import Manifest

__all__ = ["convert"]


def convert(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH", help="File or folder of images, in any format that tenfold can read."
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("-o", "--out", metavar="FOLDER", help="Folder to write: new or empty."),
    ],
    part: PartOption = "train",
    as_json: JsonOption = False,
) -> None:
    """Convert images to arrays that are loaded piece by piece.

    The arrays are for training with data larger than memory. The folder contains images.npy,
    labels.npy and manifest.json. If you give this folder as --data, only the images in use are
    loaded into memory. The source can be of any size: IDX, CSV, npy and npz files, folders of image
    files, tar archives of image files (plain or gzipped), and Parquet files (with the extra
    parquet). There are limits only for zip archives: the unpacked content must not be larger than
    2 GiB and, if it is larger than 64 MiB, not more than 200 times as large as the archive.

    Images that cannot be read are left out. Then the manifest lists the first 100 of them, and the
    exit code is 1. The folder appears only when it is complete. After an interruption, start the
    command again.

    \b
    Examples:
      tenfold data convert train.csv -o digits
      tenfold data convert mnist-png.tar.gz -o digits/train
      tenfold data convert mnist-png.tar.gz --split test -o digits/test
      tenfold data convert hugging-face/mnist -o digits --json
      tenfold train --data digits
    """
    from tenfold.cli.shared.output import check_new_folder
    from tenfold.cli.shared.progress import progress_bar
    from tenfold.data.mapped.writing import write_folder
    from tenfold.data.streams import open_stream

    check_new_folder(out)
    with open_stream(path, part) as stream, progress_bar("reading", quiet=as_json) as bar:

        def show(text: str, completed: int, total: int | None) -> None:
            status = f"{completed:,}" if total is None else f"{completed:,} of {total:,}"
            bar.status(text, completed, f"{status} images")
            if total is not None:
                bar.set(completed, total)

        source = {"path": str(path.resolve()), "split": part}
        manifest = write_folder(stream, out, source, show)
    if as_json:
        typer.echo(json.dumps({"folder": str(out), **manifest.to_dict()}, indent=2))
    else:
        _print(manifest, out)
    _check_complete(manifest)


def _print(manifest: "Manifest", out: Path) -> None:
    kind = "labelled" if manifest.labelled else "unlabelled"
    typer.echo(f"{out}: {manifest.count:,} {kind} images of 28 x 28, {manifest.source['format']}")
    if manifest.labelled:
        counts = ", ".join(f"{digit}: {count:,}" for digit, count in enumerate(manifest.classes))
        typer.echo(f"Images of each digit: {counts}")
    for note in manifest.source["notes"]:
        typer.echo(f"Note: {note}")
    typer.echo(f"SHA-256 {manifest.fingerprint}")


def _check_complete(manifest: "Manifest") -> None:
    """Raise an error if images were left out; the folder can be used without them."""
    from tenfold.errors import TenfoldError

    left_out: dict[str, Any] = manifest.left_out
    if left_out["count"]:
        first = left_out["first"][0]
        raise TenfoldError(
            f"{left_out['count']:,} of {manifest.source['items']:,} images cannot be read and were "
            f"left out; manifest.json lists the first of them. Number {first['position'] + 1:,}: "
            f"{first['error']}"
        )
