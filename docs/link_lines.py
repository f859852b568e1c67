"""Check and correct links to lines of code, such as [`Dense.backward`](dense.py#L69-L73).

When code moves, a link to its lines points to something else. A link whose text is the name of a
definition can be checked: the linked file is parsed, and the lines are compared with those of the
definition, including its decorators.

    python docs/link_lines.py          list the wrong links; exit with code 1 if there are any
    python docs/link_lines.py --fix    correct them; a new link may end in ``#L`` without numbers
"""

import ast
import re
import sys
from pathlib import Path

from tenfold.files import write_text

__all__ = ["corrected", "definitions", "faults", "main", "prose"]

_ROOT = Path(__file__).resolve().parents[1]
_LINE_LINK = re.compile(r"\[(?P<text>[^\[\]]*)\]\((?P<file>[^()\s#]+\.py)#(?P<lines>L[^()\s]*)\)")
_SHOWN = re.compile(
    r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1|\Z)|``[^`\n].*?``", re.DOTALL | re.MULTILINE
)


def definitions(source: str) -> dict[str, str]:
    """Return the lines of each class, function and method: ``{"Dense.forward": "L59-L67"}``.

    If a name is defined more than once, such as an overloaded function, the last definition is
    used.

    Raises:
        SyntaxError: If the source is not Python.
    """
    found: dict[str, str] = {}

    def visit(parent: ast.AST, prefix: str) -> None:
        for node in ast.iter_child_nodes(parent):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                first = min(part.lineno for part in (node, *node.decorator_list))
                found[prefix + node.name] = f"L{first}-L{node.end_lineno}"
                visit(node, f"{prefix}{node.name}.")
            else:
                visit(node, prefix)  # also definitions inside ``if`` and ``try``

    visit(ast.parse(source), "")
    return found


def prose(text: str) -> str:
    """Return Markdown with the characters of code blocks and code spans replaced by spaces."""
    return _SHOWN.sub(lambda shown: re.sub(r"[^\n]", " ", shown[0]), text)


def faults(text: str, folder: Path) -> list[str]:
    """Return one sentence for each wrong line link of a Markdown text.

    Args:
        text: Content of the page.
        folder: Folder of the page, to which the links are relative.
    """
    found = []
    for link in _LINE_LINK.finditer(prose(text)):
        try:
            lines = _lines(link, folder)
        except LookupError as error:
            wrong = str(error.args[0])
        else:
            wrong = f"it is at {lines}" if lines != link["lines"] else ""
        if wrong:
            row = text.count("\n", 0, link.start()) + 1
            found.append(f"line {row}: {link[0]}: {wrong}")
    return found


def corrected(text: str, folder: Path) -> str:
    """Return the text with all line links corrected whose definition was found."""
    for link in reversed(list(_LINE_LINK.finditer(prose(text)))):
        try:
            lines = _lines(link, folder)
        except LookupError:
            continue  # reported by ``faults``
        text = text[: link.start("lines")] + lines + text[link.end("lines") :]
    return text


def main(arguments: list[str], root: Path = _ROOT) -> int:
    """Check, or with ``--fix`` correct, README.md and the pages in docs; return the exit code."""
    if arguments not in ([], ["--fix"]):
        print(f"the only option is --fix, got {' '.join(arguments)}", file=sys.stderr)
        return 2
    wrong = 0
    for page in [root / "README.md", *sorted((root / "docs").glob("*.md"))]:
        text = page.read_text(encoding="utf-8")
        if arguments and (better := corrected(text, page.parent)) != text:
            write_text(page, better)
            text = better
        for fault in faults(text, page.parent):
            print(f"{page.relative_to(root)}, {fault}")
            wrong += 1
    return 1 if wrong else 0


def _lines(link: re.Match[str], folder: Path) -> str:
    """Return the lines of the linked definition, such as ``L59-L67``.

    Raises:
        LookupError: If it is not found, with the reason.
    """
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
