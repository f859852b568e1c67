"""Write a stream of images as a folder of arrays that can be mapped."""

import contextlib
import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np

from tenfold.data.arrays import SIDE
from tenfold.data.label_codes import CLASSES
from tenfold.data.mapped.manifest import IMAGES, LABELS, MANIFEST, Manifest
from tenfold.data.streams.batches import ImageBatch, ImageStream
from tenfold.errors import TenfoldError, reason
from tenfold.files import atomic_file, make_folder, write_json
from tenfold.nn.array import Array

__all__ = ["ReportProgress", "write_folder"]

ReportProgress = Callable[[str, int, int | None], None]
"""Called with a word for the work (such as "reading"), the number of finished items, and the number
of all items, if known."""

# Bytes before the first item. The header is written last, into a space of this size, because it
# contains the number of images.
_HEADER = 128
_BATCH = 8192  # images that are read and written at a time
_BLOCK = 2**16  # images of a block, whose hash is in the manifest
_SHOWN = 100  # largest number of left-out items that the manifest lists


def write_folder(
    stream: ImageStream,
    folder: Path,
    source: dict[str, Any],
    report_progress: ReportProgress = lambda *_: None,
) -> Manifest:
    """Write the images of a stream to ``images.npy``, ``labels.npy`` and ``manifest.json``.

    Items that cannot be read are left out, and the manifest lists the first 100 of them. The files
    are written in a hidden folder beside ``folder``, which is renamed at the end: the folder is
    never incomplete. If an earlier call was killed, the files that it left are removed.

    Args:
        stream: The images.
        folder: The folder to make; missing or empty.
        source: Where the images come from, for the manifest.
        report_progress: Called from time to time.

    Raises:
        TenfoldError: If no image can be read, the source ends too early, the folder is not empty,
            another process writes it, or the disk is full.
    """
    target = folder.resolve()
    with _unfinished(target) as unfinished:
        written = _Written()
        with _array_files(unfinished, stream.labelled) as files:
            for batch in stream.batches(_BATCH):
                written.add(batch, *files)
                report_progress("reading", written.items, stream.count)
            if not written.count:
                raise TenfoldError(f"no image can be read. The first error: {written.first_error}")
            for file, dtype, shape in zip(files, ("|u1", "<i8"), ((SIDE, SIDE), ()), strict=False):
                file.seek(0)
                file.write(_header(dtype, (written.count, *shape)))
        manifest = _manifest(unfinished, written, stream, source, report_progress)
        write_json(unfinished / MANIFEST, manifest.to_dict())
    return manifest


@dataclass
class _Written:
    """What has been written so far.

    Attributes:
        items: Number of items that were read.
        count: Number of images that were written.
        classes: Number of images of each digit.
        errors: The first items that were left out.
    """

    items: int = 0
    count: int = 0
    classes: Array = field(default_factory=lambda: np.zeros(CLASSES, np.int64))
    errors: list[dict[str, Any]] = field(default_factory=list)

    @property
    def first_error(self) -> str:
        return str(self.errors[0]["error"]) if self.errors else ""

    def add(self, batch: ImageBatch, images: IO[bytes], labels: IO[bytes] | None = None) -> None:
        """Write the items of a batch that have no error."""
        kept = np.ones(len(batch), bool)
        kept[list(batch.errors)] = False
        images.write(np.ascontiguousarray(batch.images[kept]).data)
        if labels is not None and batch.labels is not None:
            digits = batch.labels[kept]
            labels.write(digits.astype("<i8").data)
            self.classes += np.bincount(digits, minlength=CLASSES)
        for i in sorted(batch.errors)[: _SHOWN - len(self.errors)]:
            item = {"position": batch.first + i, "name": batch.names[i]}
            self.errors.append(item | {"error": batch.errors[i]})
        self.items += len(batch)
        self.count += int(kept.sum())


@contextlib.contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """Yield a new hidden folder beside the target; afterwards rename it, or remove it on errors."""
    from filelock import FileLock, Timeout

    make_folder(target.parent)
    unfinished = target.parent / f".{target.name}.unfinished"
    lock = FileLock(target.parent / f".{target.name}.lock")
    try:
        with lock.acquire(timeout=0):
            shutil.rmtree(unfinished, ignore_errors=True)
            make_folder(unfinished)
            try:
                yield unfinished
                if target.is_dir():
                    target.rmdir()  # raises if it is not empty
                unfinished.rename(target)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
                Path(lock.lock_file).unlink(missing_ok=True)
    except Timeout:
        raise TenfoldError(
            f"another process writes {target} at this moment: wait for it to end"
        ) from None
    except OSError as error:
        raise TenfoldError(
            f"cannot write {target}: {reason(error)}. Choose a new or empty folder."
        ) from error


@contextlib.contextmanager
def _array_files(folder: Path, labelled: bool) -> Iterator[list[IO[bytes]]]:
    """Open the files of the arrays, with space for their headers."""
    with contextlib.ExitStack() as stack:
        names = (IMAGES, LABELS) if labelled else (IMAGES,)
        files = [stack.enter_context(atomic_file(folder / name)) for name in names]
        for file in files:
            file.write(bytes(_HEADER))
        yield files


def _header(dtype: str, shape: tuple[int, ...]) -> bytes:
    """Return the header of an npy file of version 1.0, always of the same length."""
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}"
    return (
        b"\x93NUMPY\x01\x00"
        + (_HEADER - 10).to_bytes(2, "little")
        + (text.ljust(_HEADER - 11) + "\n").encode("latin1")
    )


def _manifest(
    folder: Path,
    written: _Written,
    stream: ImageStream,
    source: dict[str, Any],
    report_progress: ReportProgress,
) -> Manifest:
    """Return the manifest. Files are hashed only now, since the hash includes the final count."""
    fingerprint, blocks = hashlib.sha256(), []
    fingerprint.update(repr((written.count, SIDE, SIDE, 1)).encode())
    with (folder / IMAGES).open("rb") as file:
        file.seek(_HEADER)
        while pixels := file.read(_BLOCK * SIDE * SIDE):
            fingerprint.update(pixels)
            blocks.append(hashlib.sha256(pixels).hexdigest())
            report_progress("hashing", min(len(blocks) * _BLOCK, written.count), written.count)
    fingerprint.update(repr((written.count,) if stream.labelled else None).encode())
    if stream.labelled:
        with (folder / LABELS).open("rb") as file:
            file.seek(_HEADER)
            while piece := file.read(2**22):
                fingerprint.update(piece)
    missing = written.items - written.count
    return Manifest(
        count=written.count,
        shape=(SIDE, SIDE),
        labelled=stream.labelled,
        classes=tuple(written.classes.tolist()) if stream.labelled else (),
        fingerprint=fingerprint.hexdigest(),
        block=_BLOCK,
        blocks=tuple(blocks),
        source={**source, "format": stream.format, "items": written.items, "notes": stream.notes},
        left_out={"count": missing, "first": written.errors},
    )
