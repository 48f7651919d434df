"""uvicorn's HTTP, which tells the simulator of its connections so that a fault can break one."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

from kefu_desk.simulator.line import Lines


def noting(lines: Lines) -> type[asyncio.Protocol]:
    """A protocol for `uvicorn.Config(http=...)` that keeps `lines` up to date."""

    class Noting(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            lines.opened(transport)
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            lines.closed(self.transport)
            super().connection_lost(exc)

        def shutdown(self) -> None:
            lines.release(self.transport)
            super().shutdown()

    return Noting
