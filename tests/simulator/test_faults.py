"""Faults: effect (whether the platform acts) times reply (what the caller gets), over ASGI."""

import zlib

import httpx
import pytest

from kefu_desk.simulator.asgi import ConnectionDropped
from tests.simulator.platform import Platform

WAITING = "/customservice/kfsession/getwaitcase"
SEND = "/cgi-bin/message/custom/send"

EFFECTS = {"before": 1, "after": 0, "never": 0, "unseen": 0, "delayed:30": 0}
OK = {"errcode": 0, "errmsg": "ok"}


async def post(wx: Platform, openid: str) -> httpx.Response:
    body = {"touser": openid, "msgtype": "text", "text": {"content": "您好"}}
    return await wx.http.post(SEND, params={"access_token": wx.token}, json=body)


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("reply", ["ok", "-1", "html", "reset", "closed", "cut:4", "slow:9"])
async def test_effect_and_reply_are_two_things(wx: Platform, effect: str, reply: str) -> None:
    openid = wx.customer()
    wx.world.chaos.set("effect", effect, paths="custom/send", times=1)
    wx.world.chaos.set("reply", reply, paths="custom/send", times=1)
    if reply in {"reset", "closed", "cut:4"}:
        with pytest.raises(ConnectionDropped):
            await post(wx, openid)
    else:
        content = (await post(wx, openid)).content
        begins = {"html": b"<html>", "-1": b'{"errcode":-1,'}.get(reply, b'{"errcode":0,"errmsg":"ok"}')
        assert content.startswith(begins)
    assert len(wx.world.ledger) == EFFECTS[effect]
    assert wx.world.chaos.settings() == []
    assert (await post(wx, openid)).json() == OK
    assert len(wx.world.ledger) == EFFECTS[effect] + 1 + (effect == "after")


async def test_after_acts_when_it_has_answered_and_counts_once(wx: Platform) -> None:
    openid = wx.customer()
    wx.world.chaos.set("effect", "after", times=2)
    assert (await post(wx, openid)).json() == OK
    assert (wx.world.ledger, wx.world.quota.used[SEND]) == ([], 1)
    wx.world.advance(wx.clock())
    assert (len(wx.world.ledger), wx.world.quota.used[SEND]) == (1, 1)
    wx.world.unfollow(openid)
    assert (await post(wx, openid)).json()["errcode"] == 0
    wx.world.advance(wx.clock())
    assert (len(wx.world.ledger), wx.world.calls[-1].errcode) == (1, 45015)


async def test_unseen_leaves_no_trace_and_never_counts_the_call(wx: Platform) -> None:
    openid = wx.customer()
    spent = wx.world.quota.used.get(SEND, 0)
    wx.world.chaos.set("effect", "unseen", times=1)
    await post(wx, openid)
    assert wx.world.quota.used.get(SEND, 0) == spent
    wx.world.chaos.set("effect", "never", times=2)
    await post(wx, openid)
    assert wx.world.quota.used[SEND] == spent + 1
    wx.token = ""
    assert (await post(wx, openid)).json()["errcode"] == 41001  # the checks are made
    assert wx.world.ledger == []


async def test_a_zombie_arrives_at_its_time(wx: Platform) -> None:
    openid = wx.customer()
    wx.world.chaos.set("effect", "delayed:300.5", times=1)
    wx.world.chaos.set("reply", "timeout", times=1)
    with pytest.raises(ConnectionDropped):
        await post(wx, openid)
    assert wx.slept == [3600.0]
    wx.clock.step(300)
    wx.world.advance(wx.clock())
    assert wx.world.ledger == []
    wx.clock.step(1)
    wx.world.advance(wx.clock())
    assert [d.time - 300.5 for d in wx.world.ledger] == [1_790_000_000.0]
    assert [(c.errcode, c.outcome) for c in wx.world.calls] == [(None, "delayed:300.5 timeout"), (0, "late")]


async def test_a_zombie_meets_the_rules_of_its_own_time(wx: Platform) -> None:
    openid = wx.customer()
    wx.world.chaos.set("effect", "delayed:60", times=1)
    assert (await post(wx, openid)).json() == OK
    wx.world.unfollow(openid)
    wx.clock.step(60)
    wx.world.advance(wx.clock())
    assert wx.world.ledger == []
    assert (wx.world.calls[-1].errcode, wx.world.calls[-1].outcome) == (45015, "late")


