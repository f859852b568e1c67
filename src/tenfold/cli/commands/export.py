"""``tenfold export``: a model as a file for other programs."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tenfold.cli.shared.options import ModelArgument

if TYPE_CHECKING:
    from tenfold.models import Model

__all__ = ["export"]


def export(
    model: ModelArgument,
    out: Annotated[
        Path,
        typer.Option("-o", "--out", metavar="FILE", help="File to write: *.onnx or *.html."),
    ],
    opset: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="For ONNX: version of its operators, from 13.", show_default="13"
        ),
    ] = None,
    weights: Annotated[
        Literal["int8", "float32"] | None,
        typer.Option(
            metavar="int8|float32", help="For HTML: form of the weights.", show_default="int8"
        ),
    ] = None,
) -> None:
    """Write a model to a file for other programs. The ending of its name decides the format.

    FILE.onnx is the whole model for ONNX runtimes: from images (N, 28, 28, 1) in uint8 to
    calibrated probabilities, digit and unsure. FILE.html is a page on which digits can be drawn,
    and which reads them offline.

    \b
    Examples:
      tenfold export standard -o digits.onnx
      tenfold export standard -o digits.html
      tenfold export runs/001-quick -o quick.onnx --opset 17
    """
    from tenfold.cli.shared.models import open_single
    from tenfold.cli.shared.output import check_output
    from tenfold.errors import UsageError

    write = _WRITERS.get(out.suffix)
    if write is None:
        raise UsageError(f"the name of the file must end in {_endings()}, got {out}")
    given = {"opset": opset, "weights": weights}
    options = {name: value for name, value in given.items() if value is not None}
    for name in options:
        if out.suffix not in _OPTIONS[name]:
            raise UsageError(f"--{name} is for {' and '.join(_OPTIONS[name])}, got {out}")
    check_output(out, _kind(out.suffix), [model])
    _, found = open_single(model, "export writes")
    write(found, out, **options)
    typer.echo(f"Saved in {out} ({out.stat().st_size:,} bytes)")


def _endings() -> str:
    *others, last = _WRITERS
    return f"{', '.join(others)} or {last}"


def _kind(suffix: str) -> Any:
    from tenfold.cli.shared import output

    return {".onnx": output.ONNX, ".html": output.HTML}[suffix]


def _onnx(model: "Model", out: Path, **options: Any) -> None:
    from tenfold.adapters import export_onnx

    export_onnx(model, out, **options)


def _html(model: "Model", out: Path, **options: Any) -> None:
    from tenfold.adapters import export_html

    export_html(model, out, **options)


_WRITERS: dict[str, Callable[..., None]] = {".onnx": _onnx, ".html": _html}
_OPTIONS = {"opset": (".onnx",), "weights": (".html",)}
