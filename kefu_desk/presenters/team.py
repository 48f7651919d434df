"""The supervisor page: agents and the queue."""

from dataclasses import dataclass

from kefu_desk.domain.text import Text
from kefu_desk.presenters.queue import QueueRow
from kefu_desk.presenters.tone import Tone


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell of the figures strip."""

    key: str
    label: Text
    value: str
    tone: Tone
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class AgentRow:
    """One agent account: `presence` in words with its tone, `cases` accepted ("–" when unknown)."""

    key: str
    name: str
    glyph: str
    account: str
    presence: Text
    presence_tone: Tone
    cases: str
    binding: Text
    mine: bool
    sentence: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class TeamView:
    """The supervisor page in its first form; `queue` rows are those of the agent's queue."""

    figures: tuple[Figure, ...] = ()
    agents: tuple[AgentRow, ...] = ()
    known: bool = False
    queue: tuple[QueueRow, ...] = ()
    queue_known: bool = False
    count: int = 0
    unlisted: Text | None = None
    age: Text | None = None
    age_tone: Tone = Tone.MUTED
