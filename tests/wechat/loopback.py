"""A server on the loopback that misbehaves as told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from kefu_desk.wechat.client import WeChatClient

TOKEN_BODY = b'{"access_token":"token-1","expires_in":7200}'
OK = b'{"errcode":0,"errmsg":"ok","count":0}'

Behave = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def reply(body: bytes, *, promise: int | None = None) -> bytes:
    length = len(body) if promise is None else promise
    return b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % length + body


class Server:
    """A server on the loopback that grants tokens and then misbehaves as told."""

    def __init__(self, behave: Behave | None = None) -> None:
        self.behave = behave
        self.connections = 0
        self.paths: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._request(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                await reader.readexactly(int(line.split(b":")[1]))
        path = head.split(b" ")[1].split(b"?")[0].decode()
        self.paths.append(path)
        if path.endswith("stable_token"):
            writer.write(reply(TOKEN_BODY))
        elif self.behave is None:
            writer.write(reply(OK))
        else:
            await self.behave(reader, writer)
            return False
        await writer.drain()
        return True


@asynccontextmanager
async def serving(server: Server) -> AsyncIterator[str]:
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{port(listening)}"
    finally:
        listening.close()


def client(base: str, waits: Any, **more: Any) -> WeChatClient:
    return WeChatClient(
        appid="wx", secret=lambda: "s", base_url=base, sleep=waits.sleep, jitter=waits.jitter, **more
    )


def port(listening: asyncio.Server) -> int:
    return int(listening.sockets[0].getsockname()[1])
