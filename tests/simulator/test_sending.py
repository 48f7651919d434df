"""custom/send and typing: content, reply window, delivery exactly as sent."""

import base64
import json

import pytest

from tests.simulator.platform import Json, Platform

OK = {"errcode": 0, "errmsg": "ok"}
SEND = "/cgi-bin/message/custom/send"
TYPING = "/cgi-bin/message/custom/typing"
HOURS_48 = 48 * 3600


async def test_a_text_arrives_with_the_bytes_of_the_request(wx: Platform) -> None:
    openid = wx.customer()
    raw = json.dumps(
        {"touser": openid, "msgtype": "text", "text": {"content": '您好\n<a href="https://x">看</a> & 🦌'},
         "customservice": {"kf_account": "kf2001@luye"}}, ensure_ascii=False
    ).encode()  # fmt: skip
    assert await wx.post(SEND, raw=raw) == OK
    (delivery,) = wx.world.ledger
    assert delivery.text == '您好\n<a href="https://x">看</a> & 🦌'
    assert (delivery.openid, delivery.kf_account, delivery.time) == (openid, "kf2001@luye", wx.clock())
    (entry,) = (await wx.http.get(f"/__sim__/ledger/{openid}")).json()["ledger"]
    assert base64.b64decode(entry["body_base64"]) == raw
    assert (await wx.http.get("/__sim__/ledger/somebody")).json() == {"ledger": []}


async def test_escapes_are_shown_to_the_customer_as_they_are(wx: Platform) -> None:
    openid = wx.customer()
    content = r'"\u4f60\u003ca\u003e \\u4f60 \n \u0009 \""'
    raw = f'{{"touser":"{openid}","msgtype":"text","text":{{"content":{content}}}}}'.encode()
    assert await wx.post(SEND, raw=raw) == OK
    assert wx.world.ledger[0].text == '\\u4f60\\u003ca\\u003e \\u4f60 \n \t "'


@pytest.mark.parametrize(
    ("message", "errcode"),
    [
        ({"msgtype": "text"}, 44004),
        ({"msgtype": "text", "text": {"content": ""}}, 44004),
        ({"msgtype": "text", "text": {"content": "鹿" * 682 + "xx"}}, 0),
        ({"msgtype": "text", "text": {"content": "鹿" * 683}}, 45002),
        ({"msgtype": "link", "link": {}}, 40008),
        ({}, 40008),
        ({"msgtype": "image", "image": {"media_id": "M"}}, 0),
        ({"msgtype": "image", "image": {}}, 40007),
        ({"msgtype": "voice", "voice": {"media_id": "M"}}, 0),
        ({"msgtype": "video", "video": {"media_id": "M", "thumb_media_id": "T"}}, 0),
        ({"msgtype": "video", "video": {"media_id": "M"}}, 40007),
        ({"msgtype": "music", "music": {"musicurl": "https://x", "thumb_media_id": "T"}}, 0),
        ({"msgtype": "music", "music": {"thumb_media_id": "T"}}, 40035),
        ({"msgtype": "news", "news": {"articles": [{"title": "x"}]}}, 0),
        ({"msgtype": "news", "news": {"articles": []}}, 44003),
        ({"msgtype": "news", "news": {"articles": [{}, {}]}}, 45008),
        ({"msgtype": "mpnews", "mpnews": {"media_id": "M"}}, 0),
        ({"msgtype": "mpnewsarticle", "mpnewsarticle": {"article_id": "A"}}, 0),
        ({"msgtype": "mpnewsarticle", "mpnewsarticle": {}}, 53600),
        ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1", "content": "满意"}]}}, 0),
        ({"msgtype": "msgmenu", "msgmenu": {"list": []}}, 45098),
        ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1", "content": "满" * 22}]}}, 45099),
        ({"msgtype": "wxcard", "wxcard": {"card_id": "C"}}, 0),
        ({"msgtype": "wxcard", "wxcard": "C"}, 40035),
        ({"msgtype": "miniprogrampage",
          "miniprogrampage": {"appid": "wx0", "pagepath": "p", "thumb_media_id": "T"}}, 0),
        ({"msgtype": "miniprogrampage", "miniprogrampage": {"pagepath": "p", "thumb_media_id": "T"}}, 40166),
        ({"msgtype": "miniprogrampage", "miniprogrampage": {"appid": "wx0", "thumb_media_id": "T"}}, 40165),
    ],
)  # fmt: skip
async def test_contents(wx: Platform, message: Json, errcode: int) -> None:
    reply = await wx.post(SEND, {"touser": wx.customer(), **message})
    assert reply["errcode"] == errcode
    assert len(wx.world.ledger) == (errcode == 0)


