import pytest
from msgspec import structs

from kefu_desk.domain import facts as f
from kefu_desk.domain.agents import AgentAccount, OnlineAgent
from kefu_desk.domain.digest import Digest
from kefu_desk.domain.facts import Feed
from kefu_desk.domain.failure import Category, Failure
from kefu_desk.domain.ids import AgentId
from kefu_desk.domain.outbox import SendState
from kefu_desk.domain.quota import Path, PathUse
from kefu_desk.domain.state import DeskState
from kefu_desk.domain.text import NOTHING, Text, text, verbatim
from kefu_desk.presenters.status import present_freshness, present_status, present_strip, present_toasts
from kefu_desk.presenters.tone import Tone
from tests.domain.values import (
    ANNA,
    BEN,
    COLLEAGUE,
    ME,
    NOON,
    after,
    failed,
    said,
    send,
    serving,
    told,
    waiting,
)

OPENED = f.DeskOpened("鹿野生活馆", ME, False, f.Vault.NONE, NOON)
ONLINE = f.AgentsObserved((OnlineAgent(ME, 1, 1),), NOON, 9.0)
READ = (OPENED, waiting(), serving(), told(), ONLINE)


def broken(category: Category, feed: Feed = Feed.WAITING) -> f.ReadFailed:
    return f.ReadFailed(feed, failed(category), NOON + 3, NOON + 20)


@pytest.mark.parametrize(
    ("age", "tone", "words"),
    [
        (0, Tone.GOOD, text("fresh.now")),
        (6, Tone.GOOD, text("fresh.ago", 6)),
        (6.1, Tone.MUTED, text("fresh.ago", 6)),
        (15, Tone.MUTED, text("fresh.ago", 15)),
        (15.1, Tone.SOON, text("fresh.stale.seconds", 15)),
        (60, Tone.SOON, text("fresh.stale.seconds", 60)),
        (60.1, Tone.LATE, text("fresh.stale.seconds", 60)),
        (99, Tone.LATE, text("fresh.stale.seconds", 99)),
        (100, Tone.LATE, text("fresh.stale", time="1:40")),
    ],
)
def test_data_ages_in_periods_from_green_to_red(age: float, tone: Tone, words: Text) -> None:
    fresh = present_freshness(after(*READ), NOON + age)
    assert (fresh.tone, fresh.words) == (tone, words)


def test_the_oldest_reading_in_its_own_periods_counts() -> None:
    renewed = after(*READ, waiting(at=NOON + 30), told(at=NOON + 30), serving(at=NOON + 30))
    assert present_freshness(renewed, NOON + 30).words == text("fresh.ago", 30)  # online: 3.3 periods of 9 s
    assert present_freshness(renewed, NOON + 30).tone is Tone.MUTED
    mixed = after(*READ, waiting(at=NOON + 12), told(at=NOON + 30), serving(at=NOON + 30))
    assert present_freshness(mixed, NOON + 30).words == text("fresh.stale.seconds", 18)  # 6 periods of 3 s


def test_before_everything_was_read_the_data_has_no_age() -> None:
    fresh = present_freshness(after(OPENED, waiting()), NOON + 99)
    assert (fresh.words, fresh.tone) == (text("fresh.loading"), Tone.MUTED)
    fresh = present_freshness(after(OPENED, waiting(), broken(Category.NETWORK, Feed.RECORDS)), NOON + 9)
    assert (fresh.words, fresh.tone) == (text("fresh.never"), Tone.SOON)


@pytest.mark.parametrize(
    "category", [Category.IP_REFUSED, Category.CREDENTIALS, Category.RISK, Category.FORBIDDEN, Category.TOKEN]
)
def test_readings_that_need_a_person_have_stopped(category: Category) -> None:
    for facts in (READ, (OPENED,)):
        fresh = present_freshness(after(*facts, broken(category)), NOON + 4)
        assert (fresh.words, fresh.tone) == (text("fresh.stopped"), Tone.LATE)


def test_a_part_that_is_used_up_for_today_ages_while_the_others_go_on() -> None:
    state = after(*READ, broken(Category.QUOTA, Feed.RECORDS))
    assert present_freshness(state, NOON + 4).tone is Tone.GOOD
    assert present_freshness(state, NOON + 100).tone is Tone.LATE
    everything = after(*READ, *(broken(Category.QUOTA, feed) for feed in Feed))
    assert present_freshness(everything, NOON + 4).words == text("fresh.stopped")


