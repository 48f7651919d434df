"""Which of WeChat's hosts is asked: the main one, or for a while its stand-in (reliability 1.5, F-N23)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import httpx

STAND_INS: Mapping[str, str] = MappingProxyType({"api.weixin.qq.com": "api2.weixin.qq.com"})
FAILURES = 3
"""In a row, after which reads go to the other host."""

AWAY_SECONDS = 600.0
"""How long reads stay with the stand-in before the main host gets another chance."""


class Hosts:
    """Leads reads away from a host that does not answer.

    What changes something always goes to the main host: nobody could say whether both had done it.
    """

    def __init__(self, main: httpx.URL, *, stand_in: str | None, monotonic: Callable[[], float]) -> None:
        other = STAND_INS.get(main.host, "") if stand_in is None else stand_in
        self.main = main
        self._other = httpx.URL(other if "://" in other else f"{main.scheme}://{other}") if other else None
        self._monotonic = monotonic
        self._failures = 0
        self._away_since: float | None = None

    def of_read(self) -> httpx.URL:
        """The host that a read goes to now."""
        if self._other is None or self._away_since is None:
            return self.main
        if self._monotonic() - self._away_since >= AWAY_SECONDS:
            self._away_since, self._failures = None, 0
            return self.main
        return self._other

    def note(self, asked: httpx.URL, *, answered: bool) -> None:
        """Counts what came of a read; the third failure in a row moves to the other host, or back."""
        if self._other is None or asked is not self.of_read():
            return  # it was sent before the move
        self._failures = 0 if answered else self._failures + 1
        if self._failures >= FAILURES:
            self._failures = 0
            self._away_since = self._monotonic() if asked is self.main else None
