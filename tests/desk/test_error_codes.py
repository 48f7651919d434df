"""Every class of error code that WeChat may answer with, met by a running desk (reliability 2.3)."""

import json

import pytest
from msgspec import structs

from kefu_desk.domain import facts as f
from kefu_desk.domain.facts import Feed
from kefu_desk.domain.failure import Action, Category
from kefu_desk.domain.outbox import OutboxItem
from kefu_desk.domain.outbox import SendState as S
from kefu_desk.domain.quota import DAY
from kefu_desk.presenters.banners import present_banners
from kefu_desk.presenters.queue import present_queue
from tests.desk.shop import COLLEAGUE, ME, SEND, Running, Shop, is_open, passes
from tests.desk.virtual_time import EPOCH

HOUR = 3600
MIDNIGHT = EPOCH + DAY / 2
CREATE = "kfsession/create"
READ = "getwaitcase"


async def says(running: Running, openid: str, words: str = "您好") -> OutboxItem:
    """A reply is taken; as it is stored."""
    before = len(running.of(f.OutboxChanged))
    await running.commands.send_text(openid, words)
    return running.of(f.OutboxChanged)[before].item


def refuses(shop: Shop, code: int, path: str, times: int | None = None) -> None:
    """The platform answers with a code and does nothing."""
    shop.world.chaos.set("effect", "unseen", paths=path, times=times)
    shop.world.chaos.set("reply", f"code:{code}", paths=path, times=times)


def arrived(shop: Shop, openid: str) -> list[str]:
    return [delivery.text for delivery in shop.ledger(openid)]


def banners(shop: Shop, running: Running) -> dict[str, str]:
    return {b.key: b.words.key for b in present_banners(running.state, shop.clock.now())}


async def test_f_e01_a_token_that_another_program_retired_is_replaced_and_the_message_arrives_once(
    shop: Shop,
) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await passes(40)
        for turn in range(3):
            tokens = shop.calls("stable_token")
            shop.world.tokens.stable(shop.now(), force=True)
            await says(running, openid, f"第{turn}条")
            await running.until(lambda s: not s.outbox, 20)
            assert shop.calls("stable_token") == tokens + 1  # by whoever found out first, for all of them
            await passes(60)
        assert arrived(shop, openid) == ["第0条", "第1条", "第2条"]
        assert not running.of(f.ReadFailed)
        assert not running.state.notices


async def test_f_e02_a_token_that_is_refused_for_ever_is_asked_for_six_times_in_ten_minutes(
    shop: Shop,
) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        shop.world.chaos.set("token", "40001_always")
        tokens, calls = shop.calls("stable_token"), len(shop.world.calls)
        item = await says(running, openid)
        await passes(600)
        assert 1 <= shop.calls("stable_token") - tokens <= 6
        assert len(shop.world.calls) - calls < 80
        assert banners(shop, running)["stopped"] == "failure.token"
        assert running.item(item.id).state is S.QUEUED
        await passes(3000)
        assert shop.calls("stable_token") - tokens <= 36
        shop.world.chaos.clear()
        await running.commands.refresh()
        await running.until(lambda s: not s.outbox, 700)
        assert arrived(shop, openid) == ["您好"]
        await running.until(lambda s: not any(h.failure for _, h in s.link.feeds), 60)


@pytest.mark.parametrize("code", [42001, 40014, 41001])
async def test_f_e03_an_expired_or_damaged_token_is_replaced_once(shop: Shop, code: int) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        tokens = shop.calls("stable_token")
        refuses(shop, code, SEND, times=1)
        await says(running, openid)
        await running.until(lambda s: not s.outbox, 30)
        assert arrived(shop, openid) == ["您好"]
        refuses(shop, code, READ, times=1)
        await running.commands.refresh()
        await passes(20)
        assert running.state.link.health(Feed.WAITING).failure is None
        assert shop.calls("stable_token") - tokens <= 4


@pytest.mark.parametrize("lasts", [0, -5, "7200", 10**9, None])
async def test_f_e04_a_strange_life_of_a_token_makes_no_tight_loop(shop: Shop, lasts: object) -> None:
    token = shop.world.tokens.stable(shop.now()).value
    answer = {"access_token": token} | ({} if lasts is None else {"expires_in": lasts})
    shop.world.chaos.set("reply", f"body:{json.dumps(answer)}", paths="stable_token")
    async with shop.desk() as running:
        await passes(600)
        assert shop.calls("stable_token") <= 6 + 1
        assert not running.of(f.ReadFailed)
        await passes(600)
        assert shop.calls("stable_token") <= 12 + 1


