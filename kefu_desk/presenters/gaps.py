"""Periods of which the records could not be read, as lines between the messages."""

from kefu_desk.domain.coverage import Span
from kefu_desk.domain.reading import Coverage
from kefu_desk.domain.text import text
from kefu_desk.presenters.timeline import RowAction, RowKind, TimelineRow
from kefu_desk.presenters.tone import Tone
from kefu_desk.presenters.words import clock, local

KEY = "gap:"


def gaps_after(coverage: Coverage | None, first: float) -> tuple[Span, ...]:
    """The gaps that may lack messages of a conversation whose oldest shown line is of Unix second `first`."""
    return tuple(gap for gap in coverage.gaps if gap.end >= first) if coverage is not None else ()


def present_gap(gap: Span, fetching: Span | None, server: float) -> TimelineRow:
    """One gap; while it is being read there is nothing to press."""
    busy = fetching is not None and fetching.start <= gap.end and gap.start <= fetching.end
    start, end = _moment(gap.start, server), _moment(gap.end + 1, server)
    if local(gap.start).date() == local(gap.end + 1).date():
        end = clock(gap.end + 1)
    words = text("chat.gap.busy" if busy else "chat.gap", start=start, end=end)
    return TimelineRow(
        key=f"{KEY}{gap.start}-{gap.end}",
        kind=RowKind.NOTE,
        words=words,
        state_tone=Tone.SOON,
        icon="refresh-cw" if busy else "unplug",
        actions=() if busy else (RowAction("fetch", text("chat.gap.fetch")),),
        sentence=(words,),
    )


def gap_of(key: str) -> Span | None:
    """The gap that a row stands for, or None for another row."""
    if not key.startswith(KEY):
        return None
    start, end = key.removeprefix(KEY).split("-")
    return Span(int(start), int(end))


def _moment(second: int, server: float) -> str:
    """The time of day, with the date when it is not today."""
    then = local(second)
    if then.date() == local(server).date():
        return clock(second)
    return f"{then.month:02d}-{then.day:02d} {clock(second)}"
