"""Decides whether a path may be called now: the one place that every look at WeChat asks (reliability 4.4).

Each path has a token bucket that is filled from what WeChat says is left of the day, shared with the other
desks, and with a part kept for what people do. All calls empty it, whoever makes them: they are counted where
they leave. All paths together share a second bucket.
"""

from collections import deque

from msgspec import Struct

from kefu_desk.desk.ports import Clock, Gateway
from kefu_desk.domain.quota import (
    ASSUMED_LIMIT,
    DAY,
    RESERVE_SHARE,
    DailyQuota,
    Path,
    PathUse,
    midnight_after,
    poll_rate,
)

RECOMPUTE_SECONDS = 600.0
CALLS_A_SECOND = 20.0
BURST_SECONDS = 30.0
SMALLEST_BURST = 3.0
SLOWEST_PACE = 1 / 16
QUIET_SECONDS = 300.0
RETRY_WINDOW = 600.0
RETRY_SHARE = 0.1
FREE_RETRIES = 5
"""Early retries in ten minutes that need no calls to be earned by: a start over a bad line."""


class Bucket(Struct):
    """Calls that may be made at once (`level`), and how many come back a second (`rate`)."""

    rate: float
    burst: float
    level: float
    at: float

    def fill(self, now: float) -> None:
        """Lets the time since the last look drip in."""
        self.level = min(self.burst, self.level + self.rate * max(0.0, now - self.at))
        self.at = now

    def drain(self, calls: int) -> None:
        """Takes calls out; a debt is no larger than a burst, for the rate knows what is left of the day."""
        self.level = max(-self.burst, self.level - calls)

    def refit(self, rate: float, burst: float) -> None:
        """Another rate; what is in the bucket stays, if it fits."""
        self.rate, self.burst = rate, burst
        self.level = min(self.level, burst)


class _Account(Struct):
    """One path: what WeChat said of it last, and what this desk has called since it started counting."""

    bucket: Bucket
    limit: int = ASSUMED_LIMIT
    left: int = ASSUMED_LIMIT
    used: int = 0
    estimated: bool = True
    counted: int = 0
    spilled: int = 0
    pace: float = 1.0
    paced_at: float = 0.0
    resumes: float | None = None


