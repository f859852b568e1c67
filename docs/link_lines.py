"""Line links that stay true: [`Dense.backward`](dense.py#L69-L73) held against the code.

Code moves, and a link to its lines then points at something else. A link that also names what it
points to can be checked: the linked file is parsed, the name looked up, and the lines compared
with those where its definition stands, decorators included.

    python docs/link_lines.py          tell which links are wrong, and fail if any is
    python docs/link_lines.py --fix    mend them; of a new link, ``#L`` is enough
"""

import ast
import re
import sys
from pathlib import Path

from tenfold.files import write_text

__all__ = ["definitions", "faults", "main", "mended", "prose"]

_ROOT = Path(__file__).resolve().parents[1]
_LINE_LINK = re.compile(r"\[(?P<text>[^\[\]]*)\]\((?P<file>[^()\s#]+\.py)#(?P<lines>L[^()\s]*)\)")
_SHOWN = re.compile(
    r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1|\Z)|``[^`\n].*?``", re.DOTALL | re.MULTILINE
)


def definitions(source: str) -> dict[str, str]:
    """Return the lines of each class, function and method: ``{"Dense.forward": "L59-L67"}``.

    Of a name that is defined more than once, such as an overloaded function, the last counts.

    Raises:
        SyntaxError: if the source is not Python.
    """
    found: dict[str, str] = {}

    def visit(parent: ast.AST, prefix: str) -> None:
        for node in ast.iter_child_nodes(parent):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                first = min(part.lineno for part in (node, *node.decorator_list))
                found[prefix + node.name] = f"L{first}-L{node.end_lineno}"
                visit(node, f"{prefix}{node.name}.")
            else:
                visit(node, prefix)  # definitions stand under ``if`` and ``try``, too

    visit(ast.parse(source), "")
    return found


def prose(text: str) -> str:
    """Return Markdown with the code that it shows blanked out, every character in its place."""
    return _SHOWN.sub(lambda shown: re.sub(r"[^\n]", " ", shown[0]), text)


def faults(text: str, folder: Path) -> list[str]:
    """Return what is wrong with the line links of a Markdown text, one sentence each.

    Args:
        text: the page's content.
        folder: where the page lies; the links are relative to it.
    """
    found = []
    for link in _LINE_LINK.finditer(prose(text)):
        try:
            lines = _lines(link, folder)
        except LookupError as error:
            wrong = str(error.args[0])
        else:
            wrong = f"it stands at {lines}" if lines != link["lines"] else ""
        if wrong:
            row = text.count("\n", 0, link.start()) + 1
            found.append(f"line {row}: {link[0]}: {wrong}")
    return found


def mended(text: str, folder: Path) -> str:
    """Return the text with every line link that can be mended pointing where its name stands."""
    for link in reversed(list(_LINE_LINK.finditer(prose(text)))):
        try:
            lines = _lines(link, folder)
        except LookupError:
            continue  # ``faults`` tells
        text = text[: link.start("lines")] + lines + text[link.end("lines") :]
    return text


def main(arguments: list[str], root: Path = _ROOT) -> int:
    """Check, or with ``--fix`` mend, README.md and the pages in docs; return the exit code."""
    if arguments not in ([], ["--fix"]):
        print(f"takes --fix or nothing, not {' '.join(arguments)}", file=sys.stderr)
        return 2
    wrong = 0
    for page in [root / "README.md", *sorted((root / "docs").glob("*.md"))]:
        text = page.read_text(encoding="utf-8")
        if arguments and (better := mended(text, page.parent)) != text:
            write_text(page, better)
            text = better
        for fault in faults(text, page.parent):
            print(f"{page.relative_to(root)}, {fault}")
            wrong += 1
    return 1 if wrong else 0


def _lines(link: re.Match[str], folder: Path) -> str:
    """Return where the linked name stands, such as ``L59-L67``; LookupError says why not."""
    name = re.fullmatch(r"`([\w.]+)`", link["text"])
    if name is None:
        raise LookupError("the link's text must be one name in backticks, such as `Dense.forward`")
    try:
        places = definitions((folder / link["file"]).read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError) as error:
        raise LookupError(f"the file cannot be read as Python: {error}") from error
    if name[1] not in places:
        raise LookupError(f"the file defines no {name[1]}")
    return places[name[1]]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
