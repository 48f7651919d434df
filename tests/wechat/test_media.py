"""Files: what is refused before it is sent, the bytes of an upload, and what a download turns out to be."""

import asyncio
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kefu_desk.domain.failure import Category, Effect
from kefu_desk.wechat.arguments import ArgumentError
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.errors import ApiError, BadReply, ReplyTooLarge, TransportError, WeChatError
from kefu_desk.wechat.files import Media, MediaFile, VideoLink
from kefu_desk.wechat.formats import FORMATS, MB, format_of
from kefu_desk.wechat.multipart import BOUNDARY, framed
from kefu_desk.wechat.spec import FILE_BYTES, FILE_SECONDS

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
GIF = b"GIF89a\x01\x00\x01\x00"
AMR = b"#!AMR\n\x3c\x91\x17"
MP3 = b"ID3\x03\x00\x00\x00"
MP3_BARE = b"\xff\xfb\x90\x64\x00"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00"
Q = "access_token=81_Zx0pQ-aaaaBBBBccccDDDD1"

UPLOADS = [
    ("image", JPEG, "jpg", "image/jpeg"),
    ("image", PNG, "png", "image/png"),
    ("image", GIF, "gif", "image/gif"),
    ("voice", AMR, "amr", "audio/amr"),
    ("voice", MP3, "mp3", "audio/mpeg"),
    ("voice", MP3_BARE, "mp3", "audio/mpeg"),
    ("video", MP4, "mp4", "video/mp4"),
    ("thumb", JPEG, "jpg", "image/jpeg"),
]

REFUSED = [
    ("kind", "news", JPEG, ""),
    ("kind", "", JPEG, ""),
    ("data", "image", b"", ""),
    ("data", "image", b"hello", ""),
    ("data", "image", MP4, ""),
    ("data", "voice", JPEG, ""),
    ("data", "video", AMR, ""),
    ("data", "thumb", PNG, ""),
    ("data", "image", JPEG.ljust(10 * MB + 1), ""),
    ("data", "voice", AMR.ljust(2 * MB + 1), ""),
    ("data", "video", MP4.ljust(10 * MB + 1), ""),
    ("data", "thumb", JPEG.ljust(64 * 1024 + 1), ""),
    ("file_type", "image", JPEG, "png"),
    ("file_type", "image", JPEG, "bmp"),
    ("file_type", "voice", b"\x00\x01", "wav"),
]


@pytest.mark.parametrize(
    ("kind", "data", "extension", "mime"), UPLOADS, ids=[f"{u[0]}-{u[2]}" for u in UPLOADS]
)
async def test_every_upload_is_these_bytes(
    wechat: WeChatClient, script: Any, kind: str, data: bytes, extension: str, mime: str
) -> None:
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    script.answer = lambda _: {"type": kind, name: "MID_1", "created_at": 1790001000}
    assert await wechat.upload_media(kind, data) == Media("MID_1", kind, 1790001000)
    (request,) = script.requests
    assert request.method == "POST"
    assert request.url.raw_path.decode() == f"/cgi-bin/media/upload?type={kind}&{Q}"
    boundary = request.headers["content-type"].removeprefix("multipart/form-data; boundary=")
    assert script.bodies[0] == (
        f'--{boundary}\r\nContent-Disposition: form-data; name="media"; filename="upload.{extension}"\r\n'
        f"Content-Type: {mime}\r\n\r\n".encode()
        + data
        + f"\r\n--{boundary}--\r\n".encode()
    )
    assert request.headers["content-length"] == str(len(script.bodies[0]))
    assert "transfer-encoding" not in request.headers
    assert request.extensions["timeout"]["write"] == request.extensions["timeout"]["read"] == FILE_SECONDS


@pytest.mark.parametrize(("field", "kind", "data", "file_type"), REFUSED)
async def test_a_file_that_wechat_would_refuse_is_not_sent(
    wechat: WeChatClient, script: Any, field: str, kind: str, data: bytes, file_type: str
) -> None:
    with pytest.raises(ArgumentError) as refused:
        await wechat.upload_media(kind, data, file_type=file_type)
    assert refused.value.field == field
    assert script.requests == []


