"""Our client beside wechatpy and beside the least that can be done, over loopback, in turns in one run.

Run with `peak CLIENT ADDRESS` it measures the memory of one client in a process of its own.
"""

import asyncio
import json
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from figures import line
from wechat_bytes import NOON, PAGES, RECORDS, page

from kefu_desk.wechat import spec
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.replies import Reading, Shape
from kefu_desk.wechat.wire import RecordsReply

HERE = Path(__file__).resolve().parent
PAGE_ROUNDS = 31
CALL_ROUNDS = 21
CALLS = 60

APPID = "wx6d1f0c83b5a2e974"
Act = Callable[[], Awaitable[object]]


class Ours:
    """Our client."""

    def __init__(self, base: str) -> None:
        self._wechat = WeChatClient(appid=APPID, secret=lambda: "5f8a1c3e7b9d2046a8c1e3f5", base_url=base)

    async def page(self) -> object:
        return (await self._wechat.records_page(NOON, NOON + RECORDS)).records

    async def call(self) -> object:
        return await self._wechat.waiting_cases()


class Theirs:
    """wechatpy as it comes; it blocks the loop meanwhile, and its answers stay dictionaries."""

    def __init__(self, base: str) -> None:
        from wechatpy import WeChatClient as Wechatpy

        self._wechat = Wechatpy(APPID, "secret", access_token="81_" + "x" * 140)
        request = self._wechat._http.request
        official = "https://api.weixin.qq.com"
        self._wechat._http.request = lambda method, url, **more: request(
            method=method, url=url.replace(official, base), **more
        )

    async def page(self) -> object:
        return self._wechat.customservice.get_records(NOON, NOON + RECORDS)["recordlist"]

    async def call(self) -> object:
        return self._wechat.customservice.get_wait_case()


class Floor:
    """A socket and msgspec: no errors, no deadlines, no token."""

    def __init__(self, base: str) -> None:
        import msgspec

        self._port = int(base.rsplit(":", 1)[1])
        self._decode = msgspec.json.Decoder(RecordsReply, strict=False).decode
        self._small = msgspec.json.Decoder(strict=False).decode
        self._lines: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def page(self) -> object:
        body = json.dumps({"starttime": NOON, "endtime": NOON + RECORDS, "msgid": 1, "number": RECORDS})
        got = await self._ask("POST", spec.MSG_LIST.path, body.encode())
        return self._decode(got).records

    async def call(self) -> object:
        return self._small(await self._ask("GET", spec.WAIT_CASE.path))

    async def _ask(self, verb: str, path: str, body: bytes = b"") -> bytes:
        if self._lines is None:
            self._lines = await asyncio.open_connection("127.0.0.1", self._port, limit=4 * 1024 * 1024)
        reader, writer = self._lines
        head = f"{verb} {path}?access_token=81_ HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        return await reader.readexactly(int(answer.split(b"content-length:")[1].split(b"\r\n")[0]))


class Taken:
    """Seconds of one act, a number a round; the rounds of two acts belong together."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []


def times_as_fast(slow: list[float], fast: list[float]) -> float:
    """The median over the rounds of how much one took longer than the other."""
    return median(one / other for one, other in zip(slow, fast, strict=True))


def ms(seconds: list[float]) -> str:
    return f"{median(seconds) * 1e3:.2f} ms"


CLIENTS = {"floor": Floor, "ours": Ours, "wechatpy": Theirs}


@contextmanager
def serving() -> Iterator[str]:
    """The address of the server of bytes."""
    command = [sys.executable, HERE / "wechat_bytes.py"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.stdin.close()


async def in_turns(acts: dict[str, Act], rounds: int, times: int) -> dict[str, Taken]:
    """What each act takes, measured in turns so that a busy moment hits all."""
    taken = {name: Taken() for name in acts}
    for act in acts.values():
        await act()
    for _ in range(rounds):
        for name, act in acts.items():
            began, worked = time.perf_counter(), time.process_time()
            for _ in range(times):
                await act()
            taken[name].wall.append((time.perf_counter() - began) / times)
            taken[name].cpu.append((time.process_time() - worked) / times)
    return taken


def decoding() -> tuple[list[float], list[float]]:
    """Seconds to make our values of a page, checks included, and for bare msgspec to make the same."""
    import msgspec

    bodies = [page(number) for number in range(PAGES)]
    shape = Shape(RecordsReply)
    bare = msgspec.json.Decoder(RecordsReply).decode
    ours_took, bare_took = [], []
    for body in bodies * 6:
        began = time.perf_counter()
        Reading(spec.MSG_LIST, 200, body, ("x" * 140,)).value(shape)
        between = time.perf_counter()
        bare(body)
        bare_took.append(time.perf_counter() - between)
        ours_took.append(between - began)
    return ours_took, bare_took


def peak(name: str, base: str) -> int:
    """Bytes that reading one page takes at its height, in a process of its own."""
    done = subprocess.run(
        [sys.executable, HERE / "client.py", "peak", name, base], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


async def measured_peak(name: str, base: str) -> int:
    client = CLIENTS[name](base)
    await client.page()
    tracemalloc.start()
    await client.page()
    return tracemalloc.get_traced_memory()[1]


async def main() -> None:
    with serving() as base:
        clients = {name: kind(base) for name, kind in CLIENTS.items()}
        pages = await in_turns({name: client.page for name, client in clients.items()}, PAGE_ROUNDS, 1)
        calls = await in_turns({name: client.call for name, client in clients.items()}, CALL_ROUNDS, CALLS)
        peaks = {name: peak(name, base) for name in CLIENTS}
    tell_page(pages, peaks)
    tell_calls(calls)
    ours, bare = decoding()
    ratio = times_as_fast(ours, bare)
    line(
        "page of bytes into our values, checked",
        f"{ms(ours)} = {ratio:.2f} ×",
        f"msgspec {ms(bare)}",
        "≤ 1.3 ×",
        kept=ratio <= 1.3,
    )


def tell_page(pages: dict[str, Taken], peaks: dict[str, int]) -> None:
    ours, theirs, floor = (pages[name].wall for name in ("ours", "wechatpy", "floor"))
    faster = times_as_fast(theirs, ours)
    line(
        f"page of {RECORDS:,} records, fetched and typed",
        f"{ms(ours)} = {faster:.2f} × as fast",
        f"socket {ms(floor)} = {times_as_fast(theirs, floor):.1f} ×",
        f"≥ 2.2 × wechatpy's {ms(theirs)}",
        kept=faster >= 2.2,
    )
    line(
        "the same page, most memory at once",
        f"{peaks['ours'] / 1e6:.1f} MB",
        f"socket {peaks['floor'] / 1e6:.1f} MB",
        f"< wechatpy's {peaks['wechatpy'] / 1e6:.1f} MB",
        kept=peaks["ours"] < peaks["wechatpy"],
    )


def tell_calls(calls: dict[str, Taken]) -> None:
    for words, of in (("small call", "wall"), ("small call, CPU of this process", "cpu")):
        ours, theirs, floor = (getattr(calls[name], of) for name in ("ours", "wechatpy", "floor"))
        ratio = times_as_fast(ours, theirs)
        line(
            words,
            f"{ms(ours)} = {ratio:.2f} ×",
            f"socket {ms(floor)}",
            f"≤ 1 × wechatpy's {ms(theirs)}",
            kept=ratio <= 1,
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["peak"]:
        print(asyncio.run(measured_peak(*sys.argv[2:])))
    else:
        asyncio.run(main())
