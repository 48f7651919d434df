"""Call counters per path: a daily limit of the China day and an optional limit per minute."""

import time

from kefu_desk.simulator.refusal import Refusal

DAILY_DEFAULT = 500_000
CHINA_OFFSET = 8 * 3600


CLEARS_A_MONTH = 10
PATH_CLEARS_A_MONTH = 50


class QuotaBook:
    """Counts calls and refuses those over a limit."""

    def __init__(self) -> None:
        self.daily: dict[str, int] = {
            "/cgi-bin/token": 2000,
            "/cgi-bin/media/upload": 100_000,
            "/cgi-bin/media/get": 200_000,
            "/cgi-bin/user/info": 5_000_000,
            "/cgi-bin/user/get": 500,
            "/cgi-bin/user/info/updateremark": 10_000,
        }
        self.minute: dict[str, int] = {"/cgi-bin/stable_token": 10_000}
        self._clears: dict[tuple[int, int, int], int] = {}
        self.used: dict[str, int] = {}
        self._used_minute: dict[str, int] = {}
        self._day = 0
        self._minute = 0

    def spend(self, path: str, now: float) -> None:
        """Counts one call.

        Raises:
            Refusal: 45011 over the limit of this minute, 45009 over the limit of today.
        """
        self._turn(now)
        minute = int(now) // 60
        if minute != self._minute:
            self._minute = minute
            self._used_minute.clear()
        limit = self.minute.get(path)
        if limit is not None and self._used_minute.get(path, 0) >= limit:
            raise Refusal(45011)
        if self.used.get(path, 0) >= self.daily.get(path, DAILY_DEFAULT):
            raise Refusal(45009)
        self.used[path] = self.used.get(path, 0) + 1
        self._used_minute[path] = self._used_minute.get(path, 0) + 1

    def today(self, path: str, now: float) -> tuple[int, int]:
        """Limit and calls of this China day."""
        self._turn(now)
        return self.daily.get(path, DAILY_DEFAULT), self.used.get(path, 0)

    def clear(self, now: float, path: str | None = None) -> None:
        """Forgets the calls of today, of one path or of all.

        Raises:
            Refusal: 48006 after 10 times for all, or 50 times for single paths, in one China month.
        """
        date = time.gmtime(now + CHINA_OFFSET)
        limit = CLEARS_A_MONTH if path is None else PATH_CLEARS_A_MONTH
        month = (date.tm_year, date.tm_mon, limit)
        if self._clears.get(month, 0) >= limit:
            raise Refusal(48006)
        self._clears[month] = self._clears.get(month, 0) + 1
        if path is None:
            self.used.clear()
        else:
            self.used.pop(path, None)

    def _turn(self, now: float) -> None:
        day = int(now + CHINA_OFFSET) // 86400
        if day != self._day:
            self._day = day
            self.used.clear()
