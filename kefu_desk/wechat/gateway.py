"""WeChat as the desk sees it: domain values and `DeskError`, nothing of the wire."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from kefu_desk.domain.agents import AgentAccount, OnlineAgent
from kefu_desk.domain.cases import ListedCase, Session, WaitingList
from kefu_desk.domain.failure import DeskError
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.limits import refuse_text
from kefu_desk.domain.messages import Record
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.errors import WeChatError
from kefu_desk.wechat.failures import failure_of
from kefu_desk.wechat.metering import Metering
from kefu_desk.wechat.numbering import NumberedReader
from kefu_desk.wechat.wire import WaitCaseReply


@contextmanager
def in_words() -> Iterator[None]:
    """Turns every error of the client into the failure it stands for."""
    try:
        yield
    except WeChatError as error:
        raise DeskError(failure_of(error)) from error


class WeChatGateway(Metering):
    """Satisfies the desk's `Gateway`; every method raises only `DeskError`."""

    def __init__(self, client: WeChatClient) -> None:
        super().__init__(client)
        self._numbered = NumberedReader(client)
        self._waiting: tuple[WaitCaseReply, WaitingList] | None = None

    async def waiting_cases(self) -> WaitingList:
        """Who is waiting, in order of arrival; the same object while WeChat's answer is unchanged."""
        with in_words():
            reply = await self._wechat.waiting_cases()
        if self._waiting is None or self._waiting[0] is not reply:
            self._waiting = (reply, _waiting_list(reply))
        return self._waiting[1]

    async def sessions(self, agent: AgentId) -> tuple[Session, ...]:
        """The sessions of one agent account, each customer once."""
        with in_words():
            items = await self._wechat.sessions_of(agent)
        unique = {item.openid: item.createtime for item in reversed(items)}
        return tuple(Session(OpenId(openid), agent, unique[openid]) for openid in reversed(unique))

    async def session_of(self, openid: OpenId) -> Session | None:
        """Who serves a customer, or None."""
        with in_words():
            reply = await self._wechat.session_of(openid)
        account = reply.account if isinstance(reply.account, str) else ""
        return Session(openid, AgentId(account), reply.createtime) if account else None

    async def online_agents(self) -> tuple[OnlineAgent, ...]:
        """The agents who are logged in to WeChat's client."""
        with in_words():
            items = await self._wechat.online_agents()
        return tuple(
            OnlineAgent(AgentId(item.account), item.status, item.accepted_case)
            for item in items
            if item.account
        )

    async def agent_accounts(self) -> tuple[AgentAccount, ...]:
        """All agent accounts that have a name; WeChat lists some without."""
        with in_words():
            items = await self._wechat.agent_accounts()
        return tuple(
            AgentAccount(
                AgentId(item.account),
                item.nick,
                number=item.number,
                wechat_id=item.wechat_id,
                invite_wechat_id=item.invite_wechat_id,
                invite_status=item.invite_status,
                invite_expires=item.invite_expires,
                avatar_url=item.avatar_url,
            )
            for item in items
            if item.account
        )

    async def create_session(self, openid: OpenId, agent: AgentId) -> None:
        """Gives a customer to an agent; harmless to repeat for the same pair."""
        with in_words():
            await self._wechat.create_session(openid=openid, agent=agent)

    async def close_session(self, openid: OpenId, agent: AgentId) -> None:
        """Ends the session of that pair."""
        with in_words():
            await self._wechat.close_session(openid=openid, agent=agent)

    async def record_pages(self, start: int, end: int) -> AsyncIterator[tuple[Record, ...]]:
        """The records with start <= time <= end (Unix seconds), numbered, a thousand or fewer at a time.

        A record may be told twice, with the same number. When the pages end without an error, all were told.
        """
        with in_words():
            async for found in self._numbered.pages(start, end):
                yield found

    async def records(self, start: int, end: int) -> tuple[Record, ...]:
        """All records with start <= time <= end (Unix seconds), numbered, oldest first."""
        found = {record: None async for page in self.record_pages(start, end) for record in page}
        return tuple(sorted(found, key=lambda record: record.time))

    async def send_text(self, openid: OpenId, text: str, agent: AgentId) -> None:
        """One attempt to send; never repeated inside. What cannot be sent is refused as WeChat would."""
        from kefu_desk.wechat.letters import plain  # noqa: PLC0415  the first data need no messages

        refusal = refuse_text(plain(text))
        if refusal is not None:
            raise DeskError(refusal)
        with in_words():
            await self._wechat.send_text(openid=openid, text=text, agent=agent)

    async def show_typing(self, openid: OpenId, *, typing: bool) -> None:
        """Shows or hides to the customer that somebody types."""
        with in_words():
            await self._wechat.set_typing(openid=openid, typing=typing)

    def odd_rows(self) -> int:
        """Rows of answers that made no sense or had to be mended, since the program started."""
        return self._wechat.rows_skipped() + self._wechat.rows_mended()


def _waiting_list(reply: WaitCaseReply) -> WaitingList:
    """Each customer once, at the first place named, with the earliest time named."""
    times: dict[str, int] = {}
    for case in reply.cases:
        times[case.openid] = min(case.time, times.get(case.openid, case.time))
    cases = tuple(ListedCase(OpenId(openid), time) for openid, time in times.items())
    doubles = len(reply.cases) - len(cases)
    return WaitingList(max(reply.total - doubles, len(cases)), cases)
