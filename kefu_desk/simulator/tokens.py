"""Access tokens: the classic and the stable family, which do not disturb each other."""

import random
import re
import string
from dataclasses import dataclass, field

from kefu_desk.simulator.refusal import Refusal

LIFETIME = 7200.0
OVERLAP = 300.0
FORCED_PER_DAY = 20
FORCED_GAP = 30.0
CHINA_OFFSET = 8 * 3600

_WELL_FORMED = r"[A-Za-z0-9_-]{64,512}"
_ALPHABET = string.ascii_letters + string.digits + "-_"


@dataclass(slots=True)
class Token:
    """One issued token; `dies` is when a superseded one stops working."""

    value: str = field(repr=False)
    expires: float
    dies: float | None = None


class TokenBook:
    """Every token ever issued, and what the platform thinks of it now."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._issued: dict[str, Token] = {}
        self._classic: Token | None = None
        self._stable: Token | None = None
        self._forced: list[float] = []

    def classic(self, now: float) -> Token:
        """A new token; the previous classic one keeps working for five minutes."""
        if self._classic is not None:
            self._classic.dies = min(self._classic.expires, now + OVERLAP)
        self._classic = self._issue(now)
        return self._classic

    def stable(self, now: float, *, force: bool = False) -> Token:
        """The shared token; forced: a new one at once.

        Raises:
            Refusal: 45009 after 20 forced refreshes on one day.
        """
        current = self._stable
        if force and (current is None or self._may_force(now)):
            self._forced.append(now)
            if current is not None:
                current.dies = now
            self._stable = self._issue(now)
        elif current is None or now >= current.expires - OVERLAP:
            if current is not None:
                current.dies = current.expires
            self._stable = self._issue(now)
        assert self._stable is not None
        return self._stable

    def check(self, value: str, now: float) -> Token:
        """The token, when it works.

        Raises:
            Refusal: 40014 malformed, 40001 unknown or superseded, 42001 expired.
        """
        if re.fullmatch(_WELL_FORMED, value) is None:
            raise Refusal(40014)
        token = self._issued.get(value)
        if token is None or (token.dies is not None and now >= token.dies):
            raise Refusal(40001)
        if now >= token.expires:
            raise Refusal(42001)
        return token

    def _may_force(self, now: float) -> bool:
        if self._forced and now - self._forced[-1] < FORCED_GAP:
            return False
        today = (now + CHINA_OFFSET) // 86400
        if sum((t + CHINA_OFFSET) // 86400 == today for t in self._forced) >= FORCED_PER_DAY:
            raise Refusal(45009)
        return True

    def _issue(self, now: float) -> Token:
        value = f"{81 + len(self._issued) % 18}_" + "".join(self._rng.choices(_ALPHABET, k=150))
        token = Token(value, now + LIFETIME)
        self._issued[value] = token
        return token
