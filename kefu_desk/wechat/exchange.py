"""One HTTP exchange: the only place that knows httpx, and the innermost that knows the token.

The transports of httpx are used without its client: that is less work for each call, there are no redirects,
cookies and environment variables to switch off, and no log line can show an address with its token.
"""

import asyncio
import ssl
import time
import zlib
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from socket import gaierror
from types import TracebackType
from typing import Self, cast
from urllib.parse import quote

import httpx
from msgspec import Struct

from kefu_desk.domain.failure import Effect
from kefu_desk.wechat.errors import BadReply, Reason, ReplyTooLarge, TransportError, cleaned
from kefu_desk.wechat.hosts import Hosts
from kefu_desk.wechat.spec import KF_LIST, Endpoint
from kefu_desk.wechat.wire import mended

TIMEOUTS = {"connect": 5.0, "write": 5.0, "read": 15.0, "pool": 5.0}
TOTAL_SECONDS = 20.0
"""A reply that drips byte by byte never meets a read timeout; this ends it."""

REPLY_BYTES = 16 * 1024 * 1024
ACK_BYTES = 64 * 1024
CLOCK_SAMPLES = 15
STOP_SECONDS = 10.0
"""After a server that could not prove who it is, so long no call goes out at all."""

KEPT_URLS = 64

Query = tuple[tuple[str, str], ...]

_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_HUNG_UP = (ssl.SSLEOFError, ssl.SSLZeroReturnError)
"""A handshake that just ended says nothing about who was there."""

_FAULTS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Sending:
    """What one call puts on the wire."""

    endpoint: Endpoint
    query: Query
    content: bytes | None = field(repr=False)
    content_type: str
    token: str = field(repr=False)
    hidden: tuple[str, ...] = field(repr=False)

    def target(self, prefix: bytes) -> bytes:
        """Path and query; `@` stays as it is, since WeChat has been seen to refuse `%40`."""
        pairs = [*self.query, ("access_token", self.token)] if self.token else self.query
        path = prefix + self.endpoint.path.encode()
        if not pairs:
            return path
        return path + b"?" + "&".join(f"{k}={quote(mended(v), safe='@')}" for k, v in pairs).encode()


class Answer(Struct, frozen=True):
    """What came back: HTTP status, decoded body, and the two headers that describe a file."""

    status: int
    body: bytes
    content_type: str = ""
    disposition: str = ""


