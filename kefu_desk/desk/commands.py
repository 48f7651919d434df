"""What a person may ask of the desk; a window and a command line call exactly these."""

from kefu_desk.desk.hold import Hold
from kefu_desk.desk.ports import Archive, Clock, Drafts, Gateway, OutboxStore
from kefu_desk.desk.reconcile import Evidence
from kefu_desk.desk.replies import Hurry, Replies
from kefu_desk.desk.store import Store
from kefu_desk.domain import facts as f
from kefu_desk.domain.agents import Presence
from kefu_desk.domain.cases import Session
from kefu_desk.domain.coverage import Span
from kefu_desk.domain.failure import Category, DeskError, Effect, Failure
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.text import text

WINDOW = 300


class Commands(Replies):
    """The use cases of an agent. Expected failures become facts; none is raised."""

    def __init__(
        self,
        *,
        store: Store,
        gateway: Gateway,
        archive: Archive,
        outbox: OutboxStore,
        drafts: Drafts,
        clock: Clock,
        agent: AgentId,
        evidence: Evidence,
        hold: Hold,
        hurry: Hurry,
    ) -> None:
        super().__init__(store=store, outbox=outbox, clock=clock, agent=agent, hold=hold, hurry=hurry)
        self._gateway = gateway
        self._archive = archive
        self._drafts = drafts
        self._evidence = evidence

    async def accept(self, openid: OpenId) -> None:
        """Takes a waiting customer and opens the conversation; WeChat decides who gets them."""
        if openid in self._store.state.queue.accepting:
            return
        self._store.dispatch(f.AcceptStarted(openid))
        try:
            await self._gateway.create_session(openid, self._agent)
            session = Session(openid, self._agent, self._server_second())
        except DeskError as error:
            held = await self._holder(openid, error.failure)
            if held is None or held.agent != self._agent:
                self._refuse_accept(openid, error.failure, held)
                return
            session = held
        self._store.dispatch(f.CaseAccepted(session, self._clock.now()))
        self._hurry.feeds(f.Feed.RECORDS, f.Feed.WAITING)
        await self.open_conversation(openid)

    async def accept_next(self) -> None:
        """Takes the customer who has waited longest."""
        queue = self._store.state.queue
        waiting = [case.openid for case in queue.cases if case.openid not in queue.accepting]
        if waiting:
            await self.accept(waiting[0])

    async def reopen(self, openid: OpenId) -> None:
        """Takes a customer up again whose session is over or old; only an agent who is online may."""
        if self._store.state.agents.presence is Presence.OFFLINE:
            self._store.dispatch(f.NoticeRaised(text("accept.refused.offline"), None, self._clock.now()))
            self._hurry.feeds(f.Feed.ONLINE)
            return
        await self.accept(openid)

    async def close(self, openid: OpenId) -> None:
        """Ends the own session with a customer; one that has ended already counts as closed."""
        self._store.dispatch(f.CloseStarted(openid))
        try:
            await self._gateway.close_session(openid, self._agent)
        except DeskError as error:
            if error.failure.category is not Category.NO_SESSION:
                self._store.dispatch(f.CloseFailed(openid, error.failure))
                self._notice(error.failure)
                self._hurry.feeds(f.Feed.SESSIONS)
                return
        self._store.dispatch(f.SessionClosed(openid, self._clock.now()))
        self._hurry.feeds(f.Feed.WAITING)

    async def open_conversation(self, openid: OpenId) -> None:
        """Shows a conversation from the archive and the outbox."""
        self._store.dispatch(f.ConversationOpened(openid))
        try:
            records = await self._archive.latest(openid, WINDOW)
            offset = self._gateway.clock_offset() or 0.0
            await self._evidence.tie(records, offset)  # a crash may have come between
            items = await self._outbox.of_customer(openid, WINDOW)
            claimed = await self._outbox.claimed_records(openid)
        except DeskError as error:
            self._notice(error.failure)
            return
        reached = len(records) < WINDOW
        self._store.dispatch(f.ConversationLoaded(openid, records, items, claimed, reached))

    async def keep_draft(self, openid: OpenId, words: str) -> None:
        """Stores an unfinished text."""
        if self._store.state.drafts.get(openid, "") == words:
            return
        self._store.dispatch(f.DraftKept(openid, words))
        try:
            await self._drafts.keep(openid, words)
        except DeskError as error:
            self._notice(error.failure)

    async def mark_seen(self, openid: OpenId) -> None:
        """The agent has looked at the newest message of a customer."""
        self._store.dispatch(f.CustomerSeen(openid))

    async def dismiss(self, number: int) -> None:
        """Takes a notice away."""
        self._store.dispatch(f.NoticeDismissed(number))

    async def fetch(self, gap: Span) -> None:
        """Reads a period of the records that could not be read, before all others."""
        self._hurry.fetch(gap)

    async def refresh(self) -> None:
        """Reads everything at once, and tries again to send."""
        self._hurry.feeds()
        self._hurry.resume()

    def _server_second(self) -> int:
        return int(self._clock.now() + (self._gateway.clock_offset() or 0.0))

    async def _holder(self, openid: OpenId, failure: Failure) -> Session | None:
        """Who serves the customer, asked only when the failure leaves that open."""
        if failure.category is not Category.TAKEN and failure.effect is not Effect.MAYBE:
            return None
        try:
            return await self._gateway.session_of(openid)
        except DeskError:
            return None

    def _refuse_accept(self, openid: OpenId, failure: Failure, held: Session | None) -> None:
        holder = held.agent if held is not None else None
        if failure.category is Category.TAKEN and holder:
            accounts = self._store.state.agents.accounts
            nick = next((a.nick for a in accounts if a.agent == holder), holder)
            failure = Failure(failure.category, text("failure.taken_by", agent=nick), code=failure.code,
                              rid=failure.rid, detail=failure.detail)  # fmt: skip
        self._store.dispatch(f.AcceptFailed(openid, failure, holder, self._clock.now()))
        self._notice(failure)
        self._hurry.feeds(f.Feed.WAITING)
