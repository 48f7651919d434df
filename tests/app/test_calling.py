"""`call` reaches every method of the client, in this process and over loopback."""

import inspect
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from kefu_desk.app.arguments import BadArgument, shown_moment
from kefu_desk.app.calling import LETTERS, bind, call, help_of, listing, methods
from kefu_desk.app.compose import Connection, connect, to_simulation
from kefu_desk.domain.ids import AgentId
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.errors import ApiError
from tests.app.program import Served

CUSTOMER = "oLuyeAAAAAAAAAAAAAAAAAAAAAAA"
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")

STEPS: tuple[tuple[str, tuple[str, ...], object], ...] = (
    ("agent_accounts", (), "kf2009@luye"),
    ("online_agents", (), "kf2001@luye"),
    ("add_agent", ("agent=kf2010@luye", "nick=新来的"), None),
    ("rename_agent", ("kf2010@luye", "小钱"), None),
    ("invite_agent", ("agent=kf2010@luye", "wechat_id=luye_kf10"), None),
    ("set_avatar", ("agent=kf2010@luye", "jpeg={jpeg}"), None),
    ("delete_agent", ("agent=kf2010@luye",), None),
    ("waiting_cases", (), CUSTOMER),
    ("create_session", (CUSTOMER, "kf2001@luye"), None),
    ("session_of", (f"openid={CUSTOMER}",), "kf2001@luye"),
    ("sessions_of", ("agent=kf2001@luye",), CUSTOMER),
    ("set_typing", (CUSTOMER, "typing=true"), True),
    ("send_text", (CUSTOMER, "text=您好 a=b 🙂", "agent=kf2001@luye"), "ok"),
    ("send", ("text", f"openid={CUSTOMER}", "text=第二句"), "ok"),
    ("send", ("image", CUSTOMER, "media_id=@{jpeg}"), "ok"),
    ("records_page", ("{start}", "{end}", "number=100"), CUSTOMER),
    ("records", ("start={day}", "end={day}"), CUSTOMER),
    ("close_session", (CUSTOMER, "agent=kf2001@luye"), None),
    ("upload_media", ("image", "{jpeg}"), "image"),
    ("upload_article_image", ("data={jpeg}",), "http"),
    ("download_media", ("never-uploaded",), 40007),
    ("user", (CUSTOMER,), CUSTOMER),
    ("users", (f"openids={CUSTOMER}",), CUSTOMER),
    ("set_remark", (CUSTOMER, "老客户"), None),
    ("followers", (), CUSTOMER),
    ("all_followers", (), CUSTOMER),
    ("block", (CUSTOMER,), None),
    ("blocked", (), CUSTOMER),
    ("all_blocked", (), CUSTOMER),
    ("unblock", (f"openids={CUSTOMER}",), None),
    ("create_tag", ("name=常客",), "常客"),
    ("tags", (), "常客"),
    ("rename_tag", ("{tag}", "贵宾"), None),
    ("tag_users", ("{tag}", CUSTOMER), None),
    ("tags_of", (CUSTOMER,), "{tag}"),
    ("users_of_tag", ("{tag}",), CUSTOMER),
    ("all_users_of_tag", ("tag_id={tag}",), CUSTOMER),
    ("untag_users", ("{tag}", CUSTOMER), None),
    ("delete_tag", ("{tag}",), None),
    ("quota", ("/cgi-bin/message/custom/send",), "daily_limit"),
    ("reset_quota", ("path=/cgi-bin/message/custom/send",), None),
    ("request_of", ("00000000-00000000-00000000",), 76001),
    ("callback_ips", (), "."),
    ("check_callback", ("action=dns",), "ip"),
    ("api_domain_ips", (), "."),
)


class Town:
    """One simulator and how to reach it."""

    def __init__(self, client: WeChatClient, add: Any, ledger: Any, now: Any) -> None:
        self.client, self.add, self.ledger, self.now = client, add, ledger, now


