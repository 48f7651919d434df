"""What is said of a send in each state, and what the agent may do about it."""

import pytest
from msgspec.structs import replace

from kefu_desk.domain import facts as f
from kefu_desk.domain.calibration import Calibration
from kefu_desk.domain.digest import Digest
from kefu_desk.domain.failure import Category, Effect, Failure
from kefu_desk.domain.ids import OutboxId
from kefu_desk.domain.outbox import Decision, OutboxItem, Proof, SendState
from kefu_desk.domain.state import DeskState
from kefu_desk.domain.text import text, verbatim
from kefu_desk.presenters.chat import ChatPresenter
from kefu_desk.presenters.timeline import RowKind, TimelineRow
from kefu_desk.presenters.tone import Tone
from tests.domain.values import ANNA, ME, NOON, after, failed, loaded, said, send, serving

OPENED = f.DeskOpened("鹿野", ME, False, f.Vault.NONE, NOON)
S, C, MAYBE = SendState, Category, failed(effect=Effect.MAYBE)
LOST = replace(MAYBE, text=text("failure.timeout"))
KNOWN = Calibration(confirmed=3, seen=3, lags=(1.0, 2.2, 9.0))
BLIND = Calibration(confirmed=20)


def talk(*items: OutboxItem, facts: tuple[f.Fact, ...] = ()) -> DeskState:
    """Anna's conversation on screen with these sends."""
    state = after(OPENED, serving(ANNA), f.ConversationOpened(ANNA), loaded(ANNA, items=items))
    return after(*(f.OutboxChanged(item) for item in items), *facts, state=state)


def rows(state: DeskState, now: float = NOON) -> list[TimelineRow]:
    return [r for r in ChatPresenter().present(state, now).rows if r.kind is RowKind.BUBBLE]


def row(*items: OutboxItem, facts: tuple[f.Fact, ...] = (), now: float = NOON) -> TimelineRow:
    """The newest of these sends as it is shown."""
    return rows(talk(*items, facts=facts), now)[-1]


def actions(shown: TimelineRow) -> list[str]:
    return [action.name for action in shown.actions]


def of(category: Category) -> Failure:
    return failed(category)


@pytest.mark.parametrize(
    ("item", "key", "icon", "tone", "wished"),
    [
        (send(7), "sending", "ellipsis", Tone.MUTED, []),
        (send(7, failure=failed()), "queued", "clock", Tone.MUTED, ["undo"]),
        (send(7, state=S.SENDING), "sending", "ellipsis", Tone.MUTED, []),
        (send(7, state=S.SENT), "sent", "check", Tone.MUTED, []),
        (replace(send(7, state=S.SENT), proof=Proof.RECORD), "confirmed", "check", Tone.MUTED, []),
        (send(7, state=S.FAILED), "failed", "circle-alert", Tone.LATE, ["resend", "edit"]),
        (send(7, state=S.PARKED), "parked", "pause", Tone.MUTED, ["edit"]),
        (replace(send(7, state=S.RESOLVED), decision=Decision.LEFT), "resolved.left",
         "circle-question-mark", Tone.MUTED, []),
        (replace(send(7, state=S.RESOLVED), decision=Decision.AGAIN), "resolved.again",
         "circle-question-mark", Tone.MUTED, []),
        (replace(send(7, state=S.RESOLVED, failure=MAYBE), decision=Decision.ARRIVED), "resolved.arrived",
         "check", Tone.MUTED, []),
        (send(7, state=S.UNKNOWN, failure=MAYBE), "unknown.soon", "circle-question-mark", Tone.SOON,
         ["check", "decide"]),
        (replace(send(7, state=S.UNKNOWN, failure=MAYBE), asked=NOON), "asked", "circle-question-mark",
         Tone.SOON, ["resend", "arrived", "leave", "check"]),
    ],
)  # fmt: skip
def test_each_state_of_a_send_has_words_a_sign_and_its_actions(
    item: OutboxItem, key: str, icon: str, tone: Tone, wished: list[str]
) -> None:
    shown = row(item)
    assert shown.state is not None
    assert (shown.key, shown.body, shown.state.key) == ("o7", item.text, f"send.state.{key}")
    assert (shown.state_icon, shown.state_tone, actions(shown)) == (icon, tone, wished)
    assert shown.state in shown.sentence


