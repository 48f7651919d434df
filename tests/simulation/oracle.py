"""The invariants of reliability 5.4: what the desk shows, its files hold and WeChat did must fit together."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kefu_desk.domain.outbox import OutboxItem

if TYPE_CHECKING:
    from kefu_desk.simulator.traffic import Delivery
    from kefu_desk.simulator.world import World
    from tests.simulation.network import Parcel

WAITS = frozenset({"held", "queued", "sending", "unknown"})
"""States in which no later message to the customer may be tried (P6)."""

FINAL = frozenset({"sent", "failed", "cancelled", "resolved"})
TOKEN_CALLS, TOKEN_SECONDS = 6, 600.0
"""Answers count, as in `wechat/tokens.py`; what is lost, or answered with -1, is asked again."""

CALLS_A_SECOND = 20
IN_FLIGHT = 8
LONGEST_HORIZON = 600.0
"""Three times the longest lag of a record, and what it takes to see it in this weather."""

POLL = 60.0
SLACK = 120.0
"""A look-up may itself take three tries of twenty seconds, or be cut short by a sleep."""


SAME_MOMENT = 2.0
READINGS = 3
"""One may have been under way, and a list that is suddenly shorter has to come twice."""

CANARY = "密语七七四十九"
"""What a customer writes now and then."""


class BrokenError(AssertionError):
    """An invariant does not hold."""

    def __init__(self, invariant: str, words: str) -> None:
        super().__init__(f"{invariant}: {words}")
        self.invariant = invariant


@dataclass(frozen=True)
class Row:
    """One send as the outbox has it."""

    id: int
    openid: str
    text: str
    state: str
    parent: int | None
    asked: float | None


@dataclass(frozen=True)
class Arrival:
    """One send on a customer's phone."""

    row: int
    openid: str
    text: str


class Book:
    """What is known about the sends of one desk: what it promised, what its file holds, what arrived."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.accepted: dict[int, tuple[str, str]] = {}
        self.asked: set[tuple[str, str]] = set()
        self.rows: dict[int, Row] = {}
        self.arrivals: list[Arrival] = []
        self.count: Counter[int] = Counter()
        self.released: set[int] = set()
        self.unknown_since: dict[int, float] = {}
        self.flying: set[int | None] = set()
        self.wrote: dict[int, int] = {}
        self.tried: dict[int, float] = {}
        self.tokens: list[float] = []
        self.calls: list[float] = []
        self._connection: sqlite3.Connection | None = None
        self._version = -1

    def opens(self, folder: Path) -> None:
        """Looks into the files of a folder from now on."""
        self.closes()
        self._connection = sqlite3.connect(f"file:{folder / 'outbox.db'}?mode=ro", uri=True)
        names = {column[1] for column in self._connection.execute("PRAGMA table_info(outbox)")}
        asked = "asked" if "asked" in names else "NULL"
        self._query = f"SELECT id, openid, text, state, parent, {asked} FROM outbox"

    def closes(self) -> None:
        """Lets go of the files."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._version = -1

    def read(self) -> bool:
        """Reads the file again; whether it had changed."""
        if self._connection is None:
            return False
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version == self._version:
            return False
        self._version = version
        self.rows = {row[0]: Row(*row) for row in self._connection.execute(self._query)}
        return True


