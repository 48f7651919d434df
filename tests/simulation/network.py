"""The way between a desk and WeChat: it loses, delays and distorts, and what happens is not what is told."""

import asyncio
from dataclasses import dataclass

import httpx

from tests.simulation.process import Process
from tests.simulation.town import SEND, Town
from tests.simulation.weather import NOTHING, Weather

READ_TIMEOUT = 15.0
HTML = b"<html><head><title>502 Bad Gateway</title></head></html>"


@dataclass
class Parcel:
    """A request on its way; `row` is the send of the desk that it carries."""

    method: str
    path: str
    query: bytes
    body: bytes
    desk: str
    row: int | None = None


class Wire(httpx.AsyncBaseTransport):
    """The network of one process."""

    def __init__(self, process: Process, town: Town, weather: Weather, desk: str) -> None:
        self._process = process
        self._town = town
        self._weather = weather
        self._desk = desk
        self._waiting: dict[asyncio.Future[None], None] = {}

    def cut(self) -> None:
        """Every connection breaks, as when the computer was asleep."""
        for waiting in tuple(self._waiting):
            if not waiting.done():
                waiting.set_exception(httpx.ReadError("connection reset"))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        path, _, query = url.raw_path.partition(b"?")
        body = await request.aread()
        parcel = Parcel(request.method, path.decode(), query, body, self._desk)
        sends = parcel.path.endswith(SEND)
        short = parcel.path.rpartition("/")[2] if not sends else SEND
        self._process.step(f"request {short}")
        parcel.row = self._town.oracle.attempt(self._desk, body) if sends else None
        fate = self._weather.fate(parcel.path, sends=sends)
        self._town.oracle.call(self._desk, parcel.path, counts=not sends and self._weather.page is None)
        if sends or fate != NOTHING:
            self._town.note(self._desk, f"{short} #{parcel.row}: {fate}" if sends else f"{short}: {fate}")
        try:
            status, headers, content = await self._carried(parcel, fate)
        finally:
            self._town.oracle.landed(self._desk, parcel.row)
        self._process.step(f"reply {short}")
        if status == 200:
            self._town.oracle.replied(self._desk, parcel, content)
        return httpx.Response(status, headers=headers, content=content)

    async def _carried(self, parcel: Parcel, fate: str) -> tuple[int, list[tuple[str, str]], bytes]:
        rng = self._weather.rng
        if fate == "never connected":
            await self._passes(rng.choice((0.01, 5.0)))
            raise httpx.ConnectError("connection refused")
        if fate.startswith("refused "):
            await self._passes(0.1)
            return 200, [], b'{"errcode":%s,"errmsg":"refused"}' % fate.removeprefix("refused ").encode()
        if fate == "request lost":
            await self._silence()
        if fate == "zombie":
            self._town.later(rng.uniform(1, 400), parcel)
            await self._silence()
        await self._leaves(parcel, rng.uniform(0.02, 0.2))
        if fate in ("busy", "html") and rng.random() < (0.7 if fate == "busy" else 0.5):
            await self._passes(0.1)
        else:
            answer = self._town.serve(parcel)
            if fate == "reply lost":
                await self._silence()
            await self._passes(rng.uniform(3, 14) if fate == "slow" else rng.uniform(0.02, 0.2))
            if fate not in ("busy", "html"):
                return answer
        if fate == "busy":
            return 200, [], b'{"errcode":-1,"errmsg":"system error"}'
        return 502, [("content-type", "text/html")], HTML

    async def _leaves(self, parcel: Parcel, seconds: float) -> None:
        """The request is under way; it may arrive although nobody waits for the answer any more."""
        arrives, late = self._weather.rng.random() < 0.5, self._weather.rng.uniform(0, 400)
        try:
            await self._passes(seconds)
        except BaseException:
            if arrives:
                self._town.later(late, parcel)
            raise

    async def _silence(self) -> None:
        """No answer comes."""
        if self._weather.rng.random() < 0.3:
            await self._passes(0.2)
            raise httpx.ReadError("connection reset")
        await self._passes(READ_TIMEOUT)
        raise httpx.ReadTimeout("no answer")

    async def _passes(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        waiting = loop.create_future()
        timer = loop.call_later(seconds, arrived, waiting)
        self._waiting[waiting] = None
        try:
            await waiting
        finally:
            self._waiting.pop(waiting, None)
            timer.cancel()


def arrived(waiting: "asyncio.Future[None]") -> None:
    """The time is over, unless the connection broke before."""
    if not waiting.done():
        waiting.set_result(None)