async def test_f_e05_a_token_reply_without_a_token_is_an_error_with_a_back_off(shop: Shop) -> None:
    shop.customer()
    shop.world.chaos.set("reply", 'body:{"expires_in":7200}', paths="stable_token")
    async with shop.desk(is_open) as running:
        await running.until(lambda s: s.link.health(Feed.WAITING).failure, 10)
        assert running.state.link.health(Feed.WAITING).failure.category is Category.BAD_REPLY
        await passes(10)
        first = shop.calls("stable_token")
        await passes(290)
        assert shop.calls("stable_token") - first < 60
        shop.world.chaos.clear()
        await running.until(lambda s: s.queue.count == 1, 250)  # the circuit of the path is open by now


async def test_f_e06_an_address_that_is_not_listed_pauses_everything_and_is_probed_each_five_minutes(
    shop: Shop,
) -> None:
    shop.world.chaos.set("token", "40164")
    openid = shop.customer()
    async with shop.desk(is_open) as running:
        await running.until(lambda s: s.link.health(Feed.WAITING).failure, 10)
        failure = running.state.link.health(Feed.WAITING).failure
        assert (failure.category, failure.action) == (Category.IP_REFUSED, Action.COPY_IP)
        assert failure.subject
        await passes(1195)
        assert 4 <= shop.calls("stable_token") <= 6
        assert len(shop.world.calls) == shop.calls("stable_token")
        assert banners(shop, running)["stopped"] == "failure.ip_refused"
        shop.world.chaos.clear()
        await running.until(lambda s: openid in {c.openid for c in s.queue.cases}, 301)
        await running.until(lambda s: all(h.last_success for _, h in s.link.feeds), 5)


