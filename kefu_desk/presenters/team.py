"""The supervisor page: agents and the queue."""

from msgspec import Struct

from kefu_desk.domain.agents import AgentAccount, OnlineAgent
from kefu_desk.domain.ids import AgentId
from kefu_desk.domain.state import DeskState
from kefu_desk.domain.text import Text, text, verbatim
from kefu_desk.presenters.queue import QueueRow, longest_wait, present_queue, wait_tone
from kefu_desk.presenters.status import present_freshness
from kefu_desk.presenters.tone import Tone


class Figure(Struct, frozen=True):
    """One cell of the figures strip."""

    key: str
    label: Text
    value: str
    tone: Tone
    note: Text | None = None


class AgentRow(Struct, frozen=True):
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


class TeamView(Struct, frozen=True):
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


def present_team(state: DeskState, now: float) -> TeamView:
    """Who is online, what they carry, and who waits."""
    agents = state.agents
    online = {a.agent: a for a in agents.online if a.status}
    accounts = {a.agent: a for a in agents.accounts}
    names: list[AgentId] = [*accounts, *(a for a in online if a not in accounts)]
    names.sort(key=lambda agent: agent not in online)
    queue = present_queue(state, now)
    fresh = present_freshness(state, now)
    return TeamView(
        figures=_figures(state, now, len(names)),
        agents=tuple(_row(state, agent, accounts.get(agent), online.get(agent), now) for agent in names),
        known=agents.known,
        queue=queue.rows,
        queue_known=queue.known,
        count=queue.count,
        unlisted=queue.unlisted,
        age=fresh.words,
        age_tone=fresh.tone,
    )


def _figures(state: DeskState, now: float, total: int) -> tuple[Figure, ...]:
    longest = longest_wait(state, now)
    online = [a for a in state.agents.online if a.status]
    cases = sum(a.accepted_cases for a in online)
    queue, agents = state.queue.known, state.agents.known
    nobody = agents and not online
    return (
        Figure(
            "queue",
            text("team.queue"),
            str(state.queue.count) if queue else "–",
            wait_tone(longest[1]) if longest is not None else Tone.PLAIN,
        ),
        Figure(
            "longest",
            text("team.longest"),
            longest[0] if longest is not None else "–",
            wait_tone(longest[1]) if longest is not None else Tone.PLAIN,
        ),
        Figure(
            "online",
            text("team.online"),
            f"{len(online)}/{total}" if agents else "–",
            Tone.LATE if nobody and state.queue.count else Tone.PLAIN,
        ),
        Figure("cases", text("team.cases"), str(cases) if agents else "–", Tone.PLAIN),
    )


def _row(
    state: DeskState, agent: AgentId, account: AgentAccount | None, online: OnlineAgent | None, now: float
) -> AgentRow:
    name = account.nick if account is not None and account.nick else agent
    presence = text("presence.online" if online is not None else "presence.offline")
    binding = text(f"binding.{account.binding(now).value}") if account is not None else text("binding.bound")
    cases = str(online.accepted_cases) if online is not None else "–"
    return AgentRow(
        key=agent,
        name=name,
        glyph=_glyph(name),
        account=agent,
        presence=presence,
        presence_tone=Tone.GOOD if online is not None else Tone.MUTED,
        cases=cases,
        binding=binding,
        mine=agent == state.identity.agent,
        sentence=(verbatim(name), presence, text("team.sentence.cases", cases=cases), binding),
    )


def _glyph(name: str) -> str:
    """One letter for an avatar: the one that tells people apart (小陈 is 陈)."""
    return name[1] if len(name) > 1 and name[0] in "小老阿" else name[:1]
