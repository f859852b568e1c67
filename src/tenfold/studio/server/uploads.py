"""Uploads: files that a page sends, of limited size."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from tenfold.errors import TenfoldError
from tenfold.studio.server.guard import log

if TYPE_CHECKING:
    from tenfold.studio.views.base import Upload

__all__ = ["MAX_UPLOAD", "UploadError", "answer_uploads"]

MAX_UPLOAD = 20 * 2**20
"""Largest file that a page can send, in bytes: 20 MB."""

_SLOW = 60.0  # seconds in which a file must arrive
_AT_ONCE = 8  # uploads that are received at a time, which limits the memory that they take


class UploadError(ValueError):
    """A file is not accepted.

    Attributes:
        status: The status of the response.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def answer_uploads(
    upload: "Upload", executor: Executor
) -> Callable[[Request], Awaitable[Response]]:
    """Return the function that answers requests to an address to which files are sent.

    Args:
        upload: Function that makes the answer from the content of a file.
        executor: Threads in which ``upload`` runs.
    """
    turn = asyncio.Semaphore(_AT_ONCE)

    async def answer(request: Request) -> Response:
        try:
            async with turn, asyncio.timeout(_SLOW):
                content = await _receive(request)
            loop = asyncio.get_running_loop()
            message = await loop.run_in_executor(executor, upload, content)
        except UploadError as error:
            return _refuse(error.status, str(error))
        except TimeoutError:
            return _refuse(408, f"a file must arrive within {_SLOW:.0f} seconds")
        except ClientDisconnect:
            return _refuse(400, "the page left while it sent a file")
        except (ValueError, TenfoldError) as error:
            return PlainTextResponse(f"{error}\n", 422)
        return Response(message, media_type="application/octet-stream")

    return answer


async def _receive(request: Request) -> bytes:
    """Return the body of a request; stop reading at the limit."""
    announced = request.headers.get("content-length", "0")
    parts, size = [], int(announced) if announced.isdecimal() else 0
    if size <= MAX_UPLOAD:
        size = 0
        async for part in request.stream():
            size += len(part)
            if size > MAX_UPLOAD:
                break
            parts.append(part)
    if size > MAX_UPLOAD:
        raise UploadError(413, f"a file must have at most {MAX_UPLOAD // 2**20} MB")
    return b"".join(parts)


def _refuse(status: int, reason: str) -> Response:
    log.warning("refused an upload with %d: %s", status, reason)
    return PlainTextResponse(f"{reason}\n", status, headers={"Connection": "close"})
