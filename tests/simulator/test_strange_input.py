"""Whatever a client sends, the platform answers like WeChat and never falls over."""

import asyncio
import json
from collections.abc import Callable

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu_desk.simulator.asgi import create_app
from kefu_desk.simulator.clock import SteppedClock
from kefu_desk.simulator.inquiry import Inquiry
from kefu_desk.simulator.media import KINDS, checked
from kefu_desk.simulator.multipart import upload
from kefu_desk.simulator.refusal import ERRMSG, Refusal
from kefu_desk.simulator.rules import ENDPOINTS
from kefu_desk.simulator.scenario import DEMO_AGENT, scenario
from tests.simulator.conftest import NOON
from tests.simulator.samples import JPEG

NAMES = [
    "touser",
    "msgtype",
    "text",
    "content",
    "image",
    "media_id",
    "news",
    "articles",
    "title",
    "url",
    "msgmenu",
    "list",
    "id",
    "kf_account",
    "nickname",
    "invite_wx",
    "openid",
    "openid_list",
    "user_list",
    "remark",
    "tag",
    "tagid",
    "name",
    "next_openid",
    "begin_openid",
    "cgi_path",
    "appid",
    "appsecret",
    "rid",
    "action",
    "command",
    "starttime",
    "endtime",
    "msgid",
    "number",
    "customservice",
    "miniprogrampage",
    "music",
    "thumb_media_id",
    "grant_type",
]
WORDS = [
    "oKnown",
    DEMO_AGENT,
    "text",
    "image",
    "news",
    "msgmenu",
    "video",
    "Typing",
    "101",
    "9" * 5000,
    "\ud83e",
]
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from(WORDS)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6)
LETTERS = st.builds(
    lambda more, kind, content: {**more, "touser": "oKnown", "msgtype": kind, kind: content},
    OBJECTS,
    st.sampled_from(["text", "image", "news", "msgmenu", "music", "miniprogrampage"]),
    VALUES | OBJECTS,
)


def refused(call: Callable[..., object], *arguments: object) -> int:
    """The errcode of a refusal, 0 for none; any other exception is a fault."""
    try:
        call(*arguments)
    except Refusal as refusal:
        return refusal.errcode
    return 0


async def ask(path: str, query: dict[str, str], body: object) -> list[httpx.Response]:
    world = scenario("quiet", seed=1, now=NOON)
    world.customer_says(world.add_customer("oKnown").openid, "在吗")
    token = world.tokens.stable(NOON).value
    transport = httpx.ASGITransport(create_app(world, clock=SteppedClock(NOON)))
    content = json.dumps(body).encode()
    async with httpx.AsyncClient(transport=transport, base_url="https://api.weixin.qq.com") as http:
        return [
            await http.request(method, path, params={**query, "access_token": token}, content=content)
            for method in ENDPOINTS[path].methods
        ]


@settings(max_examples=150, deadline=None)
@given(
    path=st.sampled_from(sorted(ENDPOINTS)),
    query=st.dictionaries(st.sampled_from(NAMES), st.sampled_from([*WORDS[:-1], ""]), max_size=2),
    body=OBJECTS | LETTERS,
)
def test_any_object_is_answered(path: str, query: dict[str, str], body: object) -> None:
    for reply in asyncio.run(ask(path, query, body)):
        assert reply.status_code == 200
        assert reply.json().get("errcode", 0) in {0, *ERRMSG}


@given(data=st.binary(), fields=st.dictionaries(st.sampled_from(["type", "x"]), st.text()), name=st.text())
def test_a_file_arrives_byte_for_byte(data: bytes, fields: dict[str, str], name: str) -> None:
    request = httpx.Request("POST", "https://x", files={"media": (f"a{name}", data)}, data=fields)
    given_back = upload(Inquiry("POST", "/", body=request.read(), headers=dict(request.headers)))
    assert given_back.data == data
    assert given_back.fields.keys() == fields.keys()


@given(st.binary(), st.text(st.characters(codec="latin-1")))
def test_any_body_is_an_upload_or_refused(body: bytes, boundary: str) -> None:
    headers = {"content-type": f"multipart/form-data; boundary={boundary}"}
    for framed in (body, b"--" + boundary.encode("latin-1") + b"\r\n" + body):
        assert refused(upload, Inquiry("POST", "/", body=framed, headers=headers)) in {0, 41005}


@given(
    st.sampled_from([b"", b"ID3", b"#!AMR\n", b"\xff\xfb", JPEG[:4], b"\x00\x00\x00\x18ftyp"]),
    st.binary(),
    st.sampled_from(sorted(KINDS)),
    st.text(),
)
def test_any_file_is_taken_or_refused(beginning: bytes, data: bytes, kind: str, name: str) -> None:
    assert refused(checked, KINDS[kind], beginning + data, name) in {0, 44001, 40005, 45007}
