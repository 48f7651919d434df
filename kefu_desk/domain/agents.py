"""Agent accounts and their presence, as WeChat reports them."""

from enum import StrEnum

from msgspec import Struct

from kefu_desk.domain.ids import AgentId


class Role(StrEnum):
    """Whose conversations a desk keeps: those its agent took part in, or all of the account."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"


class Presence(StrEnum):
    """Whether WeChat will let an agent accept; no API can change it (API reference 2.2)."""

    UNKNOWN = "unknown"
    ONLINE = "online"
    OFFLINE = "offline"


class Binding(StrEnum):
    """How far an agent account has come to having a person behind it."""

    BOUND = "bound"
    INVITED = "invited"
    UNBOUND = "unbound"


class AgentAccount(Struct, frozen=True):
    """An agent account of the Official Account; `invite_expires` in Unix seconds."""

    agent: AgentId
    nick: str
    number: str = ""
    wechat_id: str = ""
    invite_wechat_id: str = ""
    invite_status: str = ""
    invite_expires: int = 0
    avatar_url: str = ""

    def binding(self, now: float) -> Binding:
        """What the account needs before it can serve (API reference 2.1, derived state)."""
        if self.wechat_id:
            return Binding.BOUND
        if self.invite_status == "waiting" and self.invite_expires > now:
            return Binding.INVITED
        return Binding.UNBOUND


class OnlineAgent(Struct, frozen=True):
    """An agent who is logged in to WeChat's own client; any `status` but 0 counts as online."""

    agent: AgentId
    status: int
    accepted_cases: int
