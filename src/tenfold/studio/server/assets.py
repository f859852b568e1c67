"""The files of the page. They are read once, so that no path of a request reaches the disk."""

import hashlib
from dataclasses import dataclass
from html import escape
from importlib import resources
from importlib.abc import Traversable
from typing import TYPE_CHECKING

from tenfold.report.palette import PALETTE

if TYPE_CHECKING:
    from tenfold.studio.views.base import View

__all__ = ["Asset", "build_html", "read_assets"]

_TYPES = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True)
class Asset:
    """One file of the page: its content, its media type, and a hash of its content."""

    content: bytes
    media_type: str
    tag: str

    @classmethod
    def of(cls, name: str, content: bytes) -> "Asset":
        """Return the asset with a name and a content."""
        tag = hashlib.sha256(content).hexdigest()[:16]
        return cls(content, _TYPES[name.rpartition(".")[2]], f'"{tag}"')


def read_assets() -> dict[str, Asset]:
    """Return all files in ``static`` by their paths, and the colours as ``palette.css``."""
    found = dict(_walk(resources.files("tenfold.studio") / "static"))
    found["palette.css"] = _palette().encode()
    return {name: Asset.of(name, content) for name, content in sorted(found.items())}


def build_html(assets: dict[str, Asset], views: "tuple[View, ...]") -> Asset:
    """Return the HTML page, with a link to each view."""
    links = "\n".join(_link(view, assets) for view in views)
    sheets = [f"views/{view.name}.css" for view in views]
    styles = "\n".join(
        f'<link rel="stylesheet" href="/static/{name}">' for name in sheets if name in assets
    )
    html = assets["index.html"].content.decode()
    html = html.replace("<!-- views -->", links).replace("<!-- styles -->", styles)
    return Asset.of("index.html", html.encode())


def _link(view: "View", assets: dict[str, Asset]) -> str:
    icon = assets[f"views/{view.name}.svg"].content.decode().strip()
    words = f'{icon}<span class="label">{escape(view.title)}</span>'
    return f'<a href="/{view.name}" data-view="{view.name}" title="{escape(view.hint)}">{words}</a>'


def _walk(folder: Traversable, prefix: str = "") -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        name = prefix + entry.name
        if entry.is_dir():
            found += _walk(entry, f"{name}/")
        elif name.rpartition(".")[2] in _TYPES:
            found.append((name, entry.read_bytes()))
    return found


def _palette() -> str:
    """Return the colours of the report as a style sheet, for both themes."""
    light, dark = (
        "".join(f"--{name}:{colours[theme]};" for name, colours in PALETTE.items())
        for theme in (0, 1)
    )
    return (
        f":root{{color-scheme:light;{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light])"
        f"{{color-scheme:dark;{dark}}}}}\n"
        f":root[data-theme=dark]{{color-scheme:dark;{dark}}}\n"
    )
