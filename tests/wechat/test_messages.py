"""Every message type: the exact bytes of its request, and what is refused before anything is sent."""

import json
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kefu_desk.domain.failure import DeskError, Effect
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.wechat.arguments import ArgumentError
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.errors import ApiError, TransportError
from kefu_desk.wechat.gateway import WeChatGateway
from kefu_desk.wechat.letters import (
    Article,
    Card,
    Image,
    Letter,
    Menu,
    MenuItem,
    MiniProgram,
    MpNews,
    MpNewsArticle,
    Music,
    News,
    Text,
    Video,
    Voice,
    plain,
)

OPENID = "oQx1aB2cD3eF4gH5iJ6kL7mN8oP9"
AGENT = "lin01@gh_1a2b3c4d5e6f"
APPID = "wx0123456789abcdef"
PAGE = "https://ex.test/r?a=1&b=<2>"

GOLDEN = {
    Text('您好，<a href="https://ex.test">x</a>\n🙂'): (
        '"msgtype":"text","text":{"content":"您好，<a href=\\"https://ex.test\\">x</a>\\n🙂"}'
    ),
    Image("MID_i1"): '"msgtype":"image","image":{"media_id":"MID_i1"}',
    Voice("MID_a1"): '"msgtype":"voice","voice":{"media_id":"MID_a1"}',
    Video(media_id="MID_v1", thumb_media_id="MID_t1", title="开箱", description="第一步"): (
        '"msgtype":"video","video":{"media_id":"MID_v1","thumb_media_id":"MID_t1","title":"开箱",'
        '"description":"第一步"}'
    ),
    Video(media_id="MID_v1", thumb_media_id="MID_t1"): (
        '"msgtype":"video","video":{"media_id":"MID_v1","thumb_media_id":"MID_t1"}'
    ),
    Music(
        title="雨声",
        description="放松",
        url="https://ex.test/a.mp3",
        hq_url="https://ex.test/b.mp3",
        thumb_media_id="MID_t1",
    ): (
        '"msgtype":"music","music":{"title":"雨声","description":"放松","musicurl":"https://ex.test/a.mp3",'
        '"hqmusicurl":"https://ex.test/b.mp3","thumb_media_id":"MID_t1"}'
    ),
    News((Article(title="退货说明", description="七天内", url=PAGE, picture_url="https://ex.test/r.jpg"),)): (
        '"msgtype":"news","news":{"articles":[{"title":"退货说明","description":"七天内",'
        f'"url":"{PAGE}","picurl":"https://ex.test/r.jpg"}}]}}'
    ),
    MpNews("MID_n1"): '"msgtype":"mpnews","mpnews":{"media_id":"MID_n1"}',
    MpNewsArticle("ARTICLE_1"): '"msgtype":"mpnewsarticle","mpnewsarticle":{"article_id":"ARTICLE_1"}',
    Menu(head="满意吗？", items=(MenuItem("101", "满意"), MenuItem("102", "不满意")), tail="感谢"): (
        '"msgtype":"msgmenu","msgmenu":{"head_content":"满意吗？","list":[{"id":"101","content":"满意"},'
        '{"id":"102","content":"不满意"}],"tail_content":"感谢"}'
    ),
    Card(card_id="CARD_1"): '"msgtype":"wxcard","wxcard":{"card_id":"CARD_1"}',
    Card(card_id="CARD_1", card_ext='{"code":"1"}'): (
        '"msgtype":"wxcard","wxcard":{"card_id":"CARD_1","card_ext":"{\\"code\\":\\"1\\"}"}'
    ),
    MiniProgram(title="订单", appid=APPID, path="pages/order?id=7", thumb_media_id="MID_t1"): (
        f'"msgtype":"miniprogrampage","miniprogrampage":{{"title":"订单","appid":"{APPID}",'
        '"pagepath":"pages/order?id=7","thumb_media_id":"MID_t1"}'
    ),
}

REFUSED: list[tuple[str, Any]] = [
    ("text", lambda: Text("")),
    ("text", lambda: Text(" \n\t")),
    ("text", lambda: Text("\x00\x07")),
    ("text", lambda: Text("好" * 683)),
    ("text", lambda: Text("a" * 2046 + "\ud83d")),
    ("media_id", lambda: Image("")),
    ("media_id", lambda: Voice(" ")),
    ("media_id", lambda: MpNews("")),
    ("media_id", lambda: Video(media_id="", thumb_media_id="t")),
    ("thumb_media_id", lambda: Video(media_id="v", thumb_media_id="")),
    ("thumb_media_id", lambda: Music(url="https://ex.test", thumb_media_id="")),
    ("url", lambda: Music(url="", thumb_media_id="t")),
    ("hq_url", lambda: Music(url="https://ex.test", hq_url="ex.test", thumb_media_id="t")),
    ("article_id", lambda: MpNewsArticle("")),
    ("articles", lambda: News(())),
    ("articles", lambda: News((Article(title="a", url=PAGE),) * 2)),
    ("title", lambda: Article(title="", url=PAGE)),
    ("url", lambda: Article(title="a", url="ftp://ex.test")),
    ("url", lambda: Article(title="a", url="https://[")),
    ("picture_url", lambda: Article(title="a", url=PAGE, picture_url="https://ex.test/?access_token=81_x")),
    ("items", lambda: Menu(items=())),
    ("items", lambda: Menu(items=(MenuItem("1", "好"), MenuItem("1", "坏")))),
    ("items", lambda: MenuItem("a1", "好")),
    ("items", lambda: MenuItem("１", "好")),
    ("items", lambda: MenuItem("1", "")),
    ("card_id", lambda: Card(card_id="")),
    ("appid", lambda: MiniProgram(appid="wx0123456789ABCDEF", path="p", thumb_media_id="t")),
    ("appid", lambda: MiniProgram(appid="wx012345", path="p", thumb_media_id="t")),
    ("path", lambda: MiniProgram(appid=APPID, path="", thumb_media_id="t")),
    ("thumb_media_id", lambda: MiniProgram(appid=APPID, path="p", thumb_media_id="")),
]


