"""What the control interface can move: customers, agents, time, limits, switches, and the story itself."""

import base64
import binascii
from collections.abc import Callable, Mapping
from types import MappingProxyType

from kefu_desk.simulator import accounts, gestures
from kefu_desk.simulator.chaos import Chaos
from kefu_desk.simulator.clock import MovableClock
from kefu_desk.simulator.media import KINDS, checked
from kefu_desk.simulator.population import Agent, Customer
from kefu_desk.simulator.refusal import ERRMSG, Refusal
from kefu_desk.simulator.stage import Stage
from kefu_desk.simulator.tags import FIRST_ID
from kefu_desk.simulator.wish import Wish
from kefu_desk.simulator.world import World

MESSAGE_KINDS = ("text", "image", "voice", "video", "shortvideo", "location", "link")
MENU_EVENTS = (*gestures.ANSWERABLE_CLICKS, "VIEW", "location_select", "pic_sysphoto")
FAULTS = frozenset({"effect", "reply", "fault", "transport"})
DONE: Mapping[str, object] = MappingProxyType({"ok": True})

Lever = Callable[[Stage, Wish], Mapping[str, object]]


def add_customer(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """A new customer; every field may be left out."""
    world = stage.world
    changes = _customer_fields(wish)
    openid = wish.word("openid") or None
    wish.end()
    customer = world.add_customer(openid, remark=str(changes.pop("remark", "")))
    _apply(world, customer, changes)
    return {"openid": customer.openid}


def change_customer(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """Sets fields of a customer, without an event and without effects."""
    customer = _customer(stage.world, wish)
    changes = _customer_fields(wish)
    wish.end()
    _apply(stage.world, customer, changes)
    return DONE


def message(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """The customer writes now; a `file` in base64 can be fetched with the `media_id` of the answer."""
    openid = _customer(stage.world, wish).openid
    kind = wish.among("kind", MESSAGE_KINDS, "text")
    text, file = wish.word("text"), wish.word("file")
    wish.end()
    answer = dict(DONE)
    if file:
        answer["media_id"] = _media(stage.world, kind, file)
    stage.world.customer_says(openid, text, kind=kind)
    return answer


def choose(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """The customer taps an item of a menu message."""
    openid, item, text = _customer(stage.world, wish).openid, wish.word("id"), wish.word("text")
    wish.end()
    gestures.choose(stage.world, openid, item, text)
    return DONE


def follow(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """The customer follows, perhaps again."""
    openid, scene = _customer(stage.world, wish).openid, wish.word("scene", "ADD_SCENE_SEARCH")
    wish.end()
    gestures.follow(stage.world, openid, scene=scene)
    return DONE


def unfollow(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """The customer stops following."""
    openid = _customer(stage.world, wish).openid
    wish.end()
    stage.world.unfollow(openid)
    return DONE


def menu(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """The customer taps the account's own menu."""
    openid, key = _customer(stage.world, wish).openid, wish.word("key")
    event = wish.among("event", MENU_EVENTS, MENU_EVENTS[0])
    wish.end()
    gestures.click(stage.world, openid, key, event=event)
    return DONE


def scan(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """The customer scans a code of the account."""
    openid, scene = _customer(stage.world, wish).openid, wish.word("scene")
    wish.end()
    gestures.scan(stage.world, openid, scene)
    return DONE


def pay(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """The customer pays."""
    openid = _customer(stage.world, wish).openid
    wish.end()
    gestures.pay(stage.world, openid)
    return DONE


def leave(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """The customer gives up waiting."""
    openid = _customer(stage.world, wish).openid
    wish.end()
    stage.world.customer_leaves(openid)
    return DONE


def agent(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """An agent logs in to, or out of, WeChat's own client, or is bound to a WeChat id."""
    chosen = _agent(stage.world, wish)
    online, bound = wish.truth("online", default=chosen.online), wish.word("wechat_id", chosen.wechat_id)
    wish.end()
    chosen.online, chosen.wechat_id = online, bound
    return DONE


def agent_message(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """The agent of the session writes in WeChat's own client."""
    openid, text = _customer(stage.world, wish).openid, wish.word("text")
    wish.end()
    if openid not in stage.world.sessions:
        raise ValueError("nobody serves this customer")
    stage.world.agent_says(openid, text)
    return DONE


def invitation(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """The invited person accepts or rejects."""
    chosen = _agent(stage.world, wish)
    accepts = wish.among("answer", ("accept", "reject")) == "accept"
    wish.end()
    accounts.answer_invitation(stage.world, chosen.kf_account, accepts=accepts)
    return DONE


def account(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """Sets what the account may do; `ip_list` null lets every address ask for a token."""
    owned = stage.world.account
    kefu, verified = (
        wish.truth(k, default=v)
        for k, v in (("kefu_enabled", owned.kefu_enabled), ("verified", owned.verified))
    )
    https = wish.truth("https_only", default=owned.https_only)
    listed = {key: wish.texts(key) for key in ("ip_list", "linked_apps") if key in wish}
    punishment = _errcode(wish, "punishment", owned.punishment)
    lapse, life = (
        wish.number(k, least=1) if k in wish else v
        for k, v in (("session_lapse", owned.session_lapse), ("invitation_life", owned.invitation_life))
    )
    wish.end()
    owned.kefu_enabled, owned.verified, owned.https_only = kefu, verified, https
    owned.punishment, owned.session_lapse, owned.invitation_life = punishment, lapse, life
    for key, words in listed.items():
        setattr(owned, key, None if words is None else frozenset(words))
    return DONE


def quota(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """Sets the daily or per-minute limit of a path, or how often it was called today."""
    book, path = stage.world.quota, wish.word("path")
    numbers = [
        (kept, wish.whole(key))
        for key, kept in (("daily", book.daily), ("minute", book.minute), ("used", book.used))
    ]
    wish.end()
    if not path.startswith("/"):
        raise ValueError("path begins with /")
    for kept, number in numbers:
        if number is not None:
            kept[path] = number
    return {"daily": book.daily, "minute": book.minute, "used": book.used}


def advance(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """Moves time forward by seconds."""
    seconds = wish.number("seconds")
    wish.end()
    return _step(stage, seconds)


def clock(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """Moves time forward to a Unix second."""
    now = wish.number("now")
    wish.end()
    if now < stage.world.now:
        raise ValueError("time does not go back")
    return _step(stage, max(0.0, now - stage.clock()))


def chaos(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """Moves switches; `paths`, `times`, `skip`, `chance` and `about` limit them; `clear` goes before."""
    paths, about, times = wish.word("paths"), wish.word("about"), wish.whole("times", least=1)
    skip, clear = wish.whole("skip") or 0, wish.truth("clear", default=False)
    chance = wish.number("chance") if "chance" in wish else 1.0
    if chance > 1:
        raise ValueError("chance is from 0 to 1")
    switches = {switch: wish.word(switch) for switch in wish.peek()}
    if about and not FAULTS.issuperset(switches):
        raise ValueError(f"about goes with {', '.join(sorted(FAULTS))}")
    for trial in (Chaos(), stage.world.chaos):  # a mistake in one of them moves none
        if clear:
            trial.clear()
        for switch, value in switches.items():
            trial.set(switch, value, paths=paths, times=times, skip=skip, chance=chance, about=about)
    return {"on": stage.world.chaos.settings()}


def reset(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """Begins the story again, now; another seed makes another story."""
    seed = wish.whole("seed")
    wish.end()
    stage.world.reset(stage.clock(), seed=seed)
    return {"now": stage.world.now}


def scenario(stage: Stage, wish: Wish) -> Mapping[str, object]:
    """Another scenario takes the stage."""
    name, seed = wish.word("name"), wish.whole("seed")
    wish.end()
    if any(mark in name for mark in "/\\."):
        raise ValueError("a scenario is loaded by its name; to play a file, start the simulator with it")
    opened = stage.change(name, seed or 0)
    owned = opened.world.account
    return {
        "now": opened.world.now, "appid": owned.appid, "secret": owned.secret, "agent": opened.agent,
    }  # fmt: skip


def _customer_fields(wish: Wish) -> dict[str, object]:
    changes: dict[str, object] = {
        key: wish.word(key) for key in ("remark", "unionid", "subscribe_scene") if key in wish
    }
    for key in ("subscribed", "blacklisted", "minor"):
        if key in wish:
            changes[key] = wish.truth(key, default=False)
    if "refusal" in wish:
        changes["refusal"] = _errcode(wish, "refusal", 0)
    if "tags" in wish:
        changes["tags"] = wish.texts("tags") or ()
    return changes


def _apply(world: World, customer: Customer, changes: Mapping[str, object]) -> None:
    for key, value in changes.items():
        if key == "tags" and isinstance(value, tuple):
            customer.tags[:] = [_tag(world, str(name)) for name in value]
        else:
            setattr(customer, key, value)


def _tag(world: World, name: str) -> int:
    for number, known in world.tags.items():
        if known == name:
            return number
    world.tag_count += 1
    number = FIRST_ID - 1 + world.tag_count
    world.tags[number] = name
    return number


def _media(world: World, kind: str, file: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"a {kind} has no file")
    try:
        data = base64.b64decode(file, validate=True)
        form = checked(KINDS[kind], data, "")
    except (binascii.Error, Refusal):
        raise ValueError(f"file is {' or '.join(KINDS[kind].formats)} in base64") from None
    return world.media.keep(kind, form, data, world.now).media_id


def _errcode(wish: Wish, key: str, default: int) -> int:
    value = wish.whole(key)
    if value is None:
        return default
    if value not in {0, *ERRMSG}:
        raise ValueError(f"{key} is an errcode of WeChat, or 0")
    return value


def _step(stage: Stage, seconds: float) -> Mapping[str, object]:
    if not isinstance(stage.clock, MovableClock):
        raise ValueError("this clock cannot be moved")  # noqa: TRY004  the caller gets 400 with this sentence
    stage.clock.step(seconds)
    stage.world.advance(stage.clock())
    return {"now": stage.world.now}


def _customer(world: World, wish: Wish) -> Customer:
    customer = world.customers.get(wish.word("openid"))
    if customer is None:
        raise ValueError("unknown openid")
    return customer


def _agent(world: World, wish: Wish) -> Agent:
    chosen = world.agents.get(wish.word("kf_account"))
    if chosen is None:
        raise ValueError("unknown kf_account")
    return chosen


LEVERS: Mapping[str, Lever] = MappingProxyType(
    {
        "customers": add_customer,
        "customer": change_customer,
        "message": message,
        "choose": choose,
        "follow": follow,
        "unfollow": unfollow,
        "menu": menu,
        "scan": scan,
        "pay": pay,
        "leave": leave,
        "agent": agent,
        "agent_message": agent_message,
        "invitation": invitation,
        "account": account,
        "quota": quota,
        "advance": advance,
        "clock": clock,
        "chaos": chaos,
        "reset": reset,
        "scenario": scenario,
    }
)
