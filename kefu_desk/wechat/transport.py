"""The choke point: every call of the product passes `Transport.call`."""

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, TypeVar, cast

import msgspec

from kefu_desk.domain.failure import Effect
from kefu_desk.wechat.budget import RetryBudget
from kefu_desk.wechat.codes import BUSY, TOKEN_REFUSED
from kefu_desk.wechat.errors import ApiError, BadReply, Reason, TransportError, WeChatError
from kefu_desk.wechat.exchange import Line, Query, Sending
from kefu_desk.wechat.replies import KEPT_ROWS, Reading, Shape
from kefu_desk.wechat.spec import STABLE_TOKEN, TOKEN, Endpoint
from kefu_desk.wechat.tokens import TokenSource
from kefu_desk.wechat.wire import Reply, TokenReply, mended_throughout

if TYPE_CHECKING:
    from kefu_desk.wechat.novelty import Novelty

log = logging.getLogger(__name__)

TRIES = 3
BACKOFF_SECONDS = 1.0
SETTLED_SECONDS = 60.0
"""A client that has just been made has better things to do than to look for what is new at WeChat."""

KEPT_REPLIES = 128
KEPT_BYTES = 256 * 1024
JSON = "application/json"
STOPPING = frozenset({Reason.TLS, Reason.PORTAL})
"""What asking again in a moment cannot mend."""


R = TypeVar("R", bound=Reply)
Body = Mapping[str, object]


class Carrier:
    """Makes a call with a given token: encodes, repeats what may be repeated, decodes, counts."""

    def __init__(
        self,
        line: Line,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[float, float], float] = random.uniform,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._line = line
        self._sleep = sleep
        self._jitter = jitter
        self._monotonic = monotonic
        self._shapes: dict[type[Reply], Shape[Reply]] = {}
        self._kept: dict[tuple[str, Query], tuple[bytes, Reply]] = {}
        self._budget = RetryBudget()
        self._began = monotonic()
        self._novelty: Novelty | None = None
        self.skipped = 0
        self.mended = 0
        self.quarantine: deque[str] = deque(maxlen=KEPT_ROWS)

    async def carry(
        self,
        endpoint: Endpoint,
        kind: type[R],
        *,
        query: Query = (),
        content: bytes | None = None,
        content_type: str = JSON,
        token: str = "",
        hidden: tuple[str, ...] = (),
    ) -> R:
        """The reply, after at most three tries where the endpoint and the budget allow repeating it."""
        sending = Sending(endpoint, query, content, content_type, token, (*hidden, token))
        began = self._monotonic()
        ends = began + max(self._line.deadline, endpoint.seconds)
        self._budget.earn()
        for again in range(TRIES):
            try:
                if again == 0:  # its deadline is the whole one
                    return await self._once(sending, kind)
                return await self._again(sending, kind, ends - self._monotonic())
            except WeChatError as error:
                if again == TRIES - 1 or not (endpoint.repeatable and _passes(error)):
                    raise
                pause = self._jitter(0.0, BACKOFF_SECONDS * 2**again)
                if self._monotonic() + pause >= ends or not self._budget.spend():
                    raise
            await self._sleep(pause)
        raise AssertionError  # the last try returns or raises

    async def _again(self, sending: Sending, kind: type[R], seconds: float) -> R:
        """Another try within what is left of the deadline of them all."""
        try:
            async with asyncio.timeout(seconds):
                return await self._once(sending, kind)
        except TimeoutError:
            effect = Effect.NONE if sending.endpoint.reads else Effect.MAYBE
        raise TransportError(Reason.TIMEOUT, "", endpoint=sending.endpoint.name, phase=effect)

    async def post_for_token(self, body: Body) -> TokenReply:
        """Asks the token endpoint; neither the secret nor a token can be read from its errors."""
        secret = str(body["secret"])
        return await self.carry(STABLE_TOKEN, TokenReply, content=encoded(body), hidden=(secret,))

    async def get_classic_token(self, body: Body) -> TokenReply:
        """As `post_for_token` at the older endpoint; a token that goes astray does nothing to a customer."""
        secret = str(body["secret"])
        query = tuple((name, str(value)) for name, value in body.items())
        try:
            return await self.carry(TOKEN, TokenReply, query=query, hidden=(secret,))
        except WeChatError as error:
            error.effect = Effect.NONE
            if isinstance(error, TransportError):
                error.phase = Effect.NONE
            raise

    async def _once(self, sending: Sending, kind: type[R]) -> R:
        answer = await self._line.exchange(sending)
        status, body = answer.status, answer.body
        if sending.endpoint.file:
            from kefu_desk.wechat.files import file_in  # noqa: PLC0415  the first data need no files

            file = file_in(answer)
            if file is not None:
                return cast("R", file)
        key = (sending.endpoint.name, sending.query)
        kept = self._kept.get(key)
        if kept is not None and status == 200 and kept[0] == body and isinstance(kept[1], kind):
            return kept[1]  # an unchanged answer costs no more than reading it
        reading = Reading(sending.endpoint, status, body, sending.hidden)
        value, skipped = reading.value(self._shape(kind))
        self.skipped += skipped
        self.mended += len(reading.mended)
        self.quarantine.extend((*reading.left_out, *reading.mended))
        value = value.with_raw(body)
        self._look_for_news(sending.endpoint, kind, body)
        if sending.endpoint.reads and sending.content is None and len(body) <= KEPT_BYTES:
            if len(self._kept) >= KEPT_REPLIES:
                self._kept.clear()
            self._kept[key] = (body, value)
        return value

    def _look_for_news(self, endpoint: Endpoint, kind: type[Reply], body: bytes) -> None:
        now = self._monotonic()
        if now - self._began < SETTLED_SECONDS:
            return
        if self._novelty is None:
            from kefu_desk.wechat.novelty import Novelty  # noqa: PLC0415  the first data need no news

            self._novelty = Novelty(_tell_news)
        self._novelty.look(endpoint.name, kind, body, now)

    def _shape(self, kind: type[R]) -> Shape[R]:
        shape = self._shapes.get(kind)
        if shape is None:
            shape = self._shapes[kind] = cast("Shape[Reply]", Shape(kind))
        return cast("Shape[R]", shape)


