"""Uploads: framing, formats, sizes, life; what comes back is what went in."""

from collections.abc import AsyncIterator

import httpx
import pytest

from kefu_desk.simulator import media
from kefu_desk.simulator.inquiry import Inquiry
from kefu_desk.simulator.media import LIFE, MediaStore
from kefu_desk.simulator.multipart import misframed
from kefu_desk.simulator.refusal import Refusal
from tests.simulator.platform import Json, Platform
from tests.simulator.samples import AMR, GIF, JPEG, MP3, MP4, PNG

UPLOAD, GET = "/cgi-bin/media/upload", "/cgi-bin/media/get"
ARTICLE_IMAGE = "/cgi-bin/media/uploadimg"
AVATAR = "/customservice/kfaccount/uploadheadimg"
MEGABYTE = 1024 * 1024


def form(*parts: bytes, boundary: bytes = b"xyz") -> bytes:
    """A multipart body made by hand."""
    return (
        b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + boundary + b"--\r\n"
    )


def part(disposition: str, data: bytes) -> bytes:
    return f"Content-Disposition: form-data; {disposition}\r\n\r\n".encode() + data


async def send(
    wx: Platform, body: bytes, *, path: str = UPLOAD, boundary: str = "xyz", **query: str
) -> httpx.Response:
    return await wx.http.post(
        path,
        params={"access_token": wx.token, **query},
        content=body,
        headers={"content-type": f"multipart/form-data; boundary={boundary}"},
    )


async def fetch(wx: Platform, media_id: str) -> httpx.Response:
    return await wx.http.get(GET, params={"access_token": wx.token, "media_id": media_id})


@pytest.mark.parametrize(
    ("kind", "data", "content_type", "ending"),
    [
        ("image", JPEG, "image/jpeg", "jpg"),
        ("image", PNG, "image/png", "png"),
        ("image", GIF, "image/gif", "gif"),
        ("voice", AMR, "audio/amr", "amr"),
        ("voice", MP3, "audio/mp3", "mp3"),
        ("thumb", JPEG, "image/jpeg", "jpg"),
    ],
)
async def test_what_went_in_comes_out(
    wx: Platform, kind: str, data: bytes, content_type: str, ending: str
) -> None:
    reply = await wx.upload(kind, data, f"upload.{ending}")
    id_field = "thumb_media_id" if kind == "thumb" else "media_id"
    assert reply == {"type": kind, id_field: reply[id_field], "created_at": 1_790_000_000}
    file = await fetch(wx, reply[id_field])
    assert file.content == data
    assert file.headers["content-type"] == content_type
    assert file.headers["content-disposition"] == f'attachment; filename="{reply[id_field]}.{ending}"'
    assert int(file.headers["content-length"]) == len(data)


async def test_a_video_comes_back_as_an_address(wx: Platform) -> None:
    media_id = (await wx.upload("video", MP4))["media_id"]
    address = f"https://api.weixin.qq.com/__sim__/media/{media_id}.mp4"
    assert (await fetch(wx, media_id)).json() == {"video_url": address}
    video = await wx.http.get(address)
    assert (video.content, video.headers["content-type"]) == (MP4, "video/mp4")
    assert (await wx.http.get(address.replace(media_id, "x"))).status_code == 404


@pytest.mark.parametrize(
    ("kind", "data", "name", "errcode"),
    [
        ("picture", JPEG, "a.jpg", 40004),
        ("image", b"", "a.jpg", 44001),
        ("image", b"hello", "a.jpg", 40005),
        ("image", PNG, "a.jpg", 40005),
        ("image", JPEG, "a.JPEG", 0),
        ("image", JPEG, "upload", 0),
        ("image", MP4, "a.mp4", 40005),
        ("image", JPEG + bytes(10 * MEGABYTE), "a.jpg", 40009),
        ("voice", AMR + bytes(2 * MEGABYTE), "a.amr", 40010),
        ("voice", b"#!AMR\n" + (b"\x3c" + bytes(31)) * 3000, "a.amr", 0),
        ("voice", b"#!AMR\n" + (b"\x3c" + bytes(31)) * 3001, "a.amr", 45007),
        ("voice", MP3 + bytes(16_000 * 58), "a.mp3", 0),
        ("voice", MP3 + bytes(16_000 * 60), "a.mp3", 45007),
        ("voice", b"ID3", "a.mp3", 0),
        ("video", MP4 + bytes(10 * MEGABYTE), "a.mp4", 40011),
        ("thumb", JPEG + bytes(64 * 1024 - len(JPEG)), "a.jpg", 0),
        ("thumb", JPEG + bytes(64 * 1024), "a.jpg", 40012),
        ("thumb", PNG, "a.png", 40005),
    ],
)
async def test_what_is_taken(wx: Platform, kind: str, data: bytes, name: str, errcode: int) -> None:
    assert (await wx.upload(kind, data, name)).get("errcode", 0) == errcode


