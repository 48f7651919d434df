"""The other side: WeChat, its customers and colleagues; it goes on when every desk is dead."""

import asyncio
import json
import random
from bisect import bisect_left, bisect_right
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kefu_desk.simulator.asgi import create_app
from kefu_desk.simulator.records import FIRST_MSGID, Record, RecordBook
from kefu_desk.simulator.refusal import Refusal
from kefu_desk.simulator.scenario import DEMO_AGENT, scenario
from tests.simulation.oracle import CANARY, Oracle
from tests.simulation.weather import Weather

if TYPE_CHECKING:
    from tests.simulation.network import Parcel

SEND = "custom/send"
NOON = 1_790_049_600.0
"""2026-09-22 12:00 in Shanghai."""

CUSTOMERS = 5
COLLEAGUE = "kf2003@luye"
SECOND_AGENT = "kf2002@luye"
PACE = 6.0
QUESTIONS = (CANARY, "在吗", "你好", "好的", "？", "谢谢", "多久到", "嗯")
Reply = tuple[int, list[tuple[str, str]], bytes]


class LateRecords(RecordBook):
    """Records that can be read some time after they were written, page by page, with faults."""

    def __init__(self, weather: Weather, now: "Any") -> None:
        super().__init__()
        self._weather = weather
        self._now = now
        self._due: list[float] = []
        self._shown: list[int] = []
        self._hidden: list[int] = []
        self._last = b""

    def add(self, openid: str, opercode: int, text: str, time: float, worker: str) -> Record:
        record = super().add(openid, opercode, text, time, worker)
        self._due.append(self._now() + self._weather.record_lag())
        self._hidden.append(len(self.all) - 1)
        return record

    def visible_since(self) -> list[tuple[float, Record]]:
        """When each record could first be read."""
        return list(zip(self._due, self.all, strict=True))

    def page(self, start: int, end: int, cursor: int, number: int, *, inclusive: bool = False) -> bytes:
        now = self._now()
        ripe = sorted((i for i in self._hidden if self._due[i] <= now), key=lambda i: (self._due[i], i))
        if ripe:
            self._shown += ripe
            self._hidden = [i for i in self._hidden if self._due[i] > now]
        if self._weather.by_appearance:
            found = [
                (FIRST_MSGID + n, i) for n, i in enumerate(self._shown) if start <= self.all[i].time <= end
            ]
        else:
            hidden = set(self._hidden)
            first, last = bisect_left(self._times, start), bisect_right(self._times, end)
            found = [(FIRST_MSGID + i, i) for i in range(first, last) if i not in hidden]
        after = [(m, i) for m, i in found if m > cursor or (inclusive and m == cursor)]
        roll = 1.0 if self._weather.fair or cursor <= 1 else self._weather.rng.random()
        if roll < self._weather.page_faults / 2 and self._last:
            return self._last
        if roll < self._weather.page_faults:
            after = after[number:] or after
        page = after[:number]
        if not page:
            return b'{"recordlist":[],"number":0,"msgid":0}'
        tail = f'],"number":{len(page)},"msgid":{page[-1][0]}}}'
        self._last = b'{"recordlist":[' + b",".join(self._json[i] for _, i in page) + tail.encode()
        return self._last