class Oracle:
    """The driver's knowledge of everything; `broken` is the first thing that cannot be right."""

    def __init__(self) -> None:
        self.world: World | None = None
        self.clock: Callable[[], float] = float
        self.elapsed: Callable[[], float] = float
        self.books: dict[str, Book] = {}
        self.trace: list[tuple[float, str, str]] = []
        self.broken: BrokenError | None = None
        self.counts: Counter[str] = Counter()
        self.wrote: Counter[str] = Counter()
        self._last: dict[str, float] = {}
        self._exhausted: dict[str, float] = {}
        self._closed: dict[tuple[str, str], int] = {}
        self._both: dict[str, tuple[int, int]] = {}

    def note(self, actor: str, event: str) -> None:
        """A line of the trace."""
        self.trace.append((self.elapsed(), actor, event))

    def breaks(self, invariant: str, words: str) -> None:
        """Remembers the first thing that is wrong."""
        if self.broken is None:
            self.note("ORACLE", f"{invariant} {words}")
            self.broken = BrokenError(invariant, words)

    def book(self, desk: str) -> Book:
        """The book of a desk."""
        return self.books.setdefault(desk, Book(desk))

    def starts(self, desk: str, folder: Path) -> None:
        """A new life: its files are looked into, and what only a memory can hold is forgotten."""
        book = self.book(desk)
        book.opens(folder)
        book.tokens.clear()
        book.flying.clear()
        for key in [key for key in self._exhausted if key.startswith(f"{desk} ")]:
            del self._exhausted[key]

    # --- what the desk shows ----------------------------------------------------------------------

    def shown(self, desk: str, item: OutboxItem) -> None:
        """A send is on the screen: from now on it is promised."""
        book = self.book(desk)
        known = book.accepted.get(item.id)
        if known is None:
            self.counts["messages"] += 1
            self.note(desk, f"#{item.id} {item.openid[-4:]} {item.text!r} {item.state.value}")
        elif known[0] != item.openid:
            self.breaks("I5", f"{desk} #{item.id} changed its customer")
        else:
            self.note(desk, f"#{item.id} {item.state.value}")
        book.accepted[item.id] = (item.openid, item.text)
        if item.state.value == "resolved":
            book.released.add(item.id)

    # --- what the network saw ---------------------------------------------------------------------

    def attempt(self, desk: str, body: bytes) -> int | None:
        """A send leaves the desk; returns the row it carries."""
        book = self.book(desk)
        book.read()
        message = json.loads(body)
        openid, words = message["touser"], message["text"]["content"]
        own = [r for r in book.rows.values() if r.openid == openid and r.state == "sending"]
        if not own:
            self.breaks("I2", f"{desk} sends {words!r} and no row says so")
            return None
        row = max(own, key=lambda r: r.id)
        if row.text != words or len(own) > 1:
            self.breaks("I5", f"{desk} sends {words!r} for {[(r.id, r.text) for r in own]}")
        earlier = [
            r
            for r in book.rows.values()
            if r.openid == openid and r.id < row.id and r.state in WAITS and r.id not in book.released
        ]
        if earlier:
            self.breaks("I6", f"{desk} tries #{row.id} while #{earlier[0].id} is {earlier[0].state}")
        if self._closed.get((desk, openid)) == self.wrote[openid] and row.parent is None:
            self.breaks("I7", f"{desk} sends #{row.id} although the customer's window is known to be used up")
        self.counts["attempts"] += 1
        book.wrote[row.id], book.tried[row.id] = self.wrote[openid], self.elapsed()
        book.flying.add(row.id)
        if len(book.flying) > IN_FLIGHT:
            self.breaks("I7", f"{desk} has {len(book.flying)} sends under way")
        return row.id

    def landed(self, desk: str, row: int | None) -> None:
        """A send is no longer under way for the desk."""
        self.book(desk).flying.discard(row)

    def call(self, desk: str, path: str, *, counts: bool) -> None:
        """A call leaves the desk; sends have a budget of their own, and small pages are ours."""
        calls = self.book(desk).calls
        self.counts["calls"] += 1
        if counts:
            calls.append(self.clock())
            if len(calls) > CALLS_A_SECOND and calls[-1] - calls[-CALLS_A_SECOND - 1] < 1.0:
                self.breaks("I7", f"{desk}: more than {CALLS_A_SECOND} calls in a second")
        until = self._exhausted.get(f"{desk} {path}")
        if until is not None and self.clock() < until:
            self.breaks("I7", f"{desk} asks {path} although its day is used up")

    def replied(self, desk: str, parcel: "Parcel", content: bytes) -> None:
        """An answer reached the desk."""
        if "token" in parcel.path and b'"errcode":-1' not in content:
            tokens = self.book(desk).tokens
            tokens.append(self.clock())
            if len(tokens) > TOKEN_CALLS and tokens[-1] - tokens[-TOKEN_CALLS - 1] < TOKEN_SECONDS:
                self.breaks("I7", f"{desk}: more than {TOKEN_CALLS} answers with a token in 10 minutes")
        if b'"errcode":45009' in content:
            now = self.clock()
            self._exhausted[f"{desk} {parcel.path}"] = now + 86400 - (now + 8 * 3600) % 86400
        if b'"errcode":45015' in content or b'"errcode":45047' in content:
            openid = json.loads(parcel.body)["touser"]
            if parcel.row is not None and self._silent(parcel.row, desk, openid):
                self._closed[desk, openid] = self.book(desk).wrote[parcel.row]

    def customer_wrote(self, openid: str) -> None:
        """A customer's message opens the reply window again."""
        self.wrote[openid] += 1
        self._last[openid] = self.elapsed()

    def _silent(self, row: int, desk: str, openid: str) -> bool:
        """Whether no record, of whole seconds, can make the desk think the customer answered."""
        tried = self.book(desk).tried[row]
        return tried - self._last.get(openid, float("-inf")) > SAME_MOMENT

    def delivered(self, desk: str, row: int | None, delivery: "Delivery", how: str) -> None:
        """A send is on the customer's phone."""
        self.counts["delivered"] += 1
        book = self.book(desk)
        self.note("phone", f"{how}{desk} #{row} {delivery.text!r} to {delivery.openid[-4:]}")
        if row is None:
            return
        book.count[row] += 1
        if book.count[row] > 1:
            self.breaks("I2", f"{desk} #{row} {delivery.text!r} arrived {book.count[row]} times")
        promised = book.accepted.get(row)
        if promised is not None and promised[0] != delivery.openid:
            self.breaks("I5", f"{desk} #{row} went to somebody else")
        later = [a for a in book.arrivals if a.openid == delivery.openid and a.row > row]
        if later and row not in book.released:
            self.breaks("I6", f"{desk} #{row} arrived after #{later[0].row}, and nobody let that pass")
        book.arrivals.append(Arrival(row, delivery.openid, delivery.text))

    def secrets(self) -> list[str]:
        """What may stand in no log and in no file but the two databases."""
        if self.world is None:
            return []
        return [self.world.account.secret, *self.world.tokens._issued, CANARY]

    def owners(self, claims: "dict[str, tuple[frozenset[str], int] | None]") -> None:
        """I12: two desks cannot both take a customer for theirs after both have read their sessions again."""
        first, second = claims.values()
        if first is None or second is None:
            self._both.clear()
            return
        both = first[0] & second[0]
        for openid in [o for o in self._both if o not in both]:
            del self._both[openid]
        for openid in sorted(both):
            since = self._both.setdefault(openid, (first[1], second[1]))
            if first[1] - since[0] >= READINGS and second[1] - since[1] >= READINGS:
                self.breaks("I12", f"both desks serve {openid[-4:]}")

    # --- what the files hold ----------------------------------------------------------------------

    def step(self, desk: str, *, now: float, up_since: float, horizon: float) -> None:
        """Everything that has to hold at any moment."""
        book = self.book(desk)
        if book.read():
            self._rows(book)
        for row in book.rows.values():
            if row.state != "unknown" or row.asked is not None:
                book.unknown_since.pop(row.id, None)
                continue
            since = max(book.unknown_since.setdefault(row.id, now), up_since)
            if now - since > min(horizon, LONGEST_HORIZON) + POLL + SLACK:
                self.breaks(
                    "I8",
                    f"{desk} #{row.id} unknown for {now - since:.0f} s, nobody was asked ({horizon:.0f})",
                )

    def _rows(self, book: Book) -> None:
        for number, (openid, _) in book.accepted.items():
            row = book.rows.get(number)
            if row is None:
                self.breaks("I1", f"{book.name} #{number} disappeared")
            elif row.openid != openid:
                self.breaks("I5", f"{book.name} #{number} changed its customer")
        for row in book.rows.values():
            if row.state == "failed" and book.count[row.id]:
                self.breaks("I4", f"{book.name} #{row.id} {row.text!r} is called failed and arrived")
            if row.state == "resolved":
                book.released.add(row.id)
            lines = row.text.split("\n")
            if any((row.openid, line) not in book.asked for line in lines):
                self.breaks("I5", f"{book.name} #{row.id} {row.text!r} was never asked for")
        self._sent()

    def _sent(self) -> None:
        arrived = Counter((a.openid, a.text) for book in self.books.values() for a in book.arrivals)
        sent = Counter(
            (row.openid, row.text)
            for book in self.books.values()
            for row in book.rows.values()
            if row.state == "sent"
        )
        for key, number in sent.items():
            if number > arrived[key]:
                self.breaks("I3", f"{number} sends of {key[1]!r} are called sent, {arrived[key]} arrived")

    def at_rest(self, desk: str) -> list[str]:
        """The sends that are still on their way."""
        book = self.book(desk)
        book.read()
        waiting = []
        for row in book.rows.values():
            blocked = any(
                r.openid == row.openid and r.id < row.id and r.state == "unknown" and r.asked is not None
                for r in book.rows.values()
            )
            if row.state in ("sending", "held") or (row.state == "queued" and not blocked):
                waiting.append(f"#{row.id} {row.state}")
            if row.state == "unknown" and row.asked is None:
                waiting.append(f"#{row.id} unknown")
        return waiting

    def archive(
        self, desk: str, path: Path, expected: Counter[tuple[object, ...]], spare: set[object]
    ) -> None:
        """I9: the archive holds each record that could be read for an hour, and none twice or invented."""
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            found = Counter(
                tuple(row)
                for row in connection.execute("SELECT openid, worker, opercode, text, time FROM record")
            )
        missing = expected - found
        if missing:
            self.breaks("I9", f"{desk}: {sum(missing.values())} records are missing, as {min(missing)}")
        surplus = [key for key, number in found.items() if number > expected[key] and key not in spare]
        if surplus:
            self.breaks("I9", f"{desk}: {len(surplus)} records too many, as {surplus[0]}")

    def close(self) -> None:
        """Lets go of all files."""
        for book in self.books.values():
            with suppress(sqlite3.Error):
                book.closes()
