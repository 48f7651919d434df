"""What the archive can say about a customer in one line, for rows of the queue and of the sessions."""

from msgspec import Struct

from kefu_desk.domain.ids import AgentId
from kefu_desk.domain.messages import Record


class Digest(Struct, frozen=True):
    """One customer's traffic so far; times in Unix seconds, None when nothing was seen.

    `unanswered_since` is the first customer message after the last agent message. `agent_sends` counts agent
    messages since the customer's newest message. `visits` counts conversations more than 30 minutes apart.
    """

    last: Record | None = None
    last_customer_time: int | None = None
    unanswered_since: int | None = None
    unanswered_count: int = 0
    agent_sends: int = 0
    visits: int = 0
    last_agent: AgentId | None = None
    last_visit: int | None = None


EMPTY = Digest()
