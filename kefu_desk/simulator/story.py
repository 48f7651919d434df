"""The life of the customers: they arrive, wait, lose patience, talk, fall silent, and come back."""

import random
from collections.abc import Callable, Sequence

from msgspec import Struct, field

from kefu_desk.simulator.cast import CAST, OPENINGS, REACTIONS, SILENCE_WORDS, Beat, Persona, Reaction, Span
from kefu_desk.simulator.world import World

PULSE = 4.0
FIRST_LINE: Span = (1.0, 4.0)
BETWEEN_SHORT_LINES: Span = (1.0, 2.5)
BEFORE_NUDGE: Span = (70.0, 150.0)
ABSENCE: Span = (240.0, 900.0)
REACTION_CHANCE = 0.7
MEDIA = ("[image]", "[voice]", "[video]")


class Flow(Struct, frozen=True):
    """How the queue is kept alive; spans in seconds.

    Somebody comes `between` two arrivals unless `most` wait, and within `refill` when fewer than `least` do.
    """

    between: Span = (30.0, 80.0)
    most: int = 8
    refill: Span = (2.0, 13.0)
    least: int = 3


class Visit(Struct, eq=False):
    """One inquiry of one person: what is still to be said."""

    beats: list[Beat]
    leaves_at: float
    answering: bool = False
    nudges: int = 0
    moves: int = 0
    thanked: bool = False
    reacted: set[tuple[str, ...]] = field(default_factory=set)


class Person(Struct, eq=False):
    """A customer who lives by a persona; one who `roams` comes by the flow, not before `free_at`."""

    openid: str
    persona: Persona
    visits: int = 0
    free_at: float = 0.0
    roams: bool = True
    visit: Visit | None = None


