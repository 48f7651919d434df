"""custom/send and typing: content, reply window, delivery exactly as sent."""

import base64
import json

import pytest

from kefu_desk.simulator import gestures
from tests.simulator.platform import Json, Platform
from tests.simulator.samples import AMR, JPEG, MP4

OK = {"errcode": 0, "errmsg": "ok"}
SEND = "/cgi-bin/message/custom/send"
TYPING = "/cgi-bin/message/custom/typing"
HOURS_48 = 48 * 3600
LINKED = "wx0123456789abcdef"
MINI_LINK = '<a href="https://x" data-miniprogram-{} data-miniprogram-{}>看</a>'


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
        ({"msgtype": "image", "image": {"media_id": "IMAGE"}}, 0),
        ({"msgtype": "image", "image": {"media_id": "THUMB"}}, 40007),
        ({"msgtype": "image", "image": {"media_id": "unknown"}}, 40007),
        ({"msgtype": "image", "image": {}}, 40007),
        ({"msgtype": "voice", "voice": {"media_id": "VOICE"}}, 0),
        ({"msgtype": "voice", "voice": {"media_id": "IMAGE"}}, 40007),
        ({"msgtype": "video", "video": {"media_id": "VIDEO", "thumb_media_id": "THUMB"}}, 0),
        ({"msgtype": "video", "video": {"media_id": "VIDEO", "thumb_media_id": "IMAGE"}}, 0),
        ({"msgtype": "video", "video": {"media_id": "VIDEO"}}, 0),  # as wechatpy sends it
        ({"msgtype": "video", "video": {"media_id": "VIDEO", "thumb_media_id": ""}}, 40007),
        ({"msgtype": "video", "video": {"media_id": "VIDEO", "thumb_media_id": "VOICE"}}, 40007),
        ({"msgtype": "video", "video": {"media_id": "VIDEO", "title": "x" * 513}}, 45003),
        ({"msgtype": "music", "music": {"musicurl": "https://x", "thumb_media_id": "THUMB"}}, 0),
        ({"msgtype": "music", "music": {"thumb_media_id": "THUMB"}}, 40035),
        ({"msgtype": "music", "music": {"musicurl": "https://x"}}, 40007),
        ({"msgtype": "music",
          "music": {"musicurl": "https://x", "thumb_media_id": "THUMB", "hqmusicurl": "h" * 2049}}, 45005),
        ({"msgtype": "news", "news": {"articles": [{"title": "x"}]}}, 0),
        ({"msgtype": "news", "news": {"articles": []}}, 44003),
        ({"msgtype": "news", "news": {"articles": [{}, {}]}}, 45008),
        ({"msgtype": "news", "news": {"articles": [{"title": "鹿" * 171}]}}, 45003),
        ({"msgtype": "news", "news": {"articles": [{"description": "x" * 1025}]}}, 45004),
        ({"msgtype": "news", "news": {"articles": [{"url": "x" * 2049}]}}, 45005),
        ({"msgtype": "news", "news": {"articles": [{"picurl": "x" * 2049}]}}, 45006),
        ({"msgtype": "news", "news": {"articles": [{"title": 7}]}}, 40035),
        ({"msgtype": "mpnews", "mpnews": {"media_id": "M"}}, 0),
        ({"msgtype": "mpnews", "mpnews": {"media_id": "IMAGE"}}, 40007),
        ({"msgtype": "mpnews", "mpnews": {}}, 40007),
        ({"msgtype": "mpnewsarticle", "mpnewsarticle": {"article_id": "A"}}, 0),
        ({"msgtype": "mpnewsarticle", "mpnewsarticle": {}}, 53600),
        ({"msgtype": "mpnewsarticle", "mpnewsarticle": {"article_id": "两个 字"}}, 53600),
        ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1", "content": "满意"}]}}, 0),
        ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": 1, "content": "满意"}]}}, 0),
        ({"msgtype": "msgmenu", "msgmenu": {"list": []}}, 45098),
        ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1", "content": "是"}] * 11}}, 45098),
        ({"msgtype": "msgmenu", "msgmenu": {"head_content": "x" * 2049,
                                            "list": [{"id": "1", "content": "是"}]}}, 45002),
        ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1", "content": "满" * 22}]}}, 45099),
        ({"msgtype": "wxcard", "wxcard": {"card_id": "C"}}, 0),
        ({"msgtype": "wxcard", "wxcard": "C"}, 40035),
        ({"msgtype": "miniprogrampage",
          "miniprogrampage": {"appid": LINKED, "pagepath": "p", "thumb_media_id": "THUMB"}}, 0),
        ({"msgtype": "miniprogrampage",
          "miniprogrampage": {"appid": "wx0123456789abcdee", "pagepath": "p"}}, 40168),
        ({"msgtype": "miniprogrampage",
          "miniprogrampage": {"appid": "wx0", "pagepath": "p", "thumb_media_id": "THUMB"}}, 40166),
        ({"msgtype": "miniprogrampage", "miniprogrampage": {"pagepath": "p"}}, 40166),
        ({"msgtype": "miniprogrampage", "miniprogrampage": {"appid": LINKED}}, 40165),
        ({"msgtype": "miniprogrampage", "miniprogrampage": {"appid": LINKED, "pagepath": "p"}}, 40007),
        ({"msgtype": "text", "text": {"content": MINI_LINK.format(f'appid="{LINKED}"', 'path="a/b"')}}, 0),
        ({"msgtype": "text", "text": {"content": MINI_LINK.format(f"appid='{LINKED}'", "path='a/b'")}}, 0),
        ({"msgtype": "text", "text": {"content": MINI_LINK.format('appid="wx0"', 'path="a/b"')}}, 45086),
        ({"msgtype": "text",
          "text": {"content": MINI_LINK.format('appid="wx0123456789abcdee"', 'path="a/b"')}}, 45086),
        ({"msgtype": "text", "text": {"content": MINI_LINK.format(f'appid="{LINKED}"', "nothing")}}, 45086),
        ({"msgtype": "text", "text": {"content": "x"}, "aimsgcontext": {"is_ai_msg": 1}}, 0),
    ],
)  # fmt: skip
async def test_contents(wx: Platform, message: Json, errcode: int) -> None:
    wx.world.account.linked_apps = frozenset({LINKED})
    raw = json.dumps({"touser": wx.customer(), **message}, ensure_ascii=False)
    for kind, data in {"image": JPEG, "thumb": JPEG, "voice": AMR, "video": MP4}.items():
        reply = await wx.upload(kind, data)
        raw = raw.replace(f'"{kind.upper()}"', f'"{reply.get("media_id") or reply["thumb_media_id"]}"')
    reply = await wx.post(SEND, raw=raw.encode())
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


