import pytest

from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.text import Text, text
from kefu_desk.presenters.words import clock, customer_name, day, duration, short_time, since, span, stamp
from tests.domain.values import NOON

HOUR = 3600
MIDNIGHT = NOON - 12 * HOUR


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "0:00"),
        (0, "0:00"),
        (9.9, "0:09"),
        (61, "1:01"),
        (3599, "59:59"),
        (3600, "1:00"),
        (90061, "25:01"),
    ],
)
def test_durations_count_minutes_and_seconds_then_hours_and_minutes(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, text("span.seconds", 0)),
        (59, text("span.seconds", 59)),
        (60, text("span.minutes", minutes=1, seconds=0)),
        (3599, text("span.minutes", minutes=59, seconds=59)),
        (3720, text("span.hours", hours=1, minutes=2)),
    ],
)
def test_spans_are_said_in_words(seconds: float, words: Text) -> None:
    assert span(seconds) == words


def test_times_are_those_of_shanghai() -> None:
    assert (clock(NOON), stamp(NOON)) == ("12:00", "2026-09-22 12:00:00")
    assert (clock(MIDNIGHT), clock(MIDNIGHT - 1)) == ("00:00", "23:59")


def test_days_are_named_from_midnight_to_midnight() -> None:
    assert day(MIDNIGHT, NOON) == text("day.today")
    assert day(MIDNIGHT - 1, NOON) == day(MIDNIGHT - 24 * HOUR, NOON) == text("day.yesterday")
    older = text("day.date", year=2026, month=9, day=20, weekday=text("weekday.7"))
    assert day(MIDNIGHT - 24 * HOUR - 1, NOON) == older


def test_how_long_ago_is_said_in_days() -> None:
    assert since(MIDNIGHT, NOON) == since(NOON + 60, NOON) == text("ago.today")
    assert since(MIDNIGHT - 1, NOON) == text("day.yesterday")
    assert since(MIDNIGHT - 24 * HOUR - 1, NOON) == text("ago.days", 2)


def test_short_times_are_of_today_or_of_a_day() -> None:
    assert short_time(MIDNIGHT, NOON) == "00:00"
    assert short_time(MIDNIGHT - 1, NOON) == "09-21"


def test_a_customer_is_called_by_the_end_of_the_openid() -> None:
    assert customer_name(OpenId("oLuye_-aB3-d_")) == text("customer.anonymous", tail="AB3D")
