"""The reply box: what may still be sent, why not, and what can be taken back."""

import pytest
from msgspec.structs import replace

from kefu_desk.domain import facts as f
from kefu_desk.domain.digest import Digest
from kefu_desk.domain.facts import Vault
from kefu_desk.domain.failure import Category, Failure
from kefu_desk.domain.limits import ReplyRule
from kefu_desk.domain.outbox import SendState
from kefu_desk.domain.state import DeskState
from kefu_desk.domain.text import text
from kefu_desk.presenters.composer import present_composer
from kefu_desk.presenters.tone import Tone
from tests.domain.values import ANNA, BEN, ME, NOON, after, failed, said, send, told

OPENED = f.DeskOpened("鹿野", ME, False, Vault.KEYRING, NOON)
S = SendState


def composing(*facts: f.Fact, last: int | None = NOON, used: int = 0) -> DeskState:
    known = Digest(said(ANNA), last, agent_sends=used)
    return after(OPENED, f.DigestsLoaded(((ANNA, known),)), f.ConversationOpened(ANNA), *facts)


def test_no_conversation_no_reply_box() -> None:
    view = present_composer(after(OPENED), NOON)
    assert (view.shown, view.key, view.grant) == (False, "", None)


@pytest.mark.parametrize(
    ("last", "used", "now", "grant", "tone"),
    [
        (None, 0, NOON, text("composer.grant.unknown"), Tone.MUTED),
        (NOON, 0, NOON + 60,
         text("composer.grant", 5, time=text("window.left", hours=47, minutes=59)), Tone.MUTED),
        (NOON, 4, NOON, text("composer.grant", 1, time=text("window.left", hours=48, minutes=0)), Tone.SOON),
        (NOON, 5, NOON, text("composer.grant.used"), Tone.LATE),
        (NOON, 0, NOON + 46 * 3600 + 60,
         text("composer.grant", 5, time=text("window.left", hours=1, minutes=59)), Tone.SOON),
        (NOON, 0, NOON + 48 * 3600, text("composer.grant.closed"), Tone.LATE),
        (NOON, 5, NOON + 48 * 3600, text("composer.grant.used"), Tone.LATE),
    ],
    ids=["unknown", "open", "one left", "used", "two hours", "closed", "closed and used"],
)  # fmt: skip
def test_what_may_still_be_sent(last: int | None, used: int, now: float, grant: object, tone: Tone) -> None:
    view = present_composer(composing(last=last, used=used), now)
    assert (view.shown, view.key, view.grant, view.grant_tone) == (True, ANNA, grant, tone)
    assert (view.ring is None) is (last is None)
    assert view.blocked == (grant if tone is Tone.LATE else None)
    assert view.overrule is (tone is Tone.LATE), "an estimate may be wrong"


def test_the_window_is_measured_on_wechats_clock() -> None:
    state = composing(f.ClockCompared(3600.0))
    assert present_composer(state, NOON + 47 * 3600).grant == text("composer.grant.closed")


def test_an_own_send_counts_at_once() -> None:
    state = composing(f.OutboxChanged(send(1, ANNA, created=NOON + 1)), used=3)
    grant = present_composer(state, NOON + 1).grant
    assert grant is not None
    assert (grant.key, grant.count) == ("composer.grant", 1)


def test_a_refusal_is_that_of_the_open_conversation() -> None:
    refusal = failed(Category.STORAGE)
    assert present_composer(composing(f.SendRefused(ANNA, refusal)), NOON).refusal == refusal.text
    assert present_composer(composing(f.SendRefused(BEN, refusal)), NOON).refusal is None


@pytest.mark.parametrize("category", [Category.WINDOW_CLOSED, Category.ALLOWANCE_USED, Category.UNREACHABLE])
def test_f_e11_after_a_refusal_nothing_can_be_sent_until_the_customer_writes(category: Category) -> None:
    failure = Failure(category, text("failure.allowance_used"), code=45047)
    state = composing(f.OutboxChanged(send(1, state=S.FAILED, created=NOON + 9, failure=failure)))
    view = present_composer(state, NOON + 10)
    assert (view.grant, view.grant_tone, view.blocked) == (failure.text, Tone.LATE, failure.text)
    assert (view.overrule, view.ring) == (False, 0.0), "WeChat has said so: no estimate to overrule"
    known = Digest(said(ANNA, at=NOON + 20), NOON + 20)
    state = after(told(said(ANNA, at=NOON + 20)), f.DigestsLoaded(((ANNA, known),)), state=state)
    assert present_composer(state, NOON + 21).blocked is None


def test_where_wechat_does_not_count_there_is_no_number() -> None:
    state = composing(f.PolicySet(3.0, ReplyRule(None, 24 * 3600)), used=99)
    view = present_composer(state, NOON + 6 * 3600)
    assert view.grant == text("composer.grant.unlimited", time=text("window.left", hours=18, minutes=0))
    assert (view.ring, view.grant_tone, view.blocked) == (0.75, Tone.MUTED, None)


def test_held_lines_are_counted_and_the_next_line_joins_them_for_nothing() -> None:
    held = send(1, state=S.HELD, created=NOON + 1)
    last = composing(f.OutboxChanged(held), used=4)
    view = present_composer(last, NOON + 1)
    assert (view.held, view.blocked) == (1, None)
    assert (view.grant_tone, view.grant and view.grant.count) == (Tone.SOON, 0)
    gone = after(f.OutboxChanged(replace(held, state=S.QUEUED)), state=last)
    assert (present_composer(gone, NOON + 1).held, present_composer(gone, NOON + 1).blocked) == (
        0,
        text("composer.grant.used"),
    )
    other = composing(f.OutboxChanged(send(2, BEN, S.HELD)))
    assert present_composer(other, NOON).held == 0
