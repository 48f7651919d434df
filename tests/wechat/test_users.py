"""Customers and tags: the exact bytes of each call, long lists cut and put together, careless answers."""

import json
from typing import Any

import pytest

from kefu_desk.domain.failure import Effect
from kefu_desk.wechat.arguments import ArgumentError
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.customers import OpenidPage, Tag, User
from kefu_desk.wechat.errors import ApiError, BadReply, TransportError

OPENID = "oQx1aB2cD3eF4gH5iJ6kL7mN8oP9"
Q = "access_token=81_Zx0pQ-aaaaBBBBccccDDDD1"
MANY = [f"oMany{number:04d}" for number in range(250)]

CALLS: list[tuple[str, dict[str, Any], str, str, str | None]] = [
    ("user", {"openid": OPENID}, "GET", f"/cgi-bin/user/info?openid={OPENID}&lang=zh_CN&{Q}", None),
    (
        "users",
        {"openids": [OPENID, "o2"]},
        "POST",
        f"/cgi-bin/user/info/batchget?{Q}",
        f'{{"user_list":[{{"openid":"{OPENID}","lang":"zh_CN"}},{{"openid":"o2","lang":"zh_CN"}}]}}',
    ),
    (
        "set_remark",
        {"openid": OPENID, "remark": "老客户-王 & <b>"},
        "POST",
        f"/cgi-bin/user/info/updateremark?{Q}",
        f'{{"openid":"{OPENID}","remark":"老客户-王 & <b>"}}',
    ),
    ("followers", {}, "GET", f"/cgi-bin/user/get?{Q}", None),
    ("followers", {"next_openid": "o1"}, "GET", f"/cgi-bin/user/get?next_openid=o1&{Q}", None),
    ("blocked", {}, "POST", f"/cgi-bin/tags/members/getblacklist?{Q}", '{"begin_openid":""}'),
    (
        "block",
        {"openids": ["o1", "o2", "o1"]},
        "POST",
        f"/cgi-bin/tags/members/batchblacklist?{Q}",
        '{"openid_list":["o1","o2"]}',
    ),
    (
        "unblock",
        {"openids": ("o1",)},
        "POST",
        f"/cgi-bin/tags/members/batchunblacklist?{Q}",
        '{"openid_list":["o1"]}',
    ),
    ("tags", {}, "GET", f"/cgi-bin/tags/get?{Q}", None),
    ("create_tag", {"name": "常客"}, "POST", f"/cgi-bin/tags/create?{Q}", '{"tag":{"name":"常客"}}'),
    (
        "rename_tag",
        {"tag_id": 101, "name": "VIP"},
        "POST",
        f"/cgi-bin/tags/update?{Q}",
        '{"tag":{"id":101,"name":"VIP"}}',
    ),
    ("delete_tag", {"tag_id": 101}, "POST", f"/cgi-bin/tags/delete?{Q}", '{"tag":{"id":101}}'),
    (
        "tag_users",
        {"tag_id": 101, "openids": ["o1", "o2"]},
        "POST",
        f"/cgi-bin/tags/members/batchtagging?{Q}",
        '{"openid_list":["o1","o2"],"tagid":101}',
    ),
    (
        "untag_users",
        {"tag_id": 101, "openids": ["o1"]},
        "POST",
        f"/cgi-bin/tags/members/batchuntagging?{Q}",
        '{"openid_list":["o1"],"tagid":101}',
    ),
    ("tags_of", {"openid": OPENID}, "POST", f"/cgi-bin/tags/getidlist?{Q}", f'{{"openid":"{OPENID}"}}'),
    (
        "users_of_tag",
        {"tag_id": 101, "next_openid": "o1"},
        "POST",
        f"/cgi-bin/user/tag/get?{Q}",
        '{"tagid":101,"next_openid":"o1"}',
    ),
]

EVERYTHING = {
    "errcode": 0, "errmsg": "ok", "openid": OPENID, "user_info_list": [], "total": 0, "count": 0, "tags": [],
    "tag": {"id": 101, "name": "常客"}, "tagid_list": [],
}  # fmt: skip

REFUSED = [
    ("user", {"openid": ""}, "openid"),
    ("users", {"openids": []}, "openids"),
    ("users", {"openids": OPENID}, "openids"),
    ("users", {"openids": ["o1", ""]}, "openids"),
    ("set_remark", {"openid": "", "remark": "x"}, "openid"),
    ("set_remark", {"openid": OPENID, "remark": "好" * 10}, "remark"),
    ("block", {"openids": []}, "openids"),
    ("create_tag", {"name": ""}, "name"),
    ("create_tag", {"name": "好" * 10 + "a"}, "name"),
    ("rename_tag", {"tag_id": 1, "name": "\x00"}, "name"),
    ("tag_users", {"tag_id": 1, "openids": ()}, "openids"),
    ("tags_of", {"openid": ""}, "openid"),
]


