"""The control interface."""

from tests.simulator.platform import Platform


async def test_the_index_is_json_for_programs_and_escaped_html_for_browsers(wx: Platform) -> None:
    openid = wx.world.add_customer(remark="<b>林姐</b>").openid
    state = (await wx.http.get("/__sim__/")).json()
    assert state["account"]["name"] == "鹿野生活馆"
    assert len(state["agents"]) == 9
    assert state["customers"][0]["openid"] == openid
    page = (await wx.http.get("/__sim__/", headers={"accept": "text/html"})).text
    assert "<b>" not in page
    assert "&lt;b&gt;林姐" in page
    assert wx.world.account.secret not in page + str(state)


async def test_a_customer_is_made_and_writes(wx: Platform) -> None:
    openid = (await wx.control("customers", remark="王先生"))["openid"]
    assert len(openid) == 28
    assert openid.startswith("o")
    assert await wx.control("message", openid=openid, text="在吗") == {"ok": True}
    assert (await wx.get("/customservice/kfsession/getwaitcase"))["count"] == 1
    assert (await wx.control("customers", openid=openid))["error"] == "this openid exists"
    assert (await wx.control("message", openid="x", text=""))["error"] == "unknown openid"
    assert (await wx.control("agent", kf_account="x", online=True))["error"] == "unknown kf_account"


async def test_the_clock_moves_and_the_date_header_with_it(wx: Platform) -> None:
    assert await wx.control("advance", seconds=60) == {"now": 1_790_000_060.0}
    reply = await wx.http.get("/cgi-bin/token")
    assert reply.headers["date"] == "Mon, 21 Sep 2026 14:14:20 GMT"
    assert "error" in await wx.control("advance", seconds=-1)
    assert "error" in await wx.control("advance", seconds="60")


async def test_reset_begins_again(wx: Platform) -> None:
    wx.customer()
    wx.world.chaos.set("reply", "html")
    await wx.control("reset")
    assert wx.world.customers == {}
    assert wx.world.chaos.settings() == []
    assert (await wx.get("/customservice/kfsession/getwaitcase"))["errcode"] == 40001


async def test_quota_and_pushes(wx: Platform) -> None:
    path = "/customservice/kfsession/getwaitcase"
    reply = await wx.http.post("/__sim__/quota", json={"path": path, "daily": 0})
    assert reply.json()["daily"][path] == 0
    assert (await wx.get(path))["errcode"] == 45009
    openid = wx.customer(writes="你好")
    assert (await wx.http.get("/__sim__/pushes")).json()["pushes"][0]["openid"] == openid


async def test_nonsense_is_answered_with_400(wx: Platform) -> None:
    for raw in (b"[]", b"{", b" " * (1024 * 1024 + 1)):
        reply = await wx.http.post("/__sim__/message", content=raw)
        assert reply.status_code == 400
