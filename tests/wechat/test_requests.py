"""The exact bytes of every request: WeChat shows ASCII escapes to the customer as they are written."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kefu_desk.wechat.arguments import ArgumentError
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.letters import plain

OPENID = "oQx1aB2cD3eF4gH5iJ6kL7mN8oP9"
AGENT = "lin01@gh_1a2b3c4d5e6f"
WORDS = '你好 "😀" <a href="https://ex.test/?a=1&b=2">链接</a>\n第二行\\'
Q = f"access_token={'81_Zx0pQ-aaaaBBBBccccDDDD'}1"
HEAD = f'"kf_account":"{AGENT}"'

CALLS = [
    ("agent_accounts", {}, "GET", f"/cgi-bin/customservice/getkflist?{Q}", None),
    ("online_agents", {}, "GET", f"/cgi-bin/customservice/getonlinekflist?{Q}", None),
    (
        "add_agent",
        {"agent": AGENT, "nick": "小林"},
        "POST",
        f"/customservice/kfaccount/add?{Q}",
        f'{{{HEAD},"nickname":"小林"}}',
    ),
    (
        "rename_agent",
        {"agent": AGENT, "nick": "阿<波>&"},
        "POST",
        f"/customservice/kfaccount/update?{Q}",
        f'{{{HEAD},"nickname":"阿<波>&"}}',
    ),
    (
        "invite_agent",
        {"agent": AGENT, "wechat_id": "bo_service"},
        "POST",
        f"/customservice/kfaccount/inviteworker?{Q}",
        f'{{{HEAD},"invite_wx":"bo_service"}}',
    ),
    (
        "delete_agent",
        {"agent": AGENT},
        "POST",
        f"/customservice/kfaccount/del?kf_account={AGENT}&{Q}",
        f"{{{HEAD}}}",
    ),
    (
        "create_session",
        {"openid": OPENID, "agent": AGENT},
        "POST",
        f"/customservice/kfsession/create?{Q}",
        f'{{{HEAD},"openid":"{OPENID}"}}',
    ),
    (
        "close_session",
        {"openid": OPENID, "agent": AGENT},
        "POST",
        f"/customservice/kfsession/close?{Q}",
        f'{{{HEAD},"openid":"{OPENID}"}}',
    ),
    (
        "session_of",
        {"openid": OPENID},
        "GET",
        f"/customservice/kfsession/getsession?openid={OPENID}&{Q}",
        None,
    ),
    (
        "sessions_of",
        {"agent": AGENT},
        "GET",
        f"/customservice/kfsession/getsessionlist?kf_account={AGENT}&{Q}",
        None,
    ),
    ("waiting_cases", {}, "GET", f"/customservice/kfsession/getwaitcase?{Q}", None),
    (
        "records_page",
        {"start": 1790000000, "end": 1790003600},
        "POST",
        f"/customservice/msgrecord/getmsglist?{Q}",
        '{"starttime":1790000000,"endtime":1790003600,"msgid":1,"number":10000}',
    ),
    (
        "send_text",
        {"openid": OPENID, "text": WORDS, "agent": AGENT},
        "POST",
        f"/cgi-bin/message/custom/send?{Q}",
        (
            f'{{"touser":"{OPENID}","msgtype":"text","text":{{"content":"你好 \\"😀\\" '
            '<a href=\\"https://ex.test/?a=1&b=2\\">链接</a>\\n第二行\\\\"},'
            f'"customservice":{{{HEAD}}}}}'
        ),
    ),
    (
        "send_text",
        {"openid": OPENID, "text": "好的", "ai": True},
        "POST",
        f"/cgi-bin/message/custom/send?{Q}",
        f'{{"touser":"{OPENID}","msgtype":"text","text":{{"content":"好的"}},"aimsgcontext":{{"is_ai_msg":1}}}}',
    ),
    (
        "set_typing",
        {"openid": OPENID, "typing": True},
        "POST",
        f"/cgi-bin/message/custom/typing?{Q}",
        f'{{"touser":"{OPENID}","command":"Typing"}}',
    ),
    (
        "set_typing",
        {"openid": OPENID, "typing": False},
        "POST",
        f"/cgi-bin/message/custom/typing?{Q}",
        f'{{"touser":"{OPENID}","command":"CancelTyping"}}',
    ),
]

EVERYTHING = {
    "errcode": 0, "errmsg": "ok", "kf_list": [], "kf_online_list": [], "sessionlist": [], "waitcaselist": [],
    "count": 0, "recordlist": [], "number": 0, "msgid": 0, "kf_account": "", "createtime": 0,
}  # fmt: skip


LOOKS = {"delete_agent": ["/cgi-bin/customservice/getkflist"]}
"""What a method reads afterwards to see whether it worked."""


@pytest.mark.parametrize("golden", CALLS, ids=[f"{c[0]}-{n}" for n, c in enumerate(CALLS)])
async def test_f_h19_every_request_is_these_bytes(
    wechat: WeChatClient, script: Any, golden: tuple[Any, ...]
) -> None:
    method, arguments, verb, target, body = golden
    script.answer = lambda _: EVERYTHING
    call: Callable[..., Awaitable[object]] = getattr(wechat, method)
    await call(**arguments)
    request, *looks = script.requests
    assert [look.url.path for look in looks] == LOOKS.get(method, [])
    assert request.method == verb
    assert request.url.raw_path.decode() == target
    assert script.bodies[0] == (b"" if body is None else body.encode())
    assert request.headers.get("content-type") == (None if body is None else "application/json")
    assert request.headers.get("content-length") == (None if body is None else str(len(body.encode())))


async def test_the_token_request_is_this_json_and_carries_no_token(wechat: WeChatClient, script: Any) -> None:
    await wechat.check_token()
    assert script.tokens == [
        {
            "grant_type": "client_credential",
            "appid": "wx6d1f0c83b5a2e974",
            "secret": "5f8a1c3e7b9d2046a8c1e3f507b9d264",
            "force_refresh": False,
        }
    ]


async def test_an_avatar_goes_up_in_one_part_with_an_ascii_name_and_a_length(
    wechat: WeChatClient, script: Any
) -> None:
    await wechat.set_avatar(agent=AGENT, jpeg=b"\xff\xd8\xff\xe0jpeg\xff\xd9")
    (request,) = script.requests
    assert request.url.query.decode() == f"kf_account={AGENT}&{Q}"
    boundary = request.headers["content-type"].removeprefix("multipart/form-data; boundary=")
    assert script.bodies[0] == (
        f'--{boundary}\r\nContent-Disposition: form-data; name="media"; filename="avatar.jpg"\r\n'
        f"Content-Type: image/jpeg\r\n\r\n".encode()
        + b"\xff\xd8\xff\xe0jpeg\xff\xd9"
        + f"\r\n--{boundary}--\r\n".encode()
    )
    assert request.headers["content-length"] == str(len(script.bodies[0]))
    assert "transfer-encoding" not in request.headers


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(words=st.text(st.characters(exclude_categories=[]), max_size=60))
async def test_f_h19_any_text_goes_out_as_raw_utf8_without_escapes(
    wechat: WeChatClient, script: Any, words: str
) -> None:
    script.bodies.clear()
    if not plain(words).strip():  # nothing in it that could be shown
        with pytest.raises(ArgumentError, match="text"):
            await wechat.send_text(openid=OPENID, text=words)
        assert script.bodies == []
        return
    await wechat.send_text(openid=OPENID, text=words)
    body = script.bodies[-1]
    assert re.search(rb"(?<!\\)(\\\\)*\\u", body) is None
    sent = json.loads(body.decode("utf-8"))["text"]["content"]
    if all(" " <= c < "\x7f" or c > "\u2029" for c in words) and words.isprintable():
        assert sent == words


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(odd=st.text(st.characters(exclude_categories=[]), max_size=30))
async def test_odd_names_in_query_and_body_stay_one_parameter(
    wechat: WeChatClient, script: Any, odd: str
) -> None:
    script.requests.clear()
    script.answer = lambda _: {"sessionlist": [], "errcode": 0}
    await wechat.sessions_of(odd)
    await wechat.create_session(openid=odd, agent=odd)
    listing, creating = script.requests
    assert list(listing.url.params) == ["kf_account", "access_token"]
    assert listing.url.params["kf_account"] == odd.encode("utf-16-le", "surrogatepass").decode(
        "utf-16-le", "replace"
    )
    assert list(creating.url.params) == ["access_token"]


@pytest.mark.parametrize(
    "base", ["https://proxy.test/wx/", "https://proxy.test/wx", "http://proxy.test/wx?x=1"]
)
async def test_a_base_address_may_have_a_path(script: Any, base: str) -> None:
    from kefu_desk.wechat.client import WeChatClient

    async with WeChatClient(appid="wx", secret=lambda: "s", base_url=base, transport=script) as wechat:
        await wechat.agent_accounts()
    assert script.requests[0].url.path == "/wx/cgi-bin/customservice/getkflist"


@pytest.mark.parametrize(
    "base", ["", "api.weixin.qq.com", "ftp://x.test", "https://", "https://[", "http://a b"]
)
def test_a_base_address_that_is_none_is_refused_at_once(script: Any, base: str) -> None:
    from kefu_desk.wechat.client import WeChatClient

    with pytest.raises(ValueError, match="base address"):
        WeChatClient(appid="wx", secret=lambda: "s", base_url=base, transport=script)