def test_the_popup_has_a_line_for_each_feed_and_the_reason() -> None:
    state = after(OPENED, waiting(), serving(), broken(Category.NETWORK, Feed.SESSIONS))
    detail = present_freshness(state, NOON + 15).detail
    line = text("fresh.line", feed=text("feed.sessions"), time="12:00:00")
    assert detail == (
        text("fresh.line", feed=text("feed.waiting"), time="12:00:00"),
        text("fresh.line.retry", line=line, seconds=5),
        text("fresh.line.never", feed=text("feed.online")),
        text("fresh.line.never", feed=text("feed.records")),
        text("fresh.reason", reason=text("failure.offline")),
    )
    assert present_freshness(state, NOON + 99).detail[1] == text("fresh.line.retry", line=line, seconds=0)


def test_the_strip_counts_customers_and_waits() -> None:
    digest = Digest(said(BEN), NOON, unanswered_since=NOON, unanswered_count=1)
    state = after(*READ, waiting(ANNA), serving(BEN, ANNA), f.DigestsLoaded(((BEN, digest),)))
    strip = present_strip(state, NOON + 61)
    assert (strip.title, strip.simulated) == ("鹿野生活馆", False)
    assert (strip.waiting, strip.waiting_known, strip.longest) == (1, True, "1:01")
    assert strip.waiting_tone is Tone.SOON
    assert (strip.mine, strip.unanswered, strip.unanswered_tone) == (2, 1, Tone.SOON)
    calm = present_strip(after(*READ), NOON)
    assert (calm.longest, calm.waiting_tone, calm.unanswered_tone) == ("", Tone.MUTED, Tone.MUTED)
    assert calm.freshness == present_freshness(after(*READ), NOON)


@pytest.mark.parametrize(
    ("status", "key", "tone"),
    [(None, "unknown", Tone.MUTED), (1, "online", Tone.GOOD), (0, "offline", Tone.LATE)],
)
def test_the_strip_tells_the_own_presence(status: int | None, key: str, tone: Tone) -> None:
    seen = () if status is None else (f.AgentsObserved((OnlineAgent(ME, status, 0),), NOON, 9.0),)
    strip = present_strip(after(OPENED, *seen), NOON)
    assert (strip.presence, strip.presence_tone) == (text(f"presence.{key}"), tone)
    assert strip.presence_hint == text(f"presence.{key}.hint")


def items(state: DeskState) -> dict[str, tuple[Text, Tone]]:
    return {item.key: (item.words, item.tone) for item in present_status(state).items}


def test_the_status_bar_counts_calls_and_sends() -> None:
    state = after(
        *READ,
        f.ClockCompared(0.0),
        f.CallsCounted(42),
        f.OutboxChanged(send(1)),
        f.OutboxChanged(send(2, BEN, SendState.UNKNOWN)),
        f.OutboxChanged(send(3, BEN, SendState.FAILED)),
    )
    assert items(state) == {
        "poll": (text("status.poll", seconds="3"), Tone.MUTED),
        "outbox": (text("status.outbox", 2), Tone.MUTED),
        "failed": (text("status.failed", 1), Tone.LATE),
        "calls": (text("status.calls", calls=42), Tone.MUTED),
        "clock": (text("status.clock", offset="+0.0"), Tone.MUTED),
    }
    assert "failed" not in items(after(*READ))


@pytest.mark.parametrize(
    ("offset", "words", "tone"),
    [(0.04, "+0.0", Tone.MUTED), (-119.9, "-119.9", Tone.MUTED), (120.1, "+120.1", Tone.SOON)],
)
def test_the_status_bar_tells_a_clock_that_is_wrong(offset: float, words: str, tone: Tone) -> None:
    state = after(*READ, f.ClockCompared(offset))
    assert items(state)["clock"] == (text("status.clock", offset=words), tone)
    assert "clock" not in items(DeskState())


def test_replies_without_a_time_leave_the_clock_unsynchronised() -> None:
    assert items(after(*READ))["clock"] == (text("status.clock.unsynchronised"), Tone.SOON)
    assert "clock" not in items(after(OPENED))  # nothing was answered yet


def used(
    path: Path, used: int, expected: int = 0, *, estimated: bool = False, resumes: float | None = None
) -> PathUse:
    return PathUse(path, used, 10_000, expected, estimated, resumes)


