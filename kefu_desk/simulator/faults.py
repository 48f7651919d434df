"""What goes wrong with one call: whether the platform acts (effect) and what the caller gets (reply)."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from kefu_desk.simulator.chaos import DELAYED, Chaos, argument

AFTER, BEFORE, NEVER = "after", "before", "never"

COMBINATIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "-1_before": (BEFORE, "-1"),
        "-1_after": (AFTER, "-1"),
        "reset_before": (BEFORE, "reset"),
        "reset_after": (AFTER, "reset"),
        "slow": (AFTER, "slow:20"),
    }
)
"""The one-word values of the switches `fault` and `transport`, as effect and reply."""


class Fault(Struct, frozen=True):
    """The plan for one call.

    The fault strikes `after` the platform acted or `before` (the request leaves no trace), or the platform
    checks and counts the call and `never` acts; with `delay` it sees the call that many seconds of its own
    time later. `busy` makes the answer -1; `reply` is a value of that switch, "" for a normal one.
    """

    effect: str
    reply: str
    name: str
    busy: bool = False
    delay: float | None = None


def planned(chaos: Chaos, path: str, content: bytes) -> Fault:
    """The fault of this call, which is counted; a named combination goes before `effect` and `reply`."""

    def take(switch: str) -> str | None:
        return chaos.take(switch, path, content=content)

    named = take("transport") or take("fault")
    effect, reply = COMBINATIONS[named] if named else (take("effect") or AFTER, "")
    busy = reply == "-1"
    if busy or not reply:  # a busy answer may be damaged besides
        reply = take("reply") or ""
    if reply == "-1":
        busy, reply = True, ""
    name = named or " ".join(word for word in ("" if effect == AFTER else effect, "-1" * busy, reply) if word)
    delay = argument(effect) if effect.startswith(DELAYED) else None
    return Fault(BEFORE if delay is not None else effect, reply, _short(name) or "ok", busy, delay)


def _short(name: str) -> str:
    return name.partition("body:")[0] + "body" if "body:" in name else name
