"""What a scenario file says, as values: the account, its agents, who comes when, and what goes wrong when.

All times are seconds after the start; before it they are negative.
"""

from msgspec import Struct

from kefu_desk.simulator.cast import Persona, Reaction, Script, Span, Temper
from kefu_desk.simulator.colleagues import Manner
from kefu_desk.simulator.story import Flow


class Post(Struct, frozen=True):
    """An agent account; `breaks` are spans in which the agent is offline."""

    kf_account: str
    nick: str
    online: bool
    bound: bool
    breaks: tuple[Span, ...]


class Past(Struct, frozen=True):
    """A conversation of `ago` seconds before the start; a line is (whether the agent says it, its words)."""

    ago: float
    kf_account: str
    lines: tuple[tuple[bool, str], ...]


class Role(Struct, frozen=True):
    """A customer with a name; without `arrives` they come by the flow. `served_by` takes them at once."""

    persona: Persona
    openid: str
    arrives: tuple[float, ...]
    served_by: str
    history: tuple[Past, ...]


class Crowd(Struct, frozen=True):
    """Many customers without a name, each with one of the openings and one of the scripts.

    They arrive evenly within the span; without one they are those whom the flow draws from.
    """

    count: int
    arrives: Span | None
    temper: Temper
    openings: tuple[str, ...]
    scripts: tuple[Script, ...]
    thanks: str
    leaves: str
    served_by: str


class Trouble(Struct, frozen=True):
    """A switch that is moved for a while, for paths that contain `paths`."""

    begins: float
    ends: float
    switch: str
    value: str
    paths: str


class Playbook(Struct, frozen=True):
    """A whole scenario. `desk` is the agent of the person at the desk."""

    title: str
    account: str
    wechat_id: str
    appid: str
    desk: str
    posts: tuple[Post, ...]
    roles: tuple[Role, ...]
    crowds: tuple[Crowd, ...]
    reactions: tuple[Reaction, ...]
    flow: Flow | None
    manner: Manner
    troubles: tuple[Trouble, ...]
