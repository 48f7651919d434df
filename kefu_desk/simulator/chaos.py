"""Switches that make the platform misbehave, each optionally for some paths and some calls only."""

import random
import re
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from msgspec import Struct

SLOW = "slow:"
DRIP = "drip:"
DELAYED = "delayed:"

_FAULTS = ("-1_before", "-1_after", "reset_before", "reset_after")

SWITCHES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "effect": ("before", "after", "never", "unseen", "delayed:SECONDS"),
        "reply": (
            "ok", "-1", "reset", "closed", "timeout", "slow:SECONDS", "drip:BYTES_PER_SECOND", "cut:BYTES",
            "html", "empty", "not_json", "truncated", "long_length", "short_length",
            "http_500", "http_502", "http_503", "http_504", "http_NNN", "redirect", "redirect:URL",
            "redirect_301", "redirect_307", "redirect_308", "gzip_garbage", "gzip_bomb:MEGABYTES",
            "huge:MEGABYTES", "bom", "no_date", "type:VALUE", "code:NUMBER", "body:TEXT",
            "missing_fields", "extra_fields", "numbers_as_strings", "errcode_string",
        ),
        "fault": ("none", *_FAULTS),
        "transport": ("ok", "slow", *_FAULTS),
        "token": ("normal", "40001_young", "40001_once", "40001_always", "40164", "40125", "40243"),
        "quota": ("normal", "45009", "45011"),
        "agent_gate": ("normal", "65415", "65400"),
        "content_type": ("json_encoding", "json_charset", "text_plain"),
        "kf_id": ("int", "str"),
        "numbers": ("int", "str"),
        "errmsg": ("rid", "hint", "none"),
        "envelope": ("absent", "present", "string"),
        "empty_lists": ("[]", "missing"),
        "broken_text": ("off", "on"),
        "records": ("ok", "malformed", "surrogate", "nul", "unordered", "miscounted"),
        "avatar_error": ("valid", "invalid"),
        "waitcase": ("latest_time", "legacy"),
        "online_status": ("0/1", "bit_mask"),
        "del_verb": ("both", "post", "get"),
        "del_effect": ("real", "nothing"),
        "cursor": ("exclusive", "inclusive"),
        "range": ("24h", "same_day"),
        "escapes": ("literal", "47002"),
        "records_api_sends": ("session", "always", "never"),
        "window": ("max", "buckets"),
        "allowance": ("5", "20"),
        "msgmenu_click_trigger": ("menu", "message"),
        "payment_trigger": ("off", "on"),
        "lapse": ("closes", "stops_forwarding"),
        "lapse_from": ("last_message", "creation"),
        "multipart": ("on", "off"),
    }
)  # fmt: skip

_STATUS = r"http_(?!304)[3-5]\d\d"
_SHAPES: Mapping[str, str] = MappingProxyType({"URL": r"[!-~]+", "VALUE": r"[ -~]*", "TEXT": r"(?s).*"})
_NUMBERS: Mapping[str, tuple[float, float, bool]] = MappingProxyType(
    {
        "SECONDS": (0, 86400, False),
        "BYTES_PER_SECOND": (0.001, 1e9, False),
        "BYTES": (0, 1e9, True),
        "MEGABYTES": (1, 4096, True),
        "NUMBER": (-1e9, 1e9, True),
    }
)


class Setting(Struct):
    """One switch moved away from its default; `times` None means until it is moved back.

    With `about` only calls count whose query or body contains this text, such as an openid. The first `skip`
    calls that it would fit are left alone; of the others a share of `chance` is hit.
    """

    switch: str
    value: str
    paths: str
    times: int | None
    skip: int = 0
    chance: float = 1.0
    about: str = ""


class Chaos:
    """The switches of one world. The newest setting that fits a path wins."""

    def __init__(self) -> None:
        self._settings: list[Setting] = []
        self._rng = random.Random("chaos")

    def __bool__(self) -> bool:
        return bool(self._settings)

    def set(
        self,
        switch: str,
        value: str,
        *,
        paths: str = "",
        times: int | None = None,
        skip: int = 0,
        chance: float = 1.0,
        about: str = "",
    ) -> None:
        """Moves a switch, for paths containing `paths` only and `times` calls only when given.

        The first value of a switch is its default; setting it without `paths` clears the switch.

        Raises:
            ValueError: for an unknown switch or value.
        """
        values = SWITCHES.get(switch)
        if values is None:
            raise ValueError(f"unknown switch {switch!r}")
        if not any(_fits(value, pattern) for pattern in values):
            raise ValueError(f"unknown value {value!r} of {switch}")
        if value == "40001_once" and times is None:
            times = 1
        default = value == values[0]
        self._settings = [
            s
            for s in self._settings
            if s.switch != switch or (s.paths != paths and not (default and not paths))
        ]
        if not default:
            self._settings.append(Setting(switch, value, paths, times, skip, chance, about))

    def take(self, switch: str, path: str, *among: str, content: bytes = b"") -> str | None:
        """The value that applies to this call, or None for the default; counts down `times`.

        With `among`, other values neither apply nor count. `content` is what the call says, query and body.
        """
        for setting in reversed(self._settings):
            if setting.switch != switch or setting.paths not in path:
                continue
            if among and setting.value not in among:
                continue
            if setting.about and setting.about.encode("utf-8", "replace") not in content:
                continue
            if setting.skip > 0:
                setting.skip -= 1
                continue
            if setting.chance < 1 and self._rng.random() >= setting.chance:
                continue
            if setting.times is not None:
                setting.times -= 1
                if setting.times <= 0:
                    self._settings.remove(setting)
            return setting.value
        return None

    def clear(self) -> None:
        """Moves every switch to its default."""
        self._settings.clear()

    def settings(self) -> list[dict[str, object]]:
        """What is switched on, for people and tests; other limits only where there are some."""
        told: list[dict[str, object]] = []
        for s in self._settings:
            told.append({"switch": s.switch, "value": s.value, "paths": s.paths, "times": s.times})
            if s.skip:
                told[-1]["skip"] = s.skip
            if s.chance < 1:
                told[-1]["chance"] = s.chance
            if s.about:
                told[-1]["about"] = s.about
        return told


def argument(value: str) -> float:
    """The number of a value such as `slow:2.5`."""
    return float(value.partition(":")[2])


def _fits(value: str, pattern: str) -> bool:
    if pattern == "http_NNN":
        return re.fullmatch(_STATUS, value) is not None and int(value[-3:]) in set(HTTPStatus)
    name, colon, kind = pattern.partition(":")
    if not colon:
        return value == pattern
    if not value.startswith(name + colon):
        return False
    given = value.removeprefix(name + colon)
    if kind in _SHAPES:
        return re.fullmatch(_SHAPES[kind], given) is not None
    least, most, whole = _NUMBERS[kind]
    try:
        number = float(int(given) if whole else given)
    except ValueError:
        return False
    return least <= number <= most
