"""Learning the handwriting of a user: fine-tuning in a process of its own."""

import base64
import binascii
import contextlib
import multiprocessing
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tenfold import shell
from tenfold.data import Dataset
from tenfold.errors import TenfoldError, UsageError
from tenfold.models import find_model
from tenfold.recipes import Source
from tenfold.runs import LEAST_DIGITS, claim_folder, fine_tune_and_save
from tenfold.studio.jobs.board import Post
from tenfold.studio.jobs.worker import prepare_process
from tenfold.studio.server.messages import Message, MessageError, read_field
from tenfold.threads import cores

__all__ = ["Handwriting", "digits_of"]

_MAX_DIGITS = 1000
_FILES = ("digits.csv", "fine-tuning.json", "model.safetensors")  # the files of a result
_SIDE = 28


def digits_of(message: Message) -> list[tuple[int, bytes]]:
    """Return labels and pixels of ``digits``, a list of ``[label, base64 of 784 bytes]``.

    Raises:
        MessageError: If the message has another form.
    """
    return [_digit(entry) for entry in read_field(message, "digits", list)]


def _digit(entry: Any) -> tuple[int, bytes]:
    if not isinstance(entry, list) or [type(part) for part in entry] != [int, str]:
        raise MessageError("a digit must be a list [label, pixels]")
    label, text = entry
    try:
        pixels = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MessageError("pixels must be in base64") from error
    if not 0 <= label <= 9 or len(pixels) != _SIDE * _SIDE:
        raise MessageError("a digit must have a label from 0 to 9 and 784 pixels")
    return label, pixels


class Handwriting:
    """Fine-tunes a model on digits of the user, and sends the state to the pages of a session.

    Args:
        post: Sends a message to the pages.
        finished: Called with the folder of the fine-tuned model.
    """

    def __init__(self, post: Post, finished: Callable[[str], None]) -> None:
        self._post, self._finished = post, finished
        self._digits: list[tuple[int, bytes]] = []
        self._count = 0  # digits received, including those refused as too many
        self._process: Any = None
        self._state: dict[str, Any] = {"state": "idle", "least": LEAST_DIGITS}
        self._lock = threading.RLock()

    @property
    def busy(self) -> bool:
        """Whether a model is fine-tuned at the moment."""
        return self._state["state"] == "running"

    def send_state(self) -> None:
        """Send the state to the pages."""
        self._post("handwriting", self._state, None)

    def collect(self, digits: list[tuple[int, bytes]], first: bool) -> None:
        """Add digits. They come in several messages, since the size of a message is limited.

        Args:
            digits: The digits of one message.
            first: Whether it is the first message: earlier digits are then forgotten.

        Raises:
            UsageError: If there are too many digits.
        """
        with self._lock:
            self._count = len(digits) + (0 if first else self._count)
            if first or self._count > _MAX_DIGITS:
                self._digits = []
            if self._count > _MAX_DIGITS:
                raise UsageError(f"there must be at most {_MAX_DIGITS} digits, got {self._count}")
            self._digits = [*self._digits, *digits]

    def start(self, name: str, path: str, runs: Path) -> None:
        """Fine-tune a model on the digits that were collected.

        Args:
            name: Name of the model in the studio.
            path: Path of the model, or name of a bundled model.
            runs: Folder for the result.

        Raises:
            UsageError: If a model is fine-tuned already, or there are too few digits.
            TenfoldError: If the folder cannot be created.
        """
        with self._lock:
            if self.busy:
                raise UsageError("a network is learning your digits already: wait, or stop it")
            if len(self._digits) < LEAST_DIGITS:
                raise UsageError(
                    f"keep at least {LEAST_DIGITS} digits first, better three of each: you have "
                    f"kept {len(self._digits)}"
                )
            folder = claim_folder(runs, "studio-handwriting")
            context = multiprocessing.get_context("spawn")
            pipe, other = context.Pipe(duplex=False)
            arguments = (other, name, path, self._digits, str(folder))
            self._process = context.Process(target=learn, args=arguments, daemon=True)
            self._process.start()
            other.close()
            self._digits, self._count = [], 0
            self._change({"state": "running", "model": name, "share": 0.0, "folder": str(folder)})
            listening = (pipe, self._process, folder)
            threading.Thread(target=self._listen, args=listening, daemon=True).start()

    def close(self) -> None:
        """End the process, without saving anything."""
        with self._lock:
            if self._process is not None and self._process.is_alive():
                self._process.kill()

    stop = close

    def _change(self, fields: dict[str, Any]) -> None:
        with self._lock:
            self._state = {"least": LEAST_DIGITS, **fields}
            self.send_state()

    def _listen(self, pipe: Any, process: Any, folder: Path) -> None:
        """Receive the messages of the process until it ends."""
        result: dict[str, Any] = {"state": "stopped"}
        with contextlib.suppress(EOFError, OSError):
            while True:
                kind, value = pipe.recv()
                if kind == "share":
                    self._change({**self._state, "share": value})
                else:
                    result = {"state": kind, **value}
        process.join()
        if result["state"] == "finished":
            self._finished(str(folder))
            command = shell.join(["tenfold", "predict", str(folder), "IMAGE..."])
            self._change({**self._state, **result, "command": command})
        else:
            _discard(folder)
            self._change(result)


def _discard(folder: Path) -> None:
    """Remove a folder, with the files of a result that was not completely saved."""
    with contextlib.suppress(OSError):  # the folder also has other files, or no longer exists
        for name in _FILES:
            for path in (folder / name, *folder.glob(f".{name}.*.tmp")):
                path.unlink(missing_ok=True)
        folder.rmdir()


def learn(
    connection: Any, name: str, path: str, digits: list[tuple[int, bytes]], folder: str
) -> None:
    """Fine-tune a model; send the share of the work that is done, and at the end the result.

    This is the main function of the process.

    Args:
        connection: The pipe.
        name: Name of the model in the studio.
        path: Path or name of the model.
        digits: Labels and pixels.
        folder: Folder for the result.
    """
    prepare_process()
    labels = np.array([label for label, _ in digits])
    pixels = np.frombuffer(b"".join(pixels for _, pixels in digits), np.uint8)
    data = Dataset(pixels.reshape(-1, _SIDE, _SIDE, 1), labels, "your digits")
    try:
        found = fine_tune_and_save(
            find_model(path),
            name,
            data,
            Source().load(None),
            Path(folder),
            threads=max(1, cores() - 1),
            report=lambda share: connection.send(("share", share)),
        )
        connection.send(("finished", found.to_dict()))
    except TenfoldError as error:
        connection.send(("failed", {"problem": str(error)}))
    except OSError:
        return  # the server has ended
    except Exception as error:
        connection.send(("failed", {"problem": f"{type(error).__name__}: {error}"}))
        raise