@pytest.mark.parametrize(
    ("value", "delivered"),
    [("-1_before", 0), ("-1_after", 1), ("reset_before", 0), ("reset_after", 1), ("slow", 1)],
)
@pytest.mark.parametrize("switch", ["fault", "transport"])
async def test_the_old_words_are_names_of_combinations(
    wx: Platform, switch: str, value: str, delivered: int
) -> None:
    if (switch, value) == ("fault", "slow"):
        with pytest.raises(ValueError, match="unknown value"):
            wx.world.chaos.set(switch, value)
        return
    wx.world.chaos.set(switch, value, times=1)
    openid = wx.customer()
    if value.startswith("reset"):
        with pytest.raises(ConnectionDropped):
            await post(wx, openid)
    else:
        assert (await post(wx, openid)).json()["errcode"] == (0 if value == "slow" else -1)
    assert len(wx.world.ledger) == delivered
    assert wx.world.calls[-1].outcome == value
    assert wx.slept == ([20.0] if value == "slow" else [])


async def test_a_busy_answer_may_be_damaged_besides(wx: Platform) -> None:
    wx.world.chaos.set("fault", "-1_after")
    wx.world.chaos.set("reply", "truncated")
    content = (await post(wx, wx.customer())).content
    assert content.startswith(b'{"errcode":-1,')
    assert not content.endswith(b"}")


async def test_the_first_calls_can_be_left_alone(wx: Platform) -> None:
    wx.world.chaos.set("fault", "-1_before", skip=2, times=1)
    codes = [(await wx.get(WAITING)).get("errcode", 0) for _ in range(4)]
    assert codes == [0, 0, -1, 0]


@pytest.mark.parametrize("status", [403, 404, 413, 429, 451, 500, 502, 503, 504])
async def test_pages_of_a_gateway(wx: Platform, status: int) -> None:
    wx.world.chaos.set("reply", f"http_{status}")
    reply = await post(wx, wx.customer())
    assert reply.status_code == status
    assert reply.content.startswith(f"<html>\r\n<head><title>{status} ".encode())
    assert reply.headers["content-type"] == "text/html"
    assert len(wx.world.ledger) == 1


@pytest.mark.parametrize(
    ("value", "status", "location"),
    [
        ("redirect", 302, "http://portal.invalid/login"),
        ("redirect:http://127.0.0.1:9/x?a=b:c", 302, "http://127.0.0.1:9/x?a=b:c"),
        ("redirect_301", 301, "http://portal.invalid/login"),
        ("redirect_307", 307, "http://portal.invalid/login"),
        ("redirect_308", 308, "http://portal.invalid/login"),
    ],
)
async def test_a_captive_portal(wx: Platform, value: str, status: int, location: str) -> None:
    wx.world.chaos.set("reply", value)
    reply = await post(wx, wx.customer())
    assert (reply.status_code, reply.headers["location"]) == (status, location)


async def test_a_drip_takes_its_time(wx: Platform) -> None:
    wx.world.chaos.set("reply", "drip:5")
    reply = await post(wx, wx.customer())
    assert reply.json() == OK
    assert wx.slept == [0.2] * len(reply.content)


async def test_a_reply_is_cut_at_every_byte(wx: Platform) -> None:
    for size in range(27):
        wx.world.chaos.set("reply", f"cut:{size}", times=1)
        with pytest.raises(ConnectionDropped):
            await wx.get(WAITING)


@pytest.mark.parametrize(("value", "off"), [("long_length", 10), ("short_length", -10)])
async def test_a_wrong_content_length(wx: Platform, value: str, off: int) -> None:
    wx.world.chaos.set("reply", value)
    reply = await wx.http.get(WAITING, params={"access_token": wx.token})
    assert int(reply.headers["content-length"]) == len(reply.content) + off


async def test_garbage_that_claims_to_be_gzip(wx: Platform) -> None:
    wx.world.chaos.set("reply", "gzip_garbage")
    with pytest.raises(httpx.DecodingError):
        await post(wx, wx.customer())
    assert len(wx.world.ledger) == 1


