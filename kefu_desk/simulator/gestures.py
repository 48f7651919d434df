"""What customers do without writing: follow, tap the account's menu or a menu message, scan, pay."""

import re

from kefu_desk.simulator.population import (
    ACTION_ALLOWANCE,
    ACTION_WINDOW,
    MESSAGE_ALLOWANCE,
    MESSAGE_WINDOW,
)
from kefu_desk.simulator.traffic import Push
from kefu_desk.simulator.world import SEND_PATH, World

ANSWERABLE_CLICKS = ("CLICK", "scancode_push", "scancode_waitmsg")
FOLLOWED_BY_CODE = "ADD_SCENE_QR_CODE"


def follow(world: World, openid: str, *, scene: str = "ADD_SCENE_SEARCH") -> None:
    """The customer follows, perhaps again; 3 messages in a minute.

    Raises:
        KeyError: for an unknown openid.
    """
    customer = world.customers[openid]
    customer.subscribed, customer.subscribe_time = True, int(world.now)
    customer.subscribe_scene = scene
    customer.grant(world.now, ACTION_ALLOWANCE, ACTION_WINDOW, action="follow")
    world.pushes.append(Push(world.now, openid, "subscribe"))


def click(world: World, openid: str, key: str = "", *, event: str = "CLICK") -> None:
    """A tap on the account's own menu; only CLICK and the two scancode events allow 3 messages in a minute.

    Raises:
        KeyError: for an unknown openid.
    """
    customer = world.customers[openid]
    if event in ANSWERABLE_CLICKS:
        customer.grant(world.now, ACTION_ALLOWANCE, ACTION_WINDOW, action="menu")
    world.pushes.append(Push(world.now, openid, event, key=key))


def scan(world: World, openid: str, scene: str = "") -> None:
    """The customer scans a code of the account; who does not follow does so by it; 3 messages in a minute.

    Raises:
        KeyError: for an unknown openid.
    """
    customer = world.customers[openid]
    followed = customer.subscribed
    if not followed:
        customer.subscribed, customer.subscribe_time = True, int(world.now)
        customer.subscribe_scene = FOLLOWED_BY_CODE
        customer.qr_scene = int(scene) if re.fullmatch(r"[0-9]{1,9}", scene) else 0
        customer.qr_scene_str = "" if customer.qr_scene else scene
    customer.grant(world.now, ACTION_ALLOWANCE, ACTION_WINDOW, action="scan")
    kind, key = ("SCAN", scene) if followed else ("subscribe", f"qrscene_{scene}")
    world.pushes.append(Push(world.now, openid, kind, key=key))


def choose(world: World, openid: str, item: str, content: str) -> None:
    """A tap on an item of a menu message writes its text; an id that is no number comes back as 0.

    Raises:
        KeyError: for an unknown openid.
    """
    world.customer_says(openid, content, item=item if item.isascii() and item.isdigit() else "0")


def pay(world: World, openid: str) -> None:
    """The customer pays, which allows messages only where the switch `payment_trigger` is on.

    Raises:
        KeyError: for an unknown openid.
    """
    customer = world.customers[openid]
    if world.chaos.take("payment_trigger", SEND_PATH) == "on":
        customer.grant(world.now, MESSAGE_ALLOWANCE, MESSAGE_WINDOW, action="payment")
