"""How often to read what: a pure calculation from what the desk is doing (reliability 4.3)."""

from enum import StrEnum
from zlib import crc32

from msgspec import Struct

from kefu_desk.domain.agents import Presence
from kefu_desk.domain.facts import Feed
from kefu_desk.domain.state import DeskState

PRINTED = 3.0
"""The base at which the table holds as it is printed: seconds between two readings of a live conversation."""

DOUBT = 1.0
"""Seconds to the second look at a list that is suddenly empty."""
OFFLINE_AT_MOST = 10.0
"""An agent who has just logged in to WeChat's own client cannot accept before the desk has seen it."""
JITTER = 0.1
CENTRE = 0.85
"""Qt's timers may be 5 percent late, and a period is a promise about the age of the data."""


class Mood(StrEnum):
    """What the desk is doing."""

    TALKING = "talking"
    SERVING = "serving"
    CALLED = "called"
    QUIET = "quiet"
    UNSEEN = "unseen"


TABLE: dict[Mood, dict[Feed, float]] = {
    mood: dict(zip((Feed.WAITING, Feed.SESSIONS, Feed.ONLINE, Feed.RECORDS), seconds, strict=True))
    for mood, seconds in {
        Mood.TALKING: (5.0, 30.0, 30.0, 3.0),
        Mood.SERVING: (10.0, 60.0, 60.0, 8.0),
        Mood.CALLED: (4.0, 60.0, 30.0, 15.0),
        Mood.QUIET: (15.0, 120.0, 60.0, 30.0),
        Mood.UNSEEN: (30.0, 300.0, 120.0, 60.0),
    }.items()
}


def mood_of(state: DeskState, *, active: bool, shown: bool) -> Mood:
    """What the desk is doing; `active` says that the open conversation saw a message or a key lately."""
    if not shown:
        return Mood.UNSEEN
    if state.conversation is not None and active:
        return Mood.TALKING
    if state.sessions.items:
        return Mood.SERVING
    return Mood.CALLED if state.queue.count else Mood.QUIET


class Cadence(Struct, frozen=True):
    """How often each reading is made; `base` in seconds scales the whole table."""

    base: float = PRINTED

    def period(self, feed: Feed, mood: Mood) -> float:
        """The wanted seconds between two readings of a feed."""
        return TABLE[mood][feed] * self.base / PRINTED

    def until_next(self, feed: Feed, mood: Mood, state: DeskState) -> float:
        """The period, or less when the last answer has to be asked for again soon."""
        period = self.period(feed, mood)
        doubtful = {Feed.SESSIONS: bool(state.sessions.missed), Feed.ONLINE: state.agents.emptied}
        if doubtful.get(feed):
            return min(period, DOUBT)
        if feed is Feed.ONLINE and mood is not Mood.UNSEEN and state.agents.presence is Presence.OFFLINE:
            return min(period, OFFLINE_AT_MOST * self.base / PRINTED)
        return period


def spread(roll: float) -> float:
    """What a period is multiplied by so that desks do not march in step; `roll` in [0, 1)."""
    return CENTRE + JITTER * (2 * roll - 1)


def phase(desk: str, feed: Feed) -> float:
    """The part of the first period that this desk waits: desks that open together do not stay together."""
    return 0.25 + 0.75 * (crc32(f"{desk}/{feed.value}".encode()) % 1000 / 1000)