class Transport:
    """Makes calls with the account's token, and once again with another one when WeChat refuses it."""

    def __init__(self, carrier: Carrier, tokens: TokenSource) -> None:
        self._carrier = carrier
        self._tokens = tokens

    async def call(
        self,
        endpoint: Endpoint,
        kind: type[R],
        *,
        query: Query = (),
        body: Body | None = None,
    ) -> R:
        """The reply of one call with a JSON body or none.

        Raises:
            WeChatError: and nothing else; its `effect` tells whether the call may have done its work.
        """
        return await self.post(endpoint, kind, query=query, content=None if body is None else encoded(body))

    async def post(
        self,
        endpoint: Endpoint,
        kind: type[R],
        *,
        query: Query = (),
        content: bytes | None = None,
        content_type: str = JSON,
    ) -> R:
        """The reply of one call with a body of bytes."""
        token = await self._tokens.current()
        try:
            return await self._carrier.carry(
                endpoint, kind, query=query, content=content, content_type=content_type, token=token
            )
        except ApiError as error:
            if error.errcode not in TOKEN_REFUSED or error.effect is not Effect.NONE:
                raise
            other = await self._tokens.replace(token)
            if other is None:
                raise
        return await self._carrier.carry(
            endpoint, kind, query=query, content=content, content_type=content_type, token=other
        )


def encoded(body: Body) -> bytes:
    r"""Compact JSON in raw UTF-8: WeChat shows `\uXXXX` to the customer as it is written."""
    try:
        return msgspec.json.encode(body)
    except UnicodeEncodeError:
        return msgspec.json.encode(mended_throughout(dict(body)))


def _tell_news(endpoint: str, names: list[str]) -> None:
    log.info("fields of %s that nobody here knows: %s", endpoint, ", ".join(names))


def _passes(error: WeChatError) -> bool:
    """Whether the same call may well succeed a moment later."""
    if isinstance(error, ApiError):
        return error.errcode in BUSY
    if isinstance(error, BadReply):
        return error.status >= 500
    return isinstance(error, TransportError) and error.reason not in STOPPING
