"""A shop with answers that can be tampered with, a clock that can jump, and an archive that can be read."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import httpx
from msgspec.structs import replace

from kefu_desk.app.compose import Connection
from kefu_desk.app.files import open_files
from kefu_desk.domain.agents import Role
from kefu_desk.domain.coverage import Span
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.messages import Record
from kefu_desk.storage.archive import SqliteArchive
from tests.desk.shop import Shop
from tests.desk.virtual_time import VirtualClock

Json = dict[str, Any]
Change = Callable[[Json, Json], Json]


class Tampered(httpx.AsyncBaseTransport):
    """Between desk and simulator: `changes` alter the answers of a path, `asked` are getmsglist's bodies."""

    def __init__(self, real: httpx.AsyncBaseTransport) -> None:
        self._real = real
        self.changes: dict[str, Change] = {}
        self.asked: list[Json] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        response = await self._real.handle_async_request(request)
        path = request.url.path.rsplit("/", 1)[-1]
        asked = json.loads(body) if body[:1] == b"{" else {}
        if path == "getmsglist":
            self.asked.append(asked)
        change = self.changes.get(path)
        if change is None:
            return response
        reply = change(asked, json.loads(await response.aread()))
        headers = {k: v for k, v in response.headers.items() if k != "content-length"}
        return httpx.Response(response.status_code, headers=headers, content=json.dumps(reply).encode())


class JumpingClock(VirtualClock):
    """`ahead` is what the computer's clock is wrong by; it can be changed at any moment."""

    def __init__(self, ahead: float = 0.0) -> None:
        super().__init__()
        self.ahead = ahead

    def now(self) -> float:
        return super().now() + self.ahead


class Office(Shop):
    """A desk that keeps everything, unless `role` says otherwise."""

    def __init__(
        self, folder: Path, *, ahead: float = 0.0, role: Role = Role.SUPERVISOR, history_days: int = 2
    ) -> None:
        super().__init__(folder)
        self.clock: JumpingClock = JumpingClock(ahead)
        self.role = role
        self.history_days = history_days
        self.line = Tampered(self.transport)
        self.transport = self.line

    def connection(self) -> Connection:
        return replace(super().connection(), role=self.role, history_days=self.history_days)

    def record(
        self, openid: str, words: str, ago: float = 0.0, *, code: int = 2003, worker: str = ""
    ) -> None:
        """A line of WeChat's records, so many seconds ago; lines have to come in order of time."""
        self.world.records.add(openid, code, words, self.now() - ago, worker or "kf2001@luye")

    def hide(self, hidden: Callable[[Json], bool]) -> None:
        """Leaves records out of every answer while `hidden` holds for them."""

        def change(_asked: Json, reply: Json) -> Json:
            kept = [r for r in reply.get("recordlist", ()) if not hidden(r)]
            return reply | {"recordlist": kept, "number": len(kept)} if "recordlist" in reply else reply

        self.line.changes["getmsglist"] = change

    async def archived(self, *openids: str) -> list[Record]:
        """What the file holds of some customers, oldest first; only while no desk runs."""
        async with open_files(self.folder) as files:
            archive = SqliteArchive(files.archive)
            found = [record for openid in openids for record in await archive.latest(OpenId(openid), 10**6)]
        return sorted(found, key=lambda record: record.time)

    async def covered(self) -> tuple[Span, ...]:
        """What the file says was read; only while no desk runs."""
        async with open_files(self.folder) as files:
            return await SqliteArchive(files.archive).covered()


def texts(records: Iterable[Record]) -> list[str]:
    """What they say."""
    return [record.text for record in records]