class Line:
    """The way to one base address: pooled connections for reads, fresh ones for everything else.

    A dead idle connection would make the outcome of a send unknown; on a fresh one it proves that nothing
    was sent.
    """

    def __init__(
        self,
        base_url: str,
        *,
        reads: httpx.AsyncBaseTransport,
        writes: httpx.AsyncBaseTransport,
        clock: Callable[[], float],
        monotonic: Callable[[], float] = time.monotonic,
        deadline: float = TOTAL_SECONDS,
        stand_in: str | None = None,
        probe: str | None = None,
    ) -> None:
        try:
            url = httpx.URL(base_url)
        except httpx.InvalidURL:
            raise ValueError("the base address is not a URL") from None
        named = url.host and all(sign.isalnum() or sign in "._:-" for sign in url.host)
        if url.scheme not in ("http", "https") or not named:
            raise ValueError("the base address must begin with https:// or http:// and name a host")
        main = url.copy_with(query=None, fragment=None, username="", password="")
        self._hosts = Hosts(main, stand_in=stand_in, monotonic=monotonic)
        self._probe = httpx.URL(f"http://{main.host}{KF_LIST.path}" if probe is None else probe)
        self._prefix = url.raw_path.split(b"?")[0].rstrip(b"/")
        self._reads = reads
        self._writes = writes
        self._clock = clock
        self._monotonic = monotonic
        self._stopped: tuple[float, TransportError] | None = None
        self.deadline = deadline
        self._offsets: deque[float] = deque(maxlen=CLOCK_SAMPLES)
        self._kept_offset: float | None = None
        self._urls: dict[tuple[httpx.URL, bytes], httpx.URL] = {}
        self._open = AsyncExitStack()
        self.exchanges = 0
        self.calls: dict[str, int] = {}

    async def __aenter__(self) -> Self:
        await self._open.enter_async_context(self._reads)
        if self._writes is not self._reads:
            await self._open.enter_async_context(self._writes)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.__aexit__(kind, error, trace)

    def clock_offset(self) -> float | None:
        """WeChat's clock minus ours in seconds, the median of the last replies; None before the first."""
        return sorted(self._offsets)[len(self._offsets) // 2] if self._offsets else self._kept_offset

    async def refresh(self) -> None:
        """Lets go of idle connections and of what was known of WeChat's clock: the computer has slept.

        Who stood between us and WeChat may be gone as well.
        """
        self._stopped = None
        if self._writes is not self._reads:  # else a send may be under way in there
            await self._reads.aclose()
        median = self.clock_offset()
        self._offsets.clear()
        self._kept_offset = median

    async def exchange(self, sending: Sending) -> Answer:
        """One request and its complete answer, within the deadline or the endpoint's own, longer one.

        Raises:
            TransportError: no complete answer.
            BadReply: an answer that is too large or wrongly compressed.
        """
        self.exchanges += 1
        path = sending.endpoint.path
        self.calls[path] = self.calls.get(path, 0) + 1
        reads = sending.endpoint.reads
        self._refuse_while_stopped(sending)
        base = self._hosts.of_read() if reads else self._hosts.main
        try:
            async with asyncio.timeout(max(self.deadline, sending.endpoint.seconds)):
                answer = await self._exchange(sending, base)
        except _FAULTS as error:
            fault = _fault(error, sending)
        else:
            if reads:
                self._hosts.note(base, answered=answer.status < 500)
            return answer
        if fault.reason is Reason.TLS:
            fault = await self._stop(fault)
        elif reads:
            self._hosts.note(base, answered=False)
        raise fault  # outside the handler: the words of the error below may hold the token

    def _refuse_while_stopped(self, sending: Sending) -> None:
        """Somebody between us and WeChat gets nothing to see, not even over connections that still stand."""
        if self._stopped is None:
            return
        ends, fault = self._stopped
        if self._monotonic() < ends:
            raise _same(fault, sending.endpoint.name)
        self._stopped = None

    async def _stop(self, fault: TransportError) -> TransportError:
        from kefu_desk.wechat.portal import wants_sign_in  # noqa: PLC0415  hardly ever needed

        if self._probe.host and await wants_sign_in(self._reads, self._probe):
            fault = TransportError(Reason.PORTAL, fault.detail, endpoint=fault.endpoint, phase=Effect.NONE)
        self._stopped = (self._monotonic() + STOP_SECONDS, fault)
        return fault

    async def _exchange(self, sending: Sending, base: httpx.URL) -> Answer:
        endpoint = sending.endpoint
        headers = {"accept-encoding": "gzip", "user-agent": "kefu-desk"}
        if sending.content is not None:
            headers["content-type"] = sending.content_type
        request = httpx.Request(
            endpoint.verb.value,
            self._url(sending, base),
            headers=headers,
            content=sending.content,
            extensions={"timeout": _timeouts(endpoint.seconds)},
        )
        transport = self._reads if endpoint.reads else self._writes
        response = await transport.handle_async_request(request)
        try:
            self._note_clock(response)
            limit = endpoint.reply_bytes or (REPLY_BYTES if endpoint.reads else ACK_BYTES)
            body = await _body(response, sending, limit)
        finally:
            await response.aclose()
        if not endpoint.file:
            return Answer(response.status_code, body)
        found = response.headers.get
        return Answer(response.status_code, body, found("content-type", ""), found("content-disposition", ""))

    def _url(self, sending: Sending, base: httpx.URL) -> httpx.URL:
        """Parsed once: what is polled stands under the same address each time."""
        target = sending.target(self._prefix)
        if not sending.endpoint.authorised:  # the classic token endpoint has the secret in its address
            return base.copy_with(raw_path=target)
        url = self._urls.get((base, target))
        if url is None:
            if len(self._urls) >= KEPT_URLS:
                self._urls.clear()
            url = self._urls[base, target] = base.copy_with(raw_path=target)
        return url

    def _note_clock(self, response: httpx.Response) -> None:
        date = response.headers.get("date")
        if date is None or response.status_code != 200:
            return
        try:
            told = parsedate_to_datetime(date).timestamp()
        except (ValueError, TypeError, OverflowError):
            return
        # the header is cut to whole seconds: half a second is the best guess of the rest
        self._offsets.append(told + 0.5 - self._clock())


def _timeouts(seconds: float) -> dict[str, float]:
    """The usual ones, or longer ones for what takes long to read or to write."""
    return {**TIMEOUTS, "read": seconds, "write": seconds} if seconds else TIMEOUTS


async def _body(response: httpx.Response, sending: Sending, limit: int) -> bytes:
    """Reads at most `limit` decoded bytes, so that a bomb costs no memory."""
    effect = Effect.NONE if sending.endpoint.reads else Effect.MAYBE
    name = sending.endpoint.name
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "", "gzip", "x-gzip", "deflate"):
        raise BadReply(
            response.status_code, f"encoding {cleaned(coding, sending.hidden)}", endpoint=name, effect=effect
        )
    inflate = None if coding in ("identity", "") else zlib.decompressobj(47)  # 47: gzip or zlib, as found
    parts: list[bytes] = []
    size = 0
    async for raw in cast("AsyncIterator[bytes]", response.stream):
        try:
            part = raw if inflate is None else inflate.decompress(raw, limit - size + 1)
        except zlib.error:
            raise BadReply(response.status_code, "damaged gzip", endpoint=name, effect=effect) from None
        parts.append(part)
        size += len(part)
        if size > limit:
            raise ReplyTooLarge(response.status_code, f"over {limit} bytes", endpoint=name, effect=effect)
    if inflate is not None and size and not inflate.eof:
        raise BadReply(response.status_code, "gzip cut short", endpoint=name, effect=effect)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _fault(error: Exception, sending: Sending) -> TransportError:
    reason, words = _reason(error)
    proof = isinstance(error, _NOT_SENT)
    certificate = next((der for cause in _causes(error) if (der := getattr(cause, "certificate", b""))), b"")
    issuer, fingerprint = _described(certificate) if certificate else ("", "")
    return TransportError(
        reason,
        cleaned(f"{type(error).__name__} {words}", (*sending.hidden, quote(sending.token, safe="@"))),
        endpoint=sending.endpoint.name,
        phase=Effect.NONE if proof or sending.endpoint.reads else Effect.MAYBE,
        issuer=issuer,
        fingerprint=fingerprint,
    )