class Town:
    """The account, and time as WeChat has it: `skipped` is what passed while the desks were asleep."""

    def __init__(self, seed: int, weather: Weather, oracle: Oracle) -> None:
        self.weather = weather
        self.oracle = oracle
        self.rng = random.Random(f"{seed} town")
        self.skipped = 0.0
        self._begins = NOON + (weather.starts_at - 12) * 3600.0 + (1200.0 if weather.starts_at > 12 else 0.0)
        self._loop = asyncio.get_running_loop()
        self.world = scenario("quiet", seed=seed, now=self.now())
        self.records = LateRecords(weather, self.now)
        self.world.records = self.records
        chaos = self.world.chaos
        chaos.set("records_api_sends", weather.api_sends)
        chaos.set("cursor", weather.cursor)
        self._app = create_app(self.world, clock=self.now)
        self.customers = [self.world.add_customer().openid for _ in range(CUSTOMERS)]
        oracle.world, oracle.clock, oracle.elapsed = self.world, self.now, self._loop.time

    def now(self) -> float:
        """WeChat's clock."""
        return self._begins + self.skipped + self._loop.time()

    def note(self, actor: str, event: str) -> None:
        """A line of the trace."""
        self.oracle.note(actor, event)

    def later(self, seconds: float, parcel: "Parcel") -> None:
        """The parcel arrives when nobody waits for the answer any more."""
        self._loop.call_later(seconds, self.serve, parcel, "late ")

    def serve(self, parcel: "Parcel", how: str = "") -> Reply:
        """WeChat acts on a request and answers."""
        before = len(self.world.ledger)
        status, headers, content = 0, [], []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": parcel.body, "more_body": False}

        async def send(event: dict[str, Any]) -> None:
            nonlocal status, headers
            if event["type"] == "http.response.start":
                status = event["status"]
                headers = [(k.decode(), v.decode("latin-1")) for k, v in event["headers"]]
            else:
                content.append(event.get("body", b""))

        scope = {
            "type": "http",
            "method": parcel.method,
            "path": parcel.path,
            "query_string": parcel.query,
            "headers": [],
            "client": ("127.0.0.1", 1),
            "scheme": "https",
        }
        running = self._app(scope, receive, send)  # type: ignore[arg-type]
        try:
            running.send(None)  # type: ignore[attr-defined]
        except StopIteration:
            pass
        else:
            raise AssertionError("the simulator waits for something")
        for delivery in self.world.ledger[before:]:
            self.oracle.delivered(parcel.desk, parcel.row, delivery, how)
        return status, headers, b"".join(content)

    async def live(self) -> None:
        """Customers write and leave, colleagues work, and other programs use the account."""
        rng, world = self.rng, self.world
        while True:
            await asyncio.sleep(rng.expovariate(1 / PACE))
            world.advance(self.now())
            roll = rng.random()
            openid = rng.choice(self.customers)
            if roll < 0.8:
                for _ in range(rng.choice((1, 1, 2, 3))):
                    self._says(openid)
            elif roll < 0.83:
                world.customer_leaves(openid)
            elif roll < 0.88:
                self._colleague(openid)
            elif roll < 0.9 and self.weather.same_agent:
                self._elsewhere()
            elif roll < 0.9 + 0.005 * self.weather.rotations:
                self._rotate()
            elif roll > 0.995 and self.weather.quota:
                path = rng.choice(("msgrecord/getmsglist", SEND, "getwaitcase"))
                self.note("town", f"45009 for {path}")
                world.chaos.set("quota", "45009", paths=path)
                self._loop.call_later(86400 - (self.now() + 8 * 3600) % 86400, self._new_day)

    def _new_day(self) -> None:
        self.world.chaos.set("quota", "normal")

    def _says(self, openid: str) -> None:
        words = self.rng.choice(QUESTIONS)
        self.world.customer_says(openid, words)
        self.oracle.customer_wrote(openid)

    def _colleague(self, openid: str) -> None:
        session = self.world.sessions.get(openid)
        if session is None and openid in self.world.waiting:
            self.note("colleague", f"takes {openid[-4:]}")
            self.world.open_session(openid, COLLEAGUE)
        elif session is not None and session.kf_account == COLLEAGUE:
            self.world.agent_says(openid, "您好，我是小李")
            self.world.close_session(openid)

    def _elsewhere(self) -> None:
        """The desk's own agent writes in WeChat's own tool."""
        mine = [o for o, s in self.world.sessions.items() if s.kf_account == DEMO_AGENT]
        if mine:
            self.world.agent_says(self.rng.choice(mine), "（手机）稍等")

    def _rotate(self) -> None:
        with suppress(Refusal):  # after twenty times a day
            self.world.tokens.stable(self.now(), force=True)
        self.note("others", "token rotated")

    def recipients(self) -> list[str]:
        """Everybody, in order of arrival."""
        return list(self.customers)


def sent_text(body: bytes) -> tuple[str, str]:
    """Customer and words of a send."""
    message = json.loads(body)
    return message["touser"], message["text"]["content"]
