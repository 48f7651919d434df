"""One JSON object that somebody sends to the control interface, read field by field."""

import math
from collections.abc import Iterable, Mapping


class Wish:
    """The fields as given; each is read once, and what nobody has read is a mistake of the sender.

    Every reader raises ValueError with a sentence for the sender.
    """

    def __init__(self, given: Mapping[str, object]) -> None:
        self._given = dict(given)

    def __contains__(self, key: str) -> bool:
        return key in self._given

    def word(self, key: str, default: str = "") -> str:
        """A text."""
        value = self._given.pop(key, default)
        if not isinstance(value, str):
            raise ValueError(f"{key} is a text")  # noqa: TRY004  the caller gets 400 with this sentence
        return value

    def truth(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._given.pop(key, default)
        if not isinstance(value, bool):
            raise ValueError(f"{key} is true or false")  # noqa: TRY004  as above
        return value

    def whole(self, key: str, *, least: int = 0, most: int = 2**53) -> int | None:
        """A whole number, None when it is left out or null."""
        value = self._given.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"{key} is a whole number from {least} to {most}")
        return value

    def number(self, key: str, *, least: float = 0.0) -> float:
        """A number that is not optional."""
        value = self._given.pop(key, None)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise ValueError(f"{key} is a number")  # noqa: TRY004  as above
        if not least <= value < math.inf:
            raise ValueError(f"{key} is at least {least:g}")
        return float(value)

    def among(self, key: str, words: Iterable[str], default: str = "") -> str:
        """One of these words."""
        known = tuple(words)
        value = self.word(key, default)
        if value not in known:
            raise ValueError(f"{key} is one of {', '.join(known)}")
        return value

    def texts(self, key: str) -> tuple[str, ...] | None:
        """A list of texts, None when it is left out or null."""
        value = self._given.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ValueError(f"{key} is a list of texts")
        return tuple(value)

    def peek(self) -> tuple[str, ...]:
        """The names of what was not read yet."""
        return tuple(self._given)

    def end(self) -> None:
        """Nothing may be left.

        Raises:
            ValueError: naming the fields that nobody knows.
        """
        if self._given:
            raise ValueError(f"unknown: {', '.join(self._given)}")
