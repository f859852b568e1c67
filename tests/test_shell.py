"""Commands in messages."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold import shell

NAMES = (
    *("plain", "two words", "it's", 'a "b" c', "$HOME", "a$'b'", "x;y", "*", "-o", "~", "", "é"),
    *(
        os.fsdecode(b"sept\xe9.png"),
        os.fsdecode(b"\xff'\\ \xfe"),
        "new\nline",
        "tab\there",
        "\x1b[31m",
    ),
)


@given(st.lists(st.sampled_from(NAMES) | st.binary().map(os.fsdecode)))
def test_words_are_read_back(words: list[str]) -> None:
    command = shell.join(words)
    assert command.isprintable()
    assert shell.split(command) == words


def test_usual_words_are_quoted_as_usual() -> None:
    assert shell.join(["tenfold", "predict", Path("my runs"), "7.png"]) == (
        "tenfold predict 'my runs' 7.png"
    )
    assert shell.quote(os.fsdecode(b"sept\xe9.png")) == r"$'sept\xe9.png'"
    assert shell.quote("\ud800") == "$'?'"  # from a damaged file; no name of a file


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_a_shell_reads_the_same_words() -> None:
    command = shell.join(["printf", "%s\\0", *NAMES])
    printed = subprocess.run(["bash", "-c", command], capture_output=True, check=True).stdout
    assert printed == b"".join(os.fsencode(name) + b"\0" for name in NAMES)
