"""The simulated api.weixin.qq.com as an ASGI application."""

import asyncio
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from functools import cache
from typing import TYPE_CHECKING

from kefu_desk.simulator import gate
from kefu_desk.simulator.inquiry import Inquiry, pairs_of
from kefu_desk.simulator.line import ConnectionDropped, Lines
from kefu_desk.simulator.refusal import Refusal
from kefu_desk.simulator.reply import Reply
from kefu_desk.simulator.stage import Begin, Stage
from kefu_desk.simulator.traffic import Call
from kefu_desk.simulator.world import World

if TYPE_CHECKING:  # the control interface alone imports Starlette, when it is first asked for
    from starlette.types import ASGIApp, Receive, Scope, Send

    from kefu_desk.simulator.faults import Fault

__all__ = ["BODY_BYTES", "CONTROL", "ConnectionDropped", "create_app"]

BODY_BYTES = 20 * 1024 * 1024
CONTROL = "/__sim__/"

_CONTENT_TYPES = (
    (None, "application/json; encoding=utf-8"),
    ("json_charset", "application/json; charset=utf-8"),
    ("text_plain", "text/plain"),
)
_TOO_LARGE = Reply(b'{"errcode":45001,"errmsg":"media size out of limit"}', 413)

Headers = tuple[tuple[str, str], ...]


class _Platform:
    """Answers everything outside the control interface."""

    def __init__(
        self, stage: Stage, sleep: Callable[[float], Awaitable[object]], lines: Lines | None
    ) -> None:
        self._stage = stage
        self._sleep = sleep
        self._lines = lines

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        body = await _read(receive)
        if isinstance(body, Reply):
            await _deliver(send, body, self._headers(body, ""))
            return
        if body is None:
            return
        world = self._stage.world
        world.advance(self._stage.clock())
        inquiry = _inquiry(scope, body)
        if world.chaos:
            await self._go_wrong(world, inquiry, scope, receive, send)
            return
        errcode, reply = gate.answer(world, inquiry)
        _log(world, inquiry, errcode, "ok")
        await _deliver(send, reply, self._headers(reply, inquiry.path))

    async def _go_wrong(
        self, world: World, inquiry: Inquiry, scope: "Scope", receive: "Receive", send: "Send"
    ) -> None:
        from kefu_desk.simulator.faults import planned
        from kefu_desk.simulator.garble import NO_TYPE, garbled
        from kefu_desk.simulator.transmission import Outgoing, Transmission

        said = b"\n".join([*(value.encode() for value in inquiry.query.values()), inquiry.body])
        fault = planned(world.chaos, inquiry.path, said)
        errcode, reply = _acted(world, inquiry, fault)
        _log(world, inquiry, errcode, fault.name)
        reply = garbled(fault.reply, reply) if fault.reply else reply
        headers = self._headers(reply, inquiry.path)
        headers = tuple(
            (name, value)
            for name, value in headers
            if (name, fault.reply) != ("date", "no_date") and (name, value) != ("content-type", NO_TYPE)
        )
        line = self._lines.find(scope.get("client")) if self._lines is not None else None
        content = b"" if inquiry.method == "HEAD" else reply.content
        await Transmission(receive, send, self._sleep, line).deliver(
            Outgoing(reply.status, headers, content), fault.reply
        )

    def _headers(self, reply: Reply, path: str) -> Headers:
        world = self._stage.world
        kind = reply.content_type or dict(_CONTENT_TYPES)[world.chaos.take("content_type", path)]
        return ("content-type", kind), ("date", formatdate(world.now, usegmt=True)), *reply.headers


def create_app(
    world: World,
    *,
    clock: Callable[[], float],
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    lines: Lines | None = None,
    begin: Begin | None = None,
) -> "ASGIApp":
    """The platform and its control interface at `/__sim__/`.

    Every request first brings the world to `clock()`; nothing runs between requests. `sleep` is what
    a slow reply waits with; with `lines` a fault breaks the socket itself. Behind uvicorn switch off its own
    Date header (`date_header=False`). `begin` makes the worlds that the control interface may ask for.
    """
    stage = Stage(world, clock, begin)
    platform = _Platform(stage, sleep, lines)

    @cache
    def control() -> "ASGIApp":  # made when it is first wanted: a desk on the simulator never does
        from starlette.routing import Router

        from kefu_desk.simulator.control import routes

        return Router(routes(stage))

    async def app(scope: "Scope", receive: "Receive", send: "Send") -> None:
        platform_asked = scope["type"] == "http" and not (scope["path"] + "/").startswith(CONTROL)
        await (platform if platform_asked else control())(scope, receive, send)

    return app


def _inquiry(scope: "Scope", body: bytes) -> Inquiry:
    client = scope.get("client")
    return Inquiry(
        method=scope["method"],
        path=scope["path"],
        query=pairs_of(scope["query_string"]),
        body=body,
        ip=client[0] if client else "127.0.0.1",
        scheme=scope.get("scheme", "http"),
        headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
    )


def _acted(world: World, inquiry: Inquiry, fault: "Fault") -> tuple[int | None, Reply]:
    """What the platform did about the call, and what it would say."""
    from kefu_desk.simulator.faults import AFTER, BEFORE, UNSEEN
    from kefu_desk.simulator.shapes import shaped

    errcode: int | None = None
    reply = Reply(gate.SUCCESS)
    if fault.delay is not None:
        world.at(world.now + fault.delay, lambda: _late(world, inquiry))
    elif fault.effect != UNSEEN:
        errcode, reply = gate.answer(world, inquiry, acts=fault.effect == BEFORE)
        if fault.effect == AFTER and errcode == 0:
            world.at(world.now, lambda: _late(world, inquiry, counted=True))
    if fault.busy:
        reply = Reply(gate.refused(world, inquiry.path, Refusal(-1)))
    content = shaped(world.chaos, inquiry.path, reply.content) if not reply.content_type else reply.content
    return errcode, Reply(content, reply.status, reply.content_type, reply.headers)


def _late(world: World, inquiry: Inquiry, *, counted: bool = False) -> None:
    errcode, _reply = gate.answer(world, inquiry, counts=not counted)
    _log(world, inquiry, errcode, "late")


def _log(world: World, inquiry: Inquiry, errcode: int | None, outcome: str) -> None:
    world.log(Call(world.now, inquiry.method, inquiry.path, errcode, outcome))


async def _deliver(send: "Send", reply: Reply, headers: Headers) -> None:
    length = (b"content-length", str(len(reply.content)).encode())
    fields = [*((name.encode(), value.encode("latin-1")) for name, value in headers), length]
    await send({"type": "http.response.start", "status": reply.status, "headers": fields})
    await send({"type": "http.response.body", "body": reply.content})


async def _read(receive: "Receive") -> bytes | Reply | None:
    """The body, a refusal when it is over 20 MB, or None when the client went away before its end."""
    parts: list[bytes] = []
    total = 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            return None
        part = event.get("body", b"")
        total += len(part)
        if total > BODY_BYTES:
            return _TOO_LARGE
        parts.append(part)
        if not event.get("more_body", False):
            return b"".join(parts)
