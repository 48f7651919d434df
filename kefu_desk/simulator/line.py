"""The connections under the simulator's HTTP, so that a fault can really break one."""

import asyncio
import socket
import struct
import sys

Address = tuple[str, int]


class ConnectionDropped(ConnectionResetError):  # noqa: N818  named like its builtin parents
    """The connection breaks before a complete answer.

    Through `httpx.ASGITransport` this exception itself reaches the caller of the request (it is an OSError,
    not an httpx error; a transport that wants httpx's own type must translate it). It is raised only where
    no `Lines` know the connection: there the socket is broken instead.
    """


class Line:
    """One connection to a client; it is `held` while an answer is kept back on purpose."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.held = False

    @property
    def closing(self) -> bool:
        """Whether nobody can be reached over it any more."""
        return self._transport.is_closing()

    def write(self, data: bytes) -> None:
        """Sends bytes as they are, whatever HTTP says about them."""
        self._transport.write(data)

    def close(self) -> None:
        """Hangs up in order, after what was written."""
        self._transport.close()

    def reset(self) -> None:
        """Breaks the connection: the other side sees a reset (RST), and nothing that is still unsent."""
        linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
        self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._transport.abort()


class Lines:
    """The open connections of a server, by the address of the client."""

    def __init__(self) -> None:
        self._open: dict[Address, Line] = {}

    def opened(self, transport: asyncio.Transport) -> None:
        """A client connected."""
        self._open[_address(transport)] = Line(transport)

    def closed(self, transport: asyncio.Transport) -> None:
        """The client is gone."""
        self._open.pop(_address(transport), None)

    def release(self, transport: asyncio.Transport) -> None:
        """The server ends: nobody has to wait any longer for an answer that is kept back."""
        line = self._open.get(_address(transport))
        if line is not None and line.held:
            line.close()

    def find(self, client: Address | None) -> Line | None:
        """The connection of this client."""
        return self._open.get((client[0], client[1])) if client is not None else None


def _address(transport: asyncio.Transport) -> Address:
    host, port = transport.get_extra_info("peername")[:2]
    return str(host), int(port)
