"""The half hour after which WeChat stops forwarding what a customer writes (product P5)."""

from enum import StrEnum

from kefu_desk.domain.cases import Session
from kefu_desk.domain.limits import SESSION_SECONDS, SESSION_WARNING_SECONDS


class SessionClock(StrEnum):
    """What the half hour is counted from: WeChat's words leave it open, so the earlier is the default."""

    CREATED = "created"
    TRAFFIC = "traffic"


class Guard(StrEnum):
    """How near the end of a session is."""

    SAFE = "safe"
    SOON = "soon"
    LAPSED = "lapsed"


def session_age(session: Session, last_traffic: int | None, clock: SessionClock, server: float) -> float:
    """Seconds on the clock of the half hour; `last_traffic` and `server` in Unix seconds of WeChat."""
    start = session.created
    if clock is SessionClock.TRAFFIC and last_traffic is not None:
        start = max(start, last_traffic)
    return server - start


def guard_of(age: float) -> Guard:
    """What the clock says of a session."""
    if age >= SESSION_SECONDS:
        return Guard.LAPSED
    return Guard.SOON if age >= SESSION_WARNING_SECONDS else Guard.SAFE
