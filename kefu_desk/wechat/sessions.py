"""Sessions: who serves whom, who waits, and changing that."""

from kefu_desk.wechat import spec
from kefu_desk.wechat.transport import Transport
from kefu_desk.wechat.wire import Reply, SessionItem, SessionListReply, SessionReply, WaitCaseReply


class Sessions:
    """The calls about sessions."""

    def __init__(self, transport: Transport) -> None:
        self._calls = transport

    async def create_session(self, *, openid: str, agent: str) -> None:
        """Gives a customer to an agent who is online; the same pair again is harmless."""
        await self._calls.call(spec.SESSION_CREATE, Reply, body={"kf_account": agent, "openid": openid})

    async def close_session(self, *, openid: str, agent: str) -> None:
        """Ends the session of this pair."""
        await self._calls.call(spec.SESSION_CLOSE, Reply, body={"kf_account": agent, "openid": openid})

    async def session_of(self, openid: str) -> SessionReply:
        """Who serves a customer; the account is empty when nobody does."""
        return await self._calls.call(spec.SESSION_GET, SessionReply, query=(("openid", openid),))

    async def sessions_of(self, agent: str) -> tuple[SessionItem, ...]:
        """The customers whom an agent serves."""
        reply = await self._calls.call(spec.SESSION_LIST, SessionListReply, query=(("kf_account", agent),))
        return reply.sessionlist

    async def waiting_cases(self) -> WaitCaseReply:
        """Who waits for an agent, first come first, at most 100 listed."""
        return await self._calls.call(spec.WAIT_CASE, WaitCaseReply)