async def test_an_account_or_a_customer_that_may_not(wx: Platform) -> None:
    openid = wx.customer()
    menu = {"msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1", "content": "满意"}]}}
    wx.world.account.verified = False
    assert (await wx.say(openid, **menu))["errcode"] == 40200
    assert (await wx.post(TYPING, {"touser": openid, "command": "Typing"}))["errcode"] == 40200
    assert await wx.say(openid) == OK
    wx.world.account.punishment = 45087
    assert (await wx.say(openid))["errcode"] == 45087
    wx.world.account.punishment = 0
    wx.world.customers[openid].refusal = 48002
    assert (await wx.say(openid))["errcode"] == 48002
    assert len(wx.world.ledger) == 1


@pytest.mark.parametrize("action", ["follow", "click", "scan", "scancode_push", "menu message"])
async def test_an_action_allows_three_messages_in_a_minute(wx: Platform, action: str) -> None:
    openid = wx.customer(writes="")
    act = {
        "follow": lambda: gestures.follow(wx.world, openid),
        "click": lambda: gestures.click(wx.world, openid, "ORDERS"),
        "scan": lambda: gestures.scan(wx.world, openid, "7"),
        "scancode_push": lambda: gestures.click(wx.world, openid, event="scancode_push"),
        "menu message": lambda: gestures.choose(wx.world, openid, "101", "满意"),
    }[action]
    act()
    assert [(await wx.say(openid))["errcode"] for _ in range(4)] == [0, 0, 0, 45047]
    act()
    wx.clock.step(60)
    assert (await wx.say(openid))["errcode"] == 45015


async def test_what_allows_nothing(wx: Platform) -> None:
    openid = wx.customer(writes="")
    gestures.click(wx.world, openid, "https://x", event="VIEW")
    gestures.pay(wx.world, openid)
    assert (await wx.say(openid))["errcode"] == 45015
    wx.world.chaos.set("payment_trigger", "on")
    gestures.pay(wx.world, openid)
    wx.clock.step(3600)
    assert [(await wx.say(openid))["errcode"] for _ in range(6)] == [0, 0, 0, 0, 0, 45047]


