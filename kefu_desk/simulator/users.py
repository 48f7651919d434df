"""Followers: what is known about them, remarks, and the blacklist."""

import re
from collections.abc import Mapping, Sequence

from kefu_desk.simulator.inquiry import Inquiry
from kefu_desk.simulator.population import Customer
from kefu_desk.simulator.refusal import Refusal
from kefu_desk.simulator.world import World

BATCH = 100
PAGE = 10_000
REMARK_BYTES = 30
BLACKLIST_BATCH = 20
BLACKLIST_PAGE = 1000

_OPENID = r"[A-Za-z0-9_-]{28}"


def info(world: World, inquiry: Inquiry) -> Mapping[str, object]:
    """user/info of one customer."""
    return _profile(_known(world, inquiry.query.get("openid", "")))


def infos(world: World, inquiry: Inquiry) -> Mapping[str, object]:
    """user/info/batchget of at most 100."""
    asked = inquiry.fields.get("user_list")
    if not isinstance(asked, list) or not 0 < len(asked) <= BATCH:
        raise Refusal(40032)
    openids = [entry.get("openid") if isinstance(entry, dict) else None for entry in asked]
    return {"user_info_list": [_profile(_known(world, openid)) for openid in openids]}


def remark(world: World, inquiry: Inquiry) -> None:
    """user/info/updateremark: fewer than 30 bytes; an empty one takes it away."""
    if not world.account.verified:
        raise Refusal(48001)
    customer = _known(world, inquiry.word("openid"))
    words = inquiry.fields.get("remark")
    if not isinstance(words, str) or len(words.encode("utf-8", "surrogatepass")) >= REMARK_BYTES:
        raise Refusal(40092)
    if not customer.subscribed:
        raise Refusal(43004)
    customer.remark = words


def followers(world: World, inquiry: Inquiry) -> Mapping[str, object]:
    """user/get: the followers after `next_openid`, at most 10 000."""
    everybody = [c.openid for c in world.customers.values() if c.subscribed]
    return page(everybody, inquiry.query.get("next_openid", ""), PAGE)


def blacklist(world: World, inquiry: Inquiry) -> Mapping[str, object]:
    """tags/members/getblacklist: at most 1000 after `begin_openid`."""
    blocked = [c.openid for c in world.customers.values() if c.blacklisted]
    return page(blocked, inquiry.word("begin_openid"), BLACKLIST_PAGE)


def block(world: World, inquiry: Inquiry) -> None:
    """tags/members/batchblacklist: all or none of at most 20."""
    for customer in named(world, inquiry.fields, BLACKLIST_BATCH):
        customer.blacklisted = True


def unblock(world: World, inquiry: Inquiry) -> None:
    """tags/members/batchunblacklist: all or none of at most 20."""
    for customer in named(world, inquiry.fields, BLACKLIST_BATCH):
        customer.blacklisted = False


def page(openids: Sequence[str], after: str, most: int) -> Mapping[str, object]:
    """The part of a list that follows one openid; `data` is missing when nothing is left.

    Raises:
        Refusal: 40003 when `after` is not in the list.
    """
    if after and after not in openids:
        raise Refusal(40003)
    start = openids.index(after) + 1 if after else 0
    part = openids[start : start + most]
    answer: dict[str, object] = {"total": len(openids), "count": len(part)}
    if part:
        answer["data"] = {"openid": list(part)}
    return answer | {"next_openid": part[-1] if part else ""}


def named(world: World, fields: Mapping[str, object], most: int) -> list[Customer]:
    """The customers of an `openid_list`.

    Raises:
        Refusal: 40032 for an empty or too long list, 40003 for what is no openid, 49003 for one of another
            account.
    """
    openids = fields.get("openid_list")
    if not isinstance(openids, list) or not 0 < len(openids) <= most:
        raise Refusal(40032)
    return [customer(world, openid) for openid in dict.fromkeys(map(str, openids))]


def customer(world: World, openid: object) -> Customer:
    """The customer of an openid.

    Raises:
        Refusal: 40003 for what is no openid, 49003 for one of another account.
    """
    known = world.customers.get(openid) if isinstance(openid, str) else None
    if known is not None:
        return known
    raise Refusal(49003 if isinstance(openid, str) and re.fullmatch(_OPENID, openid) else 40003)


def _known(world: World, openid: object) -> Customer:
    known = world.customers.get(openid) if isinstance(openid, str) else None
    if known is None:
        raise Refusal(40003)
    return known


def _profile(customer: Customer) -> Mapping[str, object]:
    binding = {"unionid": customer.unionid} if customer.unionid else {}
    if not customer.subscribed:
        return {"subscribe": 0, "openid": customer.openid, **binding}
    return {
        "subscribe": 1,
        "openid": customer.openid,
        "language": "zh_CN",
        "subscribe_time": customer.subscribe_time,
        **binding,
        "remark": customer.remark,
        "groupid": customer.tags[0] if customer.tags else 0,
        "tagid_list": list(customer.tags),
        "subscribe_scene": customer.subscribe_scene,
        "qr_scene": customer.qr_scene,
        "qr_scene_str": customer.qr_scene_str,
    }
