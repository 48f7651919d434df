"""A scripted WeChat below the client, for answers that no honest server gives."""

import json
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from kefu_desk.wechat import trust
from kefu_desk.wechat.client import WeChatClient

SECRET = "5f8a1c3e7b9d2046a8c1e3f507b9d264"
TOKEN = "81_Zx0pQ-aaaaBBBBccccDDDD"

Answer = httpx.Response | Exception | bytes | dict[str, Any]


@dataclass(repr=False)
class Scripted(httpx.AsyncBaseTransport):
    """Answers token calls by itself and everything else from `answer`; remembers all requests."""

    answer: Callable[[httpx.Request], Answer] = lambda _: {"errcode": 0, "errmsg": "ok"}
    token_answer: Callable[[int], Answer] | None = None
    requests: list[httpx.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    tokens: list[dict[str, Any]] = field(default_factory=list)
    before: Callable[[], Awaitable[None]] | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        if self.before is not None:
            await self.before()
        if request.url.path.endswith(("/cgi-bin/stable_token", "/cgi-bin/token")):
            self.tokens.append(json.loads(body) if body else dict(request.url.params))
            number = len(self.tokens)
            given = (
                self.token_answer(number)
                if self.token_answer
                else {"access_token": f"{TOKEN}{number}", "expires_in": 7200}
            )
        else:
            self.requests.append(request)
            self.bodies.append(body)
            given = self.answer(request)
        if isinstance(given, Exception):
            raise given
        if isinstance(given, dict):
            given = json.dumps(given, ensure_ascii=False).encode()
        return httpx.Response(200, stream=httpx.ByteStream(given)) if isinstance(given, bytes) else given


class Waits:
    """Stands in for sleeping and for chance: waits nothing, remembers how long it should have."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def jitter(self, low: float, high: float) -> float:
        assert low == 0.0
        return high


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def script() -> Scripted:
    return Scripted()


@pytest.fixture
async def wechat(script: Scripted, waits: Waits, clock: Hands) -> AsyncIterator[WeChatClient]:
    async with AsyncExitStack() as stack:
        client = WeChatClient(
            appid="wx6d1f0c83b5a2e974",
            secret=lambda: SECRET,
            base_url="https://wechat.test",
            transport=script,
            clock=clock,
            monotonic=clock,
            sleep=waits.sleep,
            jitter=waits.jitter,
        )
        yield await stack.enter_async_context(client)


@pytest.fixture
def self_made(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody signed, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("makes a certificate with openssl")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost"
    subprocess.run(
        [*make.split(), "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    return certificate, key


@pytest.fixture
def untrusted(self_made: tuple[Path, Path]) -> ssl.SSLContext:
    """A server's context whose certificate nobody vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*self_made)
    return context


@pytest.fixture
def trusted(
    self_made: tuple[Path, Path], untrusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> ssl.SSLContext:
    """The same, with the certificate among the system's roots."""
    monkeypatch.setattr(trust, "SYSTEM_ROOTS", (str(self_made[0]),))
    return untrusted
