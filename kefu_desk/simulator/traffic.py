"""What passed through the platform: deliveries, pushes to the shop's server, and the log of calls."""

from msgspec import Struct


class Delivery(Struct, frozen=True):
    """A message that reached a customer's phone through the API; `body` are the request bytes as received."""

    time: float
    openid: str
    msgtype: str
    kf_account: str
    text: str
    body: bytes


class Push(Struct, frozen=True):
    """Something the platform told the shop's own server: a message (`kind` text, image, …) or an event.

    `key` is the EventKey of an event, or the bizmsgmenuid of a text that came from a tapped item;
    `from_account` the agent who handed a session over to `kf_account`.
    """

    time: float
    openid: str
    kind: str
    text: str = ""
    kf_account: str = ""
    key: str = ""
    from_account: str = ""


class Call(Struct, frozen=True):
    """One request in the log. `errcode` is what the rules decided, `outcome` what the caller got to see."""

    time: float
    method: str
    path: str
    errcode: int | None
    outcome: str
