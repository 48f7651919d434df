"""The top strip and the status bar."""

from msgspec import Struct

from kefu_desk.domain.agents import Presence
from kefu_desk.domain.facts import Feed
from kefu_desk.domain.failure import Category, Failure
from kefu_desk.domain.outbox import WAITING, OutboxItem, SendState
from kefu_desk.domain.quota import PathUse
from kefu_desk.domain.state import DeskState, FeedHealth
from kefu_desk.domain.text import NOTHING, Text, text, verbatim
from kefu_desk.presenters.banners import STOPPING, worst_failure
from kefu_desk.presenters.queue import longest_wait, wait_tone
from kefu_desk.presenters.sessions import unanswered_since
from kefu_desk.presenters.tone import Tone
from kefu_desk.presenters.words import clock, duration, stamp


class Freshness(Struct, frozen=True):
    """How old the data is. `stopped` reads get a red word; `detail` fills the popup, a line each."""

    words: Text = NOTHING
    tone: Tone = Tone.MUTED
    title: Text = NOTHING
    detail: tuple[Text, ...] = ()


class StripView(Struct, frozen=True):
    """The 44-px strip. `presence_tone` is GOOD online, LATE offline, MUTED unknown."""

    title: str = ""
    simulated: bool = False
    presence: Text = NOTHING
    presence_tone: Tone = Tone.MUTED
    presence_hint: Text = NOTHING
    waiting: int = 0
    waiting_known: bool = False
    longest: str = ""
    waiting_tone: Tone = Tone.MUTED
    mine: int = 0
    unanswered: int = 0
    unanswered_tone: Tone = Tone.MUTED
    freshness: Freshness = Freshness()


class StatusItem(Struct, frozen=True):
    """One entry of the status bar: icon, words, and a tooltip."""

    key: str
    icon: str
    words: Text
    tone: Tone = Tone.MUTED
    tooltip: Text | None = None


class StatusView(Struct, frozen=True):
    """The 24-px bar at the bottom: items from the left, `own` at the right."""

    items: tuple[StatusItem, ...] = ()
    own: Text = NOTHING


class Toast(Struct, frozen=True):
    """A notice over the window that goes when read; `detail` is for the copy button."""

    number: int
    words: Text
    tone: Tone
    detail: str = ""


OUTBOX_GROUPS = {
    "waiting": WAITING,
    "sending": frozenset({SendState.SENDING}),
    "parked": frozenset({SendState.PARKED}),
    "unknown": frozenset({SendState.UNKNOWN}),
}
GREEN_PERIODS = 2
GREY_PERIODS = 5
RED_PERIODS = 20
FAILING_PERIOD = 10.0
NEVER_SECONDS = 60.0
LIVE = (Feed.WAITING, Feed.RECORDS)
"""What the age is about while all is well; the other readings are slow on purpose."""
PRESENCE_TONES = {Presence.ONLINE: Tone.GOOD, Presence.OFFLINE: Tone.LATE, Presence.UNKNOWN: Tone.MUTED}
QUOTA_SOON = 0.8
QUIET = frozenset({Category.TAKEN, Category.CONTENT})


def present_strip(state: DeskState, now: float) -> StripView:
    """The strip at Unix second `now` on this computer."""
    longest = longest_wait(state, now)
    presence = known_presence(state, now)
    unanswered = sum(1 for s in state.sessions.items if unanswered_since(state, s.openid) is not None)
    return StripView(
        title=state.identity.title,
        simulated=state.identity.simulated,
        presence=text(f"presence.{presence.value}"),
        presence_tone=PRESENCE_TONES[presence],
        presence_hint=text(f"presence.{presence.value}.hint"),
        waiting=state.queue.count,
        waiting_known=state.queue.known,
        longest=longest[0] if longest is not None else "",
        waiting_tone=wait_tone(longest[1]) if longest is not None else Tone.MUTED,
        mine=len(state.sessions.items),
        unanswered=unanswered,
        unanswered_tone=Tone.SOON if unanswered else Tone.MUTED,
        freshness=present_freshness(state, now),
    )


def known_presence(state: DeskState, now: float) -> Presence:
    """The own presence, while it was read lately; nobody knows an old one."""
    health = state.link.health(Feed.ONLINE)
    if health.last_success is None or now - health.last_success > GREY_PERIODS * max(1.0, health.period):
        return Presence.UNKNOWN
    return state.agents.presence


def present_freshness(state: DeskState, now: float) -> Freshness:
    """The age of the oldest reading, measured in its own periods (product 2 #5)."""
    read = [(feed, h) for feed, h in state.link.feeds if h.last_success is not None]
    worst = worst_failure(state)
    detail = tuple(_feed_line(feed, health, now) for feed, health in state.link.feeds)
    if worst is not None:
        detail = (*detail, text("fresh.reason", reason=worst[1].text))
    if worst is not None and worst[1].category in STOPPING and not _is_partial(state, worst[1]):
        return Freshness(text("fresh.stopped"), Tone.LATE, text("fresh.stopped"), detail)
    if len(read) < len(state.link.feeds):
        if worst is None:
            return Freshness(text("fresh.loading"), Tone.MUTED, text("fresh.loading"), detail)
        opened = state.identity.opened_at
        late = opened is not None and now - opened > NEVER_SECONDS
        return Freshness(text("fresh.never"), Tone.LATE if late else Tone.SOON, text("fresh.never"), detail)
    age, periods = max(((_age(h, now), _periods(h, now)) for _, h in read), key=lambda p: p[1])
    if periods <= GREEN_PERIODS:  # all is well: what people look at is as old as its oldest part
        age = max(_age(state.link.health(feed), now) for feed in LIVE)
    seconds = int(age)
    if periods <= GREY_PERIODS:
        tone = Tone.GOOD if periods <= GREEN_PERIODS else Tone.MUTED
        words = text("fresh.ago", seconds) if seconds else text("fresh.now")
        return Freshness(words, tone, words, detail)
    words = (
        text("fresh.stale", time=duration(age)) if seconds >= 100 else text("fresh.stale.seconds", seconds)
    )
    return Freshness(words, Tone.SOON if periods <= RED_PERIODS else Tone.LATE, words, detail)


