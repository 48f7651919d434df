"""The table of endpoints, the client, the simulator and the library they replace agree with one another."""

import inspect
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest

from kefu_desk.domain.failure import Category
from kefu_desk.simulator.asgi import create_app
from kefu_desk.simulator.clock import SteppedClock
from kefu_desk.simulator.rules import ENDPOINTS as SIMULATED
from kefu_desk.simulator.scenario import scenario
from kefu_desk.wechat import spec
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.codes import rule_of
from kefu_desk.wechat.errors import ApiError
from kefu_desk.wechat.gateway import WeChatGateway
from kefu_desk.wechat.letters import Menu, MenuItem
from kefu_desk.wechat.spec import ENDPOINTS, Endpoint

NOON = 1_790_049_600.0
AGENT = "kf2001@luye"
JPEG = b"\xff\xd8\xff\xe0jpeg\xff\xd9"

SEED_METHODS = {
    "sendKefuMessage",
    "sendKefuMessageWithResponse",
    "sendKfTypingState",
    "kfList",
    "kfOnlineList",
    "kfAccountAdd",
    "kfAccountUpdate",
    "kfAccountInviteWorker",
    "kfAccountUploadHeadImg",
    "kfAccountDel",
    "kfSessionCreate",
    "kfSessionClose",
    "kfSessionGet",
    "kfSessionList",
    "kfSessionGetWaitCase",
    "kfMsgList",
}

CALLS: dict[str, tuple[Endpoint, Callable[[WeChatClient, str], Awaitable[object]]]] = {
    "check_token": (spec.STABLE_TOKEN, lambda w, _: w.check_token()),
    "agent_accounts": (spec.KF_LIST, lambda w, _: w.agent_accounts()),
    "online_agents": (spec.KF_ONLINE_LIST, lambda w, _: w.online_agents()),
    "add_agent": (spec.KF_ACCOUNT_ADD, lambda w, _: w.add_agent(agent="new@luye", nick="新人")),
    "rename_agent": (spec.KF_ACCOUNT_UPDATE, lambda w, _: w.rename_agent(agent=AGENT, nick="老陈")),
    "invite_agent": (
        spec.KF_ACCOUNT_INVITE,
        lambda w, _: w.invite_agent(agent="kf2009@luye", wechat_id="feng_lei"),
    ),
    "set_avatar": (spec.KF_ACCOUNT_AVATAR, lambda w, _: w.set_avatar(agent=AGENT, jpeg=b"\xff\xd8\xff\xd9")),
    "delete_agent": (spec.KF_ACCOUNT_DEL, lambda w, _: w.delete_agent(agent=AGENT)),
    "create_session": (spec.SESSION_CREATE, lambda w, o: w.create_session(openid=o, agent=AGENT)),
    "close_session": (spec.SESSION_CLOSE, lambda w, o: w.close_session(openid=o, agent=AGENT)),
    "session_of": (spec.SESSION_GET, lambda w, o: w.session_of(o)),
    "sessions_of": (spec.SESSION_LIST, lambda w, _: w.sessions_of(AGENT)),
    "waiting_cases": (spec.WAIT_CASE, lambda w, _: w.waiting_cases()),
    "records_page": (spec.MSG_LIST, lambda w, _: w.records_page(int(NOON), int(NOON) + 60)),
    "send_text": (spec.CUSTOM_SEND, lambda w, o: w.send_text(openid=o, text="您好", agent=AGENT)),
    "send": (spec.CUSTOM_SEND, lambda w, o: w.send(Menu(items=(MenuItem("1", "好"),)), openid=o)),
    "set_typing": (spec.CUSTOM_TYPING, lambda w, o: w.set_typing(openid=o, typing=True)),
    "upload_media": (spec.MEDIA_UPLOAD, lambda w, _: w.upload_media("image", JPEG)),
    "upload_article_image": (spec.MEDIA_UPLOAD_IMAGE, lambda w, _: w.upload_article_image(JPEG)),
    "download_media": (spec.MEDIA_GET, lambda w, _: w.download_media("MID_1")),
    "user": (spec.USER_INFO, lambda w, o: w.user(o)),
    "users": (spec.USER_BATCH, lambda w, o: w.users([o])),
    "set_remark": (spec.USER_REMARK, lambda w, o: w.set_remark(openid=o, remark="老客户")),
    "followers": (spec.USER_GET, lambda w, _: w.followers()),
    "blocked": (spec.BLACKLIST_GET, lambda w, _: w.blocked()),
    "block": (spec.BLACKLIST_ADD, lambda w, o: w.block([o])),
    "unblock": (spec.BLACKLIST_REMOVE, lambda w, o: w.unblock([o])),
    "tags": (spec.TAG_LIST, lambda w, _: w.tags()),
    "create_tag": (spec.TAG_CREATE, lambda w, _: w.create_tag("常客")),
    "rename_tag": (spec.TAG_UPDATE, lambda w, _: w.rename_tag(100, name="新客")),
    "delete_tag": (spec.TAG_DELETE, lambda w, _: w.delete_tag(100)),
    "tag_users": (spec.TAG_ADD, lambda w, o: w.tag_users(100, openids=[o])),
    "untag_users": (spec.TAG_REMOVE, lambda w, o: w.untag_users(100, openids=[o])),
    "tags_of": (spec.TAGS_OF, lambda w, o: w.tags_of(o)),
    "users_of_tag": (spec.TAG_USERS, lambda w, _: w.users_of_tag(100)),
    "quota": (spec.QUOTA_GET, lambda w, _: w.quota(spec.CUSTOM_SEND.path)),
    "reset_quota": (spec.QUOTA_CLEAR, lambda w, _: w.reset_quota(spec.CUSTOM_SEND.path)),
    "reset_all_quotas": (spec.QUOTA_CLEAR_ALL, lambda w, _: w.reset_all_quotas()),
    "check_callback": (spec.CALLBACK_CHECK, lambda w, _: w.check_callback()),
    "request_of": (spec.RID_GET, lambda w, _: w.request_of("64f0a1b2-0c3d4e5f-1a2b3c4d")),
    "callback_ips": (spec.CALLBACK_IPS, lambda w, _: w.callback_ips()),
    "api_domain_ips": (spec.API_DOMAIN_IPS, lambda w, _: w.api_domain_ips()),
}

