"""Switches that make the platform misbehave, each optionally for some paths and some calls only."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

SLOW = "slow:"

SWITCHES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "reply": (
            "ok", "html", "empty", "not_json", "http_500", "missing_fields", "extra_fields",
            "numbers_as_strings", "errcode_string", "truncated",
        ),
        "fault": ("none", "-1_before", "-1_after", "reset_before", "reset_after"),
        "token": ("normal", "40001_once", "40001_always", "40164", "40125", "40243"),
        "quota": ("normal", "45009", "45011"),
        "agent_gate": ("normal", "65415", "65400"),
        "content_type": ("json_encoding", "json_charset", "text_plain"),
        "errmsg": ("rid", "hint", "none"),
        "waitcase": ("latest_time", "legacy"),
        "cursor": ("exclusive", "inclusive"),
        "escapes": ("literal", "47002"),
        "records_api_sends": ("session", "always", "never"),
    }
)  # fmt: skip


class Setting(Struct):
    """One switch moved away from its default; `times` None means until it is moved back."""

    switch: str
    value: str
    paths: str
    times: int | None


class Chaos:
    """The switches of one world. The newest setting that fits a path wins."""

    def __init__(self) -> None:
        self._settings: list[Setting] = []

    def set(self, switch: str, value: str, *, paths: str = "", times: int | None = None) -> None:
        """Moves a switch, for paths containing `paths` only and `times` calls only when given.

        The first value of a switch is its default; setting it without `paths` clears the switch.

        Raises:
            ValueError: for an unknown switch or value.
        """
        values = SWITCHES.get(switch)
        if values is None:
            raise ValueError(f"unknown switch {switch!r}")
        if value not in values and not (switch == "reply" and _is_slow(value)):
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
            self._settings.append(Setting(switch, value, paths, times))

    def take(self, switch: str, path: str, *among: str) -> str | None:
        """The value that applies to this call, or None for the default; counts down `times`.

        With `among`, other values neither apply nor count.
        """
        for setting in reversed(self._settings):
            if setting.switch != switch or setting.paths not in path:
                continue
            if among and setting.value not in among:
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
        """What is switched on, for people and tests."""
        return [
            {"switch": s.switch, "value": s.value, "paths": s.paths, "times": s.times} for s in self._settings
        ]


def slow_seconds(value: str) -> float:
    """Seconds of a `slow:<seconds>` value."""
    return float(value.removeprefix(SLOW))


def _is_slow(value: str) -> bool:
    if not value.startswith(SLOW):
        return False
    try:
        return 0 <= slow_seconds(value) <= 3600
    except ValueError:
        return False
