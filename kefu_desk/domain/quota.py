"""How often WeChat lets itself be called: limits of a day, and what they leave to each desk."""

from enum import StrEnum

from msgspec import Struct

CHINA_OFFSET = 8 * 3600
DAY = 86400
ASSUMED_LIMIT = 500_000
"""Calls a day of a path whose limit cannot be asked for: the one that WeChat publishes for sends."""

POLL_SHARE = 0.5
"""Of what is left of a day, the part that all desks together plan to spend on looking (reliability 4.3)."""

RESERVE_SHARE = 0.2
"""Of a day's limit, the part that looking never touches: it is for what people do."""


class Path(StrEnum):
    """The calls that are made all day and that WeChat counts one by one."""

    WAITING = "waiting"
    SESSIONS = "sessions"
    ONLINE = "online"
    RECORDS = "records"
    SEND = "send"


class DailyQuota(Struct, frozen=True):
    """What WeChat says of a path: calls a day, calls made today by everybody, calls left."""

    limit: int
    used: int
    left: int


class PathUse(Struct, frozen=True):
    """A path as the status bar tells it: calls today, the limit, and the calls expected at midnight.

    `estimated` says that WeChat does not tell the limit. `resumes` is the Unix second on WeChat's clock until
    which WeChat would refuse the path, or None.
    """

    path: Path
    used: int
    limit: int
    expected: int
    estimated: bool = False
    resumes: float | None = None


def midnight_after(server: float) -> float:
    """The Unix second of the next 00:00 in China, when WeChat begins to count anew."""
    return (int(server + CHINA_OFFSET) // DAY + 1) * DAY - CHINA_OFFSET


def poll_rate(left: int, limit: int, desks: int, server: float) -> float:
    """Calls a second that one of `desks` may plan for looking until midnight (reliability 4.4)."""
    spendable = min(POLL_SHARE * left, left - RESERVE_SHARE * limit)
    return max(0.0, spendable) / (max(1, desks) * max(1.0, midnight_after(server) - server))