class Budget:
    """Counts and rations the calls of one desk; all times are monotonic but where WeChat's day is meant."""

    def __init__(self, gateway: Gateway, clock: Clock) -> None:
        self._gateway = gateway
        self._clock = clock
        self._desks = 1
        self._accounts: dict[Path, _Account] = {}
        self._all: Bucket | None = None
        self._all_spilled = 0
        self._computed = self._began = 0.0
        self._midnight = 0.0
        self._retries: dict[Path, deque[tuple[float, bool]]] = {path: deque() for path in Path}

    def wait(self, path: Path, calls: int = 1) -> float:
        """Seconds until so many calls of this path may have been made; 0 is now."""
        self._count()
        account, now = self._accounts[path], self._clock.monotonic()
        barred = 0.0 if account.resumes is None else max(0.0, account.resumes - self.server())
        if path is Path.SEND:
            return barred
        if self.exhausted(path):
            return max(barred, self._midnight - self.server())
        assert self._all is not None
        return max(barred, *(_until(bucket, calls, now) for bucket in (account.bucket, self._all)))

    def exhausted(self, path: Path) -> bool:
        """Whether all that looking may use of today is used, and the rest is kept for people."""
        self._count()
        account = self._accounts[path]
        return not account.bucket.rate and account.bucket.level < 1

    def server(self) -> float:
        """WeChat's time in Unix seconds, as far as it is known."""
        return self._clock.now() + (self._gateway.clock_offset() or 0.0)

    def bar(self, path: Path, seconds: float) -> None:
        """WeChat will refuse this path for that long."""
        self._count()
        self._accounts[path].resumes = self.server() + seconds

    def barred(self, path: Path) -> bool:
        """Whether WeChat would refuse this path now."""
        resumes = self._accounts[path].resumes if path in self._accounts else None
        return resumes is not None and resumes > self.server()

    def slow(self, path: Path) -> None:
        """WeChat was called too fast: half the pace, which comes back by a tenth each five quiet minutes."""
        self._count()
        account = self._accounts[path]
        account.pace = max(SLOWEST_PACE, account.pace / 2)
        account.paced_at = self._clock.monotonic()
        self._compute()

    def pace(self, path: Path) -> float:
        """The part of the wanted calls that may be made: 1 but after having been too fast."""
        self._count()
        return self._accounts[path].pace

    def may_retry(self, path: Path) -> bool:
        """Whether a failed call may be repeated before its turn: one call in ten of ten minutes."""
        now, calls = self._clock.monotonic(), self._retries[path]
        while calls and now - calls[0][0] > RETRY_WINDOW:
            calls.popleft()
        again = sum(retry for _, retry in calls)
        return again < max(FREE_RETRIES, RETRY_SHARE * len(calls))

    def note(self, path: Path, *, retry: bool) -> None:
        """A call is being made; `retry` marks one before its turn."""
        self._retries[path].append((self._clock.monotonic(), retry))

    def meet(self, desks: int) -> None:
        """How many desks share the limits."""
        if max(1, desks) != self._desks:
            self._desks = max(1, desks)
            self._count()
            self._compute()

    def learn(self, path: Path, quota: DailyQuota) -> None:
        """What WeChat says of a path; it may forget to count, so the own calls of today are the least."""
        self._count()
        account = self._accounts[path]
        account.limit = quota.limit
        account.used = max(quota.used, account.counted)
        account.left = max(0, min(quota.left, quota.limit - account.used))
        account.estimated = False
        self._compute()

    def told(self) -> tuple[PathUse, ...]:
        """Each path as the status bar shows it."""
        self._count()
        server, lasted = self.server(), max(60.0, self._clock.monotonic() - self._began)
        left = max(0.0, self._midnight - server)
        return tuple(
            PathUse(
                path,
                account.used,
                account.limit,
                account.used + int(account.counted / lasted * left),
                account.estimated,
                account.resumes if account.resumes is not None and account.resumes > server else None,
            )
            for path, account in self._accounts.items()
        )

    def _count(self) -> None:
        """Takes what was called since the last look out of the buckets."""
        now = self._clock.monotonic()
        stale = now - self._computed >= RECOMPUTE_SECONDS
        if self._all is None:
            self._open(now)
        assert self._all is not None
        if self.server() >= self._midnight or self.server() < self._midnight - DAY:
            self._new_day(now)
        for path, account in self._accounts.items():
            calls = self._gateway.calls_of(path)
            made, account.spilled = calls - account.spilled, calls
            account.bucket.fill(now)
            account.bucket.drain(made)
            account.counted += made
            account.used += made
            account.left = max(0, account.left - made)
            if account.pace < 1 and now - account.paced_at >= QUIET_SECONDS:
                account.pace, account.paced_at, stale = min(1.0, account.pace * 1.1), now, True
        self._all.fill(now)
        self._all.drain(self._gateway.calls_made() - self._all_spilled)
        self._all_spilled = self._gateway.calls_made()
        if stale:
            self._compute()

    def _open(self, now: float) -> None:
        self._began = now
        self._all = Bucket(CALLS_A_SECOND, CALLS_A_SECOND, CALLS_A_SECOND, now)
        self._midnight = midnight_after(self.server())
        self._accounts = {path: _Account(Bucket(0.0, SMALLEST_BURST, SMALLEST_BURST, now)) for path in Path}
        for path, account in self._accounts.items():
            account.spilled = self._gateway.calls_of(path)
        self._all_spilled = self._gateway.calls_made()
        self._compute()
        for account in self._accounts.values():
            account.bucket.level = account.bucket.burst

    def _new_day(self, now: float) -> None:
        """WeChat counts anew, unless the clock of this computer was only put right."""
        before, self._midnight = self._midnight, midnight_after(self.server())
        if self._midnight < before:
            return
        self._began = now
        for account in self._accounts.values():
            account.used = account.counted = 0
            account.left = account.limit
        self._compute()
        for account in self._accounts.values():
            account.bucket.level = account.bucket.burst

    def _compute(self) -> None:
        self._computed = self._clock.monotonic()
        for path, account in self._accounts.items():
            rate = poll_rate(account.left, account.limit, self._desks, self.server()) * account.pace
            if path is Path.SEND:
                rate = account.left / max(1.0, self._midnight - self.server())
            burst = max(SMALLEST_BURST, BURST_SECONDS * rate)
            if account.left <= RESERVE_SHARE * account.limit:
                account.bucket.level = min(account.bucket.level, 0.0)
            account.bucket.refit(rate, burst)


def _until(bucket: Bucket, calls: int, now: float) -> float:
    bucket.fill(now)
    lacking = max(0.0, calls - bucket.level)
    return min(DAY, lacking / bucket.rate) if bucket.rate else DAY * (lacking > 0)
