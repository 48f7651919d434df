"""Every statement of the main job fails once, whichever it is: nothing is lost, and nothing is sent twice."""

from pathlib import Path

import pytest

from kefu_desk.domain.failure import DeskError
from kefu_desk.domain.outbox import OutboxItem, SendState
from kefu_desk.storage import OUTBOX_SCHEMA
from kefu_desk.storage.database import Database
from kefu_desk.storage.outbox_rows import select
from tests.desk.faulty import BROKEN, FULL, HELD, Switch, install
from tests.desk.shop import Running, Shop, is_open, passes

S = SendState
FIRST, SECOND, AFTER = "您好,已为您查到", "请稍等", "还在吗"
KINDS = (FULL, BROKEN, HELD)
EVERY = {"outbox.db": 1, "archive.db": 9}
"""Of the outbox each statement fails once, of the archive, which can be read again, each ninth."""


async def job(running: Running, shop: Shop, openid: str) -> list[str]:
    """A customer is taken, read, answered and let go; returns the texts that were accepted."""
    commands, accepted = running.commands, []
    await commands.accept(openid)
    await commands.keep_draft(openid, FIRST)
    for words in (FIRST, SECOND):
        if await commands.send_text(openid, words):
            accepted.append(words)
        await passes(8)
    shop.says(openid, "谢谢")
    await passes(12)
    await commands.open_conversation(openid)
    await commands.mark_seen(openid)
    return accepted


async def rows_in(path: Path) -> tuple[OutboxItem, ...]:
    async with Database.open(path, schema=OUTBOX_SCHEMA, synchronous="FULL") as database:
        return await database.read(lambda c: select(c, "ORDER BY id", ()))


async def lived(shop: Shop, switch: Switch, number: int, file: str) -> tuple[list[str], int]:
    """One working day with a fault at one statement; what was accepted and how many statements there were."""
    openid = shop.customer()
    async with shop.desk(lambda s: s.queue.known) as running:
        switch.fail_at(number, KINDS[number % len(KINDS)], file)
        accepted = await job(running, shop, openid)
        seen = switch.seen
    switch.mend()
    async with shop.desk(is_open) as running:
        if openid not in shop.world.sessions:
            shop.world.open_session(openid, running.state.identity.agent or "")
        if await running.commands.send_text(openid, AFTER):
            accepted.append(AFTER)
        await passes(240)
        assert AFTER in accepted
    return accepted, seen


def judge(accepted: list[str], delivered: list[str], rows: tuple[OutboxItem, ...]) -> None:
    """Reliability 5.4, I1 to I5."""
    lines = [line for row in rows for line in row.text.split("\n")]
    assert sorted(lines) == sorted(accepted)
    sent = sorted(row.text for row in rows if row.state is S.SENT)
    assert len(delivered) == len(set(delivered))
    assert set(delivered) <= {row.text for row in rows}
    for row in rows:
        assert row.state in (S.SENT, S.UNKNOWN), row
        assert row.state is not S.SENT or row.text in delivered
    assert sorted(delivered) == sent, (delivered, rows)


async def test_the_main_job_without_a_fault(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    switch = install(monkeypatch)
    accepted, seen = await lived(shop, switch, 10**9, "")
    assert accepted == [FIRST, SECOND, AFTER]
    assert seen > 100
    judge(accepted, [d.text for d in shop.world.ledger], await rows_in(shop.folder / "outbox.db"))


@pytest.mark.timeout(600)
@pytest.mark.logs_warnings
@pytest.mark.parametrize("file", EVERY)
async def test_f_s07_whichever_statement_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shop: Shop, file: str
) -> None:
    switch = install(monkeypatch)
    number, seen, tried = 1, 10**9, 0
    while number <= seen:
        place = tmp_path / f"n{number}"
        place.mkdir()
        another = Shop(place)
        try:
            accepted, seen = await lived(another, switch, number, file)
            rows = await rows_in(place / "outbox.db")
            judge(accepted, [d.text for d in another.world.ledger], rows)
        except (AssertionError, DeskError) as fault:
            raise AssertionError(f"statement {number} of {seen}: {fault!r}") from fault
        number += EVERY[file]
        tried += 1
    assert tried > 10
