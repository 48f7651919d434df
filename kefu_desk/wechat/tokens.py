"""Access tokens: fetched when needed, by one caller at a time, and never shown."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from kefu_desk.wechat.codes import BUSY
from kefu_desk.wechat.errors import ApiError, WeChatError
from kefu_desk.wechat.wire import TokenReply

OVERLAP_SECONDS = 300
"""Before the end of a token the platform hands out its successor, and both work."""

MARGIN_SECONDS = 20
"""How far into the overlap to ask, so that the answer is the successor."""

SHORTEST_SECONDS, LONGEST_SECONDS = 60, 7200
RETRY_SECONDS = 30
"""After a renewal that failed while the old token still works."""

FORCE_GAP_SECONDS = 30
FORCE_PER_TEN_MINUTES = 3
FORCE_PER_DAY = 20
FETCHES_PER_TEN_MINUTES = 6
"""Answers of the token endpoint, good or bad, that a desk asks for in ten minutes (reliability 4.4)."""

CLASSIC_PER_DAY = 200
"""Of the 2000 that an account may ask for: those that replace a token which another program retired."""

Post = Callable[[Mapping[str, object]], Awaitable[TokenReply]]


class TokenSource(Protocol):
    """Where calls get their access token from."""

    async def current(self) -> str:
        """A token believed to be good."""

    async def replace(self, refused: str) -> str | None:
        """Another token than the one that was refused, or None when there is no other to be had."""

    async def check(self) -> int:
        """Asks for a token now, whatever is cached, and returns the seconds it is good for."""


class _Tokens:
    """One token in memory, asked for by one caller at a time; the others share what comes of it."""

    def __init__(
        self,
        appid: str,
        secret: Callable[[], str],
        *,
        post: Post,
        clock: Callable[[], float],
        monotonic: Callable[[], float] | None = None,
    ) -> None:
        self._appid = appid
        self._secret = secret
        self._post = post
        self._clock = clock
        self._monotonic = monotonic if monotonic is not None else clock
        self._lock = asyncio.Lock()
        self._token = ""
        self._fetched = 0.0
        self._renew_at = 0.0
        self._ends = 0.0
        self._forced: deque[float] = deque(maxlen=CLASSIC_PER_DAY)
        self._answered: deque[float] = deque(maxlen=FETCHES_PER_TEN_MINUTES)
        self._tries = 0
        self._failure: WeChatError | None = None

    def __repr__(self) -> str:
        token = "***" if self._token else None
        return f"{type(self).__name__}(appid={self._appid!r}, secret=***, token={token})"

    async def current(self) -> str:
        """A token believed to be good; a renewal that fails does not spoil one that still works."""
        if self._is_fresh():
            return self._token
        tries = self._tries
        async with self._lock:
            if self._is_fresh():
                return self._token
            self._share_failure(tries)
            if self._is_rationed():
                if self._token:
                    return self._token  # WeChat will say when it is not good any more
                self._tell_failure()
            try:
                await self._fetch()
            except WeChatError:
                now = self._clock()
                if not (self._token and self._fetched <= now < self._ends):
                    raise
                self._renew_at = now + RETRY_SECONDS
            return self._token

    async def check(self) -> int:
        """Asks for a token now, whatever is cached, and returns the seconds it is good for."""
        async with self._lock:
            await self._fetch()
            return int(self._ends - self._fetched)

    def forced_refreshes(self) -> int:
        """How often a token was retired because WeChat refused it; the last 200 are remembered."""
        return len(self._forced)

    def _is_fresh(self) -> bool:
        # a clock that went backwards proves nothing about the token
        return bool(self._token) and self._fetched <= self._clock() < self._renew_at

    def _is_rationed(self) -> bool:
        """Whether WeChat has answered so often lately that another question would not help."""
        recent = sum(0 <= self._monotonic() - at < 600 for at in self._answered)
        return recent >= FETCHES_PER_TEN_MINUTES

    def _share_failure(self, tries: int) -> None:
        """Those who waited for an attempt that failed get its failure instead of failing one by one."""
        if self._tries != tries:
            self._tell_failure()

    def _tell_failure(self) -> None:
        """Raises the failure of the last attempt, if it failed."""
        if self._failure is not None:
            raise self._failure.with_traceback(None)

    def _may_force(self, per_day: int) -> bool:
        """Whether a token that works for others may be retired now."""
        now = self._clock()
        recent = [at for at in self._forced if 0 <= now - at < 600]
        today = sum(now - at < 86400 for at in self._forced)
        return (
            today < per_day
            and len(recent) < FORCE_PER_TEN_MINUTES
            and (not recent or now - recent[-1] >= FORCE_GAP_SECONDS)
        )

    def _request(self) -> dict[str, object]:
        return {"grant_type": "client_credential", "appid": self._appid, "secret": self._secret()}

    async def _fetch(self, **more: object) -> None:
        try:
            reply = await self._post({**self._request(), **more})
        except WeChatError as error:
            self._failure = error
            if isinstance(error, ApiError) and error.errcode not in BUSY:
                self._answered.append(self._monotonic())
            raise
        finally:
            self._tries += 1
        self._failure = None
        self._answered.append(self._monotonic())
        lasts = min(max(reply.expires_in, SHORTEST_SECONDS), LONGEST_SECONDS)
        self._token = reply.access_token
        self._fetched = self._clock()
        self._ends = self._fetched + lasts
        early = lasts - OVERLAP_SECONDS + MARGIN_SECONDS if lasts > OVERLAP_SECONDS else lasts / 2
        self._renew_at = self._fetched + early


class StableTokens(_Tokens):
    """Tokens of WeChat's stable_token endpoint, which gives every program of an account the same one."""

    async def replace(self, refused: str) -> str | None:
        """A token other than the refused one: the cached one, the platform's, or a forced one.

        Forcing retires the token of every other program of the account, so it is rationed.
        """
        tries = self._tries
        async with self._lock:
            if self._token and self._token != refused:
                return self._token
            self._share_failure(tries)
            if self._tries != tries and self._token:
                return None  # somebody else has just found that there is no other token
            if self._is_rationed():
                self._tell_failure()
                return None
            self._token = ""
            await self._fetch(force_refresh=False)
            if self._token == refused and self._may_force(FORCE_PER_DAY) and not self._is_rationed():
                await self._force()
            return None if self._token == refused else self._token

    def _request(self) -> dict[str, object]:
        return {**super()._request(), "force_refresh": False}

    async def _force(self) -> None:
        self._forced.append(self._clock())
        try:
            await self._fetch(force_refresh=True)
        except WeChatError:
            self._failure = None  # the refusal that led here tells more than this one


class ClassicTokens(_Tokens):
    """Tokens of the older endpoint, where each call retires the token of every other program (API 1.1).

    For accounts that only have this one; two programs that share an account this way disturb each other.
    """

    async def replace(self, refused: str) -> str | None:
        """A token other than the refused one: the cached one, or a new one, which is rationed."""
        tries = self._tries
        async with self._lock:
            if self._token and self._token != refused:
                return self._token
            self._share_failure(tries)
            if self._is_rationed():
                self._tell_failure()
                return None
            if not self._may_force(per_day=CLASSIC_PER_DAY):
                return None
            self._forced.append(self._clock())
            self._token = ""
            await self._fetch()
            return None if self._token == refused else self._token
