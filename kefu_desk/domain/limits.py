"""What WeChat allows: length of a text, and how often and how long a customer may be answered."""

from msgspec import Struct

from kefu_desk.domain.failure import Category, Failure
from kefu_desk.domain.text import text

TEXT_BYTES = 2048
REPLIES_PER_MESSAGE = 5
REPLY_SECONDS = 48 * 3600
SESSION_SECONDS = 30 * 60
SESSION_WARNING_SECONDS = 25 * 60
WAIT_SOON_SECONDS = 60
WAIT_LATE_SECONDS = 180
UNANSWERED_SOON_SECONDS = 100


class ReplyRule(Struct, frozen=True):
    """What one message of a customer allows: so many sends within so many seconds (API reference 9.1).

    `sends` is None where WeChat does not count. The rule has changed three times, so it can be set.
    """

    sends: int | None = REPLIES_PER_MESSAGE
    seconds: int = REPLY_SECONDS


class ReplyWindow(Struct, frozen=True):
    """What may still be sent to a customer: sends left and the Unix second it ends.

    An estimate, unless WeChat itself has refused (`refused`). `left` is None where WeChat does not count.
    """

    left: int | None
    until: int
    refused: bool = False

    def is_open(self, now: float) -> bool:
        """Whether a reply is still expected to be accepted."""
        return self.left != 0 and now < self.until


DEFAULT_RULE = ReplyRule()


def reply_window(
    last_customer_time: int | None,
    sends_since: int,
    rule: ReplyRule = DEFAULT_RULE,
    refused_at: float | None = None,
) -> ReplyWindow | None:
    """The window that the customer's newest message grants (API reference 9.1); None when none was seen.

    A refusal of WeChat that came after it counts more than any estimate.
    """
    if refused_at is not None and (last_customer_time is None or last_customer_time <= refused_at):
        return ReplyWindow(0, int(refused_at), refused=True)
    if last_customer_time is None:
        return None
    left = None if rule.sends is None else max(0, rule.sends - sends_since)
    return ReplyWindow(left, last_customer_time + rule.seconds)


def size(words: str) -> int:
    """Bytes of a text on the wire; a lone surrogate counts as its replacement character."""
    return len(words.encode("utf-8", "surrogatepass"))


def repaired(words: str) -> str:
    """The text with lone surrogates replaced, joined pairs kept, and line ends made uniform.

    Windows clipboards hold lone halves of emoji; they cannot be encoded and would break the request.
    """
    joined = words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined.replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n").replace("\u2028", "\n")


def refuse_text(words: str) -> Failure | None:
    """Why a text may not be sent, or None."""
    if not words.strip():
        return Failure(Category.CONTENT, text("send.refused.empty"))
    if size(words) > TEXT_BYTES:
        over = size(words) - TEXT_BYTES
        return Failure(Category.CONTENT, text("send.refused.long", over=over, limit=TEXT_BYTES))
    return None
