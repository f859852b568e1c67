"""Settings of a studio: its address, and who may use it."""

import contextlib
import secrets
import socket
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["LOOPBACK", "Settings", "own_hosts"]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Host names that always mean the machine on which they are used, so others cannot connect."""

_EVERY = ("0.0.0.0", "::", "")  # these hosts stand for all addresses of this machine


@dataclass(frozen=True)
class Settings:
    """How a studio is served.

    Attributes:
        model: Name or path of the model that the page begins with.
        host: Address to listen on; the default is reachable from this machine only.
        port: Port of the address.
        runs: Folder for the runs that are trained in the studio.
        token: Secret that opens the studio; empty on the loopback address, where none is needed.
        cookie: Secret that a browser gets in exchange for the token.
    """

    model: str = "standard"
    host: str = "127.0.0.1"
    port: int = 8010
    runs: Path = Path("runs")
    token: str = ""
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    @property
    def cookie_name(self) -> str:
        """Name of the cookie. Browsers share cookies between ports, so it contains the port."""
        return f"tenfold-studio-{self.port}"

    @property
    def hosts(self) -> frozenset[str]:
        """The host names under which the studio answers, without ports."""
        if self.host in LOOPBACK:
            return LOOPBACK
        return LOOPBACK | (own_hosts() if self.host in _EVERY else {self.host.lower()})

    @property
    def address(self) -> str:
        """The address to open, with the token if there is one."""
        host = self.host
        if host in _EVERY:
            host = _main_address() or "127.0.0.1"
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{self.port}/" + (f"?token={self.token}" if self.token else "")


def own_hosts() -> frozenset[str]:
    """Return the names and addresses of this machine in its network."""
    name = socket.gethostname().lower()
    found = {name, f"{name.partition('.')[0]}.local"}
    if address := _main_address():
        found.add(address)
    with contextlib.suppress(OSError):  # the name of the machine may have no address
        found |= {str(entry[4][0]) for entry in socket.getaddrinfo(name, None)}
    return frozenset(found)


def _main_address() -> str:
    """Return the address from which this machine reaches others; empty without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # reserved for documentation; UDP sends nothing
        except OSError:
            return ""
        return str(probe.getsockname()[0])