async def test_the_order_of_refusals(wx: Platform) -> None:
    openid = wx.customer(writes="")
    customer = wx.world.customers[openid]
    customer.blacklisted, customer.minor = True, True
    bad_agent = {"customservice": {"kf_account": "x@luye"}}
    assert (await wx.say("x", "", **bad_agent))["errcode"] == 40003
    assert (await wx.say(openid, "", **bad_agent))["errcode"] == 44004
    assert (await wx.say(openid, **bad_agent))["errcode"] == 65401
    assert (await wx.say(openid))["errcode"] == 43019
    customer.blacklisted = False
    assert (await wx.say(openid))["errcode"] == 70000
    customer.minor = False
    assert (await wx.say(openid))["errcode"] == 45015
    assert wx.world.ledger == []


async def test_five_sends_for_a_message_and_failed_ones_cost_nothing(wx: Platform) -> None:
    openid = wx.customer()
    await wx.say(openid, "")
    assert [(await wx.say(openid, f"{n}"))["errcode"] for n in range(6)] == [0, 0, 0, 0, 0, 45047]
    assert [d.text for d in wx.world.ledger] == ["0", "1", "2", "3", "4"]
    wx.world.customer_says(openid, "嗯")
    wx.world.customer_says(openid, "好")  # allowances are not added up
    assert [(await wx.say(openid))["errcode"] for _ in range(6)] == [0, 0, 0, 0, 0, 45047]


async def test_the_window_closes_after_48_hours(wx: Platform) -> None:
    openid = wx.customer()
    wx.clock.step(HOURS_48 - 1)
    wx.token = wx.world.tokens.stable(wx.clock()).value
    assert await wx.say(openid) == OK
    wx.clock.step(1)
    assert (await wx.say(openid))["errcode"] == 45015
    reply = await wx.say(openid)
    assert reply["errmsg"].startswith("response out of time limit or subscription is canceled rid: ")


async def test_who_unfollows_cannot_be_answered(wx: Platform) -> None:
    openid = wx.customer()
    await wx.accept(openid)
    wx.world.unfollow(openid)
    assert openid not in wx.world.sessions
    assert (await wx.say(openid))["errcode"] == 45015
    wx.world.customers[openid].grant(wx.clock())
    assert (await wx.say(openid))["errcode"] == 45015


async def test_a_window_of_an_action_neither_adds_up_nor_shortens(wx: Platform) -> None:
    customer = wx.world.customers[wx.customer()]
    customer.sends_left = 1
    customer.grant(wx.clock(), 3, 60.0)
    assert (customer.sends_left, customer.window_ends) == (3, wx.clock() + HOURS_48)


async def test_typing(wx: Platform) -> None:
    openid = wx.customer()

    async def typing(command: str = "Typing", touser: str = openid) -> int:
        return (await wx.post(TYPING, {"touser": touser, "command": command}))["errcode"]

    assert await typing(touser="x") == 40003
    assert await typing("typing") == 45072
    assert await typing() == 0
    assert await typing() == 45081
    wx.clock.step(15)
    assert await typing() == 0
    assert await typing("CancelTyping") == 0
    assert await typing() == 0
    await wx.say(openid)  # ends it
    assert await typing() == 0
    wx.clock.step(30)
    assert await typing() == 0
    wx.clock.step(15)
    assert await typing() == 45080
    wx.clock.step(HOURS_48)
    wx.token = wx.world.tokens.stable(wx.clock()).value
    assert await typing() == 45015
    assert wx.world.customers[openid].sends_left == 4