async def test_the_shops_server_hears_of_actions(wx: Platform) -> None:
    openid = wx.customer(writes="")
    gestures.click(wx.world, openid, "ORDERS")
    gestures.scan(wx.world, openid, "shop")
    wx.world.unfollow(openid)
    gestures.scan(wx.world, openid, "7")
    gestures.choose(wx.world, openid, "101", "满意")
    gestures.choose(wx.world, openid, "yes", "不满意")
    assert [(p.kind, p.text, p.key) for p in wx.world.pushes] == [
        ("CLICK", "", "ORDERS"), ("SCAN", "", "shop"), ("unsubscribe", "", ""),
        ("subscribe", "", "qrscene_7"), ("text", "满意", "101"), ("text", "不满意", "0"),
    ]  # fmt: skip
    customer = wx.world.customers[openid]
    assert (customer.subscribe_scene, customer.qr_scene) == ("ADD_SCENE_QR_CODE", 7)


async def test_a_tap_on_a_menu_message_may_count_as_a_message(wx: Platform) -> None:
    wx.world.chaos.set("msgmenu_click_trigger", "message")
    openid = wx.customer(writes="")
    gestures.choose(wx.world, openid, "101", "满意")
    wx.clock.step(3600)
    assert [(await wx.say(openid))["errcode"] for _ in range(6)] == [0, 0, 0, 0, 0, 45047]


async def test_the_earlier_allowance_of_20(wx: Platform) -> None:
    wx.world.chaos.set("allowance", "20")
    openid = wx.customer()
    codes = [(await wx.say(openid))["errcode"] for _ in range(21)]
    assert codes == [0] * 20 + [45047]


@pytest.mark.parametrize(("window", "most", "later"), [("max", 5, 45047), ("buckets", 8, 0)])
async def test_two_windows_are_one_or_separate(wx: Platform, window: str, most: int, later: int) -> None:
    wx.world.chaos.set("window", window)
    openid = wx.customer()
    gestures.click(wx.world, openid)
    assert [(await wx.say(openid))["errcode"] for _ in range(most + 1)] == [0] * most + [45047]
    wx.world.customer_says(openid, "在吗")
    gestures.click(wx.world, openid)
    codes = [(await wx.say(openid))["errcode"] for _ in range(3)]  # the window that ends first pays
    wx.clock.step(60)
    codes += [(await wx.say(openid))["errcode"] for _ in range(5)]
    assert codes == [0, 0, 0, 0, 0, later, later, later]
    assert (await wx.say(openid))["errcode"] == 45047


async def test_separate_windows_end_separately(wx: Platform) -> None:
    wx.world.chaos.set("window", "buckets")
    openid = wx.customer(writes="")
    gestures.click(wx.world, openid)
    assert await wx.say(openid) == OK
    wx.clock.step(60)
    assert (await wx.say(openid))["errcode"] == 45015


async def test_each_type_costs_one_send_and_is_a_record_in_a_session(wx: Platform) -> None:
    openid = wx.customer()
    await wx.accept(openid)
    media_id = (await wx.upload("image", JPEG))["media_id"]
    for message in (
        {"msgtype": "image", "image": {"media_id": media_id}},
        {"msgtype": "news", "news": {"articles": [{"title": "x"}]}},
    ):
        assert await wx.post(SEND, {"touser": openid, **message}) == OK
    assert wx.world.customers[openid].sends_left == 3
    assert [r.text for r in wx.world.records.all] == ["[image]", "[news]"]


async def test_files_die_after_three_days(wx: Platform) -> None:
    openid = wx.customer()
    media_id = (await wx.upload("image", JPEG))["media_id"]
    wx.clock.step(3 * 86400)
    wx.token = wx.world.tokens.stable(wx.clock()).value
    wx.world.advance(wx.clock())
    wx.world.customer_says(openid, "图呢")
    image = {"msgtype": "image", "image": {"media_id": media_id}}
    assert (await wx.post(SEND, {"touser": openid, **image}))["errcode"] == 40007


@pytest.mark.parametrize("window", ["max", "buckets"])
async def test_who_unfollows_takes_every_window_along(wx: Platform, window: str) -> None:
    wx.world.chaos.set("window", window)
    openid = wx.customer()
    wx.world.unfollow(openid)
    gestures.follow(wx.world, openid)
    assert [(await wx.say(openid))["errcode"] for _ in range(4)] == [0, 0, 0, 45047]
