"""The control interface `/__sim__/`: what a test or a curious person may see and do."""

import base64
import html
import json
from collections.abc import Awaitable, Callable, Mapping

from msgspec.structs import asdict
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from kefu_desk.simulator.chaos import SWITCHES
from kefu_desk.simulator.clock import MovableClock
from kefu_desk.simulator.stage import Stage
from kefu_desk.simulator.traffic import Delivery
from kefu_desk.simulator.world import World

CONTROL_BYTES = 1024 * 1024

Handler = Callable[[Request], Awaitable[Response]]


def routes(stage: Stage) -> list[Route]:
    """The routes of one stage."""
    panel = _Panel(stage)
    table: tuple[tuple[str, str, Callable[[Request], object]], ...] = (
        ("GET", "/__sim__/ledger", panel.ledger),
        ("GET", "/__sim__/ledger/{openid}", panel.ledger),
        ("GET", "/__sim__/calls", panel.calls),
        ("GET", "/__sim__/pushes", panel.pushes),
        ("GET", "/__sim__/chaos", panel.chaos),
    )
    actions: tuple[tuple[str, Callable[[Mapping[str, object]], object]], ...] = (
        ("/__sim__/customers", panel.add_customer),
        ("/__sim__/message", panel.message),
        ("/__sim__/agent", panel.agent),
        ("/__sim__/chaos", panel.set_chaos),
        ("/__sim__/quota", panel.quota),
        ("/__sim__/advance", panel.advance),
        ("/__sim__/reset", panel.reset),
    )
    return [
        Route("/__sim__/", panel.index, methods=["GET"]),
        *(Route(path, panel.reading(read), methods=[method]) for method, path, read in table),
        *(Route(path, panel.acting(act), methods=["POST"]) for path, act in actions),
    ]


