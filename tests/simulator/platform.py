"""The simulated platform as a test speaks to it: over HTTP, plus a hand on its world."""

import json
from typing import Any

import httpx

from kefu_desk.simulator.clock import SteppedClock
from kefu_desk.simulator.scenario import DEMO_AGENT
from kefu_desk.simulator.world import World

Json = dict[str, Any]


class Platform:
    """One client of the simulated platform; every answer is parsed JSON."""

    def __init__(self, http: httpx.AsyncClient, world: World, clock: SteppedClock) -> None:
        self.http, self.world, self.clock = http, world, clock
        self.token = world.tokens.stable(clock()).value
        self.slept: list[float] = []

    async def get(self, path: str, **query: str) -> Json:
        return (await self.http.get(path, params={"access_token": self.token, **query})).json()

    async def post(self, path: str, body: object = None, *, raw: bytes | None = None) -> Json:
        content = json.dumps(body, ensure_ascii=False).encode() if raw is None else raw
        return (await self.http.post(path, params={"access_token": self.token}, content=content)).json()

    async def upload(self, kind: str, data: bytes, file_name: str = "upload") -> Json:
        """An upload as a careful client frames it."""
        query = {"access_token": self.token, "type": kind}
        files = {"media": (file_name, data)}
        return (await self.http.post("/cgi-bin/media/upload", params=query, files=files)).json()

    async def control(self, path: str, /, **body: object) -> Json:
        return (await self.http.post(f"/__sim__/{path}", json=body)).json()

    async def say(self, openid: str, words: str = "您好", **more: object) -> Json:
        body = {"touser": openid, "msgtype": "text", "text": {"content": words}, **more}
        return await self.post("/cgi-bin/message/custom/send", body)

    async def accept(self, openid: str, kf_account: str = DEMO_AGENT) -> Json:
        return await self.post(
            "/customservice/kfsession/create", {"kf_account": kf_account, "openid": openid}
        )

    async def records(self, start: int, end: int, msgid: int = 1, number: int = 10_000) -> Json:
        body = {"starttime": start, "endtime": end, "msgid": msgid, "number": number}
        return await self.post("/customservice/msgrecord/getmsglist", body)

    def customer(self, *, writes: str = "在吗") -> str:
        openid = self.world.add_customer().openid
        if writes:
            self.world.customer_says(openid, writes)
        return openid
