"""What waits to be sent to a page: the newest of each kind, and not for ever."""

import asyncio
import gc
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from starlette.websockets import WebSocket, WebSocketDisconnect

from tenfold.studio.server import connection as connection_
from tenfold.studio.server.connection import Connection
from tenfold.studio.server.mailbox import Mailbox
from tenfold.studio.server.messages import Message


class StuckPage:
    """A WebSocket of a page that sends messages, reads some answers, and then leaves."""

    def __init__(self, messages: list[Message], reads: int) -> None:
        self.messages, self.reads = messages, reads
        self.read: list[Message] = []

    async def receive(self) -> dict[str, str]:
        if not self.messages:
            await asyncio.sleep(0.5)  # enough to read the answers, if it reads any
            return {"type": "websocket.disconnect"}
        return {"type": "websocket.receive", "text": json.dumps(self.messages.pop(0))}

    async def send_text(self, text: str) -> None:
        if len(self.read) == self.reads:
            await asyncio.Event().wait()
        self.read.append(json.loads(text))


def run(
    page: StuckPage, handlers: dict[str, Any], only_newest_of: frozenset[str] = frozenset()
) -> None:
    async def talk() -> None:
        with ThreadPoolExecutor(1) as executor:
            connection = Connection(cast(WebSocket, page), executor)
            bound = {kind: lambda m, h=h: h(connection, m) for kind, h in handlers.items()}
            await connection.run(bound, only_newest_of)

    asyncio.run(talk())


def test_a_page_that_does_not_read_is_disconnected(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(connection_, "_BLOCKED", 0.1)

    def many(connection: Connection, message: Message) -> None:
        for number in range(50):
            connection.post("state", {"number": number})

    page = StuckPage([{"type": "many"}], reads=0)
    run(page, {"many": many})
    assert "read nothing" in caplog.text


class LeavingPage(StuckPage):
    """A page that is closed while an answer is sent to it."""

    def __init__(self) -> None:
        super().__init__([{"type": "one"}], reads=0)
        self.left = asyncio.Event()

    async def receive(self) -> dict[str, str]:
        if not self.messages:
            await self.left.wait()
        return await super().receive() if self.messages else {"type": "websocket.disconnect"}

    async def send_text(self, text: str) -> None:
        self.left.set()
        await asyncio.sleep(0)  # both sides of the connection notice it at the same moment
        raise WebSocketDisconnect(1006)


def test_a_page_that_leaves_while_it_gets_an_answer_is_not_an_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    run(LeavingPage(), {"one": lambda connection, message: connection.post("state", {})})
    gc.collect()
    assert caplog.text == ""


def test_an_error_of_a_handler_is_told_and_the_page_stays(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(connection: Connection, message: Message) -> None:
        raise ZeroDivisionError("division by zero")

    page = StuckPage([{"type": "fail"}, {"type": "unknown"}], reads=9)
    run(page, {"fail": fail})
    assert "an error of the studio itself" in caplog.text
    assert {message["about"]: message["why"] for message in page.read} == {
        "fail": "division by zero",
        "": "unknown type of message 'unknown'",
    }


def test_a_mailbox_keeps_the_newest_of_each_kind_in_the_order_of_their_waiting() -> None:
    async def take() -> list[tuple[str, int]]:
        box: Mailbox[int] = Mailbox()
        waiting = asyncio.create_task(box.take())
        await asyncio.sleep(0)
        for kind, item in (("a", 1), ("b", 2), ("a", 3), ("c", 4)):
            box.put(kind, item)
        first = await waiting
        return [first, await box.take(), await box.take()]

    assert asyncio.run(take()) == [("a", 3), ("b", 2), ("c", 4)]