async def test_the_caller_may_know_what_the_content_does_not_show(wechat: WeChatClient, script: Any) -> None:
    script.answer = lambda _: {"media_id": "MID_1", "created_at": "1790001000"}
    media = await wechat.upload_media("voice", b"\x00\x00raw frames", file_type=".MP3")
    assert media == Media("MID_1", "voice", 1790001000)
    assert b'filename="upload.mp3"' in script.bodies[0]
    assert media.expires_at == 1790001000 + 3 * 86400


async def test_a_file_of_the_largest_size_goes_up(wechat: WeChatClient, script: Any) -> None:
    script.answer = lambda _: {"media_id": "MID_1"}
    data = JPEG + bytes(10 * MB - len(JPEG))
    assert (await wechat.upload_media("image", data)).created_at == 0
    assert data in script.bodies[0]


def test_the_boundary_does_not_occur_in_the_file() -> None:
    data = f"\r\n--{BOUNDARY}0--\r\n".encode()
    body, content_type = framed(data, field="media", name="a.jpg", mime="image/jpeg")
    boundary = content_type.partition("boundary=")[2].encode()
    assert body.count(boundary) == 2
    assert data in body


async def test_an_upload_is_never_repeated(wechat: WeChatClient, script: Any, waits: Any) -> None:
    script.answer = lambda _: ConnectionResetError()
    with pytest.raises(TransportError):
        await wechat.upload_media("image", JPEG)
    assert len(script.requests) == 1
    assert waits.slept == []


@pytest.mark.parametrize("reply", [b"{}", b'{"errcode":0,"errmsg":"ok"}', b'{"media_id":null}', b""])
async def test_an_upload_without_an_id_is_no_success(wechat: WeChatClient, script: Any, reply: bytes) -> None:
    script.answer = lambda _: reply
    with pytest.raises(BadReply) as bad:
        await wechat.upload_media("image", JPEG)
    assert bad.value.effect is Effect.MAYBE


async def test_an_article_image_gets_an_address(wechat: WeChatClient, script: Any) -> None:
    script.answer = lambda _: {"url": "http://mmbiz.test/1"}
    assert await wechat.upload_article_image(PNG) == "http://mmbiz.test/1"
    assert script.requests[0].url.raw_path.decode() == f"/cgi-bin/media/uploadimg?{Q}"
    for data in (GIF, JPEG.ljust(MB + 1)):
        with pytest.raises(ArgumentError, match="data"):
            await wechat.upload_article_image(data)


@pytest.mark.parametrize("jpeg", [b"", PNG, JPEG.ljust(5 * MB + 1)])
async def test_an_avatar_is_a_jpeg_of_at_most_5_mb(wechat: WeChatClient, script: Any, jpeg: bytes) -> None:
    with pytest.raises(ArgumentError, match="jpeg"):
        await wechat.set_avatar(agent="lin01@shop", jpeg=jpeg)
    assert script.requests == []


def given_back(body: bytes, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(200, headers=named, stream=httpx.ByteStream(body))


DOWNLOADS = [
    (JPEG, "image/jpeg", 'attachment; filename="MID_1.jpg"', ("image/jpeg", "MID_1.jpg")),
    (JPEG, "text/plain", "", ("image/jpeg", "download.jpg")),
    (AMR, "", 'attachment; filename="../../etc/passwd"', ("audio/amr", "passwd")),
    (MP4, "video/mp4", "attachment; filename=C:\\a\\b.mp4", ("video/mp4", "b.mp4")),
    (b"\x00\x01", "audio/x-speex; q=1", 'Attachment; FileName="你:好?.spx"', ("audio/x-speex", "你_好_.spx")),
    (b"\x00\x01", "", "", ("application/octet-stream", "download")),
    (b"{\x00 not JSON", "image/x-odd", 'attachment; filename=".."', ("image/x-odd", "download")),
    (b'{"a":1}', "application/octet-stream", "", ("application/octet-stream", "download")),
]  # fmt: skip


@pytest.mark.parametrize(("body", "content_type", "disposition", "told"), DOWNLOADS)
async def test_a_download_is_told_by_its_content(
    wechat: WeChatClient, script: Any, body: bytes, content_type: str, disposition: str, told: tuple[str, str]
) -> None:
    headers = [(b"content-type", content_type.encode()), (b"content-disposition", disposition.encode())]
    script.answer = lambda _: httpx.Response(200, headers=headers, stream=httpx.ByteStream(body))
    file = await wechat.download_media("MID_1")
    assert isinstance(file, MediaFile)
    assert file.data == body
    assert (file.content_type, file.file_name) == told
    assert repr(body) not in repr(file)
    (request,) = script.requests
    assert request.url.raw_path.decode() == f"/cgi-bin/media/get?media_id=MID_1&{Q}"
    assert request.extensions["timeout"]["read"] == FILE_SECONDS


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "video/mp4"])
async def test_a_video_comes_as_an_address(wechat: WeChatClient, script: Any, content_type: str) -> None:
    script.answer = lambda _: given_back(b'{"video_url":"http://v.test/1?a=b"}', content_type=content_type)
    assert await wechat.download_media("MID_1") == VideoLink("http://v.test/1?a=b")


