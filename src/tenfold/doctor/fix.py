"""Fixes for recipes: the training command with the settings that correct a fault."""

from itertools import pairwise

from tenfold import shell

__all__ = ["DISTORTIONS", "with_settings"]

DISTORTIONS = ("augment=Augment", "augment.shift=1.5", "augment.rotation=10")
"""Settings that make a recipe distort its training images."""


def with_settings(command: str, *settings: str) -> str:
    """Return the command with settings (``KEY=VALUE``) added.

    A setting replaces earlier settings whose key contains its key: ``augment`` replaces
    ``augment.shift``, and ``dropout`` replaces ``architecture.dropout``.
    """
    words = shell.split(command)
    for setting in settings:
        key = setting.partition("=")[0]
        replaced = [
            index
            for index, (word, value) in enumerate(pairwise(words))
            if word == "--set" and f".{key}." in f".{value.partition('=')[0]}."
        ]
        for index in reversed(replaced):
            del words[index : index + 2]
        words += ["--set", setting]
    return shell.join(words)
