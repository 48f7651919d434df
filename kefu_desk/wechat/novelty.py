"""Which fields of a reply nobody here knows: the first sign that WeChat is changing something."""

from collections.abc import Callable

from msgspec import Raw, Struct
from msgspec.json import Decoder

from kefu_desk.wechat.errors import cleaned
from kefu_desk.wechat.wire import known_names

APART_SECONDS = 3600.0
MOST_NAMES = 200
NAME_LENGTH = 40

_object: Callable[[bytes | Raw], dict[str, Raw]] = Decoder(dict[str, Raw]).decode
_list: Callable[[bytes | Raw], list[Raw]] = Decoder(list[Raw]).decode


class Novelty:
    """Looks at a reply of each kind now and then; tells each unknown name once, and never a value."""

    def __init__(self, tell: Callable[[str, list[str]], object]) -> None:
        self._tell = tell
        self._due: dict[str, float] = {}
        self._told: set[tuple[str, str]] = set()

    def look(self, endpoint: str, kind: type[Struct], body: bytes, now: float) -> None:
        """Looks at a reply, unless one like it was looked at within the hour; `now` in monotonic seconds."""
        if now < self._due.get(endpoint, now):
            return
        self._due[endpoint] = now + APART_SECONDS
        new = sorted({(endpoint, name) for name in unknown_names(kind, body)} - self._told)
        new = new[: MOST_NAMES - len(self._told)]
        if new:
            self._told.update(new)
            self._tell(endpoint, [name for _, name in new])


def unknown_names(kind: type[Struct], body: bytes) -> set[str]:
    """The names in a reply, or in the first of its rows, that the kind does not have, fit for a log."""
    names, row_names = known_names(kind)
    found: set[str] = set()
    try:
        whole = _object(body.removeprefix(b"\xef\xbb\xbf"))
        found.update(whole.keys() - names)
        for name in whole.keys() & names:
            if bytes(whole[name])[:1] == b"[":
                found.update(_first(whole[name]).keys() - row_names if row_names else ())
    except (ValueError, RecursionError):
        return set()  # what is wrong with it is told elsewhere
    return {cleaned(name)[:NAME_LENGTH] for name in found}


def _first(rows: Raw) -> dict[str, Raw]:
    listed = _list(rows)
    return _object(listed[0]) if listed and bytes(listed[0])[:1] == b"{" else {}
