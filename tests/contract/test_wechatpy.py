"""A client of other makers that knows nothing of this repository uses the simulator as if it were WeChat."""

import inspect
import io
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from wechatpy import WeChatClient
from wechatpy.exceptions import APILimitedException, WeChatClientException

from tests.app.program import Served
from tests.simulator.samples import AMR, JPEG, MP4

OFFICIAL = "https://api.weixin.qq.com"
OK = {"errcode": 0, "errmsg": "ok"}
PAGE = {"title": "订单", "appid": "wx0123456789abcdef", "pagepath": "pages/order?id=7"}
ARTICLE = {
    "title": "退货说明",
    "description": "七天内",
    "url": "https://ex.test/r?a=1&b=2",
    "picurl": "https://ex.test/r.jpg",
}

NOT_CUSTOMER_SERVICE = {
    "message": {
        "delete_mass",
        "get_mass",
        "get_subscribe_authorize_url",
        "get_autoreply_info",
        "send_template",
    }
    | {f"send_mass_{kind}" for kind in ("article", "card", "image", "text", "video", "voice")}
    | {"send_subscribe_message", "send_subscribe_template", "send_link"},
    "media": {"upload_articles", "upload_video"},
    "user": {"change_openid", "get_group_id"},
}
"""Mass sending, templates and what WeChat has retired; `link` is a message of mini programs."""


