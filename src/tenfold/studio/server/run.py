"""Running the server until Ctrl-C."""

import contextlib
import logging
import socket
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec

from tenfold.errors import TenfoldError
from tenfold.studio.server.settings import Settings

__all__ = ["serve"]

_PORTS_TRIED = 20
# In bytes. The server refuses a message above ``MAX_MESSAGE`` and says why. If a message is larger
# than ``_LARGEST_FRAME``, twice ``MAX_MESSAGE``, uvicorn closes the connection without reading it.
_LARGEST_FRAME = 131_072


def serve(
    settings: Settings,
    *,
    any_port: bool = False,
    open_browser: bool = True,
    announce: Callable[[str], None] = print,
) -> None:
    """Serve the studio until Ctrl-C or SIGTERM.

    Args:
        settings: How to serve it.
        any_port: Whether to take one of the next ports if the port is in use.
        open_browser: Whether to open the page in the default browser.
        announce: Called with the address once the studio can be opened.

    Raises:
        TenfoldError: If a package is missing, or the address cannot be used.
    """
    missing = [name for name in ("starlette", "uvicorn", "websockets") if find_spec(name) is None]
    if missing:
        raise TenfoldError(
            f"the studio needs {missing[0]}, which is not installed: run pip install '.[studio]' "
            "in a checkout of tenfold"
        )
    import uvicorn

    from tenfold.studio.server.app import create_app

    with contextlib.closing(_listen(settings, _PORTS_TRIED if any_port else 1)) as listening:
        settings = replace(settings, port=listening.getsockname()[1])
        config = uvicorn.Config(
            create_app(settings),
            ws="websockets-sansio",
            ws_max_size=_LARGEST_FRAME,
            ws_per_message_deflate=False,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=1,
        )
        _log_to_terminal()
        server = uvicorn.Server(config)
        announce(settings.address)
        if open_browser:
            threading.Thread(target=_open, args=(settings.address,), daemon=True).start()
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listening])


def _listen(settings: Settings, ports: int) -> socket.socket:
    """Return a socket that listens on the first free port of several."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    for port in range(settings.port, settings.port + ports):
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((settings.host, port))
            listening.listen()
        except (OSError, OverflowError) as error:
            listening.close()
            problem = getattr(error, "strerror", None) or str(error)
        else:
            return listening
    raise TenfoldError(
        f"cannot listen on {settings.host}, port {settings.port}: {problem}. "
        "Choose another one with --host or --port."
    )


def _open(address: str) -> None:
    webbrowser.open(address)


def _log_to_terminal() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    for name in ("tenfold.studio", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.WARNING)
