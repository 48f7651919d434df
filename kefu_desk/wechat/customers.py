"""What WeChat tells about customers and their tags, as frozen values (API reference 6)."""

from typing import Self

from msgspec import UNSET, Raw, Struct, UnsetType, field
from msgspec.structs import replace

from kefu_desk.wechat.wire import Reply, Seconds, Small


class User(Reply, frozen=True):
    """One customer; who does not follow has only the openid, and names are no longer given."""

    openid: str = ""
    subscribe: Small = 0
    subscribe_time: Seconds = 0
    unionid: str = ""
    remark: str = ""
    group_id: Small = field(name="groupid", default=0)
    tag_ids: tuple[int, ...] = field(name="tagid_list", default=())
    subscribe_scene: str = ""
    qr_scene: int = 0
    qr_scene_text: str = field(name="qr_scene_str", default="")
    language: str = ""

    def with_raw(self, raw: bytes) -> Self:
        """The same without a verdict, so that a customer is the same from whichever call."""
        del raw
        return replace(self, errcode=Raw(), errmsg="") if bytes(self.errcode) or self.errmsg else self

    @property
    def follows(self) -> bool:
        """Whether the customer follows the account."""
        return self.subscribe != 0

    def is_complete(self) -> bool:
        """Whether the reply is about anybody."""
        return bool(self.openid)


class Users(Struct, frozen=True):
    """The customers that were asked for, in that order, and the openids WeChat told nothing about."""

    found: tuple[User, ...]
    missing: tuple[str, ...]


class UsersReply(Reply, frozen=True):
    """user/info/batchget."""

    user_info_list: tuple[User, ...] | UnsetType = UNSET

    def is_complete(self) -> bool:
        """Whether the reply has the list."""
        return self.user_info_list is not UNSET


class Openids(Struct, frozen=True):
    """The inner part of a page of openids."""

    openid: tuple[str, ...] = ()


class OpenidsReply(Reply, frozen=True):
    """A page of openids; WeChat leaves `data` out when the page is empty."""

    total: Seconds | UnsetType = UNSET
    count: Seconds | UnsetType = UNSET
    data: Openids = Openids()
    next_openid: str = ""

    def is_complete(self) -> bool:
        """Whether the reply says who or how many; `{}` must not count as nobody."""
        return self.total is not UNSET or self.count is not UNSET or bool(self.data.openid)


class OpenidPage(Struct, frozen=True):
    """One page of openids; `total` is of all pages if WeChat tells it, `next_openid` begins the next page."""

    openids: tuple[str, ...]
    total: int | None
    next_openid: str


class Tag(Struct, frozen=True):
    """One tag and how many customers have it; 0, 1 and 2 are WeChat's own."""

    id: int
    name: str = ""
    count: Seconds = 0


class TagReply(Reply, frozen=True):
    """tags/create."""

    tag: Tag | UnsetType = UNSET

    def is_complete(self) -> bool:
        """Whether the reply gives the tag."""
        return self.tag is not UNSET


class TagsReply(Reply, frozen=True):
    """tags/get."""

    tags: tuple[Tag, ...] | UnsetType = UNSET

    def is_complete(self) -> bool:
        """Whether the reply has the list."""
        return self.tags is not UNSET


class TagIdsReply(Reply, frozen=True):
    """tags/getidlist; left out means none."""

    tagid_list: tuple[int, ...] = ()


def page_of(reply: OpenidsReply) -> OpenidPage:
    """A page as the client gives it."""
    openids = tuple(openid for openid in reply.data.openid if openid)
    total = max(reply.total, len(openids)) if isinstance(reply.total, int) else None
    return OpenidPage(openids, total, reply.next_openid if openids else "")
