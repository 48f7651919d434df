"""Which seconds of the records were read completely, as spans, and what lies between them."""

from collections.abc import Iterable

from msgspec import Struct


class Span(Struct, frozen=True, order=True):
    """The seconds from `start` to `end` (Unix seconds), both included.

    Raises:
        ValueError: when it would end before it starts.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a span from {self.start} cannot end at {self.end}")


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same seconds with as few spans as possible, oldest first; adjacent seconds belong together."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start <= out[-1].end + 1:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return tuple(out)


def gaps(spans: Iterable[Span], period: Span) -> tuple[Span, ...]:
    """What of the period is in none of the spans, oldest first."""
    out: list[Span] = []
    start = period.start
    for span in merged(spans):
        if span.end < start:
            continue
        if span.start > period.end:
            break
        if span.start > start:
            out.append(Span(start, span.start - 1))
        start = span.end + 1
    if start <= period.end:
        out.append(Span(start, period.end))
    return tuple(out)
