"""Customers: what WeChat tells about them, our remark, and who is blocked."""

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

from kefu_desk.wechat import spec
from kefu_desk.wechat.transport import Transport
from kefu_desk.wechat.wire import Reply

if TYPE_CHECKING:
    from kefu_desk.wechat.customers import OpenidPage, User
    from kefu_desk.wechat.customers import Users as Found

USERS_AT_ONCE = 100
BLOCKED_AT_ONCE = 20


class Users:
    """The calls about customers; what they need is imported at the first one."""

    def __init__(self, transport: Transport) -> None:
        self._calls = transport

    async def user(self, openid: str) -> "User":
        """What WeChat tells about one customer."""
        from kefu_desk.wechat import arguments, customers  # noqa: PLC0415  the first data need no customers

        query = (("openid", arguments.filled("openid", openid)), ("lang", "zh_CN"))
        return await self._calls.call(spec.USER_INFO, customers.User, query=query)

    async def users(self, openids: Sequence[str]) -> "Found":
        """What WeChat tells about many customers, asked 100 at a time: each once, in the order asked."""
        from kefu_desk.wechat import arguments, customers  # noqa: PLC0415  as above

        told: dict[str, User] = {}
        for part in arguments.batches(openids, USERS_AT_ONCE):
            rows = [{"openid": openid, "lang": "zh_CN"} for openid in part]
            reply = await self._calls.call(spec.USER_BATCH, customers.UsersReply, body={"user_list": rows})
            if isinstance(reply.user_info_list, tuple):
                told |= {user.openid: user for user in reply.user_info_list}
        asked = dict.fromkeys(openids)
        return customers.Users(
            tuple(told[openid] for openid in asked if openid in told),
            tuple(openid for openid in asked if openid not in told),
        )

    async def set_remark(self, *, openid: str, remark: str) -> None:
        """Gives a customer our own name, of fewer than 30 bytes of UTF-8; an empty one takes it away.

        Raises:
            ArgumentError: when it is longer.
        """
        from kefu_desk.wechat import arguments  # noqa: PLC0415  as above
        from kefu_desk.wechat.letters import plain  # noqa: PLC0415  as above

        words = arguments.at_most("remark", plain(remark), arguments.REMARK_BYTES)
        body = {"openid": arguments.filled("openid", openid), "remark": words}
        await self._calls.call(spec.USER_REMARK, Reply, body=body)

    async def followers(self, next_openid: str = "") -> "OpenidPage":
        """One page of at most 10000 followers, after the given openid."""
        from kefu_desk.wechat import customers  # noqa: PLC0415  as above

        query = (("next_openid", next_openid),) if next_openid else ()
        return customers.page_of(await self._calls.call(spec.USER_GET, customers.OpenidsReply, query=query))

    async def all_followers(self) -> AsyncIterator[str]:
        """The openids of all followers."""
        from kefu_desk.wechat.paging import every  # noqa: PLC0415  as above

        async for openid in every(self.followers):
            yield openid

    async def blocked(self, begin_openid: str = "") -> "OpenidPage":
        """One page of at most 1000 blocked customers, after the given openid."""
        from kefu_desk.wechat import customers  # noqa: PLC0415  as above

        body = {"begin_openid": begin_openid}
        return customers.page_of(
            await self._calls.call(spec.BLACKLIST_GET, customers.OpenidsReply, body=body)
        )

    async def all_blocked(self) -> AsyncIterator[str]:
        """The openids of all blocked customers."""
        from kefu_desk.wechat.paging import every  # noqa: PLC0415  as above

        async for openid in every(self.blocked):
            yield openid

    async def block(self, openids: Sequence[str]) -> None:
        """Puts customers on the blacklist, 20 at a time; an error names in `left` whom it did not reach."""
        from kefu_desk.wechat.paging import in_parts  # noqa: PLC0415  as above

        await in_parts(openids, BLOCKED_AT_ONCE, lambda part: self._block(spec.BLACKLIST_ADD, part))

    async def unblock(self, openids: Sequence[str]) -> None:
        """Takes customers off the blacklist, 20 at a time; errors as with `block`."""
        from kefu_desk.wechat.paging import in_parts  # noqa: PLC0415  as above

        await in_parts(openids, BLOCKED_AT_ONCE, lambda part: self._block(spec.BLACKLIST_REMOVE, part))

    async def _block(self, endpoint: spec.Endpoint, openids: tuple[str, ...]) -> None:
        await self._calls.call(endpoint, Reply, body={"openid_list": list(openids)})
