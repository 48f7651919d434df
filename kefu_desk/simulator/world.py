"""The state of one simulated account and everything that can happen in it, driven by observation."""

import heapq
import itertools
import random
import string
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from kefu_desk.simulator.chaos import Chaos
from kefu_desk.simulator.population import (
    ACTION_ALLOWANCE,
    ACTION_WINDOW,
    Account,
    Agent,
    Customer,
    Session,
)
from kefu_desk.simulator.quota import QuotaBook
from kefu_desk.simulator.records import AGENT_RECEIVED, AGENT_SENT, RecordBook
from kefu_desk.simulator.tokens import TokenBook
from kefu_desk.simulator.traces import TraceBook
from kefu_desk.simulator.traffic import Call, Delivery, Push
from kefu_desk.simulator.waiting import WaitingLine

if TYPE_CHECKING:
    from kefu_desk.simulator.media import MediaStore

KEPT = 10_000
SEND_PATH = "/cgi-bin/message/custom/send"
LAPSE = "/customservice/kfsession"
EARLIER_ALLOWANCE = 20

_OPENID_ALPHABET = string.ascii_letters + string.digits + "-_"


class Witness(Protocol):
    """Who reacts to what happens, such as a story of customers; told after the state has changed."""

    def session_opened(self, openid: str, kf_account: str) -> None:
        """An agent accepted the customer."""

    def session_closed(self, openid: str, kf_account: str) -> None:
        """The session ended, by the agent or by 30 idle minutes."""

    def agent_spoke(self, openid: str, text: str) -> None:
        """A message of an agent reached the customer's phone."""