async def test_the_field_is_found_wherever_it_stands(wx: Platform) -> None:
    data = JPEG + b"\r\n--xyzz\r\n\r\n"  # nearly a boundary
    for body in (
        form(part('name="media"; filename="a.jpg"', data), part('name="type"', b"image")),
        form(part('name="type"', b"image"), part('filename="a.jpg"; name="media"', data)),
        form(
            part('name="type"', b"image"),
            b"content-type: image/jpeg\r\n" + part("name=media; filename=a.jpg", data),
        ),
    ):
        reply = (await send(wx, body)).json()
        assert (await fetch(wx, reply["media_id"])).content == data
    quoted = await send(
        wx, form(part('name="media"; filename="a.jpg"', JPEG)), boundary='"xyz"', type="image"
    )
    assert "media_id" in quoted.json()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        JPEG,
        form(),
        form(part('name="file"; filename="a.jpg"', JPEG)),
        form(part('name="media"', JPEG)),
        form(part('name="media"; filename=""', JPEG)),
        form(part("name=\"media\"; filename*=utf-8''%E9%B9%BF.jpg", JPEG)),
        form(part('name="media"; filename="a.jpg"; filename*=utf-8\'\'%E9%B9%BF.jpg', JPEG)),
        form(part('name="media"; filename="a.jpg"', JPEG))[:-6],
        form(part('name="media"; filename="a.jpg"', JPEG), boundary=b"other"),
    ],
)
async def test_no_file_in_the_field(wx: Platform, body: bytes) -> None:
    reply = await send(wx, body, type="image")
    assert (reply.status_code, reply.json()["errcode"]) == (200, 41005)


async def test_a_body_that_is_no_form(wx: Platform) -> None:
    query = {"access_token": wx.token, "type": "image"}
    assert (await wx.http.post(UPLOAD, params=query, content=JPEG)).json()["errcode"] == 41005


@pytest.mark.parametrize("path", [UPLOAD, ARTICLE_IMAGE, AVATAR])
async def test_an_upload_without_a_length_is_precondition_failed(wx: Platform, path: str) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield form(part('name="media"; filename="a.jpg"', JPEG))

    async def chunked() -> httpx.Response:
        return await wx.http.post(
            path,
            params={"access_token": wx.token, "type": "image", "kf_account": "kf2001@luye"},
            content=chunks(),
            headers={"content-type": "multipart/form-data; boundary=xyz"},
        )

    reply = await chunked()
    assert reply.status_code == 412
    assert wx.world.agents["kf2001@luye"].avatar.endswith("/luye01/0")
    wx.world.chaos.set("multipart", "off", times=1)
    reply = await chunked()
    assert (reply.status_code, reply.json().get("errcode", 0)) == (200, 0)


@pytest.mark.parametrize(
    ("headers", "fine"),
    [
        ({"content-length": "0"}, True),
        ({}, False),
        ({"content-length": "9", "transfer-encoding": "gzip, Chunked"}, False),
        ({"content-length": "many"}, False),
    ],
)
def test_framing(headers: dict[str, str], fine: bool) -> None:
    assert (misframed(Inquiry("POST", UPLOAD, headers=headers)) is None) == fine


async def test_a_lenient_platform_takes_any_field_and_name(wx: Platform) -> None:
    wx.world.chaos.set("multipart", "off")
    for disposition in ('name="file"; filename="a.jpg"', "name=\"media\"; filename*=utf-8''%E9%B9%BF.jpg"):
        reply = (await send(wx, form(part(disposition, JPEG)), type="image")).json()
        assert (await fetch(wx, reply["media_id"])).content == JPEG


@pytest.mark.parametrize(
    "name", ["../../../x/secret.jpg", "/secret.jpg", "C:\\secret.jpg", "a/../secret.jpg"]
)
async def test_a_file_name_is_no_place_and_is_not_kept(wx: Platform, name: str) -> None:
    media_id = (await wx.upload("image", JPEG, name))["media_id"]
    disposition = (await fetch(wx, media_id)).headers["content-disposition"]
    assert disposition == f'attachment; filename="{media_id}.jpg"'
    assert "secret" not in repr(wx.world.media.find(media_id, wx.clock()))


