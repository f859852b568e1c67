"""The connection to one page: its WebSocket, with what waits to be read and to be sent."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from tenfold.errors import TenfoldError
from tenfold.nn.array import Array
from tenfold.studio.server.guard import log
from tenfold.studio.server.mailbox import Mailbox
from tenfold.studio.server.messages import MAX_MESSAGE, Message, MessageError, decode, encode

__all__ = ["Connection", "Handler"]

_BLOCKED = 10.0  # seconds after which a page that does not read is disconnected
_TOO_BIG, _BAD = 1009, 1008  # close codes of a WebSocket

Make = Callable[[], "str | bytes"]
"""Returns the content of a message."""

Handler = Callable[[Message], None]
"""Answers a message of the page. It runs in a thread and may compute."""


class Connection:
    """One page that is open.

    Args:
        websocket: Its WebSocket.
        executor: Threads for the computations.
    """

    def __init__(self, websocket: WebSocket, executor: Executor) -> None:
        self._websocket, self._executor = websocket, executor
        self._outbox: Mailbox[Make] = Mailbox()
        self._inbox: Mailbox[tuple[Handler, Message]] = Mailbox()
        self._loop = asyncio.get_running_loop()

    def post(
        self, kind: str, fields: Mapping[str, Any], arrays: Mapping[str, Array] | None = None
    ) -> None:
        """Send a message, unless a newer one of its kind replaces it. Any thread may call this."""
        message = encode({"type": kind, **fields}, arrays)
        self._enqueue(kind, lambda: message)

    def _enqueue(self, kind: str, make: Make) -> None:
        """Put a message into the outbox; ``make`` returns its content when it is sent."""
        with contextlib.suppress(RuntimeError):  # the server has ended in the meantime
            self._loop.call_soon_threadsafe(self._outbox.put, kind, make)

    def refuse(self, error: Exception, about: str = "") -> None:
        """Send the page the reason why its message was not carried out."""
        self.post(f"refused {about}", {"type": "refused", "about": about, "why": str(error)})

    async def run(self, handlers: Mapping[str, Handler], only_newest_of: frozenset[str]) -> None:
        """Answer the page until it is closed.

        Args:
            handlers: The function that answers each type of message.
            only_newest_of: Types of which only the newest message is answered, if several wait. All
                other messages are answered in their order.
        """
        tasks = [asyncio.create_task(self._send()), asyncio.create_task(self._answer_newest())]
        tasks.append(asyncio.create_task(self._receive(handlers, only_newest_of)))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except WebSocketDisconnect:
            pass  # the page was closed
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            for task in tasks:  # asyncio prints each exception that was not retrieved
                if not task.cancelled():
                    task.exception()

    async def receive_message(self) -> Message:
        """Return the next message.

        Raises:
            MessageError: If it is not a valid message; the WebSocket is then closed.
            WebSocketDisconnect: If the page was closed.
        """
        event = await self._websocket.receive()
        if event["type"] == "websocket.disconnect":
            if event.get("code") == _TOO_BIG:
                log.warning("refused a message of more than %d bytes", MAX_MESSAGE)
            raise WebSocketDisconnect(event.get("code", 1005))
        content = event.get("text") or ""
        try:
            if not content:
                raise MessageError("a message must be text")
            if len(content.encode()) > MAX_MESSAGE:
                raise MessageError(f"a message must have at most {MAX_MESSAGE} bytes")
            return decode(content)
        except MessageError as error:
            log.warning("refused a message: %s", error)
            code = _TOO_BIG if len(content) > MAX_MESSAGE else _BAD
            await self._websocket.close(code, str(error))
            raise

    async def _receive(
        self, handlers: Mapping[str, Handler], only_newest_of: frozenset[str]
    ) -> None:
        while True:
            try:
                message = await self.receive_message()
            except MessageError:
                return
            kind = message["type"]
            if kind not in handlers:
                self.refuse(MessageError(f"unknown type of message {kind!r:.40}"))
            elif kind in only_newest_of:
                self._inbox.put(kind, (handlers[kind], message))
            else:
                await self._answer(handlers[kind], message)

    async def _answer_newest(self) -> None:
        while True:
            _, (handler, message) = await self._inbox.take()
            await self._answer(handler, message)

    async def _answer(self, handler: Handler, message: Message) -> None:
        try:
            await self._loop.run_in_executor(self._executor, handler, message)
        except (ValueError, TenfoldError) as error:
            self.refuse(error, message["type"])
        except Exception as error:
            log.exception("an error of the studio itself, while it answered %r", message["type"])
            self.refuse(error, message["type"])

    async def _send(self) -> None:
        while True:
            _, make = await self._outbox.take()
            content = make()
            sending = (
                self._websocket.send_text(content)
                if isinstance(content, str)
                else self._websocket.send_bytes(content)
            )
            try:
                await asyncio.wait_for(sending, _BLOCKED)
            except TimeoutError:
                log.warning("closed a connection that read nothing for %.0f seconds", _BLOCKED)
                return
