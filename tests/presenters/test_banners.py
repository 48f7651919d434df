import pytest
from msgspec import structs
from msgspec.structs import replace

from kefu_desk.domain import facts as f
from kefu_desk.domain.agents import OnlineAgent
from kefu_desk.domain.facts import Feed, Vault
from kefu_desk.domain.failure import Action, Category, Failure
from kefu_desk.domain.outbox import SendState
from kefu_desk.domain.text import NOTHING, text, verbatim
from kefu_desk.presenters.banners import STOPPING, present_banners, worst_failure
from kefu_desk.presenters.queue import present_queue
from kefu_desk.presenters.tone import Tone
from tests.domain.values import ANNA, BEN, COLLEAGUE, ME, NOON, after, failed, send, serving, waiting

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


def banner_of(*facts: f.Fact, at: float = NOON + 10) -> list[tuple[str, str, list[str]]]:
    return [
        (b.key, b.words.key, [a.name for a in b.actions]) for b in present_banners(after(OPENED, *facts), at)
    ]


def test_a_session_over_half_an_hour_can_be_taken_up_again_with_one_click() -> None:
    facts = (f.ConversationOpened(ANNA), serving(ANNA))
    assert banner_of(*facts, at=NOON + 29 * 60) == []
    assert banner_of(*facts, at=NOON + 30 * 60) == [("lapsed", "banner.lapsed", ["reopen"])]
    assert banner_of(f.ConversationOpened(BEN), serving(ANNA, BEN), f.ClockCompared(1.0), at=NOON + 1799) == [
        ("lapsed", "banner.lapsed", ["reopen"])
    ]


def test_an_offline_agent_is_told_what_to_do_before_taking_somebody_up_again() -> None:
    for facts, key in (
        ((f.ConversationOpened(ANNA), serving(ANNA)), "lapsed"),
        ((f.ConversationOpened(ANNA), serving(BEN)), "ended"),
    ):
        shown = banner_of(*facts, OFFLINE_AT_WECHAT, at=NOON + 1800)
        assert (key, "banner.reopen_offline", ["open_mpkf"]) in shown


@pytest.mark.parametrize(
    ("offset", "words"),
    [(119.0, None), (-120.0, None), (121.0, "banner.clock.behind"), (-300.0, "banner.clock.ahead")],
)
def test_a_clock_that_is_off_by_minutes_is_told(offset: float, words: str | None) -> None:
    assert [key for _, key, _ in banner_of(f.ClockCompared(offset))] == ([words] if words else [])


def test_a_path_whose_calls_are_used_up_says_what_comes_late_and_until_when() -> None:
    failure = Failure(Category.QUOTA, text("failure.quota"), code=45009)
    state = after(OPENED, waiting(), f.ReadFailed(Feed.RECORDS, failure, NOON, NOON + 3600))
    (banner,) = present_banners(state, NOON + 1)
    assert banner.words == text("banner.quota", reason=failure.text, feed=text("feed.records"), time="13:00")


@pytest.mark.parametrize("feed", [Feed.WAITING, Feed.SESSIONS])
def test_what_the_account_may_not_do_is_greyed_with_the_reason(feed: Feed) -> None:
    failure = Failure(Category.FORBIDDEN, text("failure.not_enabled"), code=65400)
    state = after(OPENED, waiting(ANNA), broken(failure, feed))
    view = present_queue(state, NOON + 10)
    assert (view.can_accept_next, view.why_not) == (False, failure.text)
    assert not view.rows[0].can_accept
    assert present_queue(after(OPENED, waiting(ANNA), broken(failed(), feed)), NOON + 10).can_accept_next


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


@pytest.mark.parametrize(
    ("category", "tone", "offered"),
    [
        (Category.RATE, Tone.SOON, ["retry", "copy_waiting"]),
        (Category.QUOTA, Tone.LATE, ["copy_waiting"]),
        (Category.CREDENTIALS, Tone.LATE, ["retry", "copy_waiting"]),
        (Category.IP_REFUSED, Tone.LATE, ["retry", "copy_waiting"]),
    ],
)
def test_f_e09_while_sending_is_paused_a_line_counts_down_and_tells_how_many_wait(
    category: Category, tone: Tone, offered: list[str]
) -> None:
    failure = failed(category)
    items = [
        f.OutboxChanged(send(n, state=state)) for n, state in enumerate((SendState.QUEUED, SendState.HELD))
    ]
    state = after(OPENED, *items, f.SendingPaused(failure, NOON + 100))
    (banner,) = present_banners(state, NOON + 10)
    paused = text("banner.paused", reason=failure.text, time=verbatim("1:30"))
    assert banner.words == text("banner.paused.waiting", 2, above=paused)
    assert (banner.key, banner.tone, [a.name for a in banner.actions]) == ("paused", tone, offered)
    assert present_banners(state, NOON + 40)[0].words != banner.words
    assert present_banners(state, NOON + 100) == ()
    assert present_banners(after(f.SendingResumed(), state=state), NOON + 10) == ()


def test_a_pause_that_the_line_above_explains_does_not_repeat_why() -> None:
    failure = failed(Category.IP_REFUSED)
    state = after(OPENED, broken(failure), f.SendingPaused(failure, NOON + 100))
    stopped, paused = present_banners(state, NOON + 10)
    assert (stopped.key, paused.words) == ("stopped", text("banner.paused.known", time=verbatim("1:30")))
    assert [action.name for action in paused.actions] == ["retry"]