class Shop:
    """The simulator in a process of its own, and wechatpy that takes it for WeChat."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.agent = served.agent
        self.client = WeChatClient(served.appid, served.secret, timeout=20)
        request = self.client._http.request

        def redirected(method: str, url: str, **more: Any) -> Any:
            self.used.append(url.split("?", maxsplit=1)[0].removeprefix(OFFICIAL))
            return request(method=method, url=url.replace(OFFICIAL, served.url), **more)

        self.used: list[str] = []
        self.client._http.request = redirected

    def customer(self, words: str = "在吗") -> str:
        openid = self.served.post("customers")["openid"]
        self.says(openid, words)
        return str(openid)

    def says(self, openid: str, words: str) -> None:
        self.served.post("message", openid=openid, text=words)

    def delivered(self, openid: str) -> list[dict[str, Any]]:
        return list(self.served.get(f"ledger/{openid}")["ledger"])

    def received(self, openid: str, number: int) -> bytes:
        """The bytes of a message as they came."""
        with urllib.request.urlopen(f"{self.served.url}/__sim__/inbox/{openid}/{number}") as answer:
            return bytes(answer.read())

    def upload(self, kind: str, data: bytes, name: str) -> str:
        file = io.BytesIO(data)
        file.name = name
        answer = self.client.media.upload(kind, file)
        assert answer["type"] == kind
        assert abs(answer["created_at"] - time.time()) < 60
        return str(answer["thumb_media_id" if kind == "thumb" else "media_id"])


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    home: Path = tmp_path_factory.mktemp("home")
    with Served(home, "--scenario", "quiet", "--seed", "7") as served:
        shop = Shop(served)
        yield shop
        shop.client._http.close()


@pytest.fixture(autouse=True)
def _undisturbed(shop: Shop) -> None:
    shop.served.chaos()


def refused(call: Callable[[], object]) -> int:
    with pytest.raises(WeChatClientException) as caught:
        call()
    return int(caught.value.errcode)


def test_agent_accounts(shop: Shop) -> None:
    service, new = shop.client.customservice, "py01@luye"
    assert service.add_account(new, "小蟒", "password") == OK
    assert refused(lambda: service.add_account(new, "小蟒", "password")) == 65406
    assert service.update_account(new, "蟒蟒", "password") == OK
    listed = {account["kf_account"]: account for account in service.get_accounts()}
    assert (listed[new]["kf_nick"], type(listed[new]["kf_id"])) == ("蟒蟒", int)
    assert shop.agent in listed
    picture = io.BytesIO(JPEG)
    picture.name = "head.jpg"
    assert service.upload_headimg(new, picture) == OK
    changed = {account["kf_account"]: account for account in service.get_accounts()}[new]
    assert changed["kf_headimgurl"] != listed[new].get("kf_headimgurl")
    assert service.delete_account(new) == OK
    assert new not in {account["kf_account"] for account in service.get_accounts()}
    assert refused(lambda: service.delete_account(new)) == 65401


def test_sessions_and_the_queue(shop: Shop) -> None:
    service, openid = shop.client.customservice, shop.customer()
    waiting = service.get_wait_case()
    assert waiting["count"] == len(waiting["waitcaselist"]) > 0
    assert openid in {case["openid"] for case in waiting["waitcaselist"]}
    assert service.get_session(openid)["kf_account"] == ""
    online = {row["kf_account"]: row["accepted_case"] for row in service.get_online_accounts()}
    assert service.create_session(openid, shop.agent, text="老客户") == OK
    assert service.create_session(openid, shop.agent) == OK
    other = next(account for account in online if account != shop.agent)
    assert refused(lambda: service.create_session(openid, other)) == 65414
    assert service.get_session(openid)["kf_account"] == shop.agent
    assert openid in {row["openid"] for row in service.get_session_list(shop.agent)}
    now = {row["kf_account"]: row["accepted_case"] for row in service.get_online_accounts()}
    assert now[shop.agent] == online[shop.agent] + 1
    assert service.close_session(openid, shop.agent) == OK
    assert refused(lambda: service.close_session(openid, shop.agent)) == 65413
    assert openid not in {row["openid"] for row in service.get_session_list(shop.agent)}


def test_what_it_sends_is_what_arrives_and_what_it_reads_back(shop: Shop) -> None:
    message, began = shop.client.message, int(time.time()) - 1
    openid = shop.customer("第一句")
    shop.client.customservice.create_session(openid, shop.agent)
    voice = shop.upload("voice", AMR, "sound.amr")
    image, thumb = shop.upload("image", JPEG, "图片.jpg"), shop.upload("thumb", JPEG, "thumb.jpg")
    video = shop.upload("video", MP4, "film.mp4")
    texts = [('您好 <a href="https://ex.test/?a=1&b=2">请看</a>\n第二行 🙂', shop.agent), ("没有客服", None)]
    for words, agent in texts:
        assert message.send_text(openid, words, account=agent) == OK
    assert message.send_image(openid, image) == OK
    assert message.send_voice(openid, voice, account=shop.agent) == OK
    shop.says(openid, "第二句")
    assert message.send_video(openid, video, "开箱", "第一步") == OK
    assert message.send_music(openid, "https://ex.test/a", "https://ex.test/b", thumb, "雨声", "放松") == OK
    assert message.send_articles(openid, [ARTICLE]) == OK
    assert message.send_articles(openid, "MATERIAL_1") == OK
    shop.says(openid, "第三句")
    assert message.send_card(openid, "CARD_1", card_ext='{"code":""}') == OK
    assert message.send_mini_program_page(openid, {**PAGE, "thumb_media_id": thumb}) == OK
    menu = {"head_content": "满意吗？", "list": [{"id": "101", "content": "满意"}], "tail_content": "感谢"}
    assert message.send_msg_menu(openid, menu, account=shop.agent) == OK
    arrived = shop.delivered(openid)
    kinds = [
        "text",
        "text",
        "image",
        "voice",
        "video",
        "music",
        "news",
        "mpnews",
        "wxcard",
        "miniprogrampage",
        "msgmenu",
    ]
    assert [letter["msgtype"] for letter in arrived] == kinds
    assert [letter["text"] for letter in arrived[:2]] == [words for words, _ in texts]
    assert [letter["kf_account"] for letter in arrived[:2]] == [shop.agent, ""]
    assert texts[0][0].split("\n")[0].replace('"', r"\"").encode() in shop.received(openid, 0)

    page = shop.client.customservice.get_records(began, int(time.time()) + 1)
    mine = [record for record in page["recordlist"] if record["openid"] == openid]
    heard = [record["text"] for record in mine if record["opercode"] == 2003]
    said = [record["text"] for record in mine if record["opercode"] == 2002]
    assert heard == ["第二句", "第三句"], "what was written before the session is no record of an agent"
    assert said[:2] == [words for words, _ in texts]
    assert len(said) == len(kinds)
    assert page["number"] == len(page["recordlist"])


def test_records_page_by_page(shop: Shop) -> None:
    service, openid, began = shop.client.customservice, shop.customer(), int(time.time()) - 1
    service.create_session(openid, shop.agent)
    for number in range(23):
        shop.says(openid, f"第 {number} 句")
    end, cursor, found = int(time.time()) + 1, 1, []
    whole = service.get_records(began, end)
    while True:
        page = service.get_records(began, end, msgid=cursor, number=5)
        found += page["recordlist"]
        if page["number"] < 5:
            break
        assert page["msgid"] > cursor
        cursor = page["msgid"]
    assert found == whole["recordlist"]
    assert [r["text"] for r in found if r["openid"] == openid] == [f"第 {number} 句" for number in range(23)]
    assert service.get_records(1_000_000_000, 1_000_000_060) == {"recordlist": [], "number": 0, "msgid": 0}
    assert refused(lambda: service.get_records(began - 90_000, end)) == 65417
    assert refused(lambda: service.get_records(began * 1000, end * 1000)) == 65416


def test_what_wechat_refuses_is_refused(shop: Shop) -> None:
    message, openid = shop.client.message, shop.customer()
    for _ in range(5):
        message.send_text(openid, "好")
    assert refused(lambda: message.send_text(openid, "好")) == 45047
    shop.says(openid, "还有")
    assert refused(lambda: message.send_text(openid, "")) == 44004
    assert refused(lambda: message.send_text(openid, "好" * 683)) == 45002
    assert refused(lambda: message.send_text("o" * 28, "好")) == 40003
    assert refused(lambda: message.send_image(openid, "no such file")) == 40007
    assert refused(lambda: message.send_articles(openid, [ARTICLE] * 2)) == 45008
    assert refused(lambda: message.send_text(openid, "好", account="nobody@luye")) == 65401
    assert refused(lambda: message.send_link(openid, ARTICLE)) in (40008, 45050)
    quiet = shop.served.post("customers")["openid"]
    assert refused(lambda: message.send_text(quiet, "好")) == 45015
    shop.served.chaos(quota="45009")
    with pytest.raises(APILimitedException):
        message.send_text(openid, "好")


def test_files(shop: Shop) -> None:
    media = shop.client.media
    for kind, data, name in (("image", JPEG, "a.jpg"), ("voice", AMR, "a.amr")):
        media_id = shop.upload(kind, data, name)
        answer = media.download(media_id)
        assert answer.content == data
        assert answer.headers["content-disposition"].startswith("attachment; filename=")
        assert shop.client._http.get(media.get_url(media_id)).content == data
    film = media.download(shop.upload("video", MP4, "a.mp4"))
    assert shop.client._http.get(film["video_url"]).content == MP4
    picture = io.BytesIO(JPEG)
    picture.name = "article.jpg"
    assert media.upload_image(picture).startswith("http")
    assert refused(lambda: media.download("no such file")) == 40007
    text = io.BytesIO(b"hello")
    text.name = "a.txt"
    assert refused(lambda: media.upload("image", text)) == 40005


def test_customers(shop: Shop) -> None:
    user, openids = shop.client.user, sorted(shop.customer() for _ in range(3))
    assert user.get(openids[0])["subscribe"] == 1
    assert user.update_remark(openids[0], "老客户-王") == OK
    assert user.get(openids[0])["remark"] == "老客户-王"
    assert [row["openid"] for row in user.get_batch(openids)] == openids
    assert user.get_batch([{"openid": openids[0], "lang": "zh_CN"}])[0]["remark"] == "老客户-王"
    first = user.get_followers()
    assert first["count"] == len(first["data"]["openid"]) <= first["total"]
    assert set(openids) <= set(user.iter_followers())
    assert refused(lambda: user.get("nobody")) == 40003
    assert refused(lambda: user.update_remark(openids[0], "长" * 10)) == 40092


def test_tags_and_the_blacklist(shop: Shop) -> None:
    tag, openids = shop.client.tag, [shop.customer() for _ in range(3)]
    made = tag.create("常客")
    assert made["name"] == "常客"
    assert refused(lambda: tag.create("常客")) == 45157
    assert tag.update(made["id"], "贵宾") == OK
    assert tag.tag_user(made["id"], openids) == OK
    assert tag.get_user_tag(openids[0]) == [made["id"]]
    assert sorted(tag.iter_tag_users(made["id"])) == sorted(openids)
    assert {row["id"]: (row["name"], row["count"]) for row in tag.get()}[made["id"]] == ("贵宾", 3)
    assert tag.untag_user(made["id"], openids[0]) == OK
    assert sorted(tag.get_tag_users(made["id"])["data"]["openid"]) == sorted(openids[1:])
    assert tag.delete(made["id"]) == OK
    assert tag.get_user_tag(openids[1]) == []
    assert tag.batch_black_list(openids[:2]) == OK
    assert set(openids[:2]) <= set(tag.get_black_list()["data"]["openid"])
    assert refused(lambda: shop.client.message.send_text(openids[0], "好")) == 43019
    assert tag.batch_unblack_list(openids[:2]) == OK
    assert tag.get_black_list()["total"] == 0


def test_addresses(shop: Shop) -> None:
    assert shop.client.misc.get_wechat_ips()


def test_its_token_is_renewed_when_it_is_refused(shop: Shop) -> None:
    shop.client.session.set(shop.client.access_token_key, "81_" + "x" * 140)
    before = len(shop.used)
    assert "waitcaselist" in shop.client.customservice.get_wait_case()
    waiting = "/customservice/kfsession/getwaitcase"
    assert shop.used[before:] == [waiting, "/cgi-bin/token", waiting]


@pytest.mark.parametrize(
    "switches",
    [
        {"content_type": "json_charset"},
        {"content_type": "text_plain"},
        {"errmsg": "hint"},
        {"errmsg": "none"},
        {"waitcase": "legacy"},
        {"reply": "errcode_string"},
    ],
    ids=str,
)
def test_it_copes_with_every_form_of_an_answer(shop: Shop, switches: dict[str, str]) -> None:
    openid = shop.customer()
    shop.served.chaos(**switches)
    assert openid in {case["openid"] for case in shop.client.customservice.get_wait_case()["waitcaselist"]}
    assert shop.client.message.send_text(openid, "好")["errcode"] == 0
    assert refused(lambda: shop.client.message.send_text("o" * 28, "好")) == 40003


def test_every_method_that_it_has_for_this_was_used() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    for group in ("customservice", "message", "media", "user", "tag"):
        kind = type(getattr(WeChatClient, group))
        methods = {name for name, _ in inspect.getmembers(kind, inspect.isfunction) if name[0] != "_"}
        needed = methods - NOT_CUSTOMER_SERVICE.get(group, set()) - {"upload_mass_image"}
        assert {name for name in needed if f".{name}(" not in source} == set(), group
