"""Tags of customers."""

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

from kefu_desk.wechat import spec
from kefu_desk.wechat.transport import Transport
from kefu_desk.wechat.wire import Reply

if TYPE_CHECKING:
    from kefu_desk.wechat.customers import OpenidPage, Tag

TAGGED_AT_ONCE = 50


class Tags:
    """The calls about tags; what they need is imported at the first one."""

    def __init__(self, transport: Transport) -> None:
        self._calls = transport

    async def tags(self) -> "tuple[Tag, ...]":
        """All tags of the account."""
        from kefu_desk.wechat import customers  # noqa: PLC0415  the first data need no tags

        found = (await self._calls.call(spec.TAG_LIST, customers.TagsReply)).tags
        return found if isinstance(found, tuple) else ()

    async def create_tag(self, name: str) -> "Tag":
        """Makes a tag; the name has at most 30 bytes of UTF-8 and no other tag has it."""
        from kefu_desk.wechat import customers  # noqa: PLC0415  as above

        reply = await self._calls.call(
            spec.TAG_CREATE, customers.TagReply, body={"tag": {"name": _tag_name(name)}}
        )
        return reply.tag if isinstance(reply.tag, customers.Tag) else customers.Tag(0)

    async def rename_tag(self, tag_id: int, *, name: str) -> None:
        """Gives a tag another name; WeChat's own cannot be renamed."""
        await self._calls.call(spec.TAG_UPDATE, Reply, body={"tag": {"id": tag_id, "name": _tag_name(name)}})

    async def delete_tag(self, tag_id: int) -> None:
        """Deletes a tag and takes it from its customers, of whom there may be at most 100000."""
        await self._calls.call(spec.TAG_DELETE, Reply, body={"tag": {"id": tag_id}})

    async def tag_users(self, tag_id: int, *, openids: Sequence[str]) -> None:
        """Gives a tag to customers, 50 at a time; an error names in `left` whom it did not reach."""
        from kefu_desk.wechat.paging import in_parts  # noqa: PLC0415  as above

        await in_parts(openids, TAGGED_AT_ONCE, lambda part: self._change(spec.TAG_ADD, tag_id, part))

    async def untag_users(self, tag_id: int, *, openids: Sequence[str]) -> None:
        """Takes a tag from customers, 50 at a time; errors as with `tag_users`."""
        from kefu_desk.wechat.paging import in_parts  # noqa: PLC0415  as above

        await in_parts(openids, TAGGED_AT_ONCE, lambda part: self._change(spec.TAG_REMOVE, tag_id, part))

    async def tags_of(self, openid: str) -> tuple[int, ...]:
        """The ids of a customer's tags."""
        from kefu_desk.wechat import arguments, customers  # noqa: PLC0415  as above

        body = {"openid": arguments.filled("openid", openid)}
        return (await self._calls.call(spec.TAGS_OF, customers.TagIdsReply, body=body)).tagid_list

    async def users_of_tag(self, tag_id: int, *, next_openid: str = "") -> "OpenidPage":
        """One page of the customers who have a tag, after the given openid; WeChat tells no total."""
        from kefu_desk.wechat import customers  # noqa: PLC0415  as above

        body = {"tagid": tag_id, "next_openid": next_openid}
        return customers.page_of(await self._calls.call(spec.TAG_USERS, customers.OpenidsReply, body=body))

    async def all_users_of_tag(self, tag_id: int) -> AsyncIterator[str]:
        """The openids of all customers who have a tag."""
        from kefu_desk.wechat.paging import every  # noqa: PLC0415  as above

        async for openid in every(lambda after: self.users_of_tag(tag_id, next_openid=after)):
            yield openid

    async def _change(self, endpoint: spec.Endpoint, tag_id: int, openids: tuple[str, ...]) -> None:
        await self._calls.call(endpoint, Reply, body={"openid_list": list(openids), "tagid": tag_id})


def _tag_name(name: str) -> str:
    from kefu_desk.wechat import arguments  # noqa: PLC0415  as above
    from kefu_desk.wechat.letters import plain  # noqa: PLC0415  as above

    return arguments.at_most("name", arguments.filled("name", plain(name)), arguments.TAG_NAME_BYTES)
