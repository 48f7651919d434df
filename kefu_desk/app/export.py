"""`kefu-desk records`: the message records of a period as JSON lines, day by day, resumed where it was left.

Beside `FILE` lies `FILE.state`: whose records of which period these are, and up to which byte the file holds
whole days. Only what is on disk is noted there, so a kill at any moment costs at most the day under way.
"""

import contextlib
import os
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import msgspec

from kefu_desk.app.arguments import shown_moment
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.records import RecordReader, days
from kefu_desk.wechat.wire import RecordItem

SETTLING = 600
"""Seconds after its end in which a day may still get records; such a day is read again next time."""

CHUNK = 1024 * 1024
BAR = 30


class ExportError(Exception):
    """A file that cannot be continued; the message says why and what to do."""


class State(msgspec.Struct, frozen=True):
    """What is known of a file: its period in Unix seconds, and its whole days by their last second."""

    appid: str
    start: int
    end: int
    done: int
    records: int = 0
    size: int = 0
    checksum: int = 0

    @property
    def complete(self) -> bool:
        """Whether no day of the period is missing."""
        return self.done >= self.end


class Export:
    """The file of one period and its state.

    Raises:
        ExportError: when the file belongs to something else or was changed.
        OSError: when it cannot be read or written.
    """

    def __init__(self, path: Path, appid: str, start: int, end: int) -> None:
        self._path = path
        self._notes = path.with_name(f"{path.name}.state")
        self._fresh = State(appid, start, end, done=start - 1)
        self.state = self._found() or self._fresh
        self._encoder = msgspec.json.Encoder()
        self._file: BinaryIO

    @contextlib.contextmanager
    def opened(self) -> Iterator[None]:
        """Holds the file open, cut back to its whole days."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if self.state is self._fresh:
            self._note(self._fresh)
        with self._path.open("ab") as self._file:
            self._reserve()
            self._file.truncate(self.state.size)
            self._file.seek(self.state.size)
            yield

    def _reserve(self) -> None:
        """Keeps a second export away from the file, as far as the system can."""
        if sys.platform == "win32":
            return
        import fcntl

        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ExportError(
                f"another export is writing {self._path}; wait for it, or name another --out"
            ) from None

    def write(self, record: dict[str, Any]) -> None:
        """Appends one record."""
        self._file.write(self._encoder.encode(record) + b"\n")

    def close_day(self, last: int, written: int, *, settled: bool) -> None:
        """Brings a day to the disk, and notes it unless it may still get records."""
        self._file.flush()
        os.fsync(self._file.fileno())
        if not settled:
            return
        size = self._file.tell()
        checksum = _checksum(self._path, self.state.size, size, self.state.checksum)
        self._note(
            msgspec.structs.replace(
                self.state, done=last, records=self.state.records + written, size=size, checksum=checksum
            )
        )

    def _note(self, state: State) -> None:
        draft = self._notes.with_name(f"{self._notes.name}.new")
        with draft.open("wb") as file:
            file.write(self._encoder.encode(state))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._notes)
        self.state = state

    def _found(self) -> State | None:
        try:
            noted = self._notes.read_bytes()
        except FileNotFoundError:
            if self._path.exists():
                raise ExportError(
                    f"{self._path} exists and is no unfinished export; name another --out"
                ) from None
            return None
        try:
            state = msgspec.json.decode(noted, type=State)
        except msgspec.DecodeError:
            raise ExportError(
                f"{self._notes} is damaged; delete it and {self._path}, or name another --out"
            ) from None
        if (state.appid, state.start, state.end) != (self._fresh.appid, self._fresh.start, self._fresh.end):
            raise ExportError(
                f"{self._path} holds the records of {state.appid} from {shown_moment(state.start)} to"
                f" {shown_moment(state.end)}; name another --out"
            )
        size = self._path.stat().st_size if self._path.exists() else 0
        if size < state.size or _checksum(self._path, 0, state.size, 0) != state.checksum:
            raise ExportError(f"{self._path} was changed since it was written; name another --out")
        return state


class Progress:
    """Tells how far an export is: a bar on a terminal, a line a day elsewhere."""

    def __init__(self, total: int, out: TextIO, *, quiet: bool = False) -> None:
        self._total = total
        self._out = out
        self._bar = out.isatty()
        self._quiet = quiet

    def tell(self, number: int, first: int, day_records: int, records: int, *, over: bool) -> None:
        """Day `number` of all has so many records until now; `over` at its end."""
        if self._quiet or not (over or self._bar):
            return
        day = shown_moment(first)[:10]
        if not self._bar:
            print(f"{day}  {day_records} records", file=self._out, flush=True)
            return
        filled = BAR * (number if over else number - 1) // self._total
        bar = "█" * filled + "░" * (BAR - filled)
        print(
            f"\r{bar} {number}/{self._total}  {day}  {records} records ", end="", file=self._out, flush=True
        )

    def end(self) -> None:
        """Leaves the line of the bar."""
        if self._bar and not self._quiet:
            print(file=self._out, flush=True)


async def export(
    client: WeChatClient, target: Export, now: Callable[[], float], *, quiet: bool = False
) -> dict[str, Any]:
    """Reads what is missing and returns the counts; what was read before an error is kept.

    Raises:
        WeChatError: when WeChat or the network refuses.
        OSError: when the file cannot be written.
    """
    state = target.state
    slices = days(state.start, state.end)
    missing = [(number, *part) for number, part in enumerate(slices, 1) if part[1] > state.done]
    progress = Progress(len(slices), sys.stderr, quiet=quiet)
    total, held_back, broken_off = state.records, False, list[str]()
    reader = RecordReader(client)
    skipped = client.rows_skipped()
    try:
        if missing:
            with target.opened():
                for number, first, last in missing:
                    before, stopped = total, reader.stopped
                    over = last + SETTLING < now()
                    async for records, _ in reader.pages(first, last):
                        for record in records:
                            target.write(_row(record))
                        total += len(records)
                        progress.tell(number, first, total - before, total, over=False)
                    if reader.stopped > stopped:
                        broken_off.append(shown_moment(first)[:10])
                    settled = over and not held_back and reader.stopped == stopped
                    held_back = not settled
                    target.close_day(last, total - before, settled=settled)
                    progress.tell(number, first, total - before, total, over=True)
    finally:
        progress.end()
    return {
        "records": total,
        "days": len(slices),
        "already_there": state.records,
        "broken_off": broken_off,
        "final": target.state.complete,
        "skipped": client.rows_skipped() - skipped,
    }


def _row(record: RecordItem) -> dict[str, Any]:
    return {
        "openid": record.openid,
        "opercode": record.opercode,
        "text": record.text,
        "time": record.time,
        "worker": record.worker,
    }


def _checksum(path: Path, start: int, end: int, known: int) -> int:
    """The CRC-32 of a file up to `end`, going on from that up to `start`."""
    if start >= end:
        return known
    with path.open("rb") as file:
        file.seek(start)
        left = end - start
        while left:
            part = file.read(min(CHUNK, left))
            if not part:
                break
            known = zlib.crc32(part, known)
            left -= len(part)
    return known