@pytest.mark.parametrize("golden", CALLS, ids=[f"{c[0]}-{n}" for n, c in enumerate(CALLS)])
async def test_every_request_is_these_bytes(
    wechat: WeChatClient, script: Any, golden: tuple[Any, ...]
) -> None:
    method, arguments, verb, target, body = golden
    script.answer = lambda _: EVERYTHING
    await getattr(wechat, method)(**arguments)
    (request,) = script.requests
    assert request.method == verb
    assert request.url.raw_path.decode() == target
    assert script.bodies[0] == (b"" if body is None else body.encode())


@pytest.mark.parametrize(("method", "arguments", "field"), REFUSED)
async def test_what_wechat_would_refuse_is_not_sent(
    wechat: WeChatClient, script: Any, method: str, arguments: dict[str, Any], field: str
) -> None:
    with pytest.raises(ArgumentError) as refused:
        await getattr(wechat, method)(**arguments)
    assert refused.value.field == field
    assert script.requests == []


async def test_a_remark_may_have_29_bytes_or_none(wechat: WeChatClient, script: Any) -> None:
    await wechat.set_remark(openid=OPENID, remark="好" * 9 + "ab")
    await wechat.set_remark(openid=OPENID, remark="")
    assert [json.loads(body)["remark"] for body in script.bodies] == ["好" * 9 + "ab", ""]


FULL = (
    b'{"subscribe":1,"openid":"o1","language":"zh_CN","subscribe_time":1780000000,"remark":"\xe7\x8e\x8b",'
    b'"groupid":0,"tagid_list":[101,2],"subscribe_scene":"ADD_SCENE_QR_CODE","qr_scene":7,"qr_scene_str":"a"}'
)
CARELESS = (
    b'{"subscribe":"1","openid":"o1","language":null,"subscribe_time":"1780000000","remark":"\xe7\x8e\x8b",'
    b'"groupid":null,"tagid_list":["101",null,2,{}],"subscribe_scene":"ADD_SCENE_QR_CODE","qr_scene":"7",'
    b'"qr_scene_str":"a","errcode":"0","errmsg":"ok","new":{"x":[1]}}'
)


async def test_a_customer_is_read_however_it_was_written(wechat: WeChatClient, script: Any) -> None:
    replies = [FULL, CARELESS, b'{"subscribe":0,"openid":"o1"}', b'{"openid":"o1","remark":"\xff\x07"}']
    script.answer = lambda _: replies.pop(0)
    full, careless, gone, broken = [await wechat.user("o1") for _ in range(4)]
    for user in (full, careless):
        assert user.follows
        assert (user.remark, user.tag_ids, user.qr_scene, user.subscribe_time) == (
            "王",
            (101, 2),
            7,
            1780000000,
        )
    assert (careless.errcode, careless.errmsg) == (full.errcode, full.errmsg)
    assert not gone.follows
    assert broken.remark == "\ufffd\x07"
    for reply in (b"{}", b"[]", b'{"openid":""}'):
        script.answer = lambda _, reply=reply: reply
        with pytest.raises(BadReply):
            await wechat.user("o1")


async def test_many_customers_are_asked_in_hundreds_and_told_in_order(
    wechat: WeChatClient, script: Any
) -> None:
    gone = set(MANY[::50])

    def answer(_: Any) -> dict[str, Any]:
        asked = [row["openid"] for row in json.loads(script.bodies[-1])["user_list"]]
        rows = [{"openid": o, "subscribe": "1", "remark": None} for o in reversed(asked) if o not in gone]
        return {"user_info_list": [*rows, {"openid": None}, 7]}

    script.answer = answer
    users = await wechat.users([*MANY, MANY[3]])
    assert [user.openid for user in users.found] == [openid for openid in MANY if openid not in gone]
    assert users.missing == tuple(MANY[::50])
    assert [len(json.loads(body)["user_list"]) for body in script.bodies] == [100, 100, 50]
    assert all(isinstance(user, User) and user.follows for user in users.found)


def page(openids: list[str], total: int, cursor: str) -> dict[str, Any]:
    return {"total": total, "count": len(openids), "data": {"openid": openids}, "next_openid": cursor}


async def test_pages_are_followed_to_the_end(wechat: WeChatClient, script: Any) -> None:
    pages = {"": page(["o1", "o2"], 3, "o2"), "o2": page(["o2", "o3"], 3, "o3")}
    script.answer = lambda request: pages[request.url.params.get("next_openid", "")]
    assert [openid async for openid in wechat.all_followers()] == ["o1", "o2", "o3"]
    assert await wechat.followers("o2") == OpenidPage(("o2", "o3"), 3, "o3")


@pytest.mark.parametrize(
    "last",
    [
        {"total": 9, "count": 0, "next_openid": ""},
        {"total": 9, "count": 0, "data": {}, "next_openid": "o2"},
        {"total": "9", "count": "0", "data": None, "next_openid": None},
        {"total": 9, "count": 2, "data": {"openid": ["o1", "o2"]}, "next_openid": "o2"},
        {"total": 9, "count": 1, "data": {"openid": ["o1"]}, "next_openid": "o1"},
    ],
)
async def test_a_last_page_of_any_shape_ends_the_reading(
    wechat: WeChatClient, script: Any, last: dict[str, Any]
) -> None:
    pages = [page(["o1", "o2"], 9, "o2"), last, page(["o2"], 9, "o2")]
    script.answer = lambda _: pages.pop(0)
    assert [openid async for openid in wechat.all_blocked()] == ["o1", "o2"]


