"""What the client changes in the simulator it reads back, also when the answers are written carelessly."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from kefu_desk.domain.failure import Category, Effect
from kefu_desk.simulator.asgi import create_app
from kefu_desk.simulator.clock import SteppedClock
from kefu_desk.simulator.scenario import scenario
from kefu_desk.simulator.world import World
from kefu_desk.wechat import spec
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.customers import Tag
from kefu_desk.wechat.errors import ApiError, NothingDone
from kefu_desk.wechat.files import MediaFile, VideoLink
from kefu_desk.wechat.letters import (
    Article,
    Card,
    Image,
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
)

NOON = 1_790_049_600.0
AGENT = "kf2001@luye"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\r\n--kefu-desk\xff\xd9"
AMR = b"#!AMR\n" + (b"\x04" + bytes(12)) * 3
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00"
FILES = {"image": JPEG, "voice": AMR, "thumb": JPEG}

MANNERS: dict[str, dict[str, str]] = {
    "as_documented": {},
    "numbers_as_strings": {"numbers": "str", "kf_id": "str", "envelope": "string"},
    "old": {"envelope": "present", "content_type": "text_plain", "errmsg": "hint", "waitcase": "legacy"},
    "broken": {
        "broken_text": "on",
        "empty_lists": "missing",
        "errmsg": "none",
        "content_type": "json_charset",
    },
}


class Shop:
    """A small town, the client on it, and a customer who has just written."""

    def __init__(self, world: World, wechat: WeChatClient, openid: str) -> None:
        self.world = world
        self.wechat = wechat
        self.openid = openid


@pytest.fixture(params=MANNERS)
async def shop(request: pytest.FixtureRequest) -> AsyncIterator[Shop]:
    world = scenario("quiet", seed=7, now=NOON)
    openid = world.add_customer().openid
    world.customer_says(openid, "在吗")
    app: Any = create_app(world, clock=SteppedClock(NOON))
    for switch, value in MANNERS[request.param].items():
        world.chaos.set(switch, value)
    async with WeChatClient(
        appid=world.account.appid,
        secret=lambda: world.account.secret,
        base_url="http://simulator.test",
        transport=httpx.ASGITransport(app),
    ) as wechat:
        yield Shop(world, wechat, openid)


@pytest.mark.parametrize("kind", FILES)
async def test_a_file_comes_back_as_it_went(shop: Shop, kind: str) -> None:
    media = await shop.wechat.upload_media(kind, FILES[kind])
    assert media.created_at == int(NOON)
    file = await shop.wechat.download_media(media.id)
    assert isinstance(file, MediaFile)
    assert file.data == FILES[kind]
    assert file.file_name.endswith(".amr" if kind == "voice" else ".jpg")


async def test_a_video_comes_back_as_an_address(shop: Shop) -> None:
    media = await shop.wechat.upload_media("video", MP4)
    link = await shop.wechat.download_media(media.id)
    assert isinstance(link, VideoLink)
    assert link.url.startswith("http")
    assert (await shop.wechat.upload_article_image(JPEG)).startswith("http")
    await shop.wechat.set_avatar(agent=AGENT, jpeg=JPEG)


async def test_a_file_that_is_not_there_is_refused(shop: Shop) -> None:
    with pytest.raises(ApiError) as refused:
        await shop.wechat.download_media("MID_of_another_account")
    assert refused.value.category is Category.MEDIA


async def test_a_deletion_that_did_nothing_is_no_success(shop: Shop) -> None:
    shop.world.chaos.set("del_effect", "nothing")
    with pytest.raises(NothingDone) as nothing:
        await shop.wechat.delete_agent(agent=AGENT)
    assert nothing.value.effect is Effect.NONE
    shop.world.chaos.set("del_effect", "real")
    await shop.wechat.delete_agent(agent=AGENT)
    assert AGENT not in shop.world.agents


async def test_every_message_type_is_accepted(shop: Shop) -> None:
    wechat, openid = shop.wechat, shop.openid
    shop.world.chaos.set("allowance", "20")
    shop.world.customer_says(openid, "发给我看看")
    uploads = {**FILES, "video": MP4}
    ids = {kind: (await wechat.upload_media(kind, data)).id for kind, data in uploads.items()}
    thumb = ids["thumb"]
    letters = [
        Text("您好"),
        Image(ids["image"]),
        Voice(ids["voice"]),
        Video(media_id=ids["video"], thumb_media_id=thumb, title="开箱"),
        Music(title="雨声", url="https://ex.test/a.mp3", thumb_media_id=thumb),
        News((Article(title="退货说明", url="https://ex.test/r"),)),
        MpNews("MATERIAL_1"),
        MpNewsArticle("ARTICLE_1"),
        Menu(head="满意吗？", items=(MenuItem("101", "满意"), MenuItem("102", "不满意"))),
        Card(card_id="CARD_1"),
        MiniProgram(title="订单", appid="wx0123456789abcdef", path="pages/order", thumb_media_id=thumb),
    ]
    for letter in letters:
        reply = await wechat.send(letter, openid=openid, agent=AGENT)
        assert b"errcode" in reply.raw
    arrived = [json.loads(delivery.body) for delivery in shop.world.ledger]
    assert [body["msgtype"] for body in arrived] == [letter.body()["msgtype"] for letter in letters]
    for body, letter in zip(arrived, letters, strict=True):
        assert body == {"touser": openid, **letter.body(), "customservice": {"kf_account": AGENT}}


async def test_customers_are_read_and_remarked(shop: Shop) -> None:
    wechat, openid = shop.wechat, shop.openid
    await wechat.set_remark(openid=openid, remark="老客户-王")
    user = await wechat.user(openid)
    assert user.openid == openid
    assert user.follows
    assert user.remark.startswith("老客户-王")
    everybody = [each async for each in wechat.all_followers()]
    assert openid in everybody
    users = await wechat.users(everybody)
    assert [each.openid for each in users.found] == everybody
    assert users.missing == ()


async def test_a_blocked_customer_is_listed_until_unblocked(shop: Shop) -> None:
    wechat = shop.wechat
    many = [shop.world.add_customer().openid for _ in range(45)]
    await wechat.block(many)
    assert [each async for each in wechat.all_blocked()] == many
    await wechat.unblock(many)
    assert (await wechat.blocked()).openids == ()


async def test_tags_live_from_create_to_delete(shop: Shop) -> None:
    wechat = shop.wechat
    many = [shop.world.add_customer().openid for _ in range(70)]
    tag = await wechat.create_tag("常客")
    assert tag.name == "常客"
    await wechat.tag_users(tag.id, openids=many)
    assert [each async for each in wechat.all_users_of_tag(tag.id)] == many
    assert await wechat.tags_of(many[3]) == (tag.id,)
    assert (await wechat.user(many[3])).tag_ids == (tag.id,)
    await wechat.rename_tag(tag.id, name="新客")
    assert Tag(tag.id, "新客", 70) in await wechat.tags()
    await wechat.untag_users(tag.id, openids=many[:60])
    assert (await wechat.users_of_tag(tag.id)).openids == tuple(many[60:])
    await wechat.delete_tag(tag.id)
    assert tag.id not in [each.id for each in await wechat.tags()]
    assert await wechat.tags_of(many[65]) == ()


async def test_a_tagging_that_partly_fails_names_whom_it_did_not_reach(shop: Shop) -> None:
    many = [shop.world.add_customer().openid for _ in range(3)]
    shop.world.customers[many[1]].subscribed = False
    tag = await shop.wechat.create_tag("常客")
    with pytest.raises(ApiError) as partly:
        await shop.wechat.tag_users(tag.id, openids=many)
    assert partly.value.left == (many[1],)


async def test_quotas_are_counted_and_reset(shop: Shop) -> None:
    wechat, path = shop.wechat, spec.WAIT_CASE.path
    await wechat.waiting_cases()
    await wechat.waiting_cases()
    before = await wechat.quota(path)
    assert before.used == 2
    assert before.remain == before.daily_limit - 2
    await wechat.reset_quota(path)
    assert (await wechat.quota(path)).used == 0
    await wechat.waiting_cases()
    await wechat.reset_all_quotas()
    assert (await wechat.quota(path)).used == 0


async def test_a_refused_request_can_be_looked_up(shop: Shop) -> None:
    with pytest.raises(ApiError) as refused:
        await shop.wechat.user("o-nobody")
    if not refused.value.rid:
        return  # this manner gives none
    past = await shop.wechat.request_of(refused.value.rid)
    assert spec.USER_INFO.path in past.url
    assert "openid=o-nobody" in past.url
    assert "access_token=***" in past.url


async def test_addresses_are_told(shop: Shop) -> None:
    assert "203.0.113.0/25" in await shop.wechat.callback_ips()
    assert await shop.wechat.api_domain_ips()
    check = await shop.wechat.check_callback()
    assert check.dns
    assert check.ping
