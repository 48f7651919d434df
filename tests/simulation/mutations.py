"""The faults that this suite has to find, each patched into the running program; the product has none."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from kefu_desk.desk import reconcile, sender
from kefu_desk.domain.failure import Category, Effect, Failure
from kefu_desk.domain.outbox import SendState
from kefu_desk.storage import database, opening
from kefu_desk.storage.outbox import SqliteOutbox
from kefu_desk.wechat.numbering import NumberedReader

Patch = Any


def blind_retry() -> list[Patch]:
    """A send that WeChat answered with -1 goes out again by itself."""
    honest = sender.Sender._refused

    async def refused(self: Any, item: Any, failure: Failure) -> float:
        if failure.effect is Effect.MAYBE and failure.category is Category.BUSY:
            await self._settle(item, SendState.QUEUED, failure)
            return 2.0
        return await honest(self, item, failure)

    return [mock.patch.object(sender.Sender, "_refused", refused)]


def requeues() -> list[Patch]:
    """A start takes what was under way for something that was never tried."""
    honest = SqliteOutbox.recover

    async def recover(self: Any, **named: Any) -> Any:
        def unit(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE outbox SET state = 'queued', started = NULL WHERE state = 'sending'")

        await self._database.transact(unit)
        return await honest(self, **named)

    return [mock.patch.object(SqliteOutbox, "recover", recover)]


def no_claimants() -> list[Patch]:
    """A send that a person has answered for claims no record any more."""
    left = {state: rank for state, rank in reconcile.CLAIMANTS.items() if state is not SendState.RESOLVED}
    return [mock.patch.object(reconcile, "CLAIMANTS", left)]


def unsynced() -> list[Patch]:
    """The outbox is written with `synchronous=NORMAL`."""
    honest = opening.connect_writer

    def connect(terms: opening.Terms) -> opening.Opened:
        made = honest(terms)
        made.connection.execute("PRAGMA synchronous = NORMAL")
        return made

    return [mock.patch.object(database, "connect_writer", connect)]


def no_seam() -> list[Patch]:
    """The seconds in which two pages meet are not read again."""

    async def seam(*_: Any) -> None:
        return None

    return [mock.patch.object(NumberedReader, "seam", seam)]


MUTATIONS: dict[str, Callable[[], list[Patch]]] = {
    "blind -1 retry": blind_retry,
    "restart re-queues": requeues,
    "no claimant rule": no_claimants,
    "NORMAL sync": unsynced,
    "no seam re-query": no_seam,
}


@contextmanager
def mutated(name: str) -> Iterator[None]:
    """The program with one of the faults."""
    with ExitStack() as stack:
        for patch in MUTATIONS[name]():
            stack.enter_context(patch)
        yield
