"""What went wrong, said so that an agent knows what to do next."""

from enum import StrEnum

from msgspec import Struct

from kefu_desk.domain.text import Text


class Category(StrEnum):
    """Kinds of failure that need different words or different reactions."""

    NETWORK = "network"
    TIMEOUT = "timeout"
    UNTRUSTED = "untrusted"
    PORTAL = "portal"
    BAD_REPLY = "bad_reply"
    BUSY = "busy"
    TOKEN = "token"  # noqa: S105  a kind of failure, not a password
    CREDENTIALS = "credentials"
    IP_REFUSED = "ip_refused"
    RISK = "risk"
    FORBIDDEN = "forbidden"
    RATE = "rate"
    QUOTA = "quota"
    WINDOW_CLOSED = "window_closed"
    ALLOWANCE_USED = "allowance_used"
    UNREACHABLE = "unreachable"
    CUSTOMER = "customer"
    CONTENT = "content"
    TAKEN = "taken"
    AGENT_OFFLINE = "agent_offline"
    AGENT_UNBOUND = "agent_unbound"
    AGENT_UNKNOWN = "agent_unknown"
    NO_SESSION = "no_session"
    ACCOUNT_RULE = "account_rule"
    MEDIA = "media"
    REQUEST = "request"
    STORAGE = "storage"
    KEYRING = "keyring"
    INTERNAL = "internal"


class Effect(StrEnum):
    """Whether a refused or broken call may have done its work all the same (reliability 1.5)."""

    NONE = "none"
    MAYBE = "maybe"


class Action(StrEnum):
    """What a failure offers to do about it."""

    RETRY = "retry"
    COPY_IP = "copy_ip"
    REENTER_SECRET = "reenter_secret"  # noqa: S105  names a button
    OPEN_MPKF = "open_mpkf"
    COPY_DETAILS = "copy_details"


class Failure(Struct, frozen=True):
    """A refusal or a fault: words, WeChat's code and request id, and whether it may have had an effect.

    `detail` is for a tooltip and for support; it never holds a secret. `subject` is the value the words are
    about, such as the refused address.
    """

    category: Category
    text: Text
    effect: Effect = Effect.NONE
    code: int | None = None
    rid: str = ""
    detail: str = ""
    subject: str = ""
    action: Action | None = None


class DeskError(Exception):
    """An expected failure on its way to the nearest place that turns it into a fact."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(
            f"{failure.category.value} {failure.code if failure.code is not None else ''}".strip()
        )
        self.failure = failure
