"""What lies behind the newest records is filled in: in order, slowly, once, and only what is kept here."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kefu_desk.desk.backfill import LATE
from kefu_desk.domain import facts as f
from kefu_desk.domain.agents import Role
from kefu_desk.domain.allowance import window_of
from kefu_desk.domain.facts import Feed
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.state import DeskState
from kefu_desk.presenters.chat import ChatPresenter
from tests.desk.office import Json, Office, texts
from tests.desk.shop import COLLEAGUE, ME, passes
from tests.desk.virtual_time import EPOCH

HOUR, DAY = 3600, 86_400


@pytest.fixture
async def office(shop: object, tmp_path: Path) -> Office:  # the shop's fixture makes time virtual
    return Office(tmp_path / "office")


def is_filled(state: DeskState) -> bool:
    """Two days are there."""
    coverage = state.coverage
    return coverage is not None and coverage.since is not None and coverage.since <= EPOCH - 2 * DAY


async def test_two_days_are_filled_in_newest_first(office: Office) -> None:
    openid = office.world.add_customer().openid
    for hours in (50, 47, 30, 5):
        office.record(openid, f"{hours}", hours * HOUR)
    office.record(openid, "now")
    async with office.desk() as running:
        await running.until(is_filled, 30)
        told = [texts(fact.new) for fact in running.of(f.RecordsFound)]
        assert texts(running.of(f.RecordsObserved)[0].new) == ["now"]
        assert [t for new in told for t in new] == ["5", "30", "47"]
        await running.commands.open_conversation(OpenId(openid))
        assert texts(running.state.conversation.records) == ["47", "30", "5", "now"]
        assert running.state.unread[OpenId(openid)] == 4
    assert texts(await office.archived(openid)) == ["47", "30", "5", "now"]


async def test_of_several_gaps_the_newest_comes_first(office: Office) -> None:
    openid = office.world.add_customer().openid
    office.record(openid, "old", 5 * DAY)
    async with office.desk() as running:
        await running.until(is_filled, 30)
        await passes(70)
    await passes(DAY)
    office.record(openid, "new", DAY / 2)
    office.history_days = 10
    async with office.desk() as running:
        await passes(60)
        assert [texts(fact.new) for fact in running.of(f.RecordsFound)] == [["new"], ["old"]]


@pytest.mark.parametrize(("days", "reach"), [(0, 2), (2, 2), (10, 10)])
async def test_history_goes_back_as_far_as_the_profile_says(office: Office, days: int, reach: int) -> None:
    office.history_days = days
    openid = office.world.add_customer().openid
    for day in (12, 9, 3, 1):
        office.record(openid, f"{day}", day * DAY)
    async with office.desk():
        await passes(60)
    assert texts(await office.archived(openid)) == [str(d) for d in (12, 9, 3, 1) if d <= reach]
    (span,) = await office.covered()
    assert span.start == pytest.approx(EPOCH - reach * DAY, abs=200)


async def test_what_was_read_is_not_read_again_after_a_restart(office: Office) -> None:
    async with office.desk() as running:
        await running.until(is_filled, 30)
        await passes(10)
    await passes(1000)
    before = len(office.line.asked)
    async with office.desk():
        await passes(30)
    oldest = min(asked["starttime"] for asked in office.line.asked[before:])
    assert oldest >= EPOCH - 150 - LATE
    assert len(await office.covered()) == 1


async def test_what_came_late_when_a_desk_ended_is_read_with_the_gap(office: Office) -> None:
    """WeChat lists it when nobody looks, at a time that the desk has read already."""
    openid = office.world.add_customer().openid
    async with office.desk() as running:
        await running.until(is_filled, 30)
        await passes(500)
        office.record(openid, "late", 310)
    assert await office.archived(openid) == []
    await passes(3000)
    async with office.desk() as running:
        await running.until(lambda s: s.coverage is not None and s.coverage.since is not None, 30)
        await passes(60)
    assert texts(await office.archived(openid)) == ["late"]


async def test_never_more_than_up_to_a_minute_ago_is_called_read(office: Office) -> None:
    async with office.desk():
        await passes(300)
    assert (await office.covered())[-1].end <= EPOCH + 300 - 60


async def test_nothing_is_filled_in_while_the_newest_cannot_be_read(office: Office) -> None:
    office.history_days = 20
    async with office.desk() as running:
        office.world.chaos.set("reply", "http_502", paths="getmsglist")
        await running.until(lambda s: s.link.health(Feed.RECORDS).failure is not None, 60)
        await passes(3)
        before = len(office.line.asked)
        await passes(30)
        old = [asked for asked in office.line.asked[before:] if asked["starttime"] < EPOCH - HOUR]
        assert old == []
        office.world.chaos.clear()
        await running.until(lambda s: s.coverage is not None and s.coverage.since is not None
                            and s.coverage.since < EPOCH - 19 * DAY, 900)  # fmt: skip


async def test_an_agent_keeps_own_conversations_and_a_supervisor_all(office: Office) -> None:
    mine, theirs = (office.world.add_customer().openid for _ in range(2))
    office.record(theirs, "a", 3 * HOUR, worker=COLLEAGUE)
    office.record(mine, "b", 2 * HOUR)
    office.record(theirs, "c", 5, worker=COLLEAGUE)
    office.record(mine, "d", 5)
    office.role = Role.AGENT
    async with office.desk() as running:
        await running.until(is_filled, 30)
        assert OpenId(theirs) not in running.state.unread
    assert texts(await office.archived(mine, theirs)) == ["b", "d"]
    other = Office(office.folder / "other")
    other.world.records, other.clock = office.world.records, office.clock
    async with other.desk() as running:
        await running.until(is_filled, 30)
    assert sorted(texts(await other.archived(mine, theirs))) == ["a", "b", "c", "d"]


@pytest.mark.logs_warnings
async def test_the_reply_window_is_unknown_rather_than_wrong_until_two_days_are_read(office: Office) -> None:
    openid = OpenId(office.world.add_customer().openid)
    async with office.desk() as running:
        await running.until(is_filled, 30)
    office.record(openid, "早上好", 20)
    async with office.desk() as running:
        await passes(5)
    await passes(4 * HOUR)
    for n in range(3):
        office.record(openid, f"{n}", 2 * HOUR - n, code=2002)
    gate = office.now() - HOUR
    office.line.changes["getmsglist"] = lambda asked, reply: (
        {"errcode": 65416, "errmsg": "no"} if asked["starttime"] < gate else reply
    )
    office.world.open_session(openid, ME)
    async with office.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(3)
        talk = running.state.conversation
        assert running.state.digests[openid].last_customer_time is not None
        assert running.state.digests[openid].agent_sends == 0
        assert texts(talk.records) == ["早上好"], "what was sent since is not known yet"
        assert window_of(running.state, openid) is None
        office.line.changes.clear()
        (gap,) = running.state.coverage.gaps
        await running.commands.fetch(gap)
        await running.until(is_filled, 30)
        window = window_of(running.state, openid)
        assert window is not None
        assert window.left == 2


@pytest.mark.logs_warnings
async def test_f_r05_a_gap_is_kept_and_shown_until_it_is_closed(office: Office) -> None:
    openid = OpenId(office.world.add_customer().openid)
    office.record(openid, "一")
    async with office.desk() as running:
        await running.until(is_filled, 30)
        await passes(130)
    await passes(2 * HOUR)
    office.record(openid, "二", HOUR)
    office.record(openid, "三")
    gate = office.now() - 700
    office.line.changes["getmsglist"] = lambda asked, reply: (
        {"errcode": 65416, "errmsg": "no"} if asked["starttime"] < gate else reply
    )
    for _ in range(2):  # it is there after a restart as well
        async with office.desk() as running:
            await running.commands.open_conversation(openid)
            await running.until(lambda s: s.coverage.gaps, 30)
            rows = ChatPresenter().present(running.state, office.clock.now()).rows
            (line,) = [row for row in rows if row.words.key == "chat.gap"]
            assert [a.name for a in line.actions] == ["fetch"]
            places = [row.body or row.words.key for row in rows]
            assert places.index("一") < places.index("chat.gap") < places.index("三")
            (gap,) = running.state.coverage.gaps
            office.record(openid, "等")
            asked = len(office.line.asked)
            await running.until(lambda _, n=asked: len(office.line.asked) > n, 90)
    assert len(await office.covered()) == 2
    office.line.changes.clear()
    async with office.desk() as running:
        await running.commands.open_conversation(openid)
        await running.commands.fetch(gap)
        await running.until(lambda s: "二" in texts(s.conversation.records), 10)
        await running.until(lambda s: not s.coverage.gaps, 10)
    assert len(await office.covered()) == 1


@pytest.mark.logs_warnings
async def test_f_r11_a_refused_period_is_left_alone_until_somebody_asks(office: Office) -> None:
    office.history_days = 30
    gate = EPOCH - 6 * HOUR

    def refuse(asked: Json, reply: Json) -> Json:
        return {"errcode": 65417, "errmsg": "too long"} if asked["starttime"] < gate else reply

    office.line.changes["getmsglist"] = refuse
    async with office.desk() as running:
        await passes(1800)
        refused = [asked for asked in office.line.asked if asked["starttime"] < gate]
        assert 2 <= len(refused) <= 9
        assert running.state.coverage.gaps[-1].end >= gate - 4 * HOUR
        assert running.state.link.health(Feed.RECORDS).failure is None
        office.line.changes.clear()
        await running.commands.fetch(running.state.coverage.gaps[-1])
        await running.until(lambda s: s.coverage.since <= EPOCH - 29 * DAY, 120)


async def test_f_r10_a_night_of_75000_records_newest_first_and_resumed_after_a_kill(office: Office) -> None:
    openid = OpenId(office.world.add_customer().openid)
    async with office.desk() as running:
        await running.until(is_filled, 30)
    night = 12 * HOUR
    await passes(night)
    for n in range(75_000):
        office.record(openid, f"{n}", night - 100 - n * (night - 100) / 75_000)
    before = len(office.line.asked)
    async with office.desk() as running:
        await running.until(lambda s: s.digests.get(openid) and s.unread.get(openid, 0) > 1000, 5)
        await passes(0.5)
        newest = [record for fact in running.of(f.RecordsObserved) for record in fact.new]
        assert newest[0].time >= EPOCH + night - 700, "the newest ten minutes come first"
        assert newest[-1].text == "74999"
        await passes(8)
        running.task.cancel()  # in the middle of the work
        with pytest.raises(BaseException):  # noqa: B017, PT011
            await running.task
        running.task = _done()
    (_, spans) = len(office.line.asked), await office.covered()
    seen = office.line.asked[before:]
    assert len(seen) <= 8 + 6, "at most a page a second beside the readings of the newest"
    middle = len(office.line.asked)
    async with office.desk() as running:
        await running.until(lambda s: s.coverage.since is not None and s.coverage.since <= EPOCH, 200)
    for asked in office.line.asked[middle:]:
        inside = [s for s in spans if s.start <= asked["starttime"] and asked["endtime"] <= s.end]
        assert not inside, "what was read before the kill is not read again"
    assert len(await office.archived(openid)) == 75_000


def _done() -> "asyncio.Task[None]":
    async def nothing() -> None:
        return

    return asyncio.get_running_loop().create_task(nothing())


async def test_an_archive_that_is_replaced_while_the_desk_runs_fills_itself_again(office: Office) -> None:
    openid = office.world.add_customer().openid
    for hours in (47, 5):
        office.record(openid, f"{hours}", hours * HOUR)
    office.record(openid, "now")
    async with office.desk() as running:
        await running.until(is_filled, 30)
        await passes(100)
        with closing(sqlite3.connect(office.folder / "archive.db", timeout=5)) as file, file:
            file.execute("DELETE FROM coverage")
            file.execute("DELETE FROM line")
        await running.until(lambda s: s.coverage.since is None or s.coverage.since > EPOCH - DAY, 60)
        await running.until(lambda s: s.coverage.since and s.coverage.since < EPOCH - 47 * HOUR, 60)
        await passes(70)
    assert texts(await office.archived(openid)) == ["47", "5", "now"]
    assert len(await office.covered()) == 1


async def test_yesterday_is_read_once_more_after_midnight(office: Office) -> None:
    openid = OpenId(office.world.add_customer().openid)
    late = EPOCH + 3 * HOUR  # in the afternoon, and told by WeChat in the next night only
    shown = EPOCH + 12 * HOUR + 300
    office.hide(lambda r: r["text"] == "很晚" and office.now() < shown)
    async with office.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(3 * HOUR + 10)
        office.world.records.add(openid, 2003, "很晚", late, COLLEAGUE)
        await passes(9 * HOUR)
        assert texts(running.state.conversation.records) == []
        await running.until(lambda s: texts(s.conversation.records) == ["很晚"], 1200)
        assert running.state.unread[openid] == 1
