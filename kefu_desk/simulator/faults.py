"""What goes wrong with one call: whether the platform acts (effect) and what the caller gets (reply)."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from kefu_desk.simulator.chaos import DELAYED, Chaos, argument

BEFORE, AFTER, NEVER, UNSEEN = "before", "after", "never", "unseen"

COMBINATIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "-1_before": (UNSEEN, "-1"),
        "-1_after": (BEFORE, "-1"),
        "reset_before": (UNSEEN, "reset"),
        "reset_after": (BEFORE, "reset"),
        "slow": (BEFORE, "slow:20"),
    }
)
"""The words of the switches `fault` and `transport`, named by when the fault strikes."""


class Fault(Struct, frozen=True):
    """The plan for one call.

    The platform acts `before` it answers, or `after` (checks and counts come first in both), or it checks,
    counts and `never` acts, or the call stays `unseen` and leaves no trace; with `delay` it sees the call
    that many seconds of its own time later. `busy` makes the answer -1; `reply` is a value of that switch, ""
    for a normal one.
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
    effect, reply = COMBINATIONS[named] if named else (take("effect") or BEFORE, "")
    busy = reply == "-1"
    if busy or not reply:  # a busy answer may be damaged besides
        reply = take("reply") or ""
    if reply == "-1":
        busy, reply = True, ""
    name = named or " ".join(
        word for word in ("" if effect == BEFORE else effect, "-1" * busy, reply) if word
    )
    delay = argument(effect) if effect.startswith(DELAYED) else None
    return Fault(UNSEEN if delay is not None else effect, reply, _short(name) or "ok", busy, delay)


def _short(name: str) -> str:
    return name.partition("body:")[0] + "body" if "body:" in name else name