async def test_bodies_that_do_not_end(wx: Platform) -> None:
    wx.world.chaos.set("reply", "huge:3")
    reply = await wx.http.get(WAITING, params={"access_token": wx.token})
    assert len(reply.json()["errmsg"]) == 3 << 20
    assert "content-length" not in reply.headers
    wx.world.chaos.set("reply", "gzip_bomb:3")
    async with wx.http.stream("GET", WAITING, params={"access_token": wx.token}) as bomb:
        packed = b"".join([piece async for piece in bomb.aiter_raw()])
    assert len(packed) < 100_000
    assert len(zlib.decompress(packed, 31)) > 3 << 20


async def test_any_code_and_any_text(wx: Platform) -> None:
    wx.world.chaos.set("reply", "code:99999", times=1)
    assert (await wx.get(WAITING))["errcode"] == 99999
    for text in ("null", '{"errcode":0,"errcode":40001}', '{"errcode":NaN}', "[" * 1000, '"\ud800"'):
        wx.world.chaos.set("reply", f"body:{text}", times=1)
        reply = await wx.http.get(WAITING, params={"access_token": wx.token})
        assert reply.content == text.encode("utf-8", "surrogatepass")
        assert wx.world.calls[-1].outcome == "body"


async def test_a_byte_order_mark_and_no_date(wx: Platform) -> None:
    wx.world.chaos.set("reply", "bom", times=1)
    reply = await wx.http.get(WAITING, params={"access_token": wx.token})
    assert reply.content.startswith(b"\xef\xbb\xbf{")
    assert "date" in reply.headers
    wx.world.chaos.set("reply", "no_date", times=1)
    reply = await wx.http.get(WAITING, params={"access_token": wx.token})
    assert "date" not in reply.headers
    assert reply.json()["count"] == 0


@pytest.mark.parametrize(
    "value",
    [
        "slow:-1", "slow:", "slow:nan", "slow:inf", "drip:0", "cut:-1", "cut:1.5", "huge:0", "huge:99999",
        "http_99", "http_999", "http_204", "http_304", "redirect:", "redirect:a\r\nb", "redirect:ü", "code:x",
        "slow:SECONDS", "http_NNN", "body", "delayed:5",
    ],
)  # fmt: skip
async def test_impossible_values_are_refused(wx: Platform, value: str) -> None:
    with pytest.raises(ValueError, match="unknown value"):
        wx.world.chaos.set("reply", value)


@pytest.mark.parametrize("kind", ["application/json; charset=gbk", "text/html", "nonsense", ""])
async def test_any_content_type_and_none(wx: Platform, kind: str) -> None:
    wx.world.chaos.set("reply", f"type:{kind}")
    reply = await wx.http.get(WAITING, params={"access_token": wx.token})
    assert reply.headers.get("content-type", "") == kind
    assert reply.content == b'{"count":0,"waitcaselist":[]}'


async def test_a_share_of_the_calls_is_hit_and_the_same_ones_each_time(wx: Platform) -> None:
    rounds = []
    for _ in range(2):
        wx.world.reset(wx.clock())
        wx.token = wx.world.tokens.stable(wx.clock()).value
        on = await wx.control("chaos", fault="-1_before", chance=0.3)
        assert on["on"][0]["chance"] == 0.3
        rounds.append([(await wx.get(WAITING)).get("errcode", 0) for _ in range(200)])
    assert 40 < rounds[0].count(-1) < 80
    assert rounds[0] == rounds[1]
    assert "error" in await wx.control("chaos", fault="-1_before", chance=1.5)


async def test_only_calls_about_one_customer(wx: Platform) -> None:
    openid, other = wx.customer(), wx.customer()
    on = await wx.control("chaos", fault="-1_before", about=openid, times=2)
    assert on["on"][0]["about"] == openid
    assert (await wx.say(other))["errcode"] == 0
    assert (await wx.say(openid))["errcode"] == -1
    session = "/customservice/kfsession/getsession"
    assert "errcode" not in await wx.get(session, openid=other)
    assert (await wx.get(session, openid=openid))["errcode"] == -1
    assert (await wx.say(openid))["errcode"] == 0
    assert "about goes with" in (await wx.control("chaos", errmsg="none", about=openid))["error"]
