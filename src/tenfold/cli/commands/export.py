"""``tenfold export``: a model as a file for other programs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.cli.shared.options import ModelArgument

if TYPE_CHECKING:
    from tenfold.models import Model

__all__ = ["export"]

_FORMATS = {".onnx": "onnx"}


def export(
    model: ModelArgument,
    out: Annotated[
        Path,
        typer.Option("-o", "--out", metavar="FILE", help="File to write; its name ends in .onnx."),
    ],
    opset: Annotated[
        int | None,
        typer.Option(metavar="N", help="Version of ONNX's operators, from 13.", show_default="13"),
    ] = None,
) -> None:
    """Write a model to a file for other programs.

    FILE.onnx is the whole model for ONNX runtimes: from images (N, 28, 28, 1) in uint8 to
    calibrated probabilities, digit and unsure.

    \b
    Examples:
      tenfold export standard -o digits.onnx
      tenfold export runs/001-quick -o quick.onnx --opset 17
    """
    from tenfold.cli.shared.models import open_single
    from tenfold.cli.shared.output import ONNX, check_output
    from tenfold.errors import UsageError

    if out.suffix not in _FORMATS:
        raise UsageError(f"the name of the file must end in {' or '.join(_FORMATS)}, got {out}")
    check_output(out, ONNX, [model])
    _, found = open_single(model, "export writes")
    typer.echo(_write(found, out, opset))


def _write(model: "Model", out: Path, opset: int | None) -> str:
    from tenfold.adapters import export_onnx

    export_onnx(model, out, 13 if opset is None else opset)
    return f"Saved in {out} ({out.stat().st_size / 1e6:.2f} MB)"
