"""One program a profile: a lock of the system, and a door where a second one knocks."""

import asyncio
import hmac
import os
import secrets
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from kefu_desk.domain.failure import Category, DeskError, Failure
from kefu_desk.domain.text import text

LOCK = "lock"
LOOPBACK = "127.0.0.1"
BEHIND = 4096
"""The locked byte on Windows, where nobody could read a locked one: behind what the file says."""
ANSWER = b"shown\n"
LONGEST = 200
PATIENCE = 3.0
"""Seconds in which a program that has just started gets its door open."""
PAUSE = 0.05


class Instance:
    """Holds the lock of a profile's folder until the program ends, in whatever way.

    Raises:
        DeskError: when another program holds it, or the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._server: asyncio.Server | None = None
        self._closed = False
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            detail = f"{error.strerror} {folder / LOCK}"
            words = text("failure.storage.folder", file=LOCK)
            raise DeskError(Failure(Category.STORAGE, words, detail=detail)) from error
        try:
            take(self._file)
        except OSError as error:
            os.close(self._file)
            words = text("failure.instance.held")
            raise DeskError(Failure(Category.STORAGE, words, detail=LOCK, subject=LOCK)) from error
        os.truncate(self._file, 0)

    async def listen(self, show: Callable[[], None]) -> None:
        """Opens the door: `show` is called when a second program knocks with the word from the file."""
        word = secrets.token_hex(16)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Door(word, show), LOOPBACK, 0)
        if self._closed:
            self._server.close()
            return
        port = self._server.sockets[0].getsockname()[1]
        os.write(self._file, f"{port} {word}\n".encode())

    def close(self) -> None:
        """Closes the door and gives the lock back."""
        self._closed = True
        if self._server is not None:
            self._server.close()
        os.truncate(self._file, 0)
        os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Door(asyncio.Protocol):
    """Answers one who knows the word; everybody else is sent away without one."""

    def __init__(self, word: str, show: Callable[[], None]) -> None:
        self._word = word.encode()
        self._show = show
        self._heard = b""
        self._line: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody knocks."""
        if isinstance(transport, asyncio.WriteTransport):
            self._line = transport

    def data_received(self, data: bytes) -> None:
        """Listens to one line."""
        self._heard += data
        if self._line is None or (b"\n" not in self._heard and len(self._heard) < LONGEST):
            return
        if hmac.compare_digest(self._heard.strip(), self._word):
            self._line.write(ANSWER)
            self._show()
        self._line.close()


def knock(folder: Path, patience: float = PATIENCE) -> bool:
    """Asks the program that holds a profile to show its window; whether it did. Blocks for seconds."""
    end = time.monotonic() + patience
    while True:
        with suppress(OSError, ValueError):
            port, word = (folder / LOCK).read_text(encoding="ascii").split()
            with socket.create_connection((LOOPBACK, int(port)), timeout=patience) as line:
                line.sendall(f"{word}\n".encode())
                if line.recv(len(ANSWER)) == ANSWER:
                    return True
        if time.monotonic() > end:
            return False
        time.sleep(PAUSE)


def take(file: int) -> None:
    """Locks a file or raises OSError at once; the system gives it back when the process ends."""
    if sys.platform == "win32":  # not tried: no such computer was at hand
        import msvcrt

        os.lseek(file, BEHIND, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        os.lseek(file, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
