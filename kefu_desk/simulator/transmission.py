"""How a faulty answer goes over the wire: late, in drops, in part, mismeasured, endless, or not at all."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct

from kefu_desk.simulator.chaos import DRIP, SLOW, argument
from kefu_desk.simulator.line import ConnectionDropped, Line

if TYPE_CHECKING:
    from starlette.types import Receive, Send

Sleep = Callable[[float], Awaitable[object]]
Headers = tuple[tuple[str, str], ...]

NEVER = 3600.0
MEGABYTE = 1 << 20
OFF_BY = 10
PULSE = 0.1

_LENGTHS: Mapping[str, int] = MappingProxyType({"long_length": OFF_BY, "short_length": -OFF_BY})
_GZIP = 31


class Outgoing(Struct, frozen=True):
    """A complete answer; Content-Length is not among the headers."""

    status: int
    headers: Headers
    content: bytes

    def start(self, *more: tuple[str, str]) -> dict[str, object]:
        """The ASGI message that begins it."""
        headers = [(name.encode(), value.encode("latin-1")) for name, value in (*self.headers, *more)]
        return {"type": "http.response.start", "status": self.status, "headers": headers}

    def head(self, *more: tuple[str, str]) -> bytes:
        """The same as bytes of HTTP/1.1."""
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in (*self.headers, *more)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


class Transmission:
    """One answer on its way. Without a `line` (over `httpx.ASGITransport`) a break is a ConnectionDropped."""

    def __init__(self, receive: "Receive", send: "Send", sleep: Sleep, line: Line | None) -> None:
        self._receive = receive
        self._send = send
        self._sleep = sleep
        self._line = line

    async def deliver(self, outgoing: Outgoing, kind: str) -> None:
        """Sends the answer as this value of the `reply` switch says; other values are sent whole.

        Raises:
            ConnectionDropped: where the connection breaks and no line is known.
        """
        name = kind.partition(":")[0]
        if kind.startswith(SLOW) and not await self._waited(argument(kind)):
            return
        if kind.startswith(DRIP):
            await self._drip(outgoing, argument(kind))
        elif name in {"huge", "gzip_bomb"}:
            await self._endless(outgoing, name, int(argument(kind)))
        elif name in {"reset", "closed", "timeout"}:
            await self._nothing(outgoing, name)
        elif name == "cut":
            await self._part(outgoing, int(argument(kind)))
        elif name in _LENGTHS:
            await self._measured(outgoing, len(outgoing.content) + _LENGTHS[name])
        else:
            await self._send(outgoing.start(_length(len(outgoing.content))))
            await self._body(outgoing.content)

    async def _drip(self, outgoing: Outgoing, rate: float) -> None:
        content = outgoing.content
        piece = max(1, int(rate * PULSE))
        await self._send(outgoing.start(_length(len(content))))
        for begin in range(0, len(content), piece):
            if not await self._waited(piece / rate):
                return
            await self._body(content[begin : begin + piece], more=True)
        await self._body(b"")

    async def _endless(self, outgoing: Outgoing, name: str, megabytes: int) -> None:
        packed = name == "gzip_bomb"
        await self._send(outgoing.start(*((("content-encoding", "gzip"),) if packed else ())))
        for piece in _packed(megabytes) if packed else _plain(megabytes):
            if self._line is not None and self._line.closing:
                return
            await self._body(piece, more=True)
            await asyncio.sleep(0)  # others are answered meanwhile
        await self._body(b"")

    async def _nothing(self, outgoing: Outgoing, name: str) -> None:
        line = self._line
        if line is None:
            if name == "timeout":
                await self._sleep(NEVER)
            await self._send(outgoing.start(_length(max(1, len(outgoing.content)))))
            raise ConnectionDropped("the simulator dropped the connection")
        if name == "reset":
            line.reset()
        elif name == "closed":
            line.close()
        else:
            await self._waited(NEVER)
            line.close()
        await self._gone()

    async def _part(self, outgoing: Outgoing, size: int) -> None:
        length, part = _length(max(len(outgoing.content), size + 1)), outgoing.content[:size]
        if self._line is None:
            await self._send(outgoing.start(length))
            await self._body(part, more=True)
            raise ConnectionDropped("the simulator dropped the connection in the middle of an answer")
        self._line.write(outgoing.head(length) + part)
        self._line.close()
        await self._gone()

    async def _measured(self, outgoing: Outgoing, length: int) -> None:
        stated = _length(max(0, length))
        if self._line is None:
            await self._send(outgoing.start(stated))
            await self._body(outgoing.content)
            return
        self._line.write(outgoing.head(stated) + outgoing.content)
        self._line.close()
        await self._gone()

    async def _body(self, data: bytes, *, more: bool = False) -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": more})

    async def _waited(self, seconds: float) -> bool:
        """False as soon as the client, or the server, does not want to wait that long."""
        if self._line is None:
            await self._sleep(seconds)
            return True
        self._line.held = True
        try:
            async with asyncio.timeout(seconds):
                await self._gone()
        except TimeoutError:
            return not self._line.closing
        finally:
            self._line.held = False
        return False

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass


def _length(size: int) -> tuple[str, str]:
    return "content-length", str(size)


def _plain(megabytes: int) -> Iterator[bytes]:
    yield b'{"errcode":0,"errmsg":"'
    for _ in range(megabytes):
        yield b"x" * MEGABYTE
    yield b'"}'


def _packed(megabytes: int) -> Iterator[bytes]:
    packer = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
    for piece in _plain(megabytes):
        packed = packer.compress(piece)
        if packed:
            yield packed
    yield packer.flush()