def _age(health: FeedHealth, now: float) -> float:
    return max(0.0, now - (health.last_success if health.last_success is not None else now))


def _is_partial(state: DeskState, failure: Failure) -> bool:
    """Whether only some parts are used up for today: the others go on, and these age in view."""
    used_up = failure.category is Category.QUOTA
    return used_up and any(h.failure is None and h.last_success is not None for _, h in state.link.feeds)


def _periods(health: FeedHealth, now: float) -> float:
    """The age in periods; what cannot be read counts as if it had been wanted often."""
    period = health.period if health.failure is None else min(health.period, FAILING_PERIOD)
    return _age(health, now) / max(1.0, period)


def _feed_line(feed: Feed, health: FeedHealth, now: float) -> Text:
    name = text(f"feed.{feed.value}")
    if health.last_success is None:
        return text("fresh.line.never", feed=name)
    line = text("fresh.line", feed=name, time=stamp(health.last_success)[11:])
    if health.failure is None or health.retry_at is None:
        return line
    return text("fresh.line.retry", line=line, seconds=max(0, int(health.retry_at - now)))


def present_status(state: DeskState) -> StatusView:
    """The status bar."""
    queued = [i for i in state.outbox if i.state is not SendState.FAILED]
    failed = [i for i in state.outbox if i.state is SendState.FAILED]
    period = state.link.health(Feed.WAITING).period
    items = [
        StatusItem(
            "poll",
            "refresh-cw",
            text("status.poll", seconds=f"{round(period, 1):g}"),
            tooltip=text("status.poll.hint"),
        ),
        StatusItem("outbox", "inbox", text("status.outbox", len(queued)), tooltip=_outbox_hint(queued)),
        _calls(state),
    ]
    if failed:
        items.insert(2, StatusItem("failed", "circle-alert", text("status.failed", len(failed)), Tone.LATE))
    if state.link.clock_offset is None and any(h.last_success is not None for _, h in state.link.feeds):
        words, hint = text("status.clock.unsynchronised"), text("status.clock.unsynchronised.hint")
        items.append(StatusItem("clock", "clock", words, Tone.SOON, hint))
    elif state.link.clock_offset is not None:
        offset = f"{state.link.clock_offset:+.1f}"
        tone = Tone.SOON if abs(state.link.clock_offset) > 120 else Tone.MUTED
        items.append(
            StatusItem("clock", "clock", text("status.clock", offset=offset), tone, text("status.clock.hint"))
        )
    if state.link.odd_rows:
        words = text("status.odd_rows", state.link.odd_rows)
        items.append(StatusItem("odd_rows", "circle-alert", words, Tone.SOON, text("status.odd_rows.hint")))
    if state.identity.simulated:
        items.append(StatusItem("simulator", "flask-conical", text("simulator.tag"), Tone.SOON))
    return StatusView(tuple(items), _own(state))


def _outbox_hint(items: list[OutboxItem]) -> Text:
    """What waits, is under way, is parked and is unknown, each by itself."""
    told = text("status.outbox.hint")
    for name, states in OUTBOX_GROUPS.items():
        count = sum(1 for item in items if item.state in states)
        if count:
            told = text("status.outbox.with", before=told, group=text(f"status.outbox.{name}", count))
    return told


def _calls(state: DeskState) -> StatusItem:
    """The calls of today, and how near the fullest path comes to its limit by midnight."""
    paths = state.link.quotas
    if not paths:
        words = text("status.calls", calls=state.link.calls)
        return StatusItem("calls", "activity", words, tooltip=text("status.calls.hint"))
    share = max(path.expected / max(1, path.limit) for path in paths)
    stopped = any(path.resumes is not None for path in paths)
    tone = Tone.LATE if stopped else Tone.SOON if share > QUOTA_SOON else Tone.MUTED
    used = sum(path.used for path in paths)
    percent = max((100 * path.used / max(1, path.limit) for path in paths), default=0.0)
    words = text("status.quota", calls=f"{used:,}", share=f"{percent:.0f}" if percent >= 1 else "<1")
    lines = text("status.quota.hint")
    for path in paths:
        lines = text("quota.lines", above=lines, line=_quota_line(path))
    return StatusItem("calls", "activity", words, tone, lines)


def _quota_line(path: PathUse) -> Text:
    name = text(f"quota.path.{path.path.value}")
    used, limit = f"{path.used:,}", f"{path.limit:,}"
    if path.resumes is not None:
        return text("quota.line.stopped", path=name, used=used, limit=limit, time=clock(path.resumes))
    key = "quota.line.estimated" if path.estimated else "quota.line"
    return text(key, path=name, used=used, limit=limit, expected=f"{path.expected:,}")


def _own(state: DeskState) -> Text:
    agent = state.identity.agent
    if agent is None:
        return NOTHING
    nick = next((a.nick for a in state.agents.accounts if a.agent == agent), "")
    return verbatim(f"{nick} · {agent}" if nick else agent)


def present_toasts(state: DeskState) -> tuple[Toast, ...]:
    """The notices that nobody has read yet."""
    return tuple(
        Toast(
            number=notice.number,
            words=notice.words,
            tone=Tone.SOON if notice.failure is None or notice.failure.category in QUIET else Tone.LATE,
            detail=notice.failure.detail if notice.failure is not None else "",
        )
        for notice in state.notices
    )