@pytest.mark.parametrize(
    "body",
    [
        b'{"errcode":40007,"errmsg":"invalid media_id rid: 64f0a1b2-0c3d4e5f-1a2b3c4d"}',
        b'\xef\xbb\xbf {"errcode":"40007"}',
        b'{"errcode":40007,"errmsg":invalid}',
    ],
)
async def test_a_refusal_is_not_saved_as_a_picture(wechat: WeChatClient, script: Any, body: bytes) -> None:
    script.answer = lambda _: given_back(body, content_type="image/jpeg")
    with pytest.raises(ApiError) as refused:
        await wechat.download_media("MID_1")
    assert refused.value.category is Category.MEDIA
    assert refused.value.effect is Effect.NONE


@pytest.mark.parametrize("body", [b"", b"<html>portal</html>", b'{"errcode":0}', b'{"video_url":""}'])
async def test_what_is_neither_file_nor_address_is_a_bad_reply(
    wechat: WeChatClient, script: Any, body: bytes
) -> None:
    script.answer = lambda _: given_back(body, content_type="image/jpeg")
    with pytest.raises(BadReply):
        await wechat.download_media("MID_1")


async def test_a_download_has_a_largest_size(wechat: WeChatClient, script: Any) -> None:
    script.answer = lambda _: given_back(JPEG + bytes(FILE_BYTES - len(JPEG)))
    file = await wechat.download_media("MID_1")
    assert isinstance(file, MediaFile)
    assert len(file.data) == FILE_BYTES
    script.answer = lambda _: given_back(JPEG + bytes(FILE_BYTES))
    with pytest.raises(ReplyTooLarge):
        await wechat.download_media("MID_1")


async def test_a_download_is_tried_again_and_gets_one_new_token(
    wechat: WeChatClient, script: Any, waits: Any
) -> None:
    answers: list[Any] = [
        ConnectionResetError(),
        {"errcode": 40001, "errmsg": "invalid credential"},
        given_back(JPEG),
    ]
    script.answer = lambda _: answers.pop(0)
    file = await wechat.download_media("MID_1")
    assert isinstance(file, MediaFile)
    assert len(script.tokens) == 2
    assert len(waits.slept) == 1


async def test_a_file_may_take_longer_than_the_deadline_of_other_calls(script: Any) -> None:
    script.answer = lambda _: {"media_id": "MID_1"}
    async with WeChatClient(appid="wx", secret=lambda: "s", transport=script, deadline=0.05) as wechat:
        await wechat.check_token()
        script.before = lambda: asyncio.sleep(0.2)
        assert (await wechat.upload_media("image", JPEG)).id == "MID_1"
        with pytest.raises(TransportError):
            await wechat.set_remark(openid="o1", remark="")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(body=st.binary(max_size=80), name=st.binary(max_size=40))
async def test_no_bytes_break_a_download(wechat: WeChatClient, script: Any, body: bytes, name: bytes) -> None:
    headers = [(b"content-disposition", b"attachment; filename=" + name)]
    script.answer = lambda _: httpx.Response(200, headers=headers, stream=httpx.ByteStream(body))
    try:
        file = await wechat.download_media("MID_1")
    except WeChatError:
        return
    assert isinstance(file, MediaFile)
    assert file.data == body
    assert not set(file.file_name) & set('/\\:\0"\n')
    assert file.file_name.strip(".") != ""


@given(data=st.binary(max_size=20))
def test_any_bytes_have_a_format_or_none(data: bytes) -> None:
    found = format_of(data)
    assert found is None or found in FORMATS