async def test_the_customers_of_a_tag_come_without_a_total(wechat: WeChatClient, script: Any) -> None:
    pages: list[dict[str, Any]] = [
        {"count": 2, "data": {"openid": ["o1", "o2"]}, "next_openid": "o2"},
        {"count": 1, "data": {"openid": ["o3"]}, "next_openid": "o3"},
        {"count": 0},
    ]
    script.answer = lambda _: pages.pop(0)
    assert [openid async for openid in wechat.all_users_of_tag(101)] == ["o1", "o2", "o3"]
    assert [json.loads(body)["next_openid"] for body in script.bodies] == ["", "o2", "o3"]


@pytest.mark.parametrize("reply", [{}, {"errcode": 0, "errmsg": "ok"}, {"next_openid": ""}])
async def test_an_answer_that_says_nothing_is_not_nobody(
    wechat: WeChatClient, script: Any, reply: dict[str, Any]
) -> None:
    script.answer = lambda _: reply
    for call in (wechat.followers, wechat.blocked, wechat.tags):
        with pytest.raises(BadReply):
            await call()


async def test_tags_are_read_however_they_were_written(wechat: WeChatClient, script: Any) -> None:
    script.answer = lambda _: {
        "tags": [{"id": 2, "name": "星标组", "count": 0}, {"id": "101", "name": None}, 5]
    }
    assert await wechat.tags() == (Tag(2, "星标组"), Tag(101))
    script.answer = lambda _: {"tag": {"id": "102", "name": "常客"}}
    assert await wechat.create_tag("常客") == Tag(102, "常客")
    script.answer = lambda _: {"tagid_list": ["101", 2]}
    assert await wechat.tags_of("o1") == (101, 2)


@pytest.mark.parametrize(
    ("method", "sizes"),
    [
        ("block", [20] * 12 + [10]),
        ("unblock", [20] * 12 + [10]),
        ("tag_users", [50] * 5),
        ("untag_users", [50] * 5),
    ],
)
async def test_changes_to_many_are_cut(
    wechat: WeChatClient, script: Any, method: str, sizes: list[int]
) -> None:
    arguments = {"tag_id": 101} if "tag" in method else {}
    await getattr(wechat, method)(openids=MANY, **arguments)
    parts = [json.loads(body)["openid_list"] for body in script.bodies]
    assert [len(part) for part in parts] == sizes
    assert [openid for part in parts for openid in part] == MANY


async def test_a_tagging_that_partly_failed_names_whom_it_did_not_reach(
    wechat: WeChatClient, script: Any
) -> None:
    replies: list[dict[str, Any]] = [
        {"errcode": 45171, "errmsg": "partly", "fail_openid_list": [MANY[7], MANY[9], 5]},
        {"errcode": 0, "errmsg": "ok"},
        {"errcode": 45171, "errmsg": "partly", "fail_openid_list": [MANY[101]]},
        {"errcode": 45171, "errmsg": "partly"},
        {"errcode": 0, "errmsg": "ok"},
    ]
    script.answer = lambda _: replies.pop(0)
    with pytest.raises(ApiError) as partly:
        await wechat.tag_users(101, openids=MANY)
    assert partly.value.left == (MANY[7], MANY[9], MANY[101], *MANY[150:200])
    assert partly.value.effect is Effect.MAYBE
    assert replies == []


async def test_a_failure_in_the_middle_names_all_that_are_left(wechat: WeChatClient, script: Any) -> None:
    replies: list[Any] = [{"errcode": 0}, {"errcode": 49003, "errmsg": "not yours"}]
    script.answer = lambda _: replies.pop(0)
    with pytest.raises(ApiError) as refused:
        await wechat.block(MANY[:60])
    assert refused.value.left == tuple(MANY[20:60])
    assert refused.value.effect is Effect.MAYBE  # of the whole: twenty are blocked
    script.answer = lambda _: {"errcode": 49003}
    with pytest.raises(ApiError) as at_once:
        await wechat.block(MANY[:60])
    assert at_once.value.left == tuple(MANY[:60])
    assert at_once.value.effect is Effect.NONE


async def test_no_change_is_repeated(wechat: WeChatClient, script: Any, waits: Any) -> None:
    script.answer = lambda _: ConnectionResetError()
    changes = [
        wechat.block(["o1"]),
        wechat.tag_users(1, openids=["o1"]),
        wechat.create_tag("a"),
        wechat.delete_tag(1),
        wechat.set_remark(openid="o1", remark="a"),
    ]
    for change in changes:
        with pytest.raises(TransportError):
            await change
    assert len(script.requests) == len(changes)
    assert waits.slept == []