class World:
    """One account. All times are Unix seconds; nothing happens between two calls of `advance`.

    `setting` populates a new or reset world; the same seed and the same calls give the same story.
    `forwards` says whether messages of customers outside a session are handed to the waiting queue.
    """

    account: Account
    agents: dict[str, Agent]
    customers: dict[str, Customer]
    waiting: WaitingLine
    sessions: dict[str, Session]
    records: RecordBook
    ledger: list[Delivery]
    pushes: deque[Push]
    calls: deque[Call]
    call_count: int
    tokens: TokenBook
    quota: QuotaBook
    traces: TraceBook
    tags: dict[int, str]
    tag_count: int
    chaos: Chaos
    rng: random.Random
    witness: Witness | None
    forwards: bool
    now: float

    def __init__(self, setting: "Callable[[World], None]", *, seed: int, now: float) -> None:
        self._setting = setting
        self._seed = seed
        self.reset(now)

    def reset(self, now: float, *, seed: int | None = None) -> None:
        """Throws everything away, tokens and switches included, and begins again at `now`."""
        self._seed = self._seed if seed is None else seed
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self.rng = random.Random(self._seed)
        self._rids = random.Random(f"{self._seed} rid")
        self._names = random.Random(f"{self._seed} names")
        self.now = now
        self.agents, self.customers, self.sessions = {}, {}, {}
        self.waiting, self.records = WaitingLine(), RecordBook()
        self.ledger, self.pushes = [], deque(maxlen=KEPT)
        self.calls, self.call_count = deque(maxlen=KEPT), 0
        self.tokens = TokenBook(random.Random(f"{self._seed} tokens"))
        self.quota, self.chaos, self.traces = QuotaBook(), Chaos(), TraceBook()
        self.tags, self.tag_count = {}, 0
        self._media: MediaStore | None = None
        self.witness, self.forwards = None, True
        self._setting(self)
        self.advance(now)

    def advance(self, now: float) -> None:
        """Lets everything happen that was due until `now`, in order; time never goes back."""
        while self._events and self._events[0][0] <= now:
            due, _, action = heapq.heappop(self._events)
            self.now = max(self.now, due)
            action()
        self.now = max(self.now, now)

    def at(self, time: float, action: Callable[[], None]) -> None:
        """Plans an event."""
        heapq.heappush(self._events, (time, next(self._order), action))

    def rid(self) -> str:
        """A request id in WeChat's shape, three groups of eight hex digits."""
        return f"{int(self.now):08x}-{self._rids.getrandbits(32):08x}-{self._rids.getrandbits(32):08x}"

    def add_customer(self, openid: str | None = None, *, remark: str = "") -> Customer:
        """A new follower; without `openid` a plausible one is made up.

        Raises:
            ValueError: when the openid exists.
        """
        if openid is None:
            openid = "oLuye" + "".join(self._names.choices(_OPENID_ALPHABET, k=23))
        if openid in self.customers:
            raise ValueError("this openid exists")
        age = self._names.randrange(5, 900) * 86400
        customer = Customer(openid, remark=remark, subscribe_time=int(self.now) - age)
        self.customers[openid] = customer
        return customer

    def customer_says(self, openid: str, text: str, *, kind: str = "text", item: str = "") -> None:
        """The customer writes now; `kind` other than text is seen by agents as `[image]`, `[voice]`, ….

        `item` is the id of the menu message's item whose tap wrote the text, which opens a shorter window.

        Raises:
            KeyError: for an unknown openid.
        """
        customer = self.customers[openid]
        if item and self.chaos.take("msgmenu_click_trigger", SEND_PATH) is None:
            customer.grant(self.now, ACTION_ALLOWANCE, ACTION_WINDOW, action="menu")
        elif self.chaos.take("allowance", SEND_PATH) == "20":
            customer.grant(self.now, EARLIER_ALLOWANCE)
        else:
            customer.grant(self.now)
        customer.last_interaction = self.now
        seen = text if kind == "text" else f"[{kind}]"
        session = self.sessions.get(openid)
        if session is not None and session.forwards:
            session.last_activity = self.now
            self.records.add(openid, AGENT_RECEIVED, seen, self.now, session.kf_account)
            return
        if openid in self.waiting or (session is None and self.forwards and self.account.kefu_enabled):
            self.waiting.touch(openid, self.now)
        self.pushes.append(Push(self.now, openid, kind, seen, key=item))

    def customer_leaves(self, openid: str) -> None:
        """The customer gives up waiting; nothing happens to a session."""
        self.waiting.leave(openid)

    def unfollow(self, openid: str) -> None:
        """The customer stops following: window and session end."""
        customer = self.customers[openid]
        customer.subscribed = False
        customer.forget_windows()
        self.waiting.leave(openid)
        self.close_session(openid)
        self.pushes.append(Push(self.now, openid, "unsubscribe"))

    def open_session(self, openid: str, kf_account: str) -> Session:
        """An agent accepts a customer, who leaves the queue; the rules were checked by the caller."""
        self.waiting.leave(openid)
        session = Session(openid, kf_account, self.now, self.now)
        self.sessions[openid] = session
        self.pushes.append(Push(self.now, openid, "kf_create_session", kf_account=kf_account))
        self.at(self.now + self.account.session_lapse, lambda: self._lapse(session))
        if self.witness is not None:
            self.witness.session_opened(openid, kf_account)
        return session

    def close_session(self, openid: str) -> None:
        """Ends the customer's session, if there is one."""
        session = self.sessions.pop(openid, None)
        if session is None:
            return
        self.pushes.append(Push(self.now, openid, "kf_close_session", kf_account=session.kf_account))
        if self.witness is not None:
            self.witness.session_closed(openid, session.kf_account)

    def agent_says(self, openid: str, text: str) -> None:
        """The agent of the session writes in WeChat's own client; this costs no send of the API."""
        session = self.sessions[openid]
        session.last_activity = self.now
        self.customers[openid].last_interaction = self.now
        self.records.add(openid, AGENT_SENT, text, self.now, session.kf_account)
        if self.witness is not None:
            self.witness.agent_spoke(openid, text)

    def deliver(self, delivery: Delivery) -> None:
        """A message sent through the API reaches the phone: costs one send, is a record only in a session."""
        customer = self.customers[delivery.openid]
        customer.spend(self.now)
        customer.last_interaction = self.now
        customer.typing_until = 0.0
        self.ledger.append(delivery)
        session = self.sessions.get(delivery.openid)
        if session is not None:
            session.last_activity = self.now
        shown = self.chaos.take("records_api_sends", SEND_PATH)
        if shown == "always" or (shown is None and session is not None):
            worker = delivery.kf_account or (session.kf_account if session is not None else "")
            self.records.add(delivery.openid, AGENT_SENT, delivery.text, self.now, worker)
        if self.witness is not None:
            self.witness.agent_spoke(delivery.openid, delivery.text)

    @property
    def media(self) -> "MediaStore":
        """The files of this account, made when the first one is asked for."""
        if self._media is None:
            from kefu_desk.simulator.media import MediaStore  # noqa: PLC0415  a start has no use for it

            self._media = MediaStore(random.Random(f"{self._seed} media"))
        return self._media

    def accepted_cases(self, kf_account: str) -> int:
        """How many customers the agent serves."""
        return sum(s.kf_account == kf_account for s in self.sessions.values())

    def log(self, call: Call) -> None:
        """Remembers a call; the newest 10 000 are kept."""
        self.call_count += 1
        self.calls.append(call)

    def _lapse(self, session: Session) -> None:
        if self.sessions.get(session.openid) is not session:
            return
        literal = self.chaos.take("lapse_from", LAPSE) == "creation"
        due = (session.createtime if literal else session.last_activity) + self.account.session_lapse
        if self.now >= due:
            if self.chaos.take("lapse", LAPSE) == "stops_forwarding":
                session.forwards = False
            else:
                self.close_session(session.openid)
        else:
            self.at(due, lambda: self._lapse(session))
