import pytest

from kefu_desk.domain.outbox import LEGAL, OPEN, SendState, may_follow

S = SendState
STEPS = {
    (S.HELD, S.QUEUED), (S.HELD, S.CANCELLED), (S.HELD, S.PARKED),
    (S.QUEUED, S.SENDING), (S.QUEUED, S.CANCELLED), (S.QUEUED, S.PARKED),
    (S.SENDING, S.SENT), (S.SENDING, S.FAILED), (S.SENDING, S.UNKNOWN), (S.SENDING, S.QUEUED),
    (S.UNKNOWN, S.SENT), (S.UNKNOWN, S.RESOLVED),
    (S.FAILED, S.RESOLVED),
    (S.RESOLVED, S.SENT),
    (S.PARKED, S.CANCELLED),
}  # fmt: skip


@pytest.mark.parametrize("before", list(S))
@pytest.mark.parametrize("after", list(S))
def test_only_the_steps_of_the_state_machine_are_legal(before: SendState, after: SendState) -> None:
    assert may_follow(before, after) is ((before, after) in STEPS)


def test_a_send_of_unknown_outcome_can_never_go_out_again() -> None:
    reachable, todo = set(), [S.UNKNOWN]
    while todo:
        state = todo.pop()
        if state not in reachable:
            reachable.add(state)
            todo += LEGAL[state]
    assert not reachable & {S.HELD, S.QUEUED, S.SENDING}


def test_open_are_those_that_hold_back_later_messages() -> None:
    assert {S.HELD, S.QUEUED, S.SENDING, S.UNKNOWN} == OPEN
