"""The sockets under the pool: what nobody reads waits at its sender, and an end is seen at once."""

import asyncio
import errno
import socket
import ssl
from contextlib import suppress
from typing import Any

import pytest

from kefu_desk.wechat.sockets import HELD_BYTES, Sockets, Stream, _told_apart
from kefu_desk.wechat.trust import tls_context
from tests.wechat.loopback import Server, client, port, serving


@pytest.mark.parametrize("secret", [False, True])
async def test_what_nobody_reads_is_not_heaped_up(trusted: ssl.SSLContext, secret: bool) -> None:
    size = 24 * HELD_BYTES

    async def pours(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(bytes(size))
        with suppress(ConnectionError):
            await writer.drain()
        writer.close()

    listening = await asyncio.start_server(pours, "127.0.0.1", 0, ssl=trusted if secret else None)
    plain = await Sockets().connect_tcp("127.0.0.1", port(listening), timeout=5)
    stream = await plain.start_tls(tls_context(), "127.0.0.1", 5) if secret else plain
    assert isinstance(stream, Stream)
    for _ in range(300):
        await asyncio.sleep(0.001)
    assert HELD_BYTES <= sum(map(len, stream._flow.pieces)) < 4 * HELD_BYTES
    came = 0
    while piece := await stream.read(65536, timeout=5):
        came += len(piece)
    assert came == size
    await stream.aclose()
    listening.close()


async def test_an_end_that_the_loop_has_not_seen_is_seen() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        stream = await Sockets().connect_tcp("127.0.0.1", listening.getsockname()[1], timeout=5)
        there, _ = listening.accept()
        assert not stream.get_extra_info("is_readable")
        there.close()
        assert stream.get_extra_info("is_readable")
        await stream.aclose()


async def test_the_pool_uses_them(waits: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []
    connect = Sockets.connect_tcp

    async def noting(self: Sockets, *, port: int, **more: Any) -> Any:
        opened.append(port)
        return await connect(self, port=port, **more)

    monkeypatch.setattr(Sockets, "connect_tcp", noting)
    async with serving(Server()) as base, client(base, waits) as wechat:
        await wechat.waiting_cases()
        await wechat.send_text(openid="o1", text="好")
    assert opened == [int(base.rsplit(":", 1)[1])] * 2


async def test_all_addresses_of_a_name_refusing_is_a_refusal() -> None:
    one = f"[Errno {errno.ECONNREFUSED}] Connect call failed"
    words = f"Multiple exceptions: {one} ('::1', 1), {one} ('127.0.0.1', 1)"
    assert isinstance(_told_apart(OSError(words)), ConnectionRefusedError)
    mixed = OSError(words.replace(str(errno.ECONNREFUSED), str(errno.ENETUNREACH), 1))
    assert _told_apart(mixed) is mixed
