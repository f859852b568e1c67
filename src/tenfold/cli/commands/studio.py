"""``tenfold studio``: a page in the browser to draw digits and to look inside networks."""

from typing import Annotated

import typer

from tenfold.errors import UsageError

__all__ = ["studio"]

_PORT = 8010
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def studio(
    model: Annotated[
        str,
        typer.Argument(
            metavar="MODEL",
            help="Model file, run folder or bundled model that the page shows first.",
        ),
    ] = "standard",
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Address to listen on. With 0.0.0.0, other machines can reach the studio; they "
            "need the token in the address that is printed.",
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            max=65535,
            help="Port; 0 for any free port.",
            show_default=f"{_PORT}, or the next free port",
        ),
    ] = None,
    open_page: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in the browser.")
    ] = True,
) -> None:
    """Draw digits and train networks in the browser.

    The page shows how a network classifies your digits, and how networks learn while you change
    their settings. This program serves the page. Without --host, only this machine can open it. The
    page needs no internet. Ctrl-C ends the program.

    \b
    Examples:
      tenfold studio
      tenfold studio runs/001-quick
      tenfold studio --host 0.0.0.0   (for a phone or a class in the same network)
      tenfold studio --port 9000 --no-open
    """
    import secrets
    from pathlib import Path

    from tenfold.cli.shared.models import open_single
    from tenfold.studio import Settings, serve

    if not host.strip():
        raise UsageError("--host must be an address such as 0.0.0.0, got an empty text")
    path, _ = open_single(Path(model), reason="the studio opens with one model")
    token = "" if host in _LOOPBACK else secrets.token_urlsafe(16)
    settings = Settings(str(path), host, _PORT if port is None else port, token=token)
    serve(settings, any_port=port is None, open_browser=open_page, announce=_announce)


def _announce(address: str) -> None:
    typer.echo(f"The studio is open at {address}")
    typer.echo("Ctrl-C ends it.")
