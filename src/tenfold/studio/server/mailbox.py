"""A mailbox that keeps only the newest item of each kind."""

import asyncio
from typing import Generic, TypeVar

__all__ = ["Mailbox"]

Item = TypeVar("Item")


class Mailbox(Generic[Item]):
    """Items that wait to be handled, one of each kind: a newer one replaces the older one.

    So a slow reader gets the latest state instead of a growing queue. All calls must come from one
    event loop.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, Item] = {}
        self._filled = asyncio.Event()

    def put(self, kind: str, item: Item) -> None:
        """Add an item. If an item of the same kind is waiting, replace that item."""
        self._waiting[kind] = item
        self._filled.set()

    async def take(self) -> tuple[str, Item]:
        """Return kind and item of the kind that has waited longest; wait if there is none."""
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        kind = next(iter(self._waiting))
        return kind, self._waiting.pop(kind)
