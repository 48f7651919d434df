"""What a person may ask about replies: send, join, take back, park, send again, answer for."""

import asyncio
from collections.abc import Callable

from msgspec import Struct

from kefu_desk.desk.hold import Hold
from kefu_desk.desk.ports import Clock, OutboxStore
from kefu_desk.desk.store import Store
from kefu_desk.domain import facts as f
from kefu_desk.domain.allowance import refuse_send
from kefu_desk.domain.coverage import Span
from kefu_desk.domain.failure import DeskError, Failure
from kefu_desk.domain.ids import AgentId, OpenId, OutboxId
from kefu_desk.domain.limits import refuse_text, repaired
from kefu_desk.domain.outbox import OPEN, Decision, OutboxItem, SendState, may_follow


class Hurry(Struct, frozen=True):
    """How commands make a service look at once instead of at its next turn."""

    feeds: Callable[..., None]
    sender: Callable[[], None]
    resume: Callable[[], None]
    check: Callable[[OutboxId], None]
    fetch: Callable[[Span], None]


class Replies:
    """The use cases around the outbox. Expected failures become facts; none is raised."""

    def __init__(
        self,
        *,
        store: Store,
        outbox: OutboxStore,
        clock: Clock,
        agent: AgentId,
        hold: Hold,
        hurry: Hurry,
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._clock = clock
        self._agent = agent
        self._hold = hold
        self._hurry = hurry
        self._turn = asyncio.Lock()

    async def send_text(self, openid: OpenId, words: str, *, anyway: bool = False) -> bool:
        """Stores a reply and lets it go out; the bubble appears after it is on disk. False when not taken.

        It is held for a while first, and joins the line before it when that one is still held. Where the
        reply window is thought to be closed it is refused, unless `anyway`. Replies are stored in the order
        in which they were asked for.
        """
        async with self._turn:
            return await self._take(openid, words, anyway=anyway)

    async def _take(self, openid: OpenId, words: str, *, anyway: bool) -> bool:
        words = repaired(words)
        failure = refuse_text(words)
        if failure is not None:
            return self._refuse(openid, failure)
        seconds = self._store.state.policy.hold
        before = self._joinable(openid, words)
        if before is not None and await self._join(before, words, seconds):
            return True
        failure = refuse_send(self._store.state, openid, self._clock.now(), anyway=anyway)
        if failure is not None:
            return self._refuse(openid, failure)
        item = await self._enqueue(openid, words, SendState.HELD if seconds > 0 else SendState.QUEUED)
        if item is None:
            return False
        if item.state is SendState.HELD:
            self._hold.keep(item, seconds)
        else:
            self._hurry.sender()
        return True

    async def release(self, openid: OpenId) -> None:
        """Lets the held lines to a customer go at once."""
        await self._hold.release(openid)

    async def undo(self, openid: OpenId) -> str:
        """Takes the newest held line of a customer back into the draft; gives its words."""
        held = [i for i in self._of(openid) if i.state is SendState.HELD]
        return await self._take_back(held[-1]) if held else ""

    async def park(self, openid: OpenId, words: str) -> bool:
        """Keeps a reply until the customer writes; then it comes back as a draft. False when not taken."""
        words = repaired(words)
        failure = refuse_text(words)
        if failure is not None:
            return self._refuse(openid, failure)
        return await self._enqueue(openid, words, SendState.PARKED) is not None

    async def park_failed(self, number: OutboxId) -> None:
        """Keeps the text of a refused reply until the customer writes."""
        item = self._item(number)
        if item is not None and item.state is SendState.FAILED:
            await self._renew(item, SendState.PARKED)

    async def send_again(self, number: OutboxId) -> None:
        """Sends the text of a failed or unknown item once more, as a new item with a parent."""
        item = self._item(number)
        if item is None or not may_follow(item.state, SendState.RESOLVED):
            return
        failure = refuse_send(self._store.state, item.openid, self._clock.now(), anyway=True)
        if failure is not None:
            self._refuse(item.openid, failure)
            return
        await self._renew(item, SendState.QUEUED)
        self._hurry.sender()

    async def answer(self, number: OutboxId, decision: Decision) -> None:
        """Settles a send of unknown outcome by hand; later evidence is still attached to it."""
        item = self._item(number)
        if item is None or item.state is not SendState.UNKNOWN:
            return
        if decision is Decision.AGAIN:
            await self.send_again(number)
            return
        await self._step(item, SendState.RESOLVED, decision)
        self._hurry.sender()

    async def check(self, number: OutboxId) -> None:
        """Looks for a send of unknown outcome in WeChat's records at once."""
        self._hurry.check(number)

    async def question(self, number: OutboxId) -> None:
        """Puts a send of unknown outcome to the agent now, who does not want to wait for the last look."""
        try:
            asked = await self._outbox.ask(number, now=self._clock.now())
        except DeskError as error:
            self._notice(error.failure)
            return
        self._store.dispatch(f.OutboxChanged(asked))

    async def set_aside(self, number: OutboxId) -> str:
        """Takes what waits or failed back into the draft, or settles an unknown one; gives its text."""
        item = self._item(number)
        if item is None:
            return ""
        if item.state is SendState.FAILED or may_follow(item.state, SendState.CANCELLED):
            return await self._take_back(item)
        done = await self._step(item, SendState.RESOLVED, Decision.LEFT)
        self._hurry.sender()
        return item.text if done else ""

    def _of(self, openid: OpenId) -> list[OutboxItem]:
        return [i for i in self._store.state.outbox if i.openid == openid and i.state in OPEN]

    def _joinable(self, openid: OpenId, words: str) -> OutboxItem | None:
        """The held line that a new one may join: the last of its customer, as long as both fit together."""
        waiting = self._of(openid)
        last = waiting[-1] if waiting else None
        if last is None or last.state is not SendState.HELD or self._store.state.policy.hold <= 0:
            return None
        return last if refuse_text(f"{last.text}\n{words}") is None else None

    async def _join(self, before: OutboxItem, words: str, seconds: float) -> bool:
        try:
            joined = await self._outbox.join(before.id, words)
        except DeskError:  # it went just now, or the disk is at fault, which the next step will tell
            return False
        self._store.dispatch(f.OutboxChanged(joined))
        self._store.dispatch(f.ReplyTaken(before.openid, words))
        self._hold.keep(joined, seconds)
        return True

    async def _enqueue(self, openid: OpenId, words: str, state: SendState) -> OutboxItem | None:
        try:
            item = await self._outbox.enqueue(openid, self._agent, words, now=self._clock.now(), state=state)
        except DeskError as error:
            self._refuse(openid, error.failure)
            return None
        self._store.dispatch(f.OutboxChanged(item))
        self._store.dispatch(f.ReplyTaken(openid, words))
        return item

    async def _renew(self, item: OutboxItem, state: SendState) -> None:
        """A new item with the text of another, which is settled in the same step."""
        try:
            child = await self._outbox.enqueue(
                item.openid, self._agent, item.text, now=self._clock.now(), parent=item.id, state=state
            )
            settled = await self._outbox.of_number(item.id)
        except DeskError as error:
            self._refuse(item.openid, error.failure)
            return
        self._store.dispatch(f.OutboxChanged(child))
        self._store.dispatch(f.OutboxChanged(settled))

    async def _take_back(self, item: OutboxItem) -> str:
        try:
            taken, draft = await self._outbox.take_back([item.id], now=self._clock.now())
        except DeskError as error:
            self._notice(error.failure)
            return ""
        for cancelled in taken:
            self._store.dispatch(f.OutboxChanged(cancelled))
            self._store.dispatch(f.WordsReturned(item.openid, cancelled.text, draft))
        self._hurry.sender()
        return taken[0].text if taken else ""

    def _item(self, number: OutboxId) -> OutboxItem | None:
        state = self._store.state
        shown = state.conversation.items if state.conversation is not None else ()
        return next((item for item in (*state.outbox, *shown) if item.id == number), None)

    async def _step(self, item: OutboxItem, to: SendState, decision: Decision | None) -> bool:
        if not may_follow(item.state, to):
            return False
        try:
            moved = await self._outbox.move(
                item.id, to, now=self._clock.now(), failure=item.failure, decision=decision
            )
        except DeskError as error:
            self._notice(error.failure)
            return False
        self._store.dispatch(f.OutboxChanged(moved))
        return True

    def _refuse(self, openid: OpenId, failure: Failure) -> bool:
        self._store.dispatch(f.SendRefused(openid, failure))
        return False

    def _notice(self, failure: Failure) -> None:
        self._store.dispatch(f.NoticeRaised(failure.text, failure, self._clock.now()))
