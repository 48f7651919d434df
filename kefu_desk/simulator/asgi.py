"""The simulated api.weixin.qq.com as an ASGI application."""

import asyncio
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from functools import cache

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

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


class ConnectionDropped(ConnectionResetError):  # noqa: N818  named like its builtin parents
    """The connection breaks before a complete answer.

    Through `httpx.ASGITransport` this exception itself reaches the caller of the request (it is an OSError,
    not an httpx error; a transport that wants httpx's own type must translate it). Under uvicorn the headers
    are out by then and the socket is closed, so a client sees `httpx.RemoteProtocolError`.
    """


class _Dropped(Response):
    """Promises a body and breaks off; started so that no server can turn it into a complete error page."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        headers = [(b"content-type", b"application/json"), (b"content-length", b"27")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        raise ConnectionDropped("the simulator dropped the connection")


class _Platform:
    """Answers everything outside the control interface."""

    def __init__(
        self, world: World, clock: Callable[[], float], sleep: Callable[[float], Awaitable[object]]
    ) -> None:
        self._world = world
        self._clock = clock
        self._sleep = sleep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await _read(request)
        response = _too_large() if body is None else await self._respond(request, body)
        await response(scope, receive, send)

    async def _respond(self, request: Request, body: bytes) -> Response:
        world = self._world
        world.advance(self._clock())
        path = request.scope["path"]
        inquiry = Inquiry(
            method=request.method,
            path=path,
            query=dict(request.query_params),
            body=body,
            ip=request.client.host if request.client is not None else "127.0.0.1",
            scheme=request.url.scheme,
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
            return _Dropped()
        reply = world.chaos.take("reply", path)
        self._log(inquiry, errcode, fault or reply or "ok")
        response = self._response(path, content, reply)
        if reply is not None and reply.startswith(SLOW):
            await self._sleep(slow_seconds(reply))
        return response

    def _response(self, path: str, content: bytes, reply: str | None) -> Response:
        kind = self._world.chaos.take("content_type", path)
        media_type = dict(_CONTENT_TYPES)[kind]
        if reply is not None:
            content = garbled(reply, content)
            media_type = "text/html" if reply in {"html", "http_500"} else media_type
        headers = {"Content-Type": media_type, "Date": formatdate(self._world.now, usegmt=True)}
        return Response(content, status_code=500 if reply == "http_500" else 200, headers=headers)

    def _log(self, inquiry: Inquiry, errcode: int | None, outcome: str) -> None:
        self._world.log(Call(self._world.now, inquiry.method, inquiry.path, errcode, outcome))


def create_app(
    world: World, *, clock: Callable[[], float], sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
) -> ASGIApp:
    """The platform and its control interface at `/__sim__/`.

    Every request first brings the world to `clock()`; nothing runs between requests. `sleep` is what
    a slow reply waits with. Behind uvicorn switch off its own Date header (`date_header=False`).
    """
    platform = _Platform(world, clock, sleep)

    @cache
    def control() -> ASGIApp:  # made when it is first wanted: a desk on the simulator never does
        from starlette.routing import Router

        from kefu_desk.simulator.control import routes

        return Router(routes(world, clock))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        platform_asked = scope["type"] == "http" and not scope["path"].startswith(CONTROL)
        await (platform if platform_asked else control())(scope, receive, send)

    return app


async def _read(request: Request) -> bytes | None:
    """The body, or None when it is over 20 MB."""
    parts: list[bytes] = []
    total = 0
    try:
        async for part in request.stream():
            total += len(part)
            if total > BODY_BYTES:
                return None
            parts.append(part)
    except ClientDisconnect:
        return b""
    return b"".join(parts)


def _too_large() -> Response:
    return JSONResponse({"errcode": 45001, "errmsg": "media size out of limit"}, status_code=413)
