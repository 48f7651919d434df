"""A table of a scenario file under a strict eye: every key is known, every value is possible."""

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import NoReturn, TypeVar

from kefu_desk.simulator.cast import Span

LONGEST = 30 * 86_400.0
WORDS = 1000
SPECIAL = ("[image]", "[voice]", "[video]")

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_DURATION = r"(?:[0-9]+(?:\.[0-9]+)?[smhd] ?)+"
_PART = r"([0-9]+(?:\.[0-9]+)?)([smhd])"

T = TypeVar("T")


class ScenarioError(ValueError):
    """A scenario file that cannot be played; the message names file, line and key, and what to write."""


class Page:
    """The text of a scenario file, called by its name in messages."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self._lines = text.splitlines()

    def line_of(self, path: Sequence[str | int]) -> int:
        """The line of a key, or of the last table above it that can be found; 0 for none."""
        found = 0
        names = [part for part in path if isinstance(part, str)]
        numbers = [part for part in path if isinstance(part, int)]
        heading: list[str] = []
        counts: dict[str, int] = {}
        for number, line in enumerate(self._lines, 1):
            header = re.match(r"\s*\[\[?\s*([\w.\s-]+?)\s*\]\]?\s*(#.*)?$", line)
            if header is not None:
                heading = [part.strip() for part in header[1].split(".")]
                whole = ".".join(heading)
                counts[whole] = counts.get(whole, 0) + 1
                for deeper in [name for name in counts if name.startswith(f"{whole}.")]:
                    del counts[deeper]
            here = [counts.get(".".join(heading[: n + 1]), 1) for n in range(len(heading))]
            inside = heading == names[: len(heading)] and all(
                got == wanted for got, wanted in zip(here, numbers, strict=False)
            )
            if not inside:
                continue
            key = re.match(r"""\s*["']?([\w-]+)["']?\s*=""", line)
            rest = names[len(heading) :]
            if key is not None and rest and key[1] == rest[0]:
                return number
            if header is not None:
                found = number
        return found


class Entry:
    """One table. Take each key once, then `end`; every complaint is a ScenarioError."""

    def __init__(self, values: Mapping[str, object], page: Page, path: tuple[str | int, ...] = ()) -> None:
        self._values = values
        self._page = page
        self._path = path
        self._known: set[str] = set()

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        self._known.add(key)
        return key in self._values

    def fail(self, key: str, problem: str) -> NoReturn:
        """Says what is wrong with a key."""
        path = (*self._path, key) if key else self._path
        line = self._page.line_of(path)
        place = f", line {line}" if line else ""
        said = ""
        for part in path:
            said += f" {part}" if isinstance(part, int) else f"{'.' if said else ''}{part}"
        raise ScenarioError(f"{self._page.name}{place}: {said or 'the file'}: {problem}")

    def text(self, key: str, default: str | None = None, *, pattern: str = "", form: str = "") -> str:
        """Words; those with a `pattern` must have its form."""
        value = self._given(key, default, 'a text, such as key = "words"')
        if value is default and default is not None:
            return default
        words = self._words(key, value)
        if pattern and re.fullmatch(pattern, words) is None:
            self.fail(key, f"{words!r} is not possible; write {form}")
        return words

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of words that is not empty."""
        value = self._given(key, default, 'a list of texts, such as ["one", "two"]')
        if value is default and default is not None:
            return default
        return tuple(self._words(key, item) for item in self._list(key, value))

    def flag(self, key: str, *, default: bool) -> bool:
        """Yes or no."""
        value = self._given(key, default, "true or false")
        if not isinstance(value, bool):
            self.fail(key, f"{value!r} is not possible; write true or false, without quotation marks")
        return value

    def number(self, key: str, default: int | None = None, *, least: int, most: int) -> int:
        """A whole number."""
        value = self._given(key, default, f"a whole number from {least} to {most}")
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.fail(key, f"{value!r} is not possible; write a whole number from {least} to {most}")
        return value

    def moment(self, key: str, default: float | None = None, *, past: bool = False) -> float:
        """Seconds after the start; with `past` also before it, as in "-5m"."""
        value = self._given(key, default, 'a time after the start, such as "10m"')
        return default if value is default and default is not None else self._moment(key, value, past)

    def moments(self, key: str) -> tuple[float, ...]:
        """One moment or a list of them, in order; past ones are allowed."""
        value = self._given(key, (), "")
        if value == ():
            return ()
        items = value if isinstance(value, list) else [value]
        times = tuple(self._moment(key, item, past=True) for item in items)
        if not times or list(times) != sorted(set(times)):
            self.fail(key, 'write the times in order and each once, such as ["-5m", "20m"]')
        return times

    def span(self, key: str, default: Span | None = None, *, past: bool = False) -> Span:
        """Two times with a dash, such as "30s-90s"; one alone is both."""
        value = self._given(key, default, 'a span, such as "30s-90s"')
        if value is default and default is not None:
            return default
        return self._span(key, value, past)

    def spans(self, key: str) -> tuple[Span, ...]:
        """A list of spans after the start; none when the key is missing."""
        value = self._given(key, (), "")
        return () if value == () else tuple(self._span(key, v, past=False) for v in self._list(key, value))

    def beats(self, key: str, *, empty: bool = True) -> tuple[str | tuple[str, ...], ...]:
        """What somebody says, in turn; a list within the list is said in one go."""
        if empty and not self.has(key):
            return ()
        return self._beats(key, self._given(key, None, 'a list of texts, such as ["你好", "在吗"]'))

    def scripts(self, key: str) -> tuple[tuple[str | tuple[str, ...], ...], ...]:
        """A list of lists of what is said; none when the key is missing."""
        value = self._given(key, (), "")
        if value == ():
            return ()
        return tuple(self._beats(key, script) for script in self._list(key, value))

    def table(self, key: str) -> "Entry | None":
        """The table of that name, if there is one."""
        if not self.has(key):
            return None
        value = self._values[key]
        if not isinstance(value, dict):
            self.fail(key, f"is a table; write it as [{key}] on a line of its own with its keys below")
        return Entry(value, self._page, (*self._path, key))

    def tables(self, key: str) -> list["Entry"]:
        """The tables of that name, in order."""
        if not self.has(key):
            return []
        value = self._values[key]
        whole = ".".join(str(part) for part in (*self._path, key) if isinstance(part, str))
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fail(key, f"is a list of tables; write [[{whole}]] on a line of its own for each one")
        return [Entry(item, self._page, (*self._path, key, n)) for n, item in enumerate(value, 1)]

    def end(self) -> None:
        """Refuses keys that nobody took."""
        for key in self._values:
            if key not in self._known:
                near = difflib.get_close_matches(key, sorted(self._known), 1)
                hint = (
                    f"did you mean {near[0]}?" if near else f"known here are {', '.join(sorted(self._known))}"
                )
                self.fail(key, f"this key is unknown; {hint}")

    def _given(self, key: str, default: T | None, wanted: str) -> object | T:
        self._known.add(key)
        if key in self._values:
            return self._values[key]
        if default is None:
            self.fail(key, f"is missing; write {wanted}")
        return default

    def _words(self, key: str, value: object) -> str:
        if not isinstance(value, str):
            self.fail(key, f"{value!r} is not a text; put it in quotation marks")
        if not value.strip():
            self.fail(key, "is empty; write some words or leave the key out")
        if len(value) > WORDS:
            self.fail(key, f"has {len(value)} characters; at most {WORDS} are possible")
        return value

    def _list(self, key: str, value: object) -> list[object]:
        if not isinstance(value, list) or not value:
            self.fail(key, f"{value!r} is not possible; write a list with at least one entry, in [ ]")
        return value

    def _moment(self, key: str, value: object, past: bool) -> float:  # noqa: FBT001  private, always named or last
        words = value.strip() if isinstance(value, str) else ""
        sign = -1.0 if words.startswith("-") and past else 1.0
        seconds = duration(words.removeprefix("-") if past else words)
        if seconds is None:
            more = ', or "-5m" for before the start' if past else ""
            self.fail(key, f'{value!r} is not possible; write a time such as "90s", "5m" or "1h30m"{more}')
        return sign * seconds

    def _span(self, key: str, value: object, past: bool) -> Span:  # noqa: FBT001  private, always named or last
        words = value.strip() if isinstance(value, str) else ""
        found = re.fullmatch(rf"(-?\s*{_DURATION})(?:\s*(?:-|–|to)\s*(-?\s*{_DURATION}))?", words)
        if found is None:
            self.fail(
                key, f'{value!r} is not possible; write a span such as "30s-90s", or one time for both ends'
            )
        first = self._moment(key, found[1].replace(" ", ""), past)
        last = first if found[2] is None else self._moment(key, found[2].replace(" ", ""), past)
        if last < first:
            self.fail(key, f"{value!r} ends before it begins; write the shorter time first")
        return first, last

    def _beats(self, key: str, value: object) -> tuple[str | tuple[str, ...], ...]:
        told: list[str | tuple[str, ...]] = []
        for item in self._list(key, value):
            lines = tuple(self._line(key, line) for line in (item if isinstance(item, list) else [item]))
            if not lines:
                self.fail(key, "holds an empty list; write what is said, or take it out")
            told.append(lines if isinstance(item, list) else lines[0])
        return tuple(told)

    def _line(self, key: str, value: object) -> str:
        words = self._words(key, value)
        if re.fullmatch(r"\[\w+\]", words) and words not in SPECIAL:
            self.fail(key, f"{words} is not possible; what is not text is one of {', '.join(SPECIAL)}")
        return words


def duration(words: str) -> float | None:
    """Seconds of "90s", "5m", "1h30m" or "2d"; None for anything else and for more than 30 days."""
    if not re.fullmatch(_DURATION, words):
        return None
    seconds = sum(float(amount) * _UNITS[unit] for amount, unit in re.findall(_PART, words))
    return seconds if seconds <= LONGEST else None


def one_of(entry: Entry, key: str, value: str, among: Mapping[str, T], what: str) -> T:
    """What a word stands for; complains with the words that are possible."""
    if value not in among:
        near = difflib.get_close_matches(value, list(among), 1)
        hint = f"did you mean {near[0]!r}?" if near else f"possible are {', '.join(among) or 'none yet'}"
        entry.fail(key, f"there is no {what} {value!r}; {hint}")
    return among[value]
