"""Names, durations and dates as they are said everywhere in the product."""

from datetime import datetime, timedelta, timezone
from functools import lru_cache

from kefu_desk.domain.ids import OpenId, tail
from kefu_desk.domain.text import Text, text

ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China Standard Time has no summer time, so a fixed offset is exact."""


@lru_cache(maxsize=4096)
def customer_name(openid: OpenId) -> Text:
    """What to call a customer: WeChat gives no names, so a tail of the openid (product P12)."""
    return text("customer.anonymous", tail=tail(openid))


def duration(seconds: float) -> str:
    """`m:ss` below an hour, then `h:mm`."""
    whole = max(0, int(seconds))
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d}"
    return f"{whole // 3600}:{whole % 3600 // 60:02d}"


def span(seconds: float) -> Text:
    """A duration in words, for a screen reader."""
    whole = max(0, int(seconds))
    if whole < 60:
        return text("span.seconds", whole)
    if whole < 3600:
        return text("span.minutes", minutes=whole // 60, seconds=whole % 60)
    return text("span.hours", hours=whole // 3600, minutes=whole % 3600 // 60)


def local(seconds: float) -> datetime:
    """A Unix second in the account's zone."""
    return datetime.fromtimestamp(seconds, ZONE)


def clock(seconds: float) -> str:
    """The time of day, `14:05`."""
    then = local(seconds)
    return f"{then.hour:02d}:{then.minute:02d}"


def stamp(seconds: float) -> str:
    """The full time, for a hover."""
    return local(seconds).strftime("%Y-%m-%d %H:%M:%S")


def day(seconds: float, now: float) -> Text:
    """Today, yesterday, or the date with its weekday."""
    then, today = local(seconds).date(), local(now).date()
    if then == today:
        return text("day.today")
    if then == today - timedelta(days=1):
        return text("day.yesterday")
    weekday = text(f"weekday.{then.isoweekday()}")
    return text("day.date", year=then.year, month=then.month, day=then.day, weekday=weekday)


def since(seconds: float, now: float) -> Text:
    """How long ago, in the coarsest honest unit."""
    days = (local(now).date() - local(seconds).date()).days
    if days <= 0:
        return text("ago.today")
    if days == 1:
        return text("day.yesterday")
    return text("ago.days", days)


def short_time(seconds: float, now: float) -> str:
    """The time of day today, else month and day."""
    then = local(seconds)
    if then.date() == local(now).date():
        return f"{then.hour:02d}:{then.minute:02d}"
    return f"{then.month:02d}-{then.day:02d}"
