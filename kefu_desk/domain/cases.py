"""Customers who wait and customers who are being served."""

from dataclasses import dataclass, replace

from kefu_desk.domain.ids import AgentId, OpenId


@dataclass(frozen=True, slots=True)
class ListedCase:
    """One row of the waiting list as read; `latest_time` is the last message, Unix seconds."""

    openid: OpenId
    latest_time: int


@dataclass(frozen=True, slots=True)
class WaitingList:
    """One reading of the waiting list; `count` may exceed the 100 listed."""

    count: int
    cases: tuple[ListedCase, ...]


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """A waiting customer with what this desk knows of the wait.

    `arrived_by` is an upper bound of the arrival in Unix seconds (product 4.1), so a wait computed from it
    is never over-reported; `joined_late` says that the true wait may be longer.
    """

    openid: OpenId
    latest_time: int
    first_latest: int
    arrived_by: int
    joined_late: bool


@dataclass(frozen=True, slots=True)
class Session:
    """A customer served by an agent; `created` in Unix seconds."""

    openid: OpenId
    agent: AgentId
    created: int


def observe_waiting(
    before: tuple[WaitingCase, ...], listed: tuple[ListedCase, ...], *, joined_late: bool
) -> tuple[WaitingCase, ...]:
    """Joins a new reading to the episodes already known, keeping WeChat's order of arrival.

    The list is in order of arrival, so nobody arrived later than anyone behind them: the smallest first
    sighting from a row to the end bounds the arrival of that row (product 4.1).
    """
    known = {case.openid: case for case in before}
    fresh = [
        replace(known[row.openid], latest_time=row.latest_time)
        if row.openid in known
        else WaitingCase(row.openid, row.latest_time, row.latest_time, row.latest_time, joined_late)
        for row in listed
    ]
    bound: int | None = None
    for index in range(len(fresh) - 1, -1, -1):
        first = fresh[index].first_latest
        bound = first if bound is None else min(bound, first)
        if fresh[index].arrived_by != bound:
            fresh[index] = replace(fresh[index], arrived_by=bound)
    return tuple(fresh)
