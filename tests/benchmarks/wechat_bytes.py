"""A server of ready-made answers in a process of its own, so that its work counts for nobody.

Prints its address, then serves until its input ends. No two answers in a row are alike: nothing that is
remembered of the last one may win.
"""

import asyncio
import json
import sys
from itertools import cycle

RECORDS = 10_000
PAGES = 4
WORDS = (
    "订单还没到，麻烦帮我看一下",
    "好的，马上为您查询，请稍等片刻",
    "请问这款还有货吗",
    "谢谢您的耐心",
    "[image]",
    "已经签收了，包装完好无损 👍",
)
NOON = 1_790_049_600


def page(number: int, records: int = RECORDS) -> bytes:
    """One page of getmsglist as WeChat writes it; another one for each number."""
    rows = [
        {
            "openid": f"oQx1aB2cD3eF4gH5iJ6kL7m{(row * 7 + number) % 500:05d}",
            "opercode": 2002 + row % 2,
            "text": f"{WORDS[(row + number) % len(WORDS)]} {row * PAGES + number}",
            "time": NOON + row,
            "worker": f"kf20{row % 20:02d}@gh_1a2b3c4d5e6f",
        }
        for row in range(records)
    ]
    return compact({"recordlist": rows, "number": records, "msgid": 20165001 + records})


def queue(number: int) -> bytes:
    """One answer of getwaitcase with twelve customers."""
    rows = [
        {"latest_time": NOON + number, "openid": f"oQx1aB2cD3eF4gH5iJ6kL7m{row:05d}"} for row in range(12)
    ]
    return compact({"count": 12, "waitcaselist": rows})


def compact(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def answer(body: bytes) -> bytes:
    head = (
        "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Type: application/json; encoding=utf-8\r\n"
        f"Date: Sun, 22 Nov 2026 12:00:00 GMT\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Answers:
    """What each path is answered with, in turns."""

    def __init__(self) -> None:
        token = answer(compact({"access_token": "81_" + "x" * 140, "expires_in": 7200}))
        self._turns = {
            b"getmsglist": cycle([answer(page(number)) for number in range(PAGES)]),
            b"getwaitcase": cycle([answer(queue(number)) for number in range(500)]),
            b"stable_token": cycle([token]),
            b"token": cycle([token]),
        }

    def to(self, head: bytes) -> bytes:
        path = head.split(b" ", 2)[1].split(b"?", 1)[0]
        return next(self._turns[path.rsplit(b"/", 1)[1]])


class Connection(asyncio.Protocol):
    """Answers each request of one connection as soon as it is complete."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._came = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._came += data
        while b"\r\n\r\n" in self._came:
            head, _, rest = self._came.partition(b"\r\n\r\n")
            lengths = [
                line[15:] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
            ]
            length = int(lengths[0]) if lengths else 0
            if len(rest) < length:
                return
            self._came = rest[length:]
            self._transport.write(self._answers.to(head))


async def main() -> None:
    answers = Answers()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(answers), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
