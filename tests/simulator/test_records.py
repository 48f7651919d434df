"""getmsglist: what becomes a record, pages, and the limits of a query."""

import pytest

from tests.simulator.platform import Json, Platform

NOW = 1_790_000_000
EMPTY = {"recordlist": [], "number": 0, "msgid": 0}


async def test_what_becomes_a_record(wx: Platform) -> None:
    openid = wx.customer(writes="排队时说的")
    await wx.say(openid, "会话之前")
    await wx.accept(openid)
    wx.world.customer_says(openid, "订单还没到")
    wx.world.customer_says(openid, "", kind="image")
    wx.clock.step(3)
    await wx.say(openid, "马上查", customservice={"kf_account": "kf2001@luye"})
    await wx.say(openid, "请稍等")
    reply = await wx.records(NOW, NOW + 3)
    mine = {"openid": openid, "worker": "kf2001@luye"}
    assert reply["recordlist"] == [
        mine | {"opercode": 2003, "text": "订单还没到", "time": NOW},
        mine | {"opercode": 2003, "text": "[image]", "time": NOW},
        mine | {"opercode": 2002, "text": "马上查", "time": NOW + 3},
        mine | {"opercode": 2002, "text": "请稍等", "time": NOW + 3},
    ]
    assert reply["number"] == 4
    assert [p.text for p in wx.world.pushes if p.kind == "text"] == ["排队时说的"]
    assert len(wx.world.ledger) == 3


@pytest.mark.parametrize(("value", "texts"), [("always", ["a", "b"]), ("never", [])])
async def test_a_switch_says_whether_api_sends_are_records(
    wx: Platform, value: str, texts: list[str]
) -> None:
    wx.world.chaos.set("records_api_sends", value)
    openid = wx.customer()
    await wx.say(openid, "a")
    await wx.accept(openid)
    await wx.say(openid, "b")
    assert [r["text"] for r in (await wx.records(NOW, NOW))["recordlist"]] == texts


@pytest.fixture
async def talk(wx: Platform) -> str:
    """Ten records, two in each second."""
    openid = wx.customer()
    await wx.accept(openid)
    for number in range(10):
        wx.world.customer_says(openid, f"{number}")
        wx.clock.step(number % 2)
        wx.world.advance(wx.clock())
    return openid


async def test_the_cursor_is_the_last_id_already_read(wx: Platform, talk: str) -> None:
    texts, cursor, sizes = [], 1, []
    while True:
        page = await wx.records(NOW, NOW + 10, cursor, 4)
        texts += [r["text"] for r in page["recordlist"]]
        sizes.append(page["number"])
        if page["number"] < 4:
            break
        cursor = page["msgid"]
    assert texts == [str(n) for n in range(10)]
    assert sizes == [4, 4, 2]
    assert await wx.records(NOW, NOW + 10, page["msgid"]) == EMPTY


async def test_an_inclusive_cursor_repeats_one_record(wx: Platform, talk: str) -> None:
    wx.world.chaos.set("cursor", "inclusive")
    first = await wx.records(NOW, NOW + 10, 1, 4)
    second = await wx.records(NOW, NOW + 10, first["msgid"], 4)
    assert second["recordlist"][0] == first["recordlist"][-1]


async def test_both_ends_of_the_range_count(wx: Platform, talk: str) -> None:
    assert [r["text"] for r in (await wx.records(NOW + 1, NOW + 2))["recordlist"]] == ["2", "3", "4", "5"]
    assert await wx.records(NOW - 60, NOW - 1) == EMPTY
    assert await wx.records(NOW + 100, NOW + 200) == EMPTY


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"starttime": None}, 65416),
        ({"starttime": str(NOW)}, 65416),
        ({"starttime": NOW * 1000, "endtime": NOW * 1000}, 65416),
        ({"endtime": NOW - 1}, 65416),
        ({"number": 0}, 65416),
        ({"number": 10_001}, 65416),
        ({"msgid": -1}, 65416),
        ({"number": True}, 65416),
        ({"endtime": NOW + 86401}, 65417),
    ],
)
async def test_refused_queries(wx: Platform, change: Json, errcode: int) -> None:
    body = {"starttime": NOW, "endtime": NOW + 86400, "msgid": 1, "number": 10_000}
    path = "/customservice/msgrecord/getmsglist"
    assert await wx.post(path, body) == EMPTY
    assert (await wx.post(path, body | change))["errcode"] == errcode


async def test_records_are_kept_for_a_year(wx: Platform) -> None:
    openid = wx.customer()
    await wx.accept(openid)
    wx.world.customer_says(openid, "很久以前")
    wx.clock.step(365 * 86400)
    wx.token = wx.world.tokens.stable(wx.clock()).value
    assert (await wx.records(NOW, NOW + 1))["number"] == 1
    wx.clock.step(1)
    assert await wx.records(NOW, NOW + 1) == EMPTY