@pytest.mark.parametrize(
    ("category", "wished"),
    [
        (C.WINDOW_CLOSED, ["park", "edit"]),
        (C.ALLOWANCE_USED, ["park", "edit"]),
        (C.UNREACHABLE, ["park", "edit"]),
        (C.CUSTOMER, ["park", "edit"]),
        (C.CONTENT, ["edit"]),
        (C.REQUEST, ["edit"]),
        (C.NO_SESSION, ["resend", "edit"]),
        (C.AGENT_OFFLINE, ["resend", "edit"]),
    ],
)
def test_what_can_be_done_about_a_refusal_depends_on_why(category: Category, wished: list[str]) -> None:
    assert actions(row(send(1, state=S.FAILED, failure=of(category)))) == wished


def test_a_held_line_counts_down_and_can_be_taken_back_or_hurried() -> None:
    state = talk(send(1, state=S.HELD), facts=(f.SendHeld(OutboxId(1), NOON + 3),))
    said_at = [rows(state, NOON + after_)[0].state for after_ in (0, 0.4, 1, 2.9, 3, 9)]
    held, over = "send.state.held", text("send.state.held.now")
    assert said_at == [text(held, 3), text(held, 3), text(held, 2), text(held, 1), over, over]
    (shown,) = rows(state)
    assert (actions(shown), shown.state_icon) == (["undo", "release"], "timer")


def test_a_countdown_changes_its_own_row_only() -> None:
    presenter = ChatPresenter()
    state = talk(send(1, state=S.SENT), send(2, state=S.HELD), facts=(f.SendHeld(OutboxId(2), NOON + 3),))
    state = after(f.CallsCounted(1), state=state)
    one = presenter.present(state, NOON).rows
    assert presenter.present(state, NOON + 0.5).rows is one, "nothing changed within the same second"
    two = presenter.present(state, NOON + 1).rows
    assert [new == old for old, new in zip(one, two, strict=True)] == [True, True, False]


def test_joined_lines_are_told() -> None:
    held = replace(send(1, state=S.HELD), lines=3)
    shown = row(held, facts=(f.SendHeld(held.id, NOON + 2),))
    assert shown.state == text("send.state.joined", 3, state=text("send.state.held", 2))
    sent = row(replace(send(1, state=S.SENT), lines=2))
    assert sent.state == text("send.state.joined", 2, state=text("send.state.sent"))


def test_a_message_behind_an_unknown_one_says_so_and_may_overtake_it() -> None:
    unknown, queued = send(1, state=S.UNKNOWN, failure=MAYBE), send(2)
    shown = row(unknown, queued)
    assert (shown.state, actions(shown)) == (text("send.state.behind_unknown"), ["overtake", "undo"])
    behind = row(send(1, state=S.SENDING), queued)
    assert (behind.state, actions(behind)) == (text("send.state.behind"), ["undo"])


def test_f_e09_a_paused_queue_tells_why_and_until_when_and_gives_the_text() -> None:
    quota = failed(C.QUOTA)
    shown = row(send(1, failure=quota), facts=(f.SendingPaused(quota, NOON + 90),))
    assert shown.state == text("send.state.paused", reason=quota.text, time="12:01")
    assert actions(shown) == ["copy", "undo"]
    tomorrow = row(send(1, failure=quota), facts=(f.SendingPaused(quota, NOON + 12 * 3600 + 60),))
    assert tomorrow.state == text("send.state.paused", reason=quota.text, time="09-23 00:01")


def looked(*founds: int | None, near: str = "", step: float = 4.0) -> tuple[f.Fact, ...]:
    return tuple(f.LookedUp(OutboxId(1), NOON + step * n, found, near) for n, found in enumerate(founds, 1))


@pytest.mark.parametrize(
    ("facts", "now", "said_then"),
    [
        ((), NOON + 1, text("send.state.unknown.soon", 2)),
        (looked(0), NOON + 4, text("send.state.unknown.next", 1, seconds=4)),
        (looked(0, 1), NOON + 9, text("send.state.unknown.next", 2, seconds=6)),
        (looked(None), NOON + 4, text("send.state.unknown.unread", seconds=4)),
        (looked(0), NOON + 181, text("send.state.unknown.now")),
    ],
)
def test_while_an_unknown_send_is_looked_for_it_tells_how_often_and_when_again(
    facts: tuple[f.Fact, ...], now: float, said_then: object
) -> None:
    assert row(send(1, state=S.UNKNOWN, failure=LOST), facts=facts, now=now).state == said_then