async def test_f_e07_a_secret_that_was_changed_stops_the_desk_when_its_token_ends_and_a_new_one_resumes(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = [shop.world.account.secret]
    connection = shop.connection()
    monkeypatch.setattr(shop, "connection", lambda: structs.replace(connection, reveal=lambda: secrets[-1]))
    shop.world.account.session_lapse = 30 * DAY
    openid = shop.served()
    async with shop.desk() as running:
        running.desk.store.dispatch(f.WindowShown(shown=False))
        shop.world.account.secret = "0123456789abcdef0123456789abcdef"
        await passes(1.5 * HOUR)
        assert not running.of(f.ReadFailed)
        await running.until(lambda s: s.link.health(Feed.WAITING).failure, 2 * HOUR)
        (banner,) = [b for b in present_banners(running.state, shop.clock.now()) if b.key == "stopped"]
        assert (banner.words.key, banner.actions[0].name) == ("failure.secret", "reenter_secret")
        await passes(700)
        item = await says(running, openid)
        await passes(5)
        assert running.item(item.id).state is S.QUEUED
        secrets.append(shop.world.account.secret)
        await running.commands.refresh()
        await running.until(lambda s: not s.outbox, 310)
        assert arrived(shop, openid) == ["您好"]
        assert banners(shop, running).get("stopped") is None


async def test_f_e08_a_path_that_is_used_up_stops_until_midnight_and_the_others_go_on(shop: Shop) -> None:
    shop.sleeps(10 * HOUR)
    async with shop.desk() as running:
        running.desk.store.dispatch(f.WindowShown(shown=False))
        shop.world.chaos.set("quota", "45009", paths="getmsglist")
        await running.until(lambda s: s.link.health(Feed.RECORDS).failure, 70)
        health = running.state.link.health(Feed.RECORDS)
        assert health.failure.category is Category.QUOTA
        assert MIDNIGHT <= health.retry_at <= MIDNIGHT + 301
        assert banners(shop, running)["stopped"] == "banner.quota"
        assert [use.path.value for use in running.state.link.quotas if use.resumes] in ([], ["records"])
        count = shop.calls("getmsglist")
        await running.commands.refresh()  # not even a person's wish helps
        await passes(1.5 * HOUR)
        assert shop.calls("getmsglist") == count
        assert shop.clock.now() - running.state.link.health(Feed.WAITING).last_success <= 30
        assert [use.path.value for use in running.state.link.quotas if use.resumes] == ["records"]
        shop.world.chaos.clear()
        await running.until(lambda s: s.link.health(Feed.RECORDS).failure is None, HOUR)
        assert MIDNIGHT <= shop.clock.now() <= MIDNIGHT + 301


async def test_f_e09_sends_that_are_used_up_are_kept_until_midnight(shop: Shop) -> None:
    shop.sleeps(10 * HOUR)
    shop.world.account.session_lapse = 30 * DAY
    openid = shop.served()
    async with shop.desk() as running:
        running.desk.store.dispatch(f.WindowShown(shown=False))
        shop.world.chaos.set("quota", "45009", paths=SEND)
        await says(running, openid, "一")
        await running.until(lambda s: s.pause, 10)
        await says(running, openid, "二")
        await running.commands.refresh()
        await passes(HOUR)
        assert shop.calls(SEND) == 1
        assert [item.state for item in running.state.outbox] == [S.QUEUED, S.QUEUED]
        assert MIDNIGHT <= running.state.pause.until <= MIDNIGHT + 301
        shop.world.chaos.clear()
        await running.until(lambda s: not s.outbox, 2 * HOUR)
        assert MIDNIGHT <= shop.clock.now() <= MIDNIGHT + 310
        assert arrived(shop, openid) == ["一", "二"]


async def test_f_e10_a_minute_limit_pauses_its_path_and_halves_its_pace(shop: Shop) -> None:
    shop.world.account.session_lapse = 30 * DAY
    shop.served()
    async with shop.desk() as running:
        await passes(30)
        shop.world.chaos.set("quota", "45011", paths=READ, times=1)
        await running.until(lambda s: s.link.health(Feed.WAITING).failure, 15)
        began = shop.clock.now()
        assert running.state.link.health(Feed.WAITING).failure.category is Category.RATE
        await running.commands.refresh()
        await running.until(lambda s: s.link.health(Feed.WAITING).failure is None, 81)
        minute = began - began % 60 + 60
        assert minute <= shop.clock.now() <= minute + 20.5
        await passes(25)
        assert running.state.link.health(Feed.WAITING).period == 20
        assert running.state.link.health(Feed.RECORDS).period == 8
        await passes(8 * 330)
        assert running.state.link.health(Feed.WAITING).period == 10


@pytest.mark.parametrize("seconds", [4, 100])
async def test_f_e12_minus_one_on_a_read_is_tried_again_ever_later(shop: Shop, seconds: int) -> None:
    async with shop.desk() as running:
        shop.world.chaos.set("reply", "-1", paths=READ)
        calls = shop.calls(READ)
        await running.commands.refresh()
        await passes(seconds)
        assert shop.calls(READ) - calls <= 3 * 7
        shop.world.chaos.clear()
        openid = shop.customer()
        await running.until(lambda s: openid in {c.openid for c in s.queue.cases}, 121)
        assert running.state.link.health(Feed.WAITING).failure is None


@pytest.mark.parametrize(("fault", "reached"), [("-1_before", []), ("-1_after", ["您好"])])
async def test_f_e13_minus_one_on_a_send_is_looked_up_and_never_repeated(
    shop: Shop, fault: str, reached: list[str]
) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        shop.world.chaos.set("fault", fault, paths=SEND, times=1)
        item = await says(running, openid)
        await passes(900)
        assert shop.calls(SEND) == 1
        assert arrived(shop, openid) == reached
        assert running.item(item.id).state is (S.SENT if reached else S.UNKNOWN)


async def test_f_e14_a_code_that_nobody_knows(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        refuses(shop, 99999, SEND, times=1)
        item = await says(running, openid)
        await running.settled(item.id, S.UNKNOWN)
        await passes(300)
        assert shop.calls(SEND) == 1
        refuses(shop, 99999, READ)
        await running.until(lambda s: s.link.health(Feed.WAITING).failure, 15)
        calls = shop.calls(READ)
        await passes(200)
        assert shop.calls(READ) - calls <= 12
        assert running.state.link.health(Feed.WAITING).failure.code == 99999


@pytest.mark.parametrize("code", [48001, 65400])
async def test_f_e15_what_the_account_may_not_do_is_greyed_and_hardly_asked_for(
    shop: Shop, code: int
) -> None:
    shop.customer()
    async with shop.desk() as running:
        assert present_queue(running.state, shop.clock.now()).can_accept_next
        refuses(shop, code, READ)
        await running.until(lambda s: s.link.health(Feed.WAITING).failure, 15)
        view = present_queue(running.state, shop.clock.now())
        assert not view.can_accept_next
        assert view.why_not == running.state.link.health(Feed.WAITING).failure.text
        calls = shop.calls(READ)
        await passes(1790)
        assert shop.calls(READ) - calls == 2
        assert shop.clock.now() - running.state.link.health(Feed.RECORDS).last_success < 31
        shop.world.chaos.clear()
        await running.until(lambda s: s.link.health(Feed.WAITING).failure is None, 601)


async def test_f_e16_an_agent_who_is_not_online_is_told_where_to_go_and_the_customer_still_waits(
    shop: Shop,
) -> None:
    openid = shop.customer()
    async with shop.desk() as running:
        shop.world.agents[ME].online = False
        await running.commands.accept(openid)
        notice = running.state.notices[-1]
        assert (notice.failure.category, notice.failure.action) == (Category.AGENT_OFFLINE, Action.OPEN_MPKF)
        assert [c.openid for c in running.state.queue.cases] == [openid]
        await running.until(lambda s: s.agents.presence.value == "offline", 5)
        assert banners(shop, running) == {"presence": "banner.presence"}
        shop.world.agents[ME].online = True
        await running.until(lambda s: s.agents.presence.value == "online", 11)


async def test_f_e17_a_customer_whom_somebody_else_took_disappears_with_the_name(shop: Shop) -> None:
    openid = shop.customer()
    async with shop.desk() as running:
        shop.world.open_session(openid, COLLEAGUE)
        await running.commands.accept(openid)
        (taken,) = running.state.queue.taken
        assert (taken.case.openid, taken.holder) == (openid, COLLEAGUE)
        (row,) = present_queue(running.state, shop.clock.now()).rows
        assert dict(row.note.params) == {"agent": "小王"}
        assert running.state.sessions.items == ()
        await passes(20)
        assert present_queue(running.state, shop.clock.now()).rows == ()


@pytest.mark.parametrize("reply", ["closed", "reset", "html", "-1"])
async def test_f_e18_a_lost_answer_to_an_accept_is_found_out(shop: Shop, reply: str) -> None:
    openid = shop.customer()
    async with shop.desk() as running:
        shop.world.chaos.set("reply", reply, paths=CREATE, times=1)
        await running.commands.accept(openid)
        assert [s.openid for s in running.state.sessions.items] == [openid]
        assert shop.world.sessions[openid].kf_account == ME
        assert running.state.notices == ()
        assert shop.calls(CREATE) + shop.calls("kfsession/getsession?") <= 3


@pytest.mark.parametrize("code", [45002, 44004, 40033])
async def test_f_e19_a_refused_text_comes_back_and_the_next_one_goes(shop: Shop, code: int) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        refuses(shop, code, SEND, times=1)
        item = await says(running, openid, "一")
        await says(running, openid, "二")
        await running.settled(item.id, S.FAILED)
        await running.until(lambda _: arrived(shop, openid) == ["二"], 10)
        assert await running.commands.set_aside(item.id) == "一"


@pytest.mark.parametrize("code", [40003, 43004])
async def test_f_e20_a_customer_who_is_gone_is_marked_and_nothing_more_is_tried(
    shop: Shop, code: int
) -> None:
    openid, other = shop.served(), shop.served()
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        shop.world.chaos.set("reply", "slow:2", paths=SEND, times=1, about=openid)
        refuses(shop, code, SEND, times=1)
        item = await says(running, openid, "一")
        await says(running, openid, "二")
        await running.settled(item.id, S.FAILED)
        await says(running, other, "三")
        await running.until(lambda _: arrived(shop, other) == ["三"], 10)
        await passes(300)
        assert shop.calls(SEND) == 2
        assert arrived(shop, openid) == []
        assert openid in running.state.refusals
        assert [i.state for i in running.state.outbox if i.text == "二"] == [S.PARKED]


@pytest.mark.parametrize("status", [404, 403, 429])
async def test_f_h05_a_path_that_is_turned_away_three_times_is_left_alone_and_told(
    shop: Shop, status: int
) -> None:
    async with shop.desk() as running:
        shop.world.chaos.set("reply", f"http_{status}", paths=READ)
        calls = shop.calls(READ)
        await passes(500)
        assert shop.calls(READ) - calls == 3
        assert banners(shop, running) == {"link": "failure.http"}
        shop.world.chaos.clear()
        await running.commands.refresh()
        await running.until(lambda s: s.link.health(Feed.WAITING).failure is None, 2)
