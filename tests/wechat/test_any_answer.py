"""Whatever comes back, every method gives a value or one of the client's errors."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.errors import WeChatError
from kefu_desk.wechat.letters import Text

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\xff\xd9"
O = "oQx1aB2cD3eF4gH5iJ6kL7mN8oP9"  # noqa: E741  an openid

CALLS: dict[str, dict[str, Any]] = {
    "agent_accounts": {},
    "online_agents": {},
    "sessions_of": {"agent": "a@b"},
    "session_of": {"openid": O},
    "waiting_cases": {},
    "create_session": {"openid": O, "agent": "a@b"},
    "records_page": {"start": 1, "end": 2},
    "send": {"message": Text("您好"), "openid": O},
    "set_typing": {"openid": O, "typing": True},
    "delete_agent": {"agent": "a@b"},
    "set_avatar": {"agent": "a@b", "jpeg": JPEG},
    "upload_media": {"kind": "image", "data": JPEG},
    "upload_article_image": {"data": JPEG},
    "download_media": {"media_id": "MID_1"},
    "user": {"openid": O},
    "users": {"openids": [O]},
    "set_remark": {"openid": O, "remark": "王"},
    "followers": {},
    "blocked": {},
    "all_followers": {},
    "all_blocked": {},
    "all_users_of_tag": {"tag_id": 1},
    "block": {"openids": [O]},
    "tags": {},
    "create_tag": {"name": "常客"},
    "tag_users": {"tag_id": 1, "openids": [O]},
    "tags_of": {"openid": O},
    "users_of_tag": {"tag_id": 1},
    "quota": {"path": "/cgi-bin/user/get"},
    "request_of": {"rid": "64f0"},
    "callback_ips": {},
    "check_callback": {},
}

NAMES = [
    "errcode", "errmsg", "kf_list", "kf_online_list", "sessionlist", "waitcaselist", "recordlist", "count",
    "number", "msgid", "kf_account", "openid", "time", "media_id", "created_at", "url", "video_url", "data",
    "user_info_list", "tagid_list", "total", "next_openid", "tags", "tag", "id", "name", "ip_list",
    "quota", "rate_limit", "request", "request_url", "dns", "ping", "fail_openid_list",
    "subscribe", "daily_limit",
]  # fmt: skip


@st.composite
def values(draw: st.DrawFn, depth: int = 3) -> object:
    """Any JSON value whose objects use WeChat's names."""
    kind = draw(st.integers(0, 9 if depth else 6))
    if kind < 7:
        simple = (None, True, -1, 7, "7", "\ud83d", 1e300)
        return simple[kind] if draw(st.booleans()) else draw(st.text(max_size=6) | st.integers())
    if kind == 7:
        return draw(st.lists(values(depth - 1), max_size=3))
    return {name: draw(values(depth - 1)) for name in draw(st.lists(st.sampled_from(NAMES), max_size=5))}


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    """Any bytes, any JSON, or a success with any fields."""
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return draw(st.binary(max_size=60))
    value = draw(values())
    if kind > 1 and isinstance(value, dict):
        value = {"errcode": draw(st.sampled_from([0, "0", 45171, -1])), **value}
    words = json.dumps(value, ensure_ascii=draw(st.booleans()))
    return words.encode("utf-8", draw(st.sampled_from(["replace", "surrogatepass"])))


@pytest.mark.parametrize("method", CALLS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(given_back=st.lists(answers(), min_size=1, max_size=3))
async def test_any_answer_is_a_value_or_an_error_of_ours(
    wechat: WeChatClient, script: Any, method: str, given_back: list[bytes]
) -> None:
    given_now = list(given_back)
    script.answer = lambda _: given_now.pop(0) if len(given_now) > 1 else given_now[0]
    try:
        answer = getattr(wechat, method)(**CALLS[method])
        value = [item async for item in answer] if isinstance(answer, AsyncIterator) else await answer
        repr(value)
    except WeChatError as error:
        str(error)
