"""The client: all calls of the API over one transport."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Literal, Self

import httpx

from kefu_desk.wechat import spec
from kefu_desk.wechat.accounts import Accounts
from kefu_desk.wechat.codes import TOKEN_MISSING
from kefu_desk.wechat.errors import ApiError
from kefu_desk.wechat.exchange import TOTAL_SECONDS, Line
from kefu_desk.wechat.media import Media
from kefu_desk.wechat.messages import Messages
from kefu_desk.wechat.platform import Platform
from kefu_desk.wechat.records import Records
from kefu_desk.wechat.sessions import Sessions
from kefu_desk.wechat.tags import Tags
from kefu_desk.wechat.tokens import ClassicTokens, StableTokens
from kefu_desk.wechat.transport import Carrier, Transport
from kefu_desk.wechat.trust import connections
from kefu_desk.wechat.users import Users
from kefu_desk.wechat.wire import Reply

BASE_URL = "https://api.weixin.qq.com"


class WeChatClient(Accounts, Sessions, Messages, Records, Media, Users, Tags, Platform):
    """WeChat's customer-service API; every method raises only `WeChatError`.

    What WeChat would refuse anyway raises a `ValueError` that names the argument, before anything is sent.

    Used as `async with WeChatClient(...) as wechat:`. `secret` reveals the AppSecret each time a token has
    to be fetched. `transport` stands in for the network; `send_transport` for what is sent, if that differs.
    `token` names the endpoint that tokens come from; the classic one retires the tokens of other programs.
    `deadline` is the most seconds a call may take, its repetitions included. `stand_in` is the host that
    reads go to while the main one does not answer: WeChat's own unless given, none when empty. `probe` is the
    address that tells whether a network wants a sign-in first. `on_inspection` is called with the name of
    somebody who reads along with a root that only this computer trusts.

    Raises:
        ValueError: when `base_url` is no http address.
    """

    def __init__(
        self,
        *,
        appid: str,
        secret: Callable[[], str],
        base_url: str = BASE_URL,
        transport: httpx.AsyncBaseTransport | None = None,
        send_transport: httpx.AsyncBaseTransport | None = None,
        proxy: str | None = None,
        token: Literal["stable", "classic"] = "stable",  # noqa: S107  names an endpoint
        deadline: float = TOTAL_SECONDS,
        stand_in: str | None = None,
        probe: str | None = None,
        on_inspection: Callable[[str], object] | None = None,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[float, float], float] = random.uniform,
    ) -> None:
        if transport is None:
            transport, fresh = connections(proxy, on_inspection)
            send_transport = send_transport or fresh
        self._line = Line(
            base_url,
            reads=transport,
            writes=send_transport or transport,
            clock=clock,
            monotonic=monotonic,
            deadline=deadline,
            stand_in=stand_in,
            probe=probe,
        )
        self._appid = appid
        self._monotonic = monotonic
        self._carrier = Carrier(self._line, sleep=sleep, jitter=jitter, monotonic=monotonic)
        self._tokens = (
            ClassicTokens(
                appid, secret, post=self._carrier.get_classic_token, clock=clock, monotonic=monotonic
            )
            if token == "classic"  # noqa: S105  names an endpoint
            else StableTokens(
                appid, secret, post=self._carrier.post_for_token, clock=clock, monotonic=monotonic
            )
        )
        super().__init__(Transport(self._carrier, self._tokens))

    async def __aenter__(self) -> Self:
        await self._line.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._line.__aexit__(kind, error, trace)

    def __repr__(self) -> str:
        return f"WeChatClient({self._tokens!r})"

    def clock_offset(self) -> float | None:
        """WeChat's clock minus ours in seconds, or None before the first reply."""
        return self._line.clock_offset()

    def calls_made(self) -> int:
        """HTTP requests since the client was made, tokens and repetitions included."""
        return self._line.exchanges

    def calls_to(self, path: str) -> int:
        """HTTP requests to one path such as `/cgi-bin/user/get` since the client was made."""
        return self._line.calls.get(path, 0)

    async def refresh_connections(self) -> None:
        """Opens new connections from now on; for a computer that has slept."""
        await self._line.refresh()

    def rows_skipped(self) -> int:
        """Rows of replies that made no sense and were left out."""
        return self._carrier.skipped

    def rows_mended(self) -> int:
        """Rows in which something that is no text stood in a text; it was replaced, and the row is used."""
        return self._carrier.mended

    def quarantine(self) -> tuple[str, ...]:
        """The last hundred of all those rows as JSON, oldest first; customers' words may stand in them."""
        return tuple(self._carrier.quarantine)

    async def reach(self) -> float:
        """Seconds until WeChat answered a call that needs no credentials.

        Raises:
            TransportError: when nothing answers.
            BadReply: when something other than WeChat does.
        """
        began = self._monotonic()
        try:
            await self._carrier.carry(spec.KF_LIST, Reply)
        except ApiError as error:
            if error.errcode != TOKEN_MISSING:
                raise
        return self._monotonic() - began

    async def reset_all_quotas(self) -> None:
        """Sets today's counts of all endpoints back to 0; WeChat allows that 10 times a month."""
        await self._calls.call(spec.QUOTA_CLEAR_ALL, Reply, body={"appid": self._appid})

    async def check_token(self) -> int:
        """Proves appid, secret and address list by fetching a token; returns the seconds it is good for."""
        return await self._tokens.check()
