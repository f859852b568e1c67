"""Commands in messages: written so that a shell reads each word unchanged, for any file name.

Some characters cannot be printed, such as the bytes of a name that is not UTF-8. ``shlex`` does not
change them. Here a word with such characters is written as ``$'...'``, such as ``$'sept\\xe9'``.
This form is understood by bash, zsh and all shells that follow POSIX 2024.
"""

import os
import re
import shlex
from collections.abc import Iterable

__all__ = ["join", "quote", "split"]

# A part of a word: in $'...', in single quotes, in double quotes, or one character without quotes.
_PART = re.compile(
    r"""\$'(?P<coded>(?:[^'\\]|\\.)*)'|'(?P<plain>[^']*)'|"(?P<double>[^"]*)"|(?P<bare>[^\s'"])"""
)
# Parts that follow each other without a space are one word. The groups have no names here.
_WORD = re.compile(rf"(?:{re.sub('[?]P<[a-z]+>', '?:', _PART.pattern)})+")
# A byte in $'...' that is not written as a character.
_CODE = re.compile(rb"\\x([0-9a-f]{2})")


def quote(word: str | os.PathLike[str]) -> str:
    """Return a word, such as a path, as it is typed in a shell."""
    text = os.fspath(word)
    if text.isprintable():
        return shlex.quote(text)
    try:
        content = os.fsencode(text)
    except UnicodeEncodeError:  # a half of a surrogate pair, which no file name contains
        content = text.encode("utf-8", "replace")
    return "$'" + "".join(map(_coded, content)) + "'"


def join(words: Iterable[str | os.PathLike[str]]) -> str:
    """Return the words as one command, each quoted if necessary."""
    return " ".join(map(quote, words))


def split(command: str) -> list[str]:
    """Return the words of a command that ``join`` has written."""
    return ["".join(map(_decoded, _PART.finditer(word))) for word in _WORD.findall(command)]


def _coded(byte: int) -> str:
    """Return a byte of a name as it is written between ``$'`` and ``'``."""
    character = chr(byte)
    if " " <= character <= "~" and character not in "'\\":
        return character
    return f"\\x{byte:02x}"


def _decoded(part: re.Match[str]) -> str:
    if part["coded"] is not None:
        content = _CODE.sub(lambda code: bytes([int(code[1], 16)]), part["coded"].encode())
        return os.fsdecode(content)
    return part["plain"] or part["double"] or part["bare"] or ""
