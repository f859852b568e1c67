"""Fingerprints of the model and of the images, to notice changes since the first part."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from tenfold.errors import TenfoldError, reason
from tenfold.models import Ensemble, Model

__all__ = ["classifier_fingerprint", "source_fingerprint"]

AnyModel: TypeAlias = "Model | Ensemble"


def classifier_fingerprint(classifier: AnyModel) -> str:
    """Return the SHA-256 of everything that the predictions of a model or ensemble depend on."""
    digest = hashlib.sha256()
    members = classifier.members if isinstance(classifier, Ensemble) else (classifier,)
    for model in members:
        digest.update(json.dumps(model.to_header() | {"provenance": {}}, sort_keys=True).encode())
        for name, values in sorted(model.network.tensors().items()):
            digest.update(f"{name} {values.dtype} {values.shape}".encode())
            digest.update(values.tobytes())
    return digest.hexdigest()


def source_fingerprint(source: Path) -> str:
    """Return the SHA-256 of the name, size and modification time of each file of a source.

    The content is not read, since that takes long for millions of images.

    Args:
        source: A file, or a folder of files.

    Raises:
        TenfoldError: If a file or folder cannot be examined.
    """
    digest = hashlib.sha256()
    try:
        for name, path in _files(source):
            status = os.stat(path)  # noqa: PTH116  # a million files: a Path for each takes long
            line = f"{name} {status.st_size} {status.st_mtime_ns}\n"
            digest.update(line.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise TenfoldError(
            f"cannot read {source}: {reason(error)}. Check its permissions."
        ) from error
    return digest.hexdigest()


def _files(source: Path) -> Iterator[tuple[str, str]]:
    """Yield the name of each file relative to the source, and its path; sorted in each folder."""
    if not source.is_dir():
        yield "", str(source)
        return
    for folder, inner, names in os.walk(source):
        inner.sort()
        for name in sorted(names):
            path = os.path.join(folder, name)  # noqa: PTH118
            if os.path.exists(path):  # noqa: PTH110  # a link may lead to nothing
                yield os.path.relpath(path, source), path