async def test_files_live_three_days(wx: Platform) -> None:
    media_id = (await wx.upload("image", JPEG))["media_id"]

    async def code() -> int:
        wx.token = wx.world.tokens.stable(wx.clock()).value
        reply = await fetch(wx, media_id)
        return 0 if reply.content == JPEG else reply.json()["errcode"]

    wx.clock.step(LIFE - 1)
    assert await code() == 0
    wx.clock.step(1)
    assert await code() == 40007


async def test_ids_that_are_none(wx: Platform) -> None:
    assert (await fetch(wx, "")).json()["errcode"] == 41006
    assert (await fetch(wx, "x" * 64)).json()["errcode"] == 40007
    assert (await wx.get(GET))["errcode"] == 41006


def test_memory_is_bounded_and_the_oldest_goes_first(wx: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "MOST_BYTES", 250)
    store = MediaStore(wx.world.rng)
    first, second, third = (store.keep("image", "jpg", bytes(100), 0.0) for _ in range(3))
    with pytest.raises(Refusal):
        store.find(first.media_id, 0.0)
    assert store.find(second.media_id, 0.0) is second
    late = store.keep("image", "jpg", bytes(100), LIFE)
    assert [store.knows(m.media_id) for m in (second, third, late)] == [False, False, True]


async def test_the_same_calls_give_the_same_ids_and_a_reset_forgets_the_files(wx: Platform) -> None:
    first = (await wx.upload("image", JPEG))["media_id"]
    await wx.control("reset")
    wx.token = wx.world.tokens.stable(wx.clock()).value
    assert (await fetch(wx, first)).json()["errcode"] == 40007
    assert (await wx.upload("image", PNG))["media_id"] == first


async def test_a_picture_for_an_article(wx: Platform) -> None:
    async def put(data: bytes) -> Json:
        return (await send(wx, form(part('name="media"; filename="a"', data)), path=ARTICLE_IMAGE)).json()

    assert (await put(JPEG))["url"].startswith("http://mmbiz.qpic.cn/mmbiz_jpg/")
    assert (await put(PNG))["url"].startswith("http://mmbiz.qpic.cn/mmbiz_png/")
    assert (await put(GIF))["errcode"] == 40005
    assert (await put(JPEG + bytes(MEGABYTE)))["errcode"] == 40009


@pytest.mark.parametrize("place", ["query", "form", "both"])
async def test_an_avatar(wx: Platform, place: str) -> None:
    before = wx.world.agents["kf2001@luye"].avatar
    query = {"kf_account": "kf2001@luye"} if place != "form" else {}
    account = [part('name="kf_account"', b"kf2001@luye")] if place != "query" else []
    body = form(*account, part('name="media"; filename="a.jpg"', JPEG))
    assert (await send(wx, body, path=AVATAR, **query)).json() == {"errcode": 0, "errmsg": "ok"}
    (agent,) = (
        a for a in (await wx.get("/cgi-bin/customservice/getkflist"))["kf_list"] if a["kf_id"] == 1001
    )
    assert agent["kf_headimgurl"] != before
    assert agent["kf_headimgurl"].startswith("http://mmbiz.qpic.cn/mmbiz_jpg/")


@pytest.mark.parametrize(
    ("account", "data", "errcode"),
    [
        ("x@luye", b"", 65401),
        ("", JPEG, 65401),
        ("kf2001@luye", b"", 44001),
        ("kf2001@luye", PNG, 40005),
        ("kf2001@luye", JPEG + bytes(5 * MEGABYTE), 40009),
        ("kf2001@luye", JPEG + bytes(5 * MEGABYTE - len(JPEG)), 0),
    ],
)
async def test_avatars_that_are_none(wx: Platform, account: str, data: bytes, errcode: int) -> None:
    body = form(part('name="media"; filename="a"', data))
    assert (await send(wx, body, path=AVATAR, kf_account=account)).json()["errcode"] == errcode


async def test_files_need_no_customer_service_but_avatars_do(wx: Platform) -> None:
    wx.world.account.kefu_enabled = False
    assert "media_id" in await wx.upload("image", JPEG)
    body = form(part('name="media"; filename="a"', JPEG))
    assert (await send(wx, body, path=AVATAR, kf_account="kf2001@luye")).json()["errcode"] == 65400
