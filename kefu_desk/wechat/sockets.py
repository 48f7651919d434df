"""Sockets of asyncio itself under httpx's pool: a large answer comes in few pieces, a small one in one step.

What each failure proves stays as exact as it was: until the connection stands, everything is a `ConnectError`
or `ConnectTimeout`; from then on only reading and writing can fail.
"""

import asyncio
import errno
import select
import ssl
from collections.abc import Iterable
from typing import Protocol, cast

import httpcore

HELD_BYTES = 1024 * 1024
"""Reading stops while that much has arrived and nobody took it."""

ATTEMPT_SECONDS = 0.25
"""How long one address of a name is tried alone before the next one is tried beside it."""


class Witness(Protocol):
    """Sees handshakes; `refused` is the last certificate that was not good enough, as DER."""

    refused: bytes

    def look_at(self, connection: object) -> None:
        """Called with the TLS object of each handshake that went well."""


class Refused(ssl.SSLError):
    """A handshake that was broken off, with the certificate that was the reason; empty when it was not."""

    def __init__(self, error: ssl.SSLError, certificate: bytes) -> None:
        super().__init__(*error.args)
        self.verify_message = getattr(error, "verify_message", "")
        self.certificate = certificate


class Flow(asyncio.Protocol):
    """What arrived on one connection and was not taken yet; its other methods are called by the loop."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.pieces: list[bytes] = []
        self.ended = False
        self.error: OSError | None = None
        self.writable = asyncio.Event()
        self.writable.set()
        self._held = 0
        self._arrival: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Called by the loop."""
        self.pieces.append(data)
        self._held += len(data)
        if self._held >= HELD_BYTES and self.transport is not None:
            self.transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        """Called by the loop; the other side will write no more, and so shall we."""
        self.ended = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the loop."""
        self.ended = True
        self.error = exc if exc is None or isinstance(exc, OSError) else OSError(str(exc))
        self.writable.set()
        self._wake()

    def pause_writing(self) -> None:
        """Called by the loop."""
        self.writable.clear()

    def resume_writing(self) -> None:
        """Called by the loop."""
        self.writable.set()

    async def take(self) -> bytes:
        """Everything that has arrived, at least one byte; nothing when the other side is done."""
        while not self.pieces and not self.ended:
            self._arrival = asyncio.get_running_loop().create_future()
            await self._arrival
        if not self.pieces and self.error is not None:
            raise self.error
        data = self.pieces[0] if len(self.pieces) == 1 else b"".join(self.pieces)
        self.pieces.clear()
        if self._held >= HELD_BYTES and not self.ended and self.transport is not None:
            self.transport.resume_reading()
        self._held = 0
        return data

    def _wake(self) -> None:
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)


class Stream(httpcore.AsyncNetworkStream):
    """One connection as httpx's pool wants it."""

    def __init__(self, transport: asyncio.Transport, flow: Flow, witness: Witness | None = None) -> None:
        self._transport = transport
        self._flow = flow
        self._witness = witness

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109  as the pool calls it
        """All that has arrived, whatever the pool's usual piece is; nothing at the end."""
        try:
            if self._flow.pieces:
                return await self._flow.take()
            async with asyncio.timeout(timeout):
                return await self._flow.take()
        except TimeoutError as error:
            raise httpcore.ReadTimeout from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Hands over all bytes; waits while the other side takes none."""
        if not buffer:
            return
        if self._transport.is_closing():
            raise httpcore.WriteError("the connection is closed") from self._flow.error
        self._transport.write(buffer)
        if self._flow.writable.is_set():
            return
        try:
            async with asyncio.timeout(timeout):
                await self._flow.writable.wait()
        except TimeoutError as error:
            raise httpcore.WriteTimeout from error

    async def aclose(self) -> None:
        """Closes at once, without waiting for the other side."""
        self._transport.abort()
        await asyncio.sleep(0)  # the loop closes the socket in its next round, which may be its last

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        """The same connection, encrypted and with a proven name."""
        flow = Flow()
        try:
            async with asyncio.timeout(timeout):
                upper = await self._shake_hands(flow, ssl_context, server_hostname)
        except BaseException as error:
            self._transport.abort()
            if isinstance(error, TimeoutError):
                raise httpcore.ConnectTimeout from error
            if isinstance(error, OSError):  # of which ssl.SSLError is one
                raise httpcore.ConnectError(str(error)) from error
            raise
        flow.transport = upper
        if self._witness is not None:
            self._witness.look_at(upper.get_extra_info("ssl_object"))
        return Stream(upper, flow, self._witness)

    async def _shake_hands(self, flow: Flow, context: ssl.SSLContext, name: str | None) -> asyncio.Transport:
        if self._flow.pieces:  # or somebody in between could put words before the first encrypted ones
            raise ssl.SSLError("the server spoke before the handshake")
        loop = asyncio.get_running_loop()
        try:
            upper = await loop.start_tls(self._transport, flow, context, server_hostname=name)
        except ssl.SSLCertVerificationError as error:
            raise Refused(error, self._witness.refused if self._witness is not None else b"") from error
        if upper is None:
            raise ConnectionResetError("the connection ended during the handshake")
        return upper

    def get_extra_info(self, info: str) -> object:
        """What the pool asks: the TLS object, and whether an idle connection has died."""
        if info == "ssl_object":
            return self._transport.get_extra_info("ssl_object")
        if info == "is_readable":
            return (
                self._flow.ended or bool(self._flow.pieces) or self._transport.is_closing() or self._stirs()
            )
        return None

    def _stirs(self) -> bool:
        """Whether the kernel has something that the loop has not seen yet."""
        number = self._transport.get_extra_info("socket").fileno()
        if number < 0:
            return True
        if not hasattr(select, "poll"):  # Windows
            return bool(select.select([number], [], [], 0)[0])
        poll = select.poll()
        poll.register(number, select.POLLIN)
        return bool(poll.poll(0))


class Sockets(httpcore.AsyncNetworkBackend):
    """Opens connections on the running loop; `witness` sees their TLS handshakes."""

    def __init__(self, witness: Witness | None = None) -> None:
        self._witness = witness

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address of the host that answers."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                transport, flow = await loop.create_connection(
                    Flow, host, port, happy_eyeballs_delay=ATTEMPT_SECONDS
                )
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from _told_apart(error)
        return Stream(transport, flow, self._witness)


def _told_apart(error: OSError) -> OSError:
    """A refusal by all addresses of a name is a refusal; asyncio only puts it into words."""
    words = str(error)
    refused = words.count(f"[Errno {errno.ECONNREFUSED}]")
    if error.errno is None and refused and refused == words.count("[Errno "):
        return ConnectionRefusedError(errno.ECONNREFUSED, words)
    return error
