"""Agent accounts: who there is, who is online, and changing that."""

from kefu_desk.domain.failure import Effect
from kefu_desk.wechat import spec
from kefu_desk.wechat.codes import WRONG_METHOD
from kefu_desk.wechat.errors import ApiError, NothingDone, WeChatError
from kefu_desk.wechat.transport import Transport
from kefu_desk.wechat.wire import KfAccount, KfListReply, KfOnline, KfOnlineReply, Reply

AVATAR_BYTES = 5 * 1024 * 1024


class Accounts:
    """The calls about agent accounts."""

    def __init__(self, transport: Transport) -> None:
        self._calls = transport

    async def agent_accounts(self) -> tuple[KfAccount, ...]:
        """All agent accounts of the Official Account."""
        return (await self._calls.call(spec.KF_LIST, KfListReply)).accounts

    async def online_agents(self) -> tuple[KfOnline, ...]:
        """The agents who are logged in to WeChat's own client."""
        return (await self._calls.call(spec.KF_ONLINE_LIST, KfOnlineReply)).kf_online_list

    async def add_agent(self, *, agent: str, nick: str) -> None:
        """Creates an agent account; nobody can serve with it before an invitation is accepted."""
        await self._calls.call(spec.KF_ACCOUNT_ADD, Reply, body={"kf_account": agent, "nickname": nick})

    async def rename_agent(self, *, agent: str, nick: str) -> None:
        """Changes the name that customers see."""
        await self._calls.call(spec.KF_ACCOUNT_UPDATE, Reply, body={"kf_account": agent, "nickname": nick})

    async def invite_agent(self, *, agent: str, wechat_id: str) -> None:
        """Invites the owner of a WeChat ID to serve with the account."""
        await self._calls.call(
            spec.KF_ACCOUNT_INVITE, Reply, body={"kf_account": agent, "invite_wx": wechat_id}
        )

    async def set_avatar(self, *, agent: str, jpeg: bytes) -> None:
        """Gives the account a picture: a baseline JPEG of at most 5 MB.

        Raises:
            ArgumentError: when the file is none.
        """
        from kefu_desk.wechat.formats import JPEG, checked  # noqa: PLC0415  the first data need no files
        from kefu_desk.wechat.multipart import framed  # noqa: PLC0415  as above

        checked(jpeg, (JPEG,), AVATAR_BYTES, field="jpeg")
        endpoint = spec.KF_ACCOUNT_AVATAR
        content, content_type = framed(jpeg, field=endpoint.form, name="avatar.jpg", mime=JPEG.mime)
        query = (("kf_account", agent),)
        await self._calls.post(endpoint, Reply, query=query, content=content, content_type=content_type)

    async def delete_agent(self, *, agent: str) -> None:
        """Deletes an agent account, by GET where the server still wants that, and looks whether it is gone.

        Raises:
            NothingDone: WeChat said ok and still lists the account; it has been seen to (API reference 2.7).
        """
        query = (("kf_account", agent),)
        try:
            await self._calls.call(spec.KF_ACCOUNT_DEL, Reply, query=query, body={"kf_account": agent})
        except ApiError as error:
            if error.errcode not in WRONG_METHOD:
                raise
            await self._calls.call(spec.KF_ACCOUNT_DEL_BY_GET, Reply, query=query)
        if await self._is_listed(agent):
            name = spec.KF_ACCOUNT_DEL.name
            raise NothingDone(f"{name}: {agent} is still listed", endpoint=name, effect=Effect.NONE)

    async def _is_listed(self, agent: str) -> bool:
        """Whether WeChat still lists an account; a list that cannot be read proves nothing."""
        try:
            return any(account.account == agent for account in await self.agent_accounts())
        except WeChatError:
            return False