NOT_AT_FAULT = {0, 76001}  # success, and a request id that nobody gave out

PAGES_OF = {"records", "all_followers", "all_blocked", "all_users_of_tag"}
NOT_A_CALL = {
    "reach",
    "clock_offset",
    "calls_made",
    "calls_to",
    "refresh_connections",
    "rows_mended",
    "rows_skipped",
    "quarantine",
} | PAGES_OF
SECOND_CHOICE = {spec.TOKEN, spec.KF_ACCOUNT_DEL_BY_GET, spec.QUOTA_CLEAR_BY_SECRET}


class Listening(httpx.AsyncBaseTransport):
    """Passes everything on and remembers it."""

    def __init__(self, below: httpx.AsyncBaseTransport) -> None:
        self.below = below
        self.heard: list[tuple[httpx.Request, bytes]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.heard.append((request, await request.aread()))
        return await self.below.handle_async_request(request)


@pytest.fixture
async def shop() -> AsyncIterator[tuple[WeChatClient, Listening, str]]:
    world = scenario("quiet", seed=7, now=NOON)
    openid = world.add_customer().openid
    world.customer_says(openid, "在吗")
    app: Any = create_app(world, clock=SteppedClock(NOON))
    listening = Listening(httpx.ASGITransport(app))
    async with WeChatClient(
        appid=world.account.appid,
        secret=lambda: world.account.secret,
        base_url="http://simulator.test",
        transport=listening,
    ) as wechat:
        yield wechat, listening, openid


def test_every_method_of_the_library_has_an_endpoint() -> None:
    assert {name for endpoint in ENDPOINTS for name in endpoint.seed} == SEED_METHODS


def test_every_endpoint_is_named_once_and_sourced() -> None:
    assert len({endpoint.name for endpoint in ENDPOINTS}) == len(ENDPOINTS)
    assert all(endpoint.source and endpoint.path.startswith("/c") for endpoint in ENDPOINTS)
    declared = [value for value in vars(spec).values() if isinstance(value, Endpoint)]
    assert set(map(id, declared)) == set(map(id, ENDPOINTS))


def test_reads_are_repeatable_and_every_get_but_two_reads() -> None:
    assert all(endpoint.repeatable for endpoint in ENDPOINTS if endpoint.reads)
    gets = {e.name for e in ENDPOINTS if e.verb is spec.Verb.GET and not e.reads}
    assert gets == {spec.TOKEN.name, spec.KF_ACCOUNT_DEL_BY_GET.name}


def test_every_endpoint_has_a_method_and_every_method_an_endpoint() -> None:
    covered = [endpoint for endpoint, _ in CALLS.values()]
    assert {e.name for e in ENDPOINTS} - {e.name for e in covered} == {e.name for e in SECOND_CHOICE}
    public = {name for name, _ in inspect.getmembers(WeChatClient, inspect.isfunction) if name[0] != "_"}
    assert public == CALLS.keys() | NOT_A_CALL


def test_two_strings_cannot_be_confused() -> None:
    for name, method in inspect.getmembers(WeChatClient, inspect.isfunction):
        if name[0] == "_":
            continue
        strings = [
            p
            for p in inspect.signature(method).parameters.values()
            if p.annotation in (str, "str") and p.kind is not p.KEYWORD_ONLY
        ]
        assert len(strings) <= 1, name


@pytest.mark.parametrize("name", CALLS)
async def test_the_client_asks_what_the_table_says(
    shop: tuple[WeChatClient, Listening, str], name: str
) -> None:
    wechat, listening, openid = shop
    endpoint, call = CALLS[name]
    with suppress(ApiError):  # the answer is another test's business
        await call(wechat, openid)
    request, body = next(
        (request, body) for request, body in listening.heard if request.url.path == endpoint.path
    )
    assert request.method == endpoint.verb.value
    query = set(request.url.params)
    assert ("access_token" in query) == endpoint.authorised
    assert_parameters(query - {"access_token"}, endpoint.query)
    if endpoint.form:
        assert f'name="{endpoint.form}"; filename='.encode() in body
    elif endpoint.body:
        given = json.loads(body)
        # the content of a message stands under the name of its type
        assert_parameters(set(given) - {given.get("msgtype")}, endpoint.body)
        assert all(isinstance(given[p.name], p.kind) for p in endpoint.body if p.name in given)
    else:
        assert body == b""


def assert_parameters(given: set[str], wanted: tuple[spec.Param, ...]) -> None:
    """All that is required and nothing that is not listed."""
    assert {p.name for p in wanted if p.required} <= given <= {p.name for p in wanted}


def test_the_simulator_serves_the_table_and_nothing_else() -> None:
    assert SIMULATED.keys() == {endpoint.path for endpoint in ENDPOINTS}


def test_the_simulator_takes_the_verbs_of_the_table() -> None:
    taken = {(path, verb) for path, simulated in SIMULATED.items() for verb in simulated.methods}
    assert taken == {(endpoint.path, endpoint.verb.value) for endpoint in ENDPOINTS}


@pytest.mark.parametrize("name", CALLS)
async def test_no_call_is_one_that_the_simulator_cannot_read(
    shop: tuple[WeChatClient, Listening, str], name: str
) -> None:
    wechat, listening, openid = shop
    endpoint, call = CALLS[name]
    code = 0
    try:
        await call(wechat, openid)
    except ApiError as error:
        code = error.errcode
    assert code in NOT_AT_FAULT or rule_of(code).category is not Category.REQUEST
    assert sum(request.url.path == endpoint.path for request, _ in listening.heard) == 1


def test_the_gateway_keeps_the_promises_of_the_port() -> None:
    from kefu_desk.desk.ports import Gateway

    for name, promised in inspect.getmembers(Gateway, inspect.isfunction):
        if name[0] == "_":
            continue
        kept = getattr(WeChatGateway, name)
        assert inspect.signature(kept) == inspect.signature(promised), name
        assert inspect.iscoroutinefunction(kept) == inspect.iscoroutinefunction(promised), name
