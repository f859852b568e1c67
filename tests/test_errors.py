"""Reasons of errors in words."""

import errno
import json
import struct
import zlib
from collections.abc import Callable

import pytest

from tenfold.errors import reason


def loads(text: str) -> object:
    return json.loads(text)


@pytest.mark.parametrize(
    ("fail", "words"),
    [
        (lambda: b"a\xff".decode(), "byte 2 is not part of UTF-8 text"),
        (lambda: loads('{"a": }'), "it is not JSON at line 1, column 7"),
        (lambda: loads("[" * 100_000), "it is nested too deeply"),
        (lambda: json.loads("{}")["seed"], "seed is missing"),
        (lambda: json.loads("[]")[1], "a part of it is missing"),
        (lambda: 1e300**9, "a number in it is out of range"),
        (lambda: open("/nonexistent/none/file"), "No such file or directory"),  # noqa: SIM115, PTH123
        (lambda: zlib.decompress(b"x"), "Error -5 while decompressing data"),
        (lambda: struct.unpack("i", b"x"), "it ends too early"),
    ],
)
def test_reason_has_no_name_of_python(fail: Callable[[], object], words: str) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011
        fail()
    assert reason(caught.value).startswith(words)


def test_errors_without_a_message_have_a_reason() -> None:
    assert reason(ValueError()) == "it is damaged"
    assert reason(MemoryError()) == "it does not fit into memory"
    assert reason(EOFError()) == "it ends too early"
    assert reason(KeyError()) == "a part is missing"
    assert reason(OSError("gone.")) == "gone"
    assert reason(OSError(errno.EIO, "Input/output error")) == "Input/output error"
    assert len(reason(ValueError("long " * 100))) <= 200
