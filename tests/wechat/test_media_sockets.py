"""Files over real connections: one length, no chunks, whole in both directions."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.files import MediaFile
from kefu_desk.wechat.formats import MB
from kefu_desk.wechat.multipart import framed

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\xff\xd9"


class Warehouse:
    """A server on the loopback that takes uploads by their stated length and gives a large file back."""

    def __init__(self) -> None:
        self.heads: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self.left = asyncio.Semaphore(0)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                await self.answer(reader, writer)
        except asyncio.IncompleteReadError:  # the client has gone
            writer.close()
            await writer.wait_closed()
        finally:
            self.left.release()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        head = {name.strip().lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
        body = await reader.readexactly(int(head.get("content-length", 0)))
        kind, answer = "application/json", b'{"errcode":0,"errmsg":"ok"}'
        if "stable_token" in first:
            answer = b'{"access_token":"81_Zx0pQ-aaaaBBBBccccDDDD","expires_in":7200}'
        else:
            self.heads.append(head)
            self.bodies.append(body)
        if "media/upload" in first:
            answer = b'{"type":"image","media_id":"MID_1","created_at":1790001000}'
        if "media/get" in first:
            kind, answer = "image/jpeg", JPEG.ljust(10 * MB, b"\xaa")
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n".encode())
        writer.write(f"Content-Length: {len(answer)}\r\n\r\n".encode() + answer)
        await writer.drain()


@pytest.fixture
async def warehouse() -> AsyncIterator[tuple[Warehouse, WeChatClient]]:
    house = Warehouse()
    server = await asyncio.start_server(house.serve, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, WeChatClient(appid="wx", secret=lambda: "s", base_url=address) as wechat:
        yield house, wechat
    for _ in range(house.connections):
        await house.left.acquire()


async def test_the_largest_picture_goes_up_whole(warehouse: tuple[Warehouse, WeChatClient]) -> None:
    house, wechat = warehouse
    picture = JPEG.ljust(10 * MB, b"\xaa")
    assert (await wechat.upload_media("image", picture)).id == "MID_1"
    body, content_type = framed(picture, field="media", name="upload.jpg", mime="image/jpeg")
    assert house.bodies == [body]
    (head,) = house.heads
    assert head["content-type"] == content_type
    assert head["content-length"] == str(len(body))
    assert "transfer-encoding" not in head
    assert "expect" not in head


async def test_a_large_file_comes_down_whole(warehouse: tuple[Warehouse, WeChatClient]) -> None:
    _, wechat = warehouse
    file = await wechat.download_media("MID_1")
    assert isinstance(file, MediaFile)
    assert file.data == JPEG.ljust(10 * MB, b"\xaa")


async def test_an_avatar_goes_up_over_a_connection_of_its_own(
    warehouse: tuple[Warehouse, WeChatClient],
) -> None:
    house, wechat = warehouse
    await wechat.check_token()
    before = house.connections
    await wechat.set_avatar(agent="lin01@shop", jpeg=JPEG)
    await wechat.set_avatar(agent="lin01@shop", jpeg=JPEG)
    assert house.connections == before + 2
    assert JPEG in house.bodies[0]