@pytest.mark.parametrize(
    ("paths", "words", "tone"),
    [
        ((used(Path.WAITING, 30), used(Path.SEND, 12)), ("42", "<1"), Tone.MUTED),
        ((used(Path.WAITING, 4200, 7900),), ("4,200", "42"), Tone.MUTED),
        ((used(Path.WAITING, 4200, 8100),), ("4,200", "42"), Tone.SOON),
        ((used(Path.RECORDS, 9999, 9999, resumes=NOON + 60),), ("9,999", "100"), Tone.LATE),
    ],
)
def test_the_calls_of_today_and_how_near_they_come_to_the_limit(
    paths: tuple[PathUse, ...], words: tuple[str, str], tone: Tone
) -> None:
    state = after(*READ, f.CallsCounted(9), f.QuotasTold(paths))
    assert items(state)["calls"] == (text("status.quota", calls=words[0], share=words[1]), tone)


def test_the_quota_tells_each_path_in_its_tooltip() -> None:
    paths = (
        used(Path.WAITING, 3, 70),
        used(Path.SEND, 1, 2, estimated=True),
        used(Path.ONLINE, 5, resumes=NOON),
    )
    state = after(*READ, f.QuotasTold(paths))
    (item,) = [item for item in present_status(state).items if item.key == "calls"]
    lines = []
    tip = item.tooltip
    while tip is not None and tip.key == "quota.lines":
        given = dict(tip.params)
        lines.insert(0, given["line"].key)
        tip = given["above"]
    assert lines == ["quota.line", "quota.line.estimated", "quota.line.stopped"]
    assert tip == text("status.quota.hint")


def test_while_all_is_well_slow_readings_do_not_make_the_data_look_old() -> None:
    slow = f.AgentsObserved((OnlineAgent(ME, 1, 1),), NOON - 50, 60.0)
    state = after(OPENED, waiting(), serving(), told(), slow)
    fresh = present_freshness(state, NOON + 2)
    assert (fresh.words, fresh.tone) == (text("fresh.ago", 2), Tone.GOOD)
    assert present_freshness(state, NOON + 100).tone is not Tone.GOOD


def test_what_cannot_be_read_looks_old_sooner_than_what_is_read_seldom() -> None:
    slow = f.AgentsObserved((OnlineAgent(ME, 1, 1),), NOON, 60.0)
    facts = (OPENED, waiting(at=NOON + 60), serving(at=NOON + 60), told(at=NOON + 60), slow)
    assert present_freshness(after(*facts), NOON + 60).tone is Tone.GOOD
    assert (
        present_freshness(after(*facts, broken(Category.NETWORK, Feed.ONLINE)), NOON + 60).tone is Tone.SOON
    )


def test_the_status_bar_names_the_own_account_and_the_simulator() -> None:
    assert present_status(DeskState()).own == NOTHING
    assert present_status(after(OPENED)).own == verbatim(ME)
    accounts = f.AccountsObserved((AgentAccount(COLLEAGUE, "小王"), AgentAccount(ME, "小陈")))
    assert present_status(after(OPENED, accounts)).own == verbatim(f"小陈 · {ME}")
    assert "simulator" not in items(after(OPENED))
    simulated = after(structs.replace(OPENED, simulated=True, agent=AgentId("kf1@x")))
    assert items(simulated)["simulator"] == (text("simulator.tag"), Tone.SOON)
    assert present_strip(simulated, NOON).simulated


def test_toasts_are_the_notices_with_their_weight() -> None:
    failure = Failure(Category.NETWORK, text("failure.offline"), detail="refused api")
    taken = Failure(Category.TAKEN, text("failure.taken"))
    notices = [f.NoticeRaised(text(f"n{n}"), why, NOON) for n, why in enumerate((None, failure, taken))]
    toasts = present_toasts(after(*notices))
    assert [(t.number, t.words.key, t.tone, t.detail) for t in toasts] == [
        (1, "n0", Tone.SOON, ""),
        (2, "n1", Tone.LATE, "refused api"),
        (3, "n2", Tone.SOON, ""),
    ]


def test_the_tooltip_of_the_outbox_counts_each_kind_by_itself() -> None:
    kinds = [SendState.HELD, SendState.QUEUED, SendState.PARKED, SendState.UNKNOWN, SendState.FAILED]
    state = after(OPENED, *(f.OutboxChanged(send(n, state=kind)) for n, kind in enumerate(kinds)))
    outbox = next(item for item in present_status(state).items if item.key == "outbox")
    told = text("status.outbox.hint")
    for group, count in (("waiting", 2), ("parked", 1), ("unknown", 1)):
        told = text("status.outbox.with", before=told, group=text(f"status.outbox.{group}", count))
    assert (outbox.words, outbox.tooltip) == (text("status.outbox", 4), told)
