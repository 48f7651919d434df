"""Files of an outbox with sends in every state, and how to look at what became of them."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path

from kefu_desk.domain.outbox import OutboxItem, SendState
from kefu_desk.storage import OUTBOX_SCHEMA
from kefu_desk.storage.custody import OutboxKeeper
from kefu_desk.storage.database import Database
from kefu_desk.storage.drafts import SqliteDrafts
from kefu_desk.storage.outbox import SqliteOutbox

PAGE = 4096
ROWS = 60
STATES = list(SendState)
WAITS = {SendState.HELD, SendState.QUEUED, SendState.SENDING}


def opened(path: Path) -> AbstractAsyncContextManager[Database]:
    return Database.open(path, schema=OUTBOX_SCHEMA, synchronous="FULL", keeper=OutboxKeeper())


async def fill(outbox: SqliteOutbox, count: int = ROWS, *, first: int = 0) -> None:
    """Sends in every state, some long enough for pages of their own, with claims."""
    ways = {
        SendState.SENDING: (SendState.SENDING,),
        SendState.SENT: (SendState.SENDING, SendState.SENT),
        SendState.FAILED: (SendState.SENDING, SendState.FAILED),
        SendState.UNKNOWN: (SendState.SENDING, SendState.UNKNOWN),
        SendState.CANCELLED: (SendState.CANCELLED,),
        SendState.RESOLVED: (SendState.SENDING, SendState.UNKNOWN, SendState.RESOLVED),
    }
    for number in range(first, first + count):
        state = STATES[number % len(STATES)]
        begins = state if state in (SendState.HELD, SendState.PARKED) else SendState.QUEUED
        words = f"{number}:" + "您好" * (number % 7 * 60)
        item = await outbox.enqueue(f"o{number % 5}", "a@b", words, now=100.0 + number, state=begins)
        for step in ways.get(state, ()):
            item = await outbox.move(item.id, step, now=200.0 + number)
        if state is SendState.SENT:
            record = (item.openid, item.agent, 2002, 300 + number, words, 0)
            await outbox.claim(item.id, record, now=400.0)


async def rows_in(database: Database) -> dict[int, OutboxItem]:
    outbox = SqliteOutbox(database)
    found: dict[int, OutboxItem] = {}
    for customer in range(5):
        found |= {item.id: item for item in await outbox.of_customer(f"o{customer}", 1000)}
    return found


async def made(path: Path, count: int = ROWS, *, drafts: int = 3) -> dict[int, OutboxItem]:
    """A file that was closed in order, and what it held."""
    async with opened(path) as database:
        await fill(SqliteOutbox(database), count)
        for number in range(drafts):
            await SqliteDrafts(database).keep(f"d{number}", f"draft {number}")
        return await rows_in(database)


def killed(path: Path) -> None:
    """Leaves the file as a killed program does: with a log."""
    path.with_name(path.name + "-wal").write_bytes(b"left over")


def key(item: Database) -> list[str]:
    return [finding.words.key for finding in item.findings]


def nothing_goes_by_itself(before: dict[int, OutboxItem], after: dict[int, OutboxItem]) -> None:
    """Every row that is there has its words and customer, and none is on its way out."""
    for number, item in after.items():
        assert item.state not in (SendState.HELD, SendState.QUEUED)
        if number not in before:
            continue
        old = before[number]
        assert (item.openid, item.agent, item.text) == (old.openid, old.agent, old.text)
        if old.state not in WAITS:
            assert item.state is old.state


def count_pages(path: Path) -> int:
    return path.stat().st_size // PAGE