def _same(fault: TransportError, endpoint: str) -> TransportError:
    """The fault as that of a call which was not even tried."""
    return TransportError(
        fault.reason,
        fault.detail,
        endpoint=endpoint,
        phase=Effect.NONE,
        issuer=fault.issuer,
        fingerprint=fault.fingerprint,
    )


def _described(der: bytes) -> tuple[str, str]:
    from kefu_desk.wechat.certificate import described  # noqa: PLC0415  hardly ever needed

    certificate = described(der)
    return cleaned(certificate.issuer), certificate.fingerprint


def _reason(error: Exception) -> tuple[Reason, str]:
    proof = isinstance(error, _NOT_SENT)
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError) and proof and not isinstance(cause, _HUNG_UP):
            verdict = getattr(cause, "verify_message", None)
            return Reason.TLS, verdict or getattr(cause, "reason", None) or ""
        if isinstance(cause, gaierror):
            return Reason.DNS, cause.strerror or ""
        if isinstance(cause, ConnectionRefusedError):
            return Reason.REFUSED, ""
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return Reason.TIMEOUT, ""
    if isinstance(error, httpx.ProxyError):
        return Reason.PROXY, str(error)
    return (Reason.CONNECT if proof else Reason.BROKEN), str(error)


def _causes(error: BaseException | None) -> list[BaseException]:
    """The error with everything it was raised from, through exception groups."""
    found: list[BaseException] = []
    pending = [error]
    while pending and len(found) < 50:
        one = pending.pop()
        if one is None or one in found:
            continue
        found.append(one)
        pending += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            pending += one.exceptions
    return found