class Story:
    """Customers of one world, planned as events in it; it reacts as the world's witness.

    The flow draws from the `cast`, whom the story meets one by one and, when nobody of them is free, as
    strangers. `chance` is how often a word of the agent is taken up.
    """

    def __init__(
        self,
        world: World,
        rng: random.Random,
        *,
        cast: Sequence[Persona] = CAST,
        reactions: Sequence[Reaction] = REACTIONS,
        chance: float = REACTION_CHANCE,
    ) -> None:
        self._world = world
        self._rng = rng
        self._cast = cast
        self._reactions = reactions
        self._chance = chance
        self._flow = Flow()
        self._people: dict[str, Person] = {}
        self._refilling = False
        self._next_arrival = 0.0
        for persona in cast:
            self.meet(persona)

    def people(self) -> Sequence[Person]:
        """Everybody who ever came, in order of acquaintance."""
        return tuple(self._people.values())

    def meet(self, persona: Persona, *, openid: str | None = None, roams: bool = True) -> Person:
        """Somebody new follows the account; without `openid` a plausible one is made up."""
        customer = self._world.add_customer(openid, remark=persona.remark)
        person = Person(customer.openid, persona, roams=roams)
        self._people[person.openid] = person
        return person

    def begin(self, now: float, flow: Flow | None = None) -> None:
        """From `now` on the queue is kept alive."""
        self._flow = flow or self._flow
        self._next_arrival = now + self._between(self._flow.between)
        self._world.at(now, self._pulse)

    def arrive(self, *, stays_until: float = 0.0, quiet_until: float = 0.0) -> str:
        """Somebody free, else somebody new, starts to wait; returns the openid, "" when nobody came."""
        now = self._world.now
        free = [p for p in self._people.values() if p.roams and p.visit is None and p.free_at <= now]
        if not free and not self._cast:
            return ""
        person = self._rng.choice(free) if free else self.meet(self._rng.choice(self._cast))
        self.come(person, stays_until=stays_until, quiet_until=quiet_until)
        return person.openid

    def come(self, person: Person, *, stays_until: float = 0.0, quiet_until: float = 0.0) -> None:
        """This person starts to wait with their next inquiry, unless they are here already."""
        if person.visit is not None or not self._world.customers[person.openid].subscribed:
            return
        opening = person.persona.opening if person.visits == 0 else self._rng.choice(OPENINGS)
        visit = self._start_visit(person)
        visit.leaves_at = max(visit.leaves_at, stays_until)
        self._world.customer_says(person.openid, opening)
        self._keep_waiting(person, visit, quiet_until)

    def has_finished(self, openid: str) -> bool:
        """Whether this customer has nothing left to say."""
        person = self._people.get(openid)
        if person is None or person.visit is None:
            return True
        return not person.visit.beats and (person.visit.thanked or not person.persona.thanks)

    def session_opened(self, openid: str, kf_account: str) -> None:
        """The customer says what they want within a few seconds."""
        del kf_account
        person = self._people.get(openid)
        if person is None:
            return
        visit = person.visit or self._start_visit(person)
        visit.answering = True
        self._later(FIRST_LINE, lambda: self._say_next(person, visit))

    def agent_spoke(self, openid: str, text: str) -> None:
        """The customer answers once to one or several messages of the agent."""
        person = self._people.get(openid)
        if person is None or person.visit is None:
            return
        visit = person.visit
        visit.moves += 1
        if visit.answering:
            return
        visit.answering = True
        reaction = self._reaction(person, visit, text)
        self._later(person.persona.temper.answer, lambda: self._react(person, visit, reaction))

    def session_closed(self, openid: str, kf_account: str) -> None:
        """The customer goes, and some return at once because they were not done."""
        del kf_account
        person = self._people.get(openid)
        if person is None:
            return
        visit, person.visit = person.visit, None
        person.free_at = self._world.now + self._between(ABSENCE)
        if visit is not None and len(visit.beats) > 1 and self._rng.random() < person.persona.insists:
            self._later((30.0, 90.0), lambda: self._resume(person, visit))

    def _start_visit(self, person: Person) -> Visit:
        scripts = person.persona.scripts
        beats = list(scripts[person.visits % len(scripts)])
        person.visits += 1
        person.visit = Visit(beats, self._world.now + self._between(person.persona.temper.patience))
        return person.visit

    def _resume(self, person: Person, old: Visit) -> None:
        if person.visit is not None or person.openid in self._world.sessions:
            return
        visit = self._start_visit(person)
        person.visits -= 1
        visit.beats = old.beats
        self._world.customer_says(person.openid, "怎么关掉了？我还没说完呢")
        self._keep_waiting(person, visit, 0.0)

    def _pulse(self) -> None:
        world = self._world
        flow = self._flow
        if len(world.waiting) < flow.least and not self._refilling:
            self._refilling = True
            self._later(flow.refill, self._refill)
        if world.now >= self._next_arrival:
            self._next_arrival = world.now + self._between(flow.between)
            if len(world.waiting) < flow.most:
                self.arrive()
        world.at(world.now + PULSE, self._pulse)

    def _refill(self) -> None:
        self._refilling = False
        self.arrive()

    def _keep_waiting(self, person: Person, visit: Visit, quiet_until: float) -> None:
        pause = self._between(person.persona.temper.pause)
        self._world.at(
            max(self._world.now + pause, quiet_until + pause / 4), lambda: self._grow_impatient(person, visit)
        )

    def _grow_impatient(self, person: Person, visit: Visit) -> None:
        world = self._world
        if person.visit is not visit or person.openid not in world.waiting:
            return
        if world.now >= visit.leaves_at:
            self._give_up(person)
            world.customer_leaves(person.openid)
            return
        world.customer_says(person.openid, self._rng.choice(person.persona.temper.waiting_words))
        self._keep_waiting(person, visit, 0.0)

    def _give_up(self, person: Person) -> None:
        """Patience is over: the last word, if there is one, and for some the end of following."""
        person.visit = None
        person.free_at = self._world.now + self._between(ABSENCE)
        if person.persona.leaves:
            self._utter(person.openid, person.persona.leaves)
        if person.persona.unfollows:
            person.roams = False
            self._world.unfollow(person.openid)

    def _reaction(self, person: Person, visit: Visit, text: str) -> str | None:
        for words, answers in (*person.persona.reactions, *self._reactions):
            if words in visit.reacted or not any(word in text for word in words):
                continue
            if self._rng.random() >= self._chance:
                return None
            visit.reacted.add(words)
            return self._rng.choice(answers)
        return None

    def _react(self, person: Person, visit: Visit, reaction: str | None) -> None:
        if person.visit is not visit:
            return
        if person.openid not in self._world.sessions:
            visit.answering = False
            if person.openid in self._world.waiting:
                self._world.customer_says(person.openid, reaction or "好的，那我等着")
            return
        if reaction is None:
            self._say_next(person, visit)
            return
        self._utter(person.openid, reaction)
        self._later((2.0, 5.0), lambda: self._say_next(person, visit))

    def _say_next(self, person: Person, visit: Visit) -> None:
        if person.visit is not visit or person.openid not in self._world.sessions:
            return
        visit.answering = False
        visit.moves += 1
        if not visit.beats:
            if person.persona.thanks and not visit.thanked:
                visit.thanked = True
                self._utter(person.openid, person.persona.thanks)
            return
        beat = visit.beats.pop(0)
        lines = (beat,) if isinstance(beat, str) else beat
        moment = self._world.now
        self._utter(person.openid, lines[0])
        for line in lines[1:]:
            moment += self._between(BETWEEN_SHORT_LINES)
            self._world.at(moment, lambda line=line: self._utter_in_session(person, visit, line))  # type: ignore[misc]
        if visit.beats:
            moves = visit.moves
            self._later(BEFORE_NUDGE, lambda: self._nudge(person, visit, moves))

    def _nudge(self, person: Person, visit: Visit, moves: int) -> None:
        """Asks into a silence: nothing was said by either side since."""
        silent = person.visit is visit and visit.moves == moves and not visit.answering
        if not silent or person.openid not in self._world.sessions:
            return
        if visit.nudges < person.persona.temper.nudges:
            visit.nudges += 1
            self._utter(person.openid, self._rng.choice(SILENCE_WORDS))
            self._later(BEFORE_NUDGE, lambda: self._nudge(person, visit, moves))
        elif person.persona.leaves:
            self._give_up(person)

    def _utter_in_session(self, person: Person, visit: Visit, line: str) -> None:
        if person.visit is visit and person.openid in self._world.sessions:
            self._utter(person.openid, line)

    def _utter(self, openid: str, line: str) -> None:
        kind = line.strip("[]") if line in MEDIA else "text"
        self._world.customer_says(openid, line, kind=kind)

    def _later(self, span: Span, action: Callable[[], None]) -> None:
        self._world.at(self._world.now + self._between(span), action)

    def _between(self, span: Span) -> float:
        return self._rng.uniform(*span)