@pytest.mark.parametrize("letter", GOLDEN, ids=[type(letter).__name__ for letter in GOLDEN])
@pytest.mark.parametrize(
    ("more", "tail"),
    [
        ({}, ""),
        ({"agent": AGENT}, f',"customservice":{{"kf_account":"{AGENT}"}}'),
        (
            {"agent": AGENT, "ai": True},
            f',"customservice":{{"kf_account":"{AGENT}"}},"aimsgcontext":{{"is_ai_msg":1}}',
        ),
    ],
    ids=["account", "agent", "generated"],
)
async def test_every_message_is_these_bytes(
    wechat: WeChatClient, script: Any, letter: Any, more: dict[str, Any], tail: str
) -> None:
    await wechat.send(letter, openid=OPENID, **more)
    assert script.bodies == [f'{{"touser":"{OPENID}",{GOLDEN[letter]}{tail}}}'.encode()]
    (request,) = script.requests
    assert request.url.path == "/cgi-bin/message/custom/send"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["content-length"] == str(len(script.bodies[0]))


def test_no_message_type_is_left_out() -> None:
    assert {type(letter) for letter in GOLDEN} == set(get_args(Letter))


@pytest.mark.parametrize("letter", GOLDEN, ids=[type(letter).__name__ for letter in GOLDEN])
def test_a_message_is_read_back_from_its_wire_form(letter: Any) -> None:
    body = letter.body()
    kind = body["msgtype"]
    assert msgspec.convert({"msgtype": kind, **body[kind]}, Letter) == letter


@pytest.mark.parametrize(("field", "make"), REFUSED, ids=[f"{r[0]}-{n}" for n, r in enumerate(REFUSED)])
def test_a_message_that_wechat_would_refuse_cannot_be_made(field: str, make: Any) -> None:
    with pytest.raises(ArgumentError) as refused:
        make()
    assert refused.value.field == field
    assert str(refused.value) == f"{field} {refused.value.problem}"


def test_a_text_may_be_exactly_as_long_as_wechat_takes() -> None:
    assert Text("好" * 682 + "ab").body()["text"] == {"content": "好" * 682 + "ab"}
    assert Text("a" * 2048 + "\x07")  # what is not sent does not count


async def test_nobody_is_no_customer(wechat: WeChatClient, script: Any) -> None:
    with pytest.raises(ArgumentError, match="openid"):
        await wechat.send(Text("您好"), openid="")
    assert script.requests == []


async def test_the_reply_is_kept_as_it_came(wechat: WeChatClient, script: Any) -> None:
    raw = b'{"errcode":"0","errmsg":"ok \xff","new":[1], "(raw)":"x"}'
    script.answer = lambda _: raw
    assert (await wechat.send(Text("您好"), openid=OPENID)).raw == raw
    script.answer = lambda _: b'{"errcode":0,"errmsg":"ok"}'
    assert (await wechat.send_text(openid=OPENID, text="您好")).raw == b'{"errcode":0,"errmsg":"ok"}'


@pytest.mark.parametrize("letter", [Text("您好"), Image("MID_i1")], ids=["text", "image"])
async def test_no_message_is_sent_twice(wechat: WeChatClient, script: Any, waits: Any, letter: Any) -> None:
    script.answer = lambda _: ConnectionResetError()
    with pytest.raises(TransportError) as lost:
        await wechat.send(letter, openid=OPENID)
    assert lost.value.effect is Effect.MAYBE
    script.answer = lambda _: {"errcode": -1, "errmsg": "system error"}
    with pytest.raises(ApiError) as busy:
        await wechat.send(letter, openid=OPENID)
    assert busy.value.effect is Effect.MAYBE
    assert len(script.requests) == 2
    assert waits.slept == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(words=st.text(st.characters(exclude_categories=[]), min_size=1, max_size=40))
async def test_any_words_in_any_field_can_be_encoded(wechat: WeChatClient, script: Any, words: str) -> None:
    script.bodies.clear()
    menu = Menu(head=words, items=(MenuItem("1", f"x{words}"),), tail=words)
    await wechat.send(menu, openid=OPENID, agent=words)
    sent = json.loads(script.bodies[0].decode("utf-8"))["msgmenu"]
    assert sent["list"] == [{"id": "1", "content": plain(f"x{words}")}]
    assert b"\\u" not in script.bodies[0].replace(b"\\\\", b"").split(b'"customservice"')[0]


@pytest.mark.parametrize("words", ["", "\x00", "好" * 700])
async def test_the_desk_is_told_in_words_what_cannot_be_sent(
    wechat: WeChatClient, script: Any, words: str
) -> None:
    with pytest.raises(DeskError) as refused:
        await WeChatGateway(wechat).send_text(OpenId(OPENID), words, AgentId(AGENT))
    assert refused.value.failure.effect is Effect.NONE
    assert script.requests == []
