"""Customers who wait and customers who are being served."""

from msgspec import Struct
from msgspec.structs import replace

from kefu_desk.domain.ids import AgentId, OpenId


class ListedCase(Struct, frozen=True):
    """One row of the waiting list as read; `latest_time` is the last message, Unix seconds."""

    openid: OpenId
    latest_time: int


class WaitingList(Struct, frozen=True):
    """One reading of the waiting list; `count` may exceed the 100 listed."""

    count: int
    cases: tuple[ListedCase, ...]


class WaitingCase(Struct, frozen=True):
    """A waiting customer with what this desk knows of the wait.

    `arrived_by` is an upper bound of the arrival in Unix seconds (product 4.1), so a wait computed from it
    is never over-reported; `joined_late` says that the true wait may be longer. One who is not `listed`
    stands somewhere behind the hundred that WeChat tells, or has left: nobody can say while there are more.
    """

    openid: OpenId
    latest_time: int
    arrived_by: int
    joined_late: bool
    listed: bool = True


class Session(Struct, frozen=True):
    """A customer served by an agent; `created` in Unix seconds."""

    openid: OpenId
    agent: AgentId
    created: int


def observe_waiting(
    before: tuple[WaitingCase, ...], listed: tuple[ListedCase, ...], *, joined_late: bool, unlisted: int = 0
) -> tuple[WaitingCase, ...]:
    """Joins a new reading to the episodes already known, keeping WeChat's order of arrival.

    The list is in order of arrival, so nobody arrived later than anyone behind them: the smallest arrival
    known from a row to the end bounds the arrival of that row (product 4.1). Who has come to stand behind
    somebody they were not behind before has left in between and waits anew.

    Where WeChat counts `unlisted` more customers than it lists, so many of those who are missing are kept.
    """
    place = {case.openid: index for index, case in enumerate(before) if case.listed}
    furthest = -1
    fresh: list[WaitingCase] = []
    for row in listed:
        index = place.get(row.openid, len(before))
        if furthest < index < len(before):
            fresh.append(_heard_again(before[index], row.latest_time))
        else:
            fresh.append(WaitingCase(row.openid, row.latest_time, row.latest_time, joined_late))
        furthest = max(furthest, index)
    bound: int | None = None
    for index in range(len(fresh) - 1, -1, -1):
        known = fresh[index].arrived_by
        bound = known if bound is None else min(bound, known)
        if known != bound:
            fresh[index] = replace(fresh[index], arrived_by=bound)
    if unlisted > 0:
        told = {row.openid for row in listed}
        missing = [case for case in before if case.openid not in told][:unlisted]
        fresh += [replace(case, listed=False) if case.listed else case for case in missing]
    return tuple(fresh)


def _heard_again(case: WaitingCase, latest_time: int) -> WaitingCase:
    return case if case.latest_time == latest_time else replace(case, latest_time=latest_time)
