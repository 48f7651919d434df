"""Records and lists as no honest server would send them, through the desk (reliability 2.4)."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kefu_desk.domain import facts as f
from kefu_desk.domain.agents import Role
from kefu_desk.domain.facts import Feed
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.messages import Record
from kefu_desk.domain.outbox import SendState
from kefu_desk.domain.state import DeskState
from kefu_desk.presenters.chat import ChatPresenter
from kefu_desk.presenters.queue import present_queue
from kefu_desk.presenters.timeline import RowKind, Side, TimelineRow
from kefu_desk.presenters.words import day
from kefu_desk.storage.archive import SqliteArchive
from kefu_desk.wechat import records
from kefu_desk.wechat.numbering import SLICE, NumberedReader
from tests.desk.office import Json, Office, texts
from tests.desk.shop import COLLEAGUE, ME, Running, passes
from tests.desk.virtual_time import EPOCH

MINUTE, HOUR, DAY = 60, 3600, 86_400
STRANGER = "oLuyestrangerxxxxxxxxxxxstr1"


@pytest.fixture
async def office(shop: object, tmp_path: Path) -> Office:  # the shop's fixture makes time virtual
    return Office(tmp_path / "office")


def shown(running: Running, office: Office) -> list[TimelineRow]:
    """The bubbles, cards and notes of the open conversation."""
    rows = ChatPresenter().present(running.state, office.clock.now()).rows
    return [row for row in rows if row.kind in (RowKind.BUBBLE, RowKind.CARD, RowKind.NOTE)]


def words(running: Running) -> list[str]:
    talk = running.state.conversation
    return [] if talk is None else texts(talk.records)


async def test_f_r01_two_equal_records_of_one_second_are_two_for_ever(office: Office) -> None:
    openid = OpenId(office.world.add_customer().openid)
    office.record(openid, "好的")
    office.record(openid, "好的")
    for _ in range(2):
        async with office.desk() as running:
            await running.commands.open_conversation(openid)
            await passes(15 * MINUTE)  # each tier has read them again
            assert words(running) == ["好的", "好的"]
    assert [r.ordinal for r in await office.archived(openid)] == [0, 1]


@pytest.mark.parametrize("inclusive", [False, True])
async def test_f_r02_small_pages_that_end_inside_bursts(
    office: Office, monkeypatch: pytest.MonkeyPatch, inclusive: bool
) -> None:
    monkeypatch.setattr(NumberedReader.__init__, "__defaults__", (3,))
    if inclusive:
        office.world.chaos.set("cursor", "inclusive")
    openid = OpenId(office.world.add_customer().openid)
    async with office.desk() as running:
        await running.commands.open_conversation(openid)
        for _ in range(6):
            for text in ("在吗", "在吗", "好的", "在吗"):
                office.record(openid, text)
            await passes(1)
        await passes(30)
        assert sorted(words(running)) == sorted(["在吗", "在吗", "好的", "在吗"] * 6)
    found = await office.archived(openid)
    assert len(set(found)) == len(found) == 24


async def test_f_r03_both_readings_of_the_cursor_give_one_archive(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NumberedReader.__init__, "__defaults__", (4,))
    openid = OpenId(office.world.add_customer().openid)
    for n in range(40):
        office.record(openid, "嗯" if n % 3 else "好", (40 - n) // 5 * 2000)
    archives = []
    for number, cursor in enumerate(("exclusive", "inclusive")):
        other = Office(office.folder / str(number))
        other.world.records = office.world.records
        other.world.chaos.set("cursor", cursor)
        async with other.desk():
            await passes(60)
        archives.append(await other.archived(openid))
    assert archives[0] == archives[1]
    assert len(archives[0]) == 40


@pytest.mark.logs_warnings
async def test_f_r04_a_page_that_comes_again_is_an_alarm_and_loses_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NumberedReader.__init__, "__defaults__", (100,))
    openid = OpenId(office.world.add_customer().openid)
    async with office.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(100)
        for n in range(150):
            office.record(openid, f"{n}")
        office.line.changes["getmsglist"] = lambda _, reply: (
            reply | {"msgid": 1} if len(reply["recordlist"]) == 100 else reply
        )
        await running.until(lambda s: s.link.health(Feed.RECORDS).failure is not None, 60)
        assert words(running) == [str(n) for n in range(100)], "what came is shown"
        office.line.changes.clear()
        await running.until(lambda _: len(words(running)) == 150, 300)
    assert len(await office.archived(openid)) == 150


@pytest.mark.parametrize(("late", "within"), [(20, 40), (4 * MINUTE, 100), (50 * MINUTE, 11 * MINUTE)])
async def test_f_r05_records_that_a_page_skipped_are_found_by_reading_again(
    office: Office, late: int, within: int
) -> None:
    openid = OpenId(office.world.add_customer().openid)
    shown_from = EPOCH + HOUR + late
    office.hide(lambda r: r["text"] == "二" and office.now() < shown_from)
    async with office.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(HOUR)
        for text in ("一", "二", "三"):
            office.record(openid, text)
        await running.until(lambda _: words(running) == ["一", "三"], 40)
        await passes(shown_from - office.now())
        assert words(running) == ["一", "三"]
        await running.until(lambda _: len(words(running)) == 3, within)
        assert sorted(words(running)) == sorted(["一", "二", "三"])
        assert running.state.unread[openid] == 3


async def test_f_r06_records_out_of_order_take_their_places(office: Office) -> None:
    office.world.chaos.set("records", "unordered")
    openid = OpenId(office.world.add_customer().openid)
    async with office.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(5)
        for n in range(5):
            office.record(openid, f"{n}")
            await passes(1)
        await running.until(lambda _: len(words(running)) == 5, 40)
        assert words(running) == ["0", "1", "2", "3", "4"]
        assert [row.body for row in shown(running, office)] == ["0", "1", "2", "3", "4"]


async def test_f_r07_a_record_90_seconds_late_is_archived_told_and_explains_its_send(office: Office) -> None:
    openid = OpenId(office.world.add_customer().openid)
    office.world.open_session(openid, ME)
    office.says(openid, "在吗")
    office.hide(lambda r: r["text"] in ("晚到", "收到") and office.now() - r["time"] < 90)
    async with office.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(10)
        office.world.chaos.set("fault", "-1_after", paths="custom/send", times=1)
        await running.commands.send_text(openid, "收到")
        await running.until(lambda _: office.ledger(openid), 30)
        await passes(2)
        office.says(openid, "晚到")
        await passes(5)
        office.says(openid, "还在吗")
        await running.until(lambda _: "还在吗" in words(running), 60)
        assert "晚到" not in words(running)
        await running.until(lambda _: "晚到" in words(running), 180)
        (item,) = running.state.conversation.items
        await running.settled(item.id, SendState.SENT, 60)
        assert [w for w in words(running) if w != "收到"] == ["在吗", "晚到", "还在吗"]
        assert [row.body for row in shown(running, office)] == ["在吗", "收到", "晚到", "还在吗"]


async def test_f_r08_a_wrong_number_of_records_is_not_believed(office: Office) -> None:
    office.world.chaos.set("records", "miscounted")
    openid = OpenId(office.world.add_customer().openid)
    office.record(openid, "一")
    async with office.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(3)
        assert words(running) == ["一"]
        assert running.state.link.health(Feed.RECORDS).failure is None


async def test_f_r09_a_page_of_10000_goes_in_by_slices(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    add = SqliteArchive.add

    async def counted(self: SqliteArchive, given: Any, **how: Any) -> tuple[Record, ...]:
        sizes.append(len(given))
        return await add(self, given, **how)

    monkeypatch.setattr(SqliteArchive, "add", counted)
    openid = OpenId(office.world.add_customer().openid)
    for n in range(10_000):
        office.record(openid, f"{n}", 500 - n // 20)
    async with office.desk() as running:
        await running.until(lambda s: s.unread.get(openid) == 10_000, 5)
        told = [len(fact.new) for fact in running.of(f.RecordsObserved)]
        assert sum(told) == 10_000
        assert max(*sizes, *told) <= SLICE == 1000, "what would hold up the window goes in pieces"
        assert running.state.digests[openid].unanswered_count == 10_000
    assert [r.text for r in await office.archived(openid)] == [str(n) for n in range(10_000)]


@pytest.fixture
def in_new_york() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "America/New_York"
    time.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a Windows process cannot be changed")
@pytest.mark.parametrize("second", [1_710_054_000, 1_730_613_600])  # 2024-03-10 and 2024-11-03, 02:00 there
async def test_f_r12_days_are_those_of_shanghai_wherever_the_desk_stands(
    office: Office, in_new_york: None, second: int
) -> None:
    assert time.localtime(second - DAY).tm_isdst != time.localtime(second + DAY).tm_isdst
    cut = records.days(second - 2 * DAY - 5, second + 2 * DAY)
    assert all((end + 1 + 8 * HOUR) % DAY == 0 for _, end in cut[:-1])
    assert [end - start + 1 for start, end in cut[1:-1]] == [DAY] * (len(cut) - 2)
    shift = second - EPOCH
    office.clock.ahead = shift  # the desk and WeChat live in that night
    office.world.chaos.set("range", "same_day")
    openid = OpenId(office.world.add_customer().openid)
    for hours in (47, 30, 20, 5):
        office.record(openid, f"{hours}", hours * HOUR)
    async with office.desk() as running:
        await passes(40)
        await running.commands.open_conversation(openid)
        assert words(running) == ["47", "30", "20", "5"]
    assert [r.time - EPOCH for r in await office.archived(openid)] == [-h * HOUR for h in (47, 30, 20, 5)]
    assert day(second, second) == day(second + 60, second)


@pytest.mark.parametrize("ahead", [-300.0, 300.0, -float(DAY), float(DAY)])
async def test_f_r13_a_desk_with_a_wrong_clock_reads_and_shows_wechats_time(
    office: Office, ahead: float
) -> None:
    office.clock.ahead = ahead
    openid = OpenId(office.world.add_customer().openid)
    office.record(openid, "一", 30 * HOUR)
    async with office.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(30)
        office.record(openid, "二")
        await running.until(lambda _: words(running) == ["一", "二"], 40)
        assert shown(running, office)[-1].meta == time.strftime("%H:%M", time.gmtime(office.now() + 8 * HOUR))
        now = office.now()
    covered = await office.covered()
    assert covered[-1].end <= now - 59
    assert covered[0].start <= EPOCH - 47 * HOUR


@pytest.mark.parametrize("jump", [300.0, -300.0, float(DAY), -float(DAY)])
async def test_f_r13_a_clock_that_jumps_while_the_desk_runs_loses_nothing(
    office: Office, jump: float
) -> None:
    openid = OpenId(office.world.add_customer().openid)
    async with office.desk() as running:
        await running.commands.open_conversation(openid)
        said = []
        for n in range(40):
            office.record(openid, f"{n}")
            said.append(f"{n}")
            if n == 20:
                office.clock.ahead = jump
                for _ in range(3):  # read at once, before anything has noticed the jump
                    await running.commands.refresh()
                    await passes(0.2)
            await passes(7)
        await running.until(lambda _: words(running) == said, 120)
        now = office.now()
    covered = await office.covered()
    assert covered[-1].end <= now - 50, "no second of the future was called read"
    await passes(2 * abs(jump))
    office.record(openid, "later", abs(jump))
    async with office.desk() as running:
        await running.commands.open_conversation(openid)
        await running.until(lambda _: words(running) == [*said, "later"], 120)


async def test_f_r14_without_a_date_nothing_is_called_read_for_good(office: Office) -> None:
    office.world.chaos.set("reply", "no_date")
    openid = OpenId(office.world.add_customer().openid)
    async with office.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(100)
        office.record(openid, "一")
        await running.until(lambda _: words(running) == ["一"], 40)
        assert running.state.link.clock_offset is None
    assert await office.covered() == ()
    office.world.chaos.clear()
    async with office.desk() as running:
        await passes(100)
        known = running.state.link.clock_offset
        assert known is not None
        office.world.chaos.set("reply", "no_date")
        await passes(300)
        assert running.state.link.clock_offset == pytest.approx(known, abs=0.6), "the last one known"
    assert (await office.covered())[-1].end >= EPOCH + 380


async def test_f_r15_other_codes_are_kept_raw_and_shown_as_grey_lines(office: Office) -> None:
    openid = OpenId(office.world.add_customer().openid)
    codes: list[int | None] = [1000, 1004, 0, -7, None]

    def with_codes(asked: Json, reply: Json) -> Json:
        for record in reply["recordlist"]:
            record["opercode"] = codes[int(record["text"])]
        return reply

    office.line.changes["getmsglist"] = with_codes
    for n in range(len(codes)):
        office.record(openid, f"{n}")
    async with office.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(3)
        rows = shown(running, office)
        assert [row.kind for row in rows] == [RowKind.NOTE] * 5
        assert openid not in running.state.unread
    assert [(r.opercode, r.text) for r in await office.archived(openid)] == [
        (1000, "0"), (1004, "1"), (0, "2"), (-7, "3"), (0, "4"),
    ]  # fmt: skip


async def test_f_r16_a_record_of_an_unknown_customer_or_agent_makes_a_conversation_of_its_own(
    office: Office,
) -> None:
    openid = OpenId(office.world.add_customer().openid)
    office.record(openid, "一")
    async with office.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(3)
        office.record(STRANGER, "谁", worker="nobody@elsewhere")
        office.record(STRANGER, "我", code=2002, worker="nobody@elsewhere")
        await running.until(lambda s: OpenId(STRANGER) in s.digests, 40)
        assert words(running) == ["一"]
        await running.commands.open_conversation(OpenId(STRANGER))
        assert words(running) == ["谁", "我"]
        assert [row.side for row in shown(running, office)] == [Side.IN, Side.PEER]


async def test_f_r17_what_the_agent_sent_elsewhere_is_shown_as_such(office: Office) -> None:
    openid = OpenId(office.world.add_customer().openid)
    office.world.open_session(openid, ME)
    office.says(openid, "在吗")
    office.world.chaos.set("records_api_sends", "never")
    async with office.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(3)
        office.record(openid, "手机上发的", code=2002)
        office.world.chaos.set("fault", "reset_before", paths="custom/send", times=1)
        await running.commands.send_text(openid, "电脑上发的")
        await running.until(lambda _: "手机上发的" in words(running), 40)
        rows = {row.body: row for row in shown(running, office)}
        assert rows["手机上发的"].side is Side.OUT
        assert rows["手机上发的"].state is not None
        assert rows["手机上发的"].state.key == "record.elsewhere"
        (item,) = running.state.conversation.items
        assert not item.evidence, "another text explains nothing"


async def test_f_r21_a_customer_who_is_listed_twice_waits_once_and_since_the_earliest(office: Office) -> None:
    one = office.customer()
    at = int(office.now())
    office.line.changes["getwaitcase"] = lambda *_: {
        "count": 6,
        "waitcaselist": [
            {"openid": one, "latest_time": at - 100},
            {"openid": STRANGER, "createtime": at - 30},
            {"openid": one, "latest_time": at - 200},
            {"openid": one, "latest_time": at - 60},
            {"openid": "oLuyenegativexxxxxxxxxxxneg1", "latest_time": -5},
            {"openid": "oLuyefuturexxxxxxxxxxxxxfut1", "latest_time": at + 5000},
        ],
    }
    async with office.desk() as running:
        cases = running.state.queue.cases
        assert [c.openid for c in cases].count(one) == 1
        assert next(c for c in cases if c.openid == one).latest_time == at - 200
        assert running.state.queue.count == 4
        rows = present_queue(running.state, office.clock.now()).rows
        assert len(rows) == len({row.key for row in rows}) == len(cases)
        assert not any("-" in row.timer for row in rows), "no negative waits"
        timers = {row.key: row.timer for row in rows}
        assert timers["oLuyefuturexxxxxxxxxxxxxfut1"].lstrip("≥").startswith("0:0")


async def test_f_r22_a_session_that_vanishes_once_and_returns_stays(office: Office) -> None:
    one, two = office.served(), office.served()
    async with office.desk() as running:

        def both(state: DeskState) -> bool:
            return {s.openid for s in state.sessions.items} == {one, two}

        await running.until(both, 60)
        lost: list[Json] = []

        def once(_: Json, reply: Json) -> Json:
            if lost:
                return reply
            lost.append(reply)
            return reply | {"sessionlist": [s for s in reply["sessionlist"] if s["openid"] != one]}

        seen: list[bool] = []
        running.desk.store.listen(lambda _: seen.append(both(running.state)))
        office.line.changes["getsessionlist"] = once
        await running.commands.refresh()
        await passes(200)
        assert lost
        assert all(seen)
        office.world.close_session(one)
        await running.commands.refresh()
        await running.until(lambda s: [x.openid for x in s.sessions.items] == [two], 10)


async def test_an_agents_desk_does_not_count_what_it_does_not_keep(office: Office) -> None:
    office.role = Role.AGENT
    theirs = OpenId(office.world.add_customer().openid)
    async with office.desk() as running:
        office.record(theirs, "一", worker=COLLEAGUE)
        await passes(60)
        assert theirs not in running.state.unread
        assert theirs not in running.state.digests
    assert await office.archived(theirs) == []
