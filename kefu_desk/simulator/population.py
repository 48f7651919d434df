"""Who lives in the simulated account: the account itself, its agents, its customers and their sessions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec import Struct

MESSAGE_ALLOWANCE = 5
MESSAGE_WINDOW = 48 * 3600.0
ACTION_ALLOWANCE = 3
ACTION_WINDOW = 60.0


@dataclass(slots=True)
class Account:
    """The Official Account. `ip_list` None means every address may ask for a token."""

    appid: str
    secret: str = field(repr=False)
    gh_id: str
    wechat_id: str
    name: str
    kefu_enabled: bool = True
    https_only: bool = False
    ip_list: frozenset[str] | None = None


class Invitation(Struct, frozen=True):
    """An open or answered invitation of a WeChat user; `expires` in Unix seconds."""

    wechat_id: str
    expires: float
    status: str = "waiting"


class Agent(Struct):
    """One kf account. It is bound when `wechat_id` is not empty."""

    kf_account: str
    nick: str
    kf_id: int
    avatar: str = ""
    wechat_id: str = ""
    online: bool = False
    invitation: Invitation | None = None

    def profile(self, now: float) -> Mapping[str, object]:
        """The entry of getkflist."""
        entry: dict[str, object] = {
            "kf_account": self.kf_account,
            "kf_nick": self.nick,
            "kf_id": self.kf_id,
            "kf_headimgurl": self.avatar,
        }
        if self.wechat_id:
            entry["kf_wx"] = self.wechat_id
        elif self.invitation is not None:
            status = self.invitation.status
            expired = status == "waiting" and now >= self.invitation.expires
            entry["invite_wx"] = self.invitation.wechat_id
            entry["invite_expire_time"] = int(self.invitation.expires)
            entry["invite_status"] = "expired" if expired else status
        return entry


class Customer(Struct):
    """One follower, with the permission to be answered that the last action granted."""

    openid: str
    remark: str = ""
    subscribed: bool = True
    subscribe_time: int = 0
    blacklisted: bool = False
    minor: bool = False
    sends_left: int = 0
    window_ends: float = 0.0
    last_interaction: float = float("-inf")
    typing_until: float = 0.0

    def grant(self, now: float, allowance: int = MESSAGE_ALLOWANCE, seconds: float = MESSAGE_WINDOW) -> None:
        """Opens the reply window; allowances are not added up (API reference 9.2)."""
        left = self.sends_left if now < self.window_ends else 0
        self.sends_left = max(left, allowance)
        self.window_ends = max(self.window_ends, now + seconds)


class Session(Struct):
    """A customer served by an agent; times in Unix seconds."""

    openid: str
    kf_account: str
    createtime: float
    last_activity: float
