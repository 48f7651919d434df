"""The simulated api.weixin.qq.com as an ASGI application."""

import asyncio
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from msgspec import Struct

from kefu_desk.simulator import gate
from kefu_desk.simulator.chaos import SLOW, slow_seconds
from kefu_desk.simulator.garble import garbled
from kefu_desk.simulator.inquiry import Inquiry
from kefu_desk.simulator.refusal import Refusal
from kefu_desk.simulator.traffic import Call
from kefu_desk.simulator.world import World

BODY_BYTES = 20 * 1024 * 1024
CONTROL = "/__sim__/"

_CONTENT_TYPES = (
    (None, "application/json; encoding=utf-8"),
    ("json_charset", "application/json; charset=utf-8"),
    ("text_plain", "text/plain"),
)


if (
    TYPE_CHECKING
):  # Starlette is imported when somebody opens the control interface; the start of a demo has no use for it
    from starlette.types import ASGIApp, Receive, Scope, Send


class ConnectionDropped(ConnectionResetError):  # noqa: N818  named like its builtin parents
    """The connection breaks before a complete answer.

    Through `httpx.ASGITransport` this exception itself reaches the caller of the request (it is an OSError,
    not an httpx error; a transport that wants httpx's own type must translate it). Under uvicorn the headers
    are out by then and the socket is closed, so a client sees `httpx.RemoteProtocolError`.
    """


class Answer(Struct, frozen=True):
    """What goes back over the wire; one that is `dropped` breaks off after its headers."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes = b""
    dropped: bool = False


DROPPED = Answer(200, (("content-type", "application/json"), ("content-length", "27")), dropped=True)
_REFUSED = b'{"errcode":45001,"errmsg":"media size out of limit"}'
TOO_LARGE = Answer(
    413, (("content-type", "application/json"), ("content-length", str(len(_REFUSED)))), _REFUSED
)


class _Platform:
    """Answers everything outside the control interface."""

    def __init__(
        self, world: World, clock: Callable[[], float], sleep: Callable[[float], Awaitable[object]]
    ) -> None:
        self._world = world
        self._clock = clock
        self._sleep = sleep

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        body = await _read(receive)
        answer = TOO_LARGE if body is None else await self._respond(scope, body)
        headers = [(name.encode(), value.encode()) for name, value in answer.headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        if answer.dropped:  # the headers have promised a body: no server can make a complete error page of it
            raise ConnectionDropped("the simulator dropped the connection")
        content = b"" if scope["method"] == "HEAD" else answer.content
        await send({"type": "http.response.body", "body": content})

    async def _respond(self, scope: "Scope", body: bytes) -> "Answer":
        world = self._world
        world.advance(self._clock())
        path = scope["path"]
        client = scope.get("client")
        inquiry = Inquiry(
            method=scope["method"],
            path=path,
            query=dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
            body=body,
            ip=client[0] if client else "127.0.0.1",
            scheme=scope.get("scheme", "http"),
        )
        fault = world.chaos.take("fault", path)
        errcode: int | None = None
        content = b""
        if fault not in {"-1_before", "reset_before"}:
            errcode, content = gate.answer(world, inquiry)
        if fault in {"-1_before", "-1_after"}:
            content = gate.refused(world, path, Refusal(-1))
        if fault in {"reset_before", "reset_after"}:
            self._log(inquiry, errcode, fault)
            return DROPPED
        reply = world.chaos.take("reply", path)
        self._log(inquiry, errcode, fault or reply or "ok")
        shaped = self._answer(path, content, reply)
        if reply is not None and reply.startswith(SLOW):
            await self._sleep(slow_seconds(reply))
        return shaped

    def _answer(self, path: str, content: bytes, reply: str | None) -> "Answer":
        kind = self._world.chaos.take("content_type", path)
        media_type = dict(_CONTENT_TYPES)[kind]
        if reply is not None:
            content = garbled(reply, content)
            media_type = "text/html" if reply in {"html", "http_500"} else media_type
        headers = (
            ("content-type", media_type),
            ("content-length", str(len(content))),
            ("date", formatdate(self._world.now, usegmt=True)),
        )
        return Answer(500 if reply == "http_500" else 200, headers, content)

    def _log(self, inquiry: Inquiry, errcode: int | None, outcome: str) -> None:
        self._world.log(Call(self._world.now, inquiry.method, inquiry.path, errcode, outcome))


def create_app(
    world: World, *, clock: Callable[[], float], sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
) -> "ASGIApp":
    """The platform and its control interface at `/__sim__/`.

    Every request first brings the world to `clock()`; nothing runs between requests. `sleep` is what
    a slow reply waits with. Behind uvicorn switch off its own Date header (`date_header=False`).
    """
    platform = _Platform(world, clock, sleep)

    @cache
    def control() -> "ASGIApp":  # made when it is first wanted: a desk on the simulator never does
        from starlette.routing import Router

        from kefu_desk.simulator.control import routes

        return Router(routes(world, clock))

    async def app(scope: "Scope", receive: "Receive", send: "Send") -> None:
        platform_asked = scope["type"] == "http" and not scope["path"].startswith(CONTROL)
        await (platform if platform_asked else control())(scope, receive, send)

    return app


async def _read(receive: "Receive") -> bytes | None:
    """The body, or None when it is over 20 MB."""
    parts: list[bytes] = []
    total = 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            return b""
        part = event.get("body", b"")
        total += len(part)
        if total > BODY_BYTES:
            return None
        parts.append(part)
        if not event.get("more_body", False):
            return b"".join(parts)