@pytest.fixture(params=["inside", "loopback"])
async def town(request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    if request.param == "inside":
        connection, simulation = to_simulation("sim://quiet", seed=1)
        world = simulation.world

        def add() -> None:
            world.add_customer(CUSTOMER)
            world.customer_says(CUSTOMER, "在吗")

        async with connect(connection) as client:
            yield Town(client, add, lambda: [d.text for d in world.ledger], lambda: world.now)
        return
    served: Served = request.getfixturevalue("served")

    def arrive() -> None:
        served.post("customers", openid=CUSTOMER)
        served.post("message", openid=CUSTOMER, text="在吗")

    loop = Connection("", served.appid, AgentId(served.agent), lambda: served.secret, served.url)
    async with connect(loop) as client:
        yield Town(
            client,
            arrive,
            lambda: [d["text"] for d in served.get("ledger")["ledger"]],
            lambda: served.get("")["now"],
        )


async def test_every_method_is_called(town: Town, tmp_path: Path) -> None:
    jpeg = tmp_path / "face.jpg"
    jpeg.write_bytes(JPEG)
    town.add()
    now = int(town.now())
    places = {
        "{jpeg}": str(jpeg),
        "{start}": str(now - 60),
        "{end}": str(now + 60),
        "{day}": shown_moment(now)[:10],
    }

    def filled(word: str) -> str:
        for place, value in places.items():
            word = word.replace(place, value)
        return word

    for method, words, expected in STEPS:
        values = bind(method, [filled(word) for word in words])
        if isinstance(expected, int) and expected > 1:
            with pytest.raises(ApiError, match=str(expected)):
                await call(town.client, method, values)
            continue
        answer = await call(town.client, method, values)
        if method == "create_tag":
            assert isinstance(answer, dict)
            places["{tag}"] = str(answer["id"])
        if isinstance(expected, str):
            assert filled(expected) in json.dumps(answer, ensure_ascii=False), method
        else:
            assert answer == expected, method
    assert town.ledger() == ["您好 a=b 🙂", "第二句", "[image]"]


def test_every_method_was_in_that_story() -> None:
    assert {method for method, _, _ in STEPS} == set(methods())


def test_every_public_call_of_the_client_is_listed() -> None:
    built = {
        name
        for name, function in inspect.getmembers(WeChatClient, callable)
        if not name.startswith("_") and name not in vars(WeChatClient)
    }
    assert set(methods()) == built


def test_the_list_tells_arguments_and_promise() -> None:
    assert methods()["records_page"].startswith("records_page START END [CURSOR] [NUMBER]\n    One page")
    assert all(len(entry.splitlines()) == 2 and entry.endswith(".") for entry in methods().values())
    told = listing().splitlines()
    assert told.index("Accounts") < told.index("Tags")
    assert any("msgmenu" in line and "Kinds of message" in line for line in told)


@pytest.mark.parametrize(
    ("method", "words", "values"),
    [
        ("send_text", ("o1", "a=b"), {"openid": "o1", "text": "a=b"}),
        ("send_text", ("text=x=y", "o1"), {"openid": "o1", "text": "x=y"}),
        ("send_text", ("o1", "t", "ai=YES"), {"openid": "o1", "text": "t", "ai": True}),
        ("set_typing", ("o1", "0"), {"openid": "o1", "typing": False}),
        ("records", ("1", "end=2"), {"start": 1, "end": 2}),
        ("records", ("2026-11-22", "2026-11-22"), {"start": 1795276800, "end": 1795363199}),
        ("records", ("2026-11-22T09:00", "2026-11-22T02:00+00:00"), {"start": 1795309200, "end": 1795312800}),
        ("users", ("o1,o2", "openids=o3 o4"), {"openids": ("o1", "o2", "o3", "o4")}),
        ("tag_users", ("2", "o1"), {"tag_id": 2, "openids": ("o1",)}),
    ],
)
def test_words_become_values(method: str, words: tuple[str, ...], values: dict[str, object]) -> None:
    assert bind(method, words) == values


@pytest.mark.parametrize(
    ("words", "body"),
    [
        (("text", "o1", "你好"), {"msgtype": "text", "text": {"content": "你好"}}),
        (("text", "text=a=b", "openid=o1"), {"msgtype": "text", "text": {"content": "a=b"}}),
        (
            ("kind=msgmenu", "o1", "head=满意吗", "items=1|满意", "items=2|不满意"),
            {
                "msgtype": "msgmenu",
                "msgmenu": {
                    "head_content": "满意吗",
                    "list": [{"id": "1", "content": "满意"}, {"id": "2", "content": "不满意"}],
                },
            },
        ),
        (
            ("news", "o1", 'articles={"title": "退货", "url": "https://ex.test/r"}'),
            {"msgtype": "news", "news": {"articles": [{"title": "退货", "url": "https://ex.test/r"}]}},
        ),
        (
            ("mpnewsarticle", "o1", "article_id=A1"),
            {"msgtype": "mpnewsarticle", "mpnewsarticle": {"article_id": "A1"}},
        ),
    ],
)
def test_messages_are_written_in_words(words: tuple[str, ...], body: dict[str, object]) -> None:
    values = bind("send", words)
    assert values["openid"] == "o1"
    assert values["message"].written({}).body() == body


def test_every_kind_of_message_tells_its_fields() -> None:
    for kind, letter in LETTERS.items():
        told = help_of("send", (kind,))
        assert all(field.name in told for field in structs.fields(letter)), kind
    assert "optional" in help_of("send", ("video",))
    assert "one of text, image" in help_of("send")
    assert not any("Raises" in help_of(method) for method in methods())


@pytest.mark.parametrize(
    ("method", "words", "argument", "told"),
    [
        ("send", (), "kind", "msgmenu"),
        ("send", ("letter", "o1"), "kind", "msgmenu"),
        ("send", ("text", "o1"), "text", "needs text"),
        ("send", ("text", "o1", "text="), "text", "empty"),
        ("send", ("text", "o1", f"text={'好' * 683}"), "text", "2048"),
        ("send", ("image", "o1", "media_id=@/nowhere/at/all"), "media_id", "file"),
        ("send", ("mpnews", "o1", "media_id=@/etc/hostname"), "media_id", "library"),
        ("send", ("msgmenu", "o1", "items=one|满意"), "items", "numeric"),
        ("send", ("msgmenu", "o1", "items=1|满意|3"), "items", "id|content"),
        ("send", ("msgmenu", "o1", "items={"), "items", "id|content"),
        ("send", ("news", "o1", "articles={}"), "articles", "title"),
        ("send", ("miniprogrampage", "o1", "appid=wx1", "path=a", "thumb_media_id=m"), "appid", "wx"),
        ("records", ("yesterday", "2026-11-22"), "start", "2026-11-22T09:00"),
        ("records", ("2026-11-22", "2026-13-01"), "end", "2026-13-01"),
        ("delete_tag", ("many",), "tag_id", "whole number"),
        ("agent_account", (), "method", "did you mean agent_accounts"),
        ("upload_media", ("image", "/nowhere/at/all"), "data", "file"),
    ],
)
def test_a_wrong_argument_is_named(method: str, words: tuple[str, ...], argument: str, told: str) -> None:
    with pytest.raises(BadArgument) as caught:
        bind(method, words)
    assert caught.value.argument == argument
    assert told in str(caught.value)


async def test_nothing_is_uploaded_for_a_message_that_is_wrong(town: Town, tmp_path: Path) -> None:
    (tmp_path / "face.jpg").write_bytes(JPEG)
    calls = town.client.calls_made()
    with pytest.raises(BadArgument, match="thumb_media_id"):
        bind("send", ("video", "o1", f"media_id=@{tmp_path / 'face.jpg'}"))
    assert town.client.calls_made() == calls


@pytest.mark.parametrize("private", ["reach", "_calls", "clock_offset", "__init__", ""])
def test_only_what_is_listed_can_be_called(private: str) -> None:
    with pytest.raises(BadArgument):
        bind(private, ())
