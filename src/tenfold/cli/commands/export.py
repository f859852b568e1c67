"""``tenfold export``: a model as a file for other programs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tenfold.cli.shared.options import ModelArgument

if TYPE_CHECKING:
    from tenfold.cli.shared.output import OutputKind

__all__ = ["export"]

_SUFFIXES = {".onnx": "onnx", ".html": "html", ".safetensors": "torch", ".h": "c", ".md": "card"}
_OPTIONS = {"opset": ("onnx",), "weights": ("html", "c")}
_ENDINGS = "*.onnx, *.html, *.safetensors (PyTorch), *.h (C) or *.md (model card)."


def export(
    model: ModelArgument,
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="FILE", help=f"File to write: {_ENDINGS}")
    ],
    torch: Annotated[
        bool,
        typer.Option(
            "--torch",
            help="Not needed: the ending of FILE decides the format. With this option, a FILE "
            "that does not end in .safetensors (PyTorch) is refused.",
        ),
    ] = False,
    c: Annotated[
        bool,
        typer.Option(
            "--c",
            help="Not needed: the ending of FILE decides the format. With this option, a FILE "
            "that does not end in .h (C header) is refused.",
        ),
    ] = False,
    opset: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="For ONNX: version of its operators, from 13.", show_default="13"
        ),
    ] = None,
    weights: Annotated[
        Literal["int8", "int16", "float32"] | None,
        typer.Option(
            metavar="int8|int16|float32",
            help="For HTML and C: number format in which the weights are stored.",
            show_default="int8 for HTML, float32 for C",
        ),
    ] = None,
) -> None:
    """Write a model to a file for other programs. The ending of FILE decides the format.

    FILE.onnx is the whole model for ONNX runtimes. Its input is images (N, 28, 28, 1), usually in
    uint8; its outputs are the calibrated probabilities, the digit, and whether the digit is unsure.
    FILE.html is a page on which digits can be drawn; it recognises them offline. FILE.safetensors
    is a PyTorch state dict; the module FILE.py, which loads it, is also written. FILE.h is a C
    header without dependencies. FILE.md is a model card with the results of the run.

    \b
    Examples:
      tenfold export standard -o digits.onnx
      tenfold export standard -o digits.html
      tenfold export runs/001-quick -o quick.h --weights int8
      tenfold export runs/001-quick -o quick.safetensors
      tenfold export runs/001-quick -o README.md
    """
    from tenfold.cli.shared.models import open_single
    from tenfold.cli.shared.output import check_output

    file_format = _format(out, torch, c)
    options = {"opset": opset, "weights": weights}
    options = {name: value for name, value in options.items() if value is not None}
    _check_options(file_format, options)
    paths = [out, *[out.with_suffix(".py")] * (file_format == "torch")]
    for path in paths:
        check_output(path, _kind(path.suffix), [model])
    path, found = open_single(model, reason="export writes one model")
    _write(file_format, path if file_format == "card" else found, out, options)
    for written in paths:
        typer.echo(f"Saved in {written} ({written.stat().st_size:,} bytes)")


def _format(out: Path, torch: bool, c: bool) -> str:
    from tenfold.errors import UsageError

    file_format = _SUFFIXES.get(out.suffix)
    if file_format is None:
        *others, last = _SUFFIXES
        endings = f"{', '.join(others)} or {last}"
        raise UsageError(f"the name of the file must end in {endings}, got {out}")
    for name, is_required in {"torch": torch, "c": c}.items():
        if is_required and file_format != name:
            suffix = next(key for key, value in _SUFFIXES.items() if value == name)
            raise UsageError(f"with --{name} the name of the file must end in {suffix}, got {out}")
    return file_format


def _check_options(file_format: str, options: dict[str, Any]) -> None:
    from tenfold.errors import UsageError

    for name in options:
        if file_format not in _OPTIONS[name]:
            suffixes = [key for key, value in _SUFFIXES.items() if value in _OPTIONS[name]]
            raise UsageError(f"--{name} is only for files that end in {' or '.join(suffixes)}")


def _kind(suffix: str) -> "OutputKind":
    from tenfold.cli.shared import output

    kinds = {".onnx": output.ONNX, ".html": output.HTML, ".h": output.C_HEADER}
    kinds |= {".safetensors": output.STATE_DICT, ".py": output.MODULE, ".md": output.CARD}
    return kinds[suffix]


def _write(file_format: str, model: Any, out: Path, options: dict[str, Any]) -> None:
    from tenfold import adapters

    getattr(adapters, f"export_{file_format}")(model, out, **options)
