"""The simulator over loopback, in a thread of the test: it knows what really reached the customers."""

import asyncio
import os
import signal
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self, TypeVar

import uvicorn

from kefu_desk.simulator.asgi import create_app
from kefu_desk.simulator.scenario import DEMO_AGENT, scenario

SEND = "custom/send"
PATIENCE = 20
T = TypeVar("T")
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Town:
    """A quiet world that serves, some seconds ahead of this computer's clock, and can kill whoever asks."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self._way = asyncio.Event()
        self._way.set()
        self.world = scenario("quiet", seed=1, now=time.time())
        self._app = create_app(self.world, clock=lambda: time.time() + self.ahead)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._loop = asyncio.new_event_loop()
        config = uvicorn.Config(
            self._gate,
            interface="asgi3",
            log_level="warning",
            access_log=False,
            date_header=False,
            ws="none",
            lifespan="off",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="town")
        self._at, self._left, self._victim = "", 0, 0

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._server.serve(sockets=[self._socket]))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join()
        self._socket.close()

    def does(self, act: Callable[[], T]) -> T:
        """Lets something happen in the world, brought to this moment."""

        async def now() -> T:
            self.world.advance(time.time() + self.ahead)
            return act()

        return asyncio.run_coroutine_threadsafe(now(), self._loop).result(PATIENCE)

    def served(self) -> str:
        """A new customer in a session with the agent, who has just written."""

        def act() -> str:
            openid = self.world.add_customer().openid
            self.world.customer_says(openid, "在吗？")
            self.world.open_session(openid, DEMO_AGENT)
            self.world.customer_says(openid, "在吗？")
            return openid

        return self.does(act)

    def writes(self, openid: str) -> None:
        """A customer writes once more."""
        self.does(lambda: self.world.customer_says(openid, "还在吗？"))

    def refuses(self, openid: str, errcode: int) -> None:
        """Every message to a customer is refused so from now on; with 0 taken again."""
        customer = self.world.customers[openid]
        self.does(lambda: setattr(customer, "refusal", errcode))

    def received(self, openid: str) -> list[str]:
        """What the customer's phone got from this desk, in order."""
        return self.does(lambda: [d.text for d in self.world.ledger if d.openid == openid])

    def kills(self, pid: int, at: str, nth: int) -> None:
        """Kills a process when its n-th send is `seen`, seen and `dropped`, `acted` on or `half` answered."""
        self._at, self._left, self._victim = at, nth, pid

    def shuts(self) -> None:
        """Sends wait from now on."""
        self.does(self._way.clear)

    def opens(self) -> None:
        """Sends are let through again."""
        self.does(self._way.set)

    def spares(self) -> None:
        """Nobody is killed by it any more."""
        self._at, self._left = "", 0

    def _strike(self, at: str) -> bool:
        if at != self._at or self._left == 0:
            return False
        self._left -= 1
        if self._left == 0:
            os.kill(self._victim, signal.SIGKILL)
        return self._left == 0

    async def _gate(self, scope: Message, receive: Receive, send: Send) -> None:
        if not scope["path"].endswith(SEND):
            await self._app(scope, receive, send)
            return
        parts = [await receive()]
        while parts[-1].get("more_body"):
            parts.append(await receive())
        self._strike("seen")
        await self._way.wait()
        if self._strike("dropped"):
            await send({"type": "http.response.start", "status": 500, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return

        async def replay() -> Message:
            return parts.pop(0) if parts else await receive()

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.body":
                body = message.get("body", b"")
                self._strike("acted")
                await send({**message, "body": body[:9], "more_body": True})
                if self._at == "half":
                    await asyncio.sleep(0.02)  # so that it is out
                self._strike("half")
                message = {**message, "body": body[9:]}
            await send(message)

        await self._app(scope, replay, answer)