def ask(*facts: f.Fact, failure: Failure | None = LOST, others: tuple[OutboxItem, ...] = ()) -> TimelineRow:
    """An unknown send that the agent is asked about, three minutes after noon."""
    item = replace(send(1, state=S.UNKNOWN, failure=failure), asked=NOON + 180)
    state = talk(item, *others, facts=facts)
    return next(r for r in rows(state, NOON + 181) if r.key == "o1")


def test_the_question_tells_what_was_looked_at_and_found() -> None:
    shown = ask(*looked(0, 2, near="您好呀", step=60.0), f.Calibrated(KNOWN))
    found = text("ask.own", 2)
    assert shown.question == (
        text("ask.sent", time="12:00:00", reason=text("failure.timeout")),
        text("ask.looked", 2, start="12:00", end="12:02", found=found),
        text("ask.near", words=verbatim("您好呀")),
        text("ask.usual", 2),
    )
    assert actions(shown) == ["resend", "arrived", "leave", "check"]
    assert set(shown.question) <= set(shown.sentence)


@pytest.mark.parametrize(
    ("facts", "lines"),
    [
        ((), ["ask.sent", "ask.not_yet", "ask.learning"]),
        (looked(None), ["ask.sent", "ask.unread", "ask.learning"]),
        (looked(0), ["ask.sent", "ask.looked", "ask.learning"]),
        ((*looked(0), *looked(0, None)), ["ask.sent", "ask.looked", "ask.unread", "ask.learning"]),
        ((f.Calibrated(BLIND),), ["ask.sent", "ask.blind"]),
    ],
)
def test_the_question_is_honest_about_what_nobody_knows(facts: tuple[f.Fact, ...], lines: list[str]) -> None:
    shown = ask(*facts)
    assert [line.key for line in shown.question] == lines
    assert ("check" in actions(shown)) is ("ask.blind" not in lines)


def test_a_send_that_the_end_of_the_program_cut_off_says_so() -> None:
    assert ask(failure=None).question[0].key == "ask.cut_off"


def test_the_question_tells_the_allowance() -> None:
    told = f.RecordsObserved((said(ANNA),), (), NOON, 3.0)
    seen = f.DigestsLoaded(((ANNA, Digest(said(ANNA), NOON, visits=1, agent_sends=1)),))
    assert ask(told, seen).question[-1] == text("ask.left", 3)
    used = ask(told, seen, others=tuple(send(n, state=S.SENT) for n in range(2, 8))).question[-1]
    assert used == text("composer.grant.used")


@pytest.mark.parametrize(
    ("other", "marked"),
    [
        (send(2, state=S.UNKNOWN, failure=MAYBE), True),
        (send(2), True),
        (replace(send(2, state=S.RESOLVED), decision=Decision.AGAIN), True),
        (replace(send(2, state=S.RESOLVED), decision=Decision.ARRIVED), False),
        (replace(send(2, state=S.RESOLVED, failure=failed()), decision=Decision.LEFT), False),
        (send(2, state=S.SENT), False),
        (send(2, state=S.UNKNOWN, failure=MAYBE, words="别的"), False),
    ],
)
def test_sending_again_comes_second_and_is_marked_while_a_twin_is_outstanding(
    other: OutboxItem, marked: bool
) -> None:
    shown = ask(others=(other,))
    again = next(action for action in shown.actions if action.name == "resend")
    assert actions(shown)[:2] == (["arrived", "resend"] if marked else ["resend", "arrived"])
    assert (again.words == text("send.action.resend_twin")) is marked
    assert (text("ask.twin") in shown.question) is marked


def test_both_bubbles_tell_that_the_customer_probably_got_it_twice() -> None:
    first = replace(send(1, state=S.SENT), proof=Proof.RECORD, decision=Decision.AGAIN)
    second = replace(send(2, state=S.SENT), parent=first.id)
    one, two = rows(talk(first, second))
    assert one.state == text("send.state.twice", state=text("send.state.confirmed"))
    assert two.state == text("send.state.twice", state=text("send.state.sent"))
    assert {one.state_tone, two.state_tone} == {Tone.SOON}
    early = replace(send(1, state=S.RESOLVED), decision=Decision.AGAIN)
    assert [r.state.key for r in rows(talk(early, second)) if r.state] == [
        "send.state.resolved.again",
        "send.state.sent",
    ]
