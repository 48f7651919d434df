"""What the control interface shows of a world, as plain JSON values without any secret."""

import base64
import math
from collections.abc import Mapping

import msgspec

from kefu_desk.simulator.chaos import SWITCHES
from kefu_desk.simulator.quota import DAILY_DEFAULT
from kefu_desk.simulator.traffic import Delivery
from kefu_desk.simulator.world import World

Query = Mapping[str, str]


def overview(world: World) -> dict[str, object]:
    """Account, agents, queue, sessions and customers in short."""
    return {
        "now": world.now,
        "account": {
            "name": world.account.name, "appid": world.account.appid, "gh_id": world.account.gh_id,
        },
        "agents": [
            {
                "kf_account": agent.kf_account,
                "nick": agent.nick,
                "online": agent.online,
                "accepted_case": world.accepted_cases(agent.kf_account),
            }
            for agent in world.agents.values()
        ],
        "waiting": [plain(w) for w in world.waiting],
        "sessions": [plain(s) for s in world.sessions.values()],
        "customers": [
            {
                "openid": c.openid,
                "remark": c.remark,
                "subscribed": c.subscribed,
                "sends_left": c.sends_left if world.now < c.window_ends else 0,
                "window_ends": c.window_ends,
            }
            for c in world.customers.values()
        ],
    }  # fmt: skip


def state(world: World) -> dict[str, object]:
    """Everything: each entity with each field, except secrets, tokens and the bytes of files."""
    account = plain(world.account)
    assert isinstance(account, dict)
    del account["secret"]
    return {
        "now": world.now,
        "account": account,
        "agents": [plain(agent) for agent in world.agents.values()],
        "customers": [plain(customer) for customer in world.customers.values()],
        "waiting": [plain(w) for w in world.waiting],
        "sessions": [plain(s) for s in world.sessions.values()],
        "records": [plain(record) for record in world.records.all],
        "tags": {str(number): name for number, name in world.tags.items()},
        "media": [
            {
                "media_id": m.media_id,
                "kind": m.kind,
                "form": m.form,
                "size": len(m.data),
                "created": m.created,
            }
            for m in world.media
        ],
        "quota": quota(world),
        "chaos": world.chaos.settings(),
        "calls": world.call_count,
        "pushes": len(world.pushes),
        "delivered": len(world.ledger),
        "forwards": world.forwards,
    }


def ledger(world: World, openid: str | None = None) -> dict[str, object]:
    """Deliveries, of one customer when named."""
    return {"ledger": [_delivery(d) for d in world.ledger if openid in {None, d.openid}]}


def inbox(world: World, openid: str) -> list[Delivery]:
    """What reached this customer's phone through the API, oldest first."""
    return [delivery for delivery in world.ledger if delivery.openid == openid]


def calls(world: World, query: Query) -> dict[str, object]:
    """The newest calls that fit, and how many there were in all.

    `path` is a part of one, `errcode`, `method` and `outcome` are exact, `since` is a Unix second, `limit`
    keeps the newest.

    Raises:
        ValueError: for a number that is none.
    """
    try:
        since, limit = float(query.get("since", "-inf")), int(query.get("limit", "10000"))
    except ValueError:
        raise ValueError("since and limit are numbers") from None
    wanted = {key: query[key] for key in ("errcode", "method", "outcome") if key in query}
    fitting = [
        told
        for told in (msgspec.structs.asdict(call) for call in world.calls)
        if query.get("path", "") in told["path"]
        and told["time"] >= since
        and all(str(told[key]) == value for key, value in wanted.items())
    ]
    return {"count": world.call_count, "calls": fitting[max(0, len(fitting) - limit) :] if limit > 0 else []}


def pushes(world: World, query: Query) -> dict[str, object]:
    """What the shop's own server was told, about one customer or of one kind when asked so."""
    return {
        "pushes": [
            plain(push)
            for push in world.pushes
            if query.get("openid", push.openid) == push.openid and query.get("kind", push.kind) == push.kind
        ]
    }


def quota(world: World) -> dict[str, object]:
    """Limits and calls per path."""
    book = world.quota
    told = {"daily": book.daily, "minute": book.minute, "used": book.used}
    return {**{name: dict(limits) for name, limits in told.items()}, "default": DAILY_DEFAULT}


def chaos(world: World) -> dict[str, object]:
    """The switches and what is switched on."""
    return {"switches": {k: list(v) for k, v in SWITCHES.items()}, "on": world.chaos.settings()}


def plain(value: object) -> object:
    """A struct as JSON values; what is infinite is null."""
    return _finite(msgspec.to_builtins(value, str_keys=True))


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _delivery(delivery: Delivery) -> dict[str, object]:
    return {
        "time": delivery.time,
        "openid": delivery.openid,
        "msgtype": delivery.msgtype,
        "kf_account": delivery.kf_account,
        "text": delivery.text,
        "body_base64": base64.b64encode(delivery.body).decode(),
    }