class _Panel:
    """Reads and moves one world; errors are answered with 400 and a sentence."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._clock = stage.clock

    @property
    def _world(self) -> World:
        return self._stage.world

    def reading(self, read: Callable[[Request], object]) -> Handler:
        """A handler that answers what `read` returns."""

        async def handle(request: Request) -> Response:
            self._world.advance(self._clock())
            return JSONResponse(read(request))

        return handle

    def acting(self, act: Callable[[Mapping[str, object]], object]) -> Handler:
        """A handler that reads a JSON object and answers what `act` returns."""

        async def handle(request: Request) -> Response:
            self._world.advance(self._clock())
            try:
                return JSONResponse(act(await _object(request)))
            except (ValueError, KeyError) as error:
                return JSONResponse({"error": str(error)}, status_code=400)

        return handle

    async def index(self, request: Request) -> Response:
        """Account, agents and queue, as HTML for a browser and JSON for everything else."""
        self._world.advance(self._clock())
        state = self._overview()
        if "text/html" in request.headers.get("accept", ""):
            return HTMLResponse(_page(state))
        return JSONResponse(state)

    def ledger(self, request: Request) -> object:
        """Deliveries, of one customer when the path names one."""
        openid = request.path_params.get("openid")
        return {"ledger": [_delivery(d) for d in self._world.ledger if openid in {None, d.openid}]}

    def calls(self, request: Request) -> object:
        """The newest calls, and how many there were."""
        del request
        return {"count": self._world.call_count, "calls": [asdict(c) for c in self._world.calls]}

    def pushes(self, request: Request) -> object:
        """What the shop's own server was told."""
        del request
        return {"pushes": [asdict(p) for p in self._world.pushes]}

    def chaos(self, request: Request) -> object:
        """The switches and what is switched on."""
        del request
        return {"switches": {k: list(v) for k, v in SWITCHES.items()}, "on": self._world.chaos.settings()}

    def add_customer(self, given: Mapping[str, object]) -> object:
        """A new customer; both fields may be left out."""
        openid = _word(given, "openid") or None
        return {"openid": self._world.add_customer(openid, remark=_word(given, "remark")).openid}

    def message(self, given: Mapping[str, object]) -> object:
        """The customer writes now."""
        openid = _word(given, "openid")
        if openid not in self._world.customers:
            raise ValueError("unknown openid")
        self._world.customer_says(openid, _word(given, "text"), kind=_word(given, "kind") or "text")
        return {"ok": True}

    def agent(self, given: Mapping[str, object]) -> object:
        """An agent logs in to, or out of, WeChat's own client."""
        agent = self._world.agents.get(_word(given, "kf_account"))
        if agent is None:
            raise ValueError("unknown kf_account")
        agent.online = given.get("online") is True
        return {"ok": True}

    def set_chaos(self, given: Mapping[str, object]) -> object:
        """Moves switches; `paths` and `times` limit all of them, `clear` moves all back first."""
        times = given.get("times")
        if times is not None and (not isinstance(times, int) or isinstance(times, bool) or times < 1):
            raise ValueError("times is a positive number")
        if given.get("clear") is True:
            self._world.chaos.clear()
        for switch in given:
            if switch not in {"paths", "times", "clear"}:
                self._world.chaos.set(switch, _word(given, switch), paths=_word(given, "paths"), times=times)
        return {"on": self._world.chaos.settings()}

    def quota(self, given: Mapping[str, object]) -> object:
        """Sets the daily or per-minute limit of a path."""
        path = _word(given, "path")
        for name, limits in (("daily", self._world.quota.daily), ("minute", self._world.quota.minute)):
            limit = given.get(name)
            if isinstance(limit, int):
                limits[path] = limit
        return {"daily": self._world.quota.daily, "minute": self._world.quota.minute}

    def advance(self, given: Mapping[str, object]) -> object:
        """Moves a stepped clock."""
        seconds = given.get("seconds")
        if not isinstance(self._clock, MovableClock):
            raise ValueError("this clock cannot be moved")  # noqa: TRY004  the caller gets 400 with this sentence
        if not isinstance(seconds, int | float):
            raise ValueError("seconds is a number")  # noqa: TRY004  the caller gets 400 with this sentence
        self._clock.step(seconds)
        self._world.advance(self._clock())
        return {"now": self._world.now}

    def reset(self, given: Mapping[str, object]) -> object:
        """Begins the story again, now."""
        del given
        self._world.reset(self._clock())
        return {"now": self._world.now}

    def _overview(self) -> dict[str, object]:
        world = self._world
        return {
            "now": world.now,
            "account": {
                "name": world.account.name,
                "appid": world.account.appid,
                "gh_id": world.account.gh_id,
            },
            "agents": [
                {
                    "kf_account": agent.kf_account,
                    "nick": agent.nick,
                    "online": agent.online,
                    "accepted_case": world.accepted_cases(agent.kf_account),
                }
                for agent in world.agents.values()
            ],
            "waiting": [asdict(w) for w in world.waiting],
            "sessions": [asdict(s) for s in world.sessions.values()],
            "customers": [
                {
                    "openid": c.openid,
                    "remark": c.remark,
                    "subscribed": c.subscribed,
                    "sends_left": c.sends_left if world.now < c.window_ends else 0,
                    "window_ends": c.window_ends,
                }
                for c in world.customers.values()
            ],
        }


async def _object(request: Request) -> Mapping[str, object]:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > CONTROL_BYTES:
            raise ValueError("too much")
    value = json.loads(body) if body.strip() else {}
    if not isinstance(value, dict):
        raise ValueError("a JSON object is expected")  # noqa: TRY004  the caller gets 400 with this sentence
    return value


def _word(given: Mapping[str, object], key: str) -> str:
    value = given.get(key, "")
    if not isinstance(value, str):
        raise ValueError(f"{key} is a text")  # noqa: TRY004  the caller gets 400 with this sentence
    return value


def _delivery(delivery: Delivery) -> dict[str, object]:
    return {
        "time": delivery.time,
        "openid": delivery.openid,
        "msgtype": delivery.msgtype,
        "kf_account": delivery.kf_account,
        "text": delivery.text,
        "body_base64": base64.b64encode(delivery.body).decode(),
    }


def _page(state: Mapping[str, object]) -> str:
    """A plain page; every value is escaped."""
    parts = ["<!doctype html><meta charset=utf-8><title>simulator</title><h1>Simulated account</h1>"]
    for title, value in state.items():
        rows = value if isinstance(value, list) else [value]
        parts.append(f"<h2>{html.escape(title)} ({len(rows)})</h2><ul>")
        parts.extend(f"<li>{html.escape(json.dumps(row, ensure_ascii=False))}</li>" for row in rows)
        parts.append("</ul>")
    return "".join(parts)
