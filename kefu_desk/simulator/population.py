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
    """The Official Account.

    `ip_list` None means every address may ask for a token, `linked_apps` None that every mini program is
    linked. `workers_elsewhere` counts by WeChat id the agents somebody is at other accounts. A `punishment`
    is the errcode with which every custom message is refused, a `risk` the one that a right secret gets
    instead of a token, such as 89503. Lapses and lives in seconds.
    """

    appid: str
    secret: str = field(repr=False)
    gh_id: str
    wechat_id: str
    name: str
    kefu_enabled: bool = True
    https_only: bool = False
    ip_list: frozenset[str] | None = None
    verified: bool = True
    linked_apps: frozenset[str] | None = None
    workers_elsewhere: Mapping[str, int] = field(default_factory=dict)
    punishment: int = 0
    risk: int = 0
    session_lapse: float = 1800.0
    invitation_life: float = 86400.0


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
    """One follower, with the permission to be answered that the last actions granted.

    `sends_left` and `window_ends` are one window for all actions, `buckets` the same as a window for each
    (sends left, end); the switch `window` says which of the two counts. `refusal` is the errcode that every
    message to this customer gets, such as 48002.
    """

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
    unionid: str = ""
    tags: list[int] = []
    subscribe_scene: str = "ADD_SCENE_QR_CODE"
    qr_scene: int = 0
    qr_scene_str: str = ""
    refusal: int = 0
    buckets: dict[str, tuple[int, float]] = {}

    def grant(
        self,
        now: float,
        allowance: int = MESSAGE_ALLOWANCE,
        seconds: float = MESSAGE_WINDOW,
        *,
        action: str = "message",
    ) -> None:
        """Opens the reply window; allowances are not added up (API reference 9.2)."""
        self.buckets[action] = (allowance, now + seconds)
        left = self.sends_left if now < self.window_ends else 0
        self.sends_left = max(left, allowance)
        self.window_ends = max(self.window_ends, now + seconds)

    def allowed(self, now: float, *, separate: bool = False) -> int | None:
        """How many messages may still be sent; None when no window is open."""
        if separate:
            live = [left for left, ends in self.buckets.values() if now < ends]
            return sum(live) if live else None
        return self.sends_left if now < self.window_ends else None

    def spend(self, now: float) -> None:
        """One message was sent; of separate windows the one that ends first pays."""
        self.sends_left = max(0, self.sends_left - 1)
        live = [(ends, action) for action, (left, ends) in self.buckets.items() if left and now < ends]
        if live:
            ends, action = min(live)
            self.buckets[action] = (self.buckets[action][0] - 1, ends)

    def forget_windows(self) -> None:
        """Nothing may be sent any more, until the next action."""
        self.sends_left, self.window_ends = 0, 0.0
        self.buckets.clear()


class Session(Struct):
    """A customer served by an agent; times in Unix seconds. One that no longer `forwards` is only listed."""

    openid: str
    kf_account: str
    createtime: float
    last_activity: float
    forwards: bool = True
