"""Tags of followers."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from kefu_desk.simulator.inquiry import Inquiry
from kefu_desk.simulator.population import Customer
from kefu_desk.simulator.refusal import Refusal
from kefu_desk.simulator.users import PAGE, customer, named, page
from kefu_desk.simulator.world import World

NAME_BYTES = 30
MOST_TAGS = 100
TAGS_A_USER = 20
FANS_TO_DELETE = 100_000
BATCH = 50
FIRST_ID = 101

BUILT_IN: Mapping[int, str] = MappingProxyType({0: "未分组", 1: "黑名单", 2: "星标组"})


def create(world: World, inquiry: Inquiry) -> Mapping[str, object]:
    """tags/create."""
    name = _name(world, inquiry)
    if len(world.tags) >= MOST_TAGS:
        raise Refusal(45056)
    world.tag_count += 1
    tag_id = FIRST_ID - 1 + world.tag_count
    world.tags[tag_id] = name
    return {"tag": {"id": tag_id, "name": name}}


def listed(world: World, inquiry: Inquiry) -> Mapping[str, object]:
    """tags/get: the built-in ones and our own, each with its number of followers."""
    del inquiry
    names = {**BUILT_IN, **world.tags}
    return {
        "tags": [
            {"id": tag_id, "name": name, "count": sum(1 for _ in _fans(world, tag_id))}
            for tag_id, name in names.items()
        ]
    }


def rename(world: World, inquiry: Inquiry) -> None:
    """tags/update."""
    tag_id = _own(world, _tag(inquiry).get("id"))
    world.tags[tag_id] = _name(world, inquiry, besides=tag_id)


def delete(world: World, inquiry: Inquiry) -> None:
    """tags/delete: nobody has the tag afterwards."""
    tag_id = _own(world, _tag(inquiry).get("id"))
    fans = list(_fans(world, tag_id))
    if len(fans) > FANS_TO_DELETE:
        raise Refusal(45057)
    for fan in fans:
        fan.tags.remove(tag_id)
    del world.tags[tag_id]


def fans(world: World, inquiry: Inquiry) -> Mapping[str, object]:
    """user/tag/get: the followers with a tag, after `next_openid`."""
    tag_id = _known(world, inquiry.fields.get("tagid"))
    return page([fan.openid for fan in _fans(world, tag_id)], inquiry.word("next_openid"), PAGE)


def tag(world: World, inquiry: Inquiry) -> None:
    """tags/members/batchtagging: who has 20 tags, or follows no more, is left out.

    Raises:
        Refusal: 45171 with `fail_openid_list` when some were left out; 45059 or 43004 when all were.
    """
    tag_id = _known(world, inquiry.fields.get("tagid"))
    asked = named(world, inquiry.fields, BATCH)
    failed: list[tuple[Customer, int]] = []
    for each in asked:
        if not each.subscribed:
            failed.append((each, 43004))
        elif tag_id in each.tags:
            continue
        elif len(each.tags) >= TAGS_A_USER:
            failed.append((each, 45059))
        else:
            each.tags.append(tag_id)
    if len(failed) == len(asked):
        raise Refusal(failed[0][1])
    if failed:
        raise Refusal(45171, extra={"fail_openid_list": [each.openid for each, _ in failed]})


def untag(world: World, inquiry: Inquiry) -> None:
    """tags/members/batchuntagging: who has not got the tag stays as they are."""
    tag_id = _known(world, inquiry.fields.get("tagid"))
    for each in named(world, inquiry.fields, BATCH):
        if tag_id in each.tags:
            each.tags.remove(tag_id)


def tags_of(world: World, inquiry: Inquiry) -> Mapping[str, object]:
    """tags/getidlist of one customer."""
    return {"tagid_list": list(customer(world, inquiry.fields.get("openid")).tags)}


def _fans(world: World, tag_id: int) -> Iterator[Customer]:
    return (c for c in world.customers.values() if c.subscribed and tag_id in c.tags)


def _tag(inquiry: Inquiry) -> Mapping[str, object]:
    given = inquiry.fields.get("tag")
    if not isinstance(given, dict):
        raise Refusal(40035)
    return given


def _known(world: World, tag_id: object) -> int:
    if isinstance(tag_id, str) and re.fullmatch(r"[0-9]{1,9}", tag_id):
        tag_id = int(tag_id)
    if not isinstance(tag_id, int) or (tag_id not in world.tags and tag_id not in BUILT_IN):
        raise Refusal(45159)
    return int(tag_id)


def _own(world: World, tag_id: object) -> int:
    known = _known(world, tag_id)
    if known in BUILT_IN:
        raise Refusal(45058)
    return known


def _name(world: World, inquiry: Inquiry, *, besides: int | None = None) -> str:
    name = _tag(inquiry).get("name")
    if not isinstance(name, str) or not name.strip():
        raise Refusal(45157)
    if len(name.encode("utf-8", "surrogatepass")) > NAME_BYTES:
        raise Refusal(45158)
    taken = {**BUILT_IN, **world.tags}
    if any(tag_id != besides and other == name for tag_id, other in taken.items()):
        raise Refusal(45157)
    return name
