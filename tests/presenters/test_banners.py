import pytest
from msgspec import structs
from msgspec.structs import replace

from kefu_desk.domain import facts as f
from kefu_desk.domain.agents import OnlineAgent
from kefu_desk.domain.digest import Digest
from kefu_desk.domain.facts import Feed, Vault
from kefu_desk.domain.failure import Action, Category, Failure
from kefu_desk.domain.outbox import SendState
from kefu_desk.domain.state import DeskState
from kefu_desk.domain.text import NOTHING, text, verbatim
from kefu_desk.presenters.banners import STOPPING, present_banners, worst_failure
from kefu_desk.presenters.composer import present_composer
from kefu_desk.presenters.tone import Tone
from tests.domain.values import ANNA, BEN, COLLEAGUE, ME, NOON, after, failed, said, send, serving, waiting

OPENED = f.DeskOpened("鹿野", ME, False, Vault.KEYRING, NOON)
OFFLINE_AT_WECHAT = f.AgentsObserved((OnlineAgent(COLLEAGUE, 1, 0),), NOON, 9.0)


def broken(failure: Failure, feed: Feed = Feed.WAITING) -> f.ReadFailed:
    return f.ReadFailed(feed, failure, NOON + 3, NOON + 9)


def shown(*facts: f.Fact) -> list[tuple[str, Tone, list[str]]]:
    banners = present_banners(after(OPENED, *facts), NOON + 10)
    return [(b.key, b.tone, [a.name for a in b.actions]) for b in banners]


def test_a_healthy_desk_has_no_banner() -> None:
    assert shown(waiting(ANNA), serving(BEN)) == []


@pytest.mark.parametrize("category", [Category.NETWORK, Category.TIMEOUT])
def test_offline_tells_the_age_of_the_data_and_what_waits(category: Category) -> None:
    queued = f.OutboxChanged(send(1, ANNA))
    done = f.OutboxChanged(send(2, BEN, SendState.FAILED))
    state = after(OPENED, waiting(at=NOON), serving(at=NOON + 120), broken(failed(category)))
    (banner,) = present_banners(state, NOON + 10)
    assert (banner.key, banner.tone, banner.icon) == ("link", Tone.SOON, "wifi-off")
    assert banner.words == text("banner.offline", time="12:00", outbox=NOTHING)
    (banner,) = present_banners(after(queued, done, state=state), NOON + 10)
    assert banner.words == text("banner.offline", time="12:00", outbox=text("banner.outbox", 1))
    assert [a.name for a in banner.actions] == ["retry", "copy_details"]


def test_offline_from_the_start_has_no_age() -> None:
    (banner,) = present_banners(after(OPENED, broken(failed())), NOON)
    assert banner.words == text("banner.offline.never", outbox=NOTHING)
    assert banner.tooltip == text("failure.offline")


def test_a_bad_reply_is_told_in_its_own_words_with_its_details() -> None:
    failure = Failure(Category.BAD_REPLY, text("failure.bad_reply"), detail="HTTP 200 getwaitcase <html>")
    (banner,) = present_banners(after(OPENED, waiting(), broken(failure)), NOON)
    assert (banner.words, banner.tooltip) == (text("failure.bad_reply"), verbatim(failure.detail))


def test_a_refused_address_stops_the_desk_and_can_be_copied() -> None:
    words = text("failure.ip_refused", ip="112.6.196.165")
    refused = Failure(Category.IP_REFUSED, words, code=40164, subject="112.6.196.165", action=Action.COPY_IP)
    (banner,) = present_banners(after(OPENED, broken(refused)), NOON)
    assert (banner.key, banner.tone, banner.words) == ("stopped", Tone.LATE, words)
    assert [a.name for a in banner.actions] == ["copy_ip", "retry"]
    assert shown(broken(replace(refused, subject=""))) == [("stopped", Tone.LATE, ["retry", "copy_details"])]


def test_a_wrong_secret_can_be_entered_again() -> None:
    wrong = Failure(Category.CREDENTIALS, text("failure.secret"), action=Action.REENTER_SECRET)
    assert shown(broken(wrong)) == [("stopped", Tone.LATE, ["reenter_secret", "copy_details"])]


@pytest.mark.parametrize("category", list(Category))
def test_what_needs_a_person_goes_before_what_may_pass(category: Category) -> None:
    facts = (broken(failed()), broken(failed(category), Feed.ONLINE))
    worst = worst_failure(after(*facts))
    assert worst is not None
    assert worst[0] is (Feed.ONLINE if category in STOPPING else Feed.WAITING)
    assert shown(*facts)[0][0] == ("stopped" if category in STOPPING else "link")


def test_an_agent_who_is_offline_at_wechat_is_told_where_to_go() -> None:
    assert shown(OFFLINE_AT_WECHAT) == [("presence", Tone.LATE, ["open_mpkf"])]


def test_a_conversation_without_a_session_can_be_taken_up_again() -> None:
    opened = f.ConversationOpened(ANNA)
    assert shown(opened) == []  # the sessions are not known yet
    assert shown(opened, serving(ANNA)) == []
    assert shown(opened, serving(BEN)) == [("ended", Tone.SOON, ["reopen"])]


def test_a_secret_that_is_kept_until_exit_is_told_except_of_a_simulator() -> None:
    memory = structs.replace(OPENED, vault=Vault.MEMORY)
    assert [b.key for b in present_banners(after(memory), NOON)] == ["vault"]
    assert present_banners(after(structs.replace(memory, simulated=True)), NOON) == ()


def test_two_banners_at_most_the_red_ones_first() -> None:
    memory = structs.replace(OPENED, vault=Vault.MEMORY)
    many = (broken(failed()), OFFLINE_AT_WECHAT, f.ConversationOpened(ANNA), serving(BEN))
    assert shown(memory, *many) == [
        ("presence", Tone.LATE, ["open_mpkf"]),
        ("link", Tone.SOON, ["retry", "copy_details"]),
    ]


# --- the reply box


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
        (NOON, 5, NOON + 48 * 3600, text("composer.grant.closed"), Tone.LATE),
    ],
    ids=["unknown", "open", "one left", "used", "two hours", "closed", "closed and used"],
)  # fmt: skip
def test_what_may_still_be_sent(last: int | None, used: int, now: float, grant: object, tone: Tone) -> None:
    view = present_composer(composing(last=last, used=used), now)
    assert (view.shown, view.key, view.grant, view.grant_tone) == (True, ANNA, grant, tone)
    assert (view.ring is None) is (last is None)
    assert view.blocked is None


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
