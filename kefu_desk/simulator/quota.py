"""Call counters per path: a daily limit of the China day and an optional limit per minute."""

from kefu_desk.simulator.refusal import Refusal

DAILY_DEFAULT = 500_000
CHINA_OFFSET = 8 * 3600


class QuotaBook:
    """Counts calls and refuses those over a limit."""

    def __init__(self) -> None:
        self.daily: dict[str, int] = {"/cgi-bin/token": 2000}
        self.minute: dict[str, int] = {"/cgi-bin/stable_token": 10_000}
        self.used: dict[str, int] = {}
        self._used_minute: dict[str, int] = {}
        self._day = 0
        self._minute = 0

    def spend(self, path: str, now: float) -> None:
        """Counts one call.

        Raises:
            Refusal: 45011 over the limit of this minute, 45009 over the limit of today.
        """
        day, minute = int(now + CHINA_OFFSET) // 86400, int(now) // 60
        if day != self._day:
            self._day = day
            self.used.clear()
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
