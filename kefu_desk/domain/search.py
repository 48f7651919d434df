"""What is looked for in the archive, and what counts as found."""

import unicodedata

from msgspec import Struct

from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.messages import RecordKey

HITS = 50


class Search(Struct, frozen=True):
    """One question to the archive; every condition narrows it, the newest `limit` records answer it.

    `start` and `end` are Unix seconds, both included. `before` is the oldest record that was already shown.
    """

    words: str
    openid: OpenId | None = None
    agent: AgentId | None = None
    start: int | None = None
    end: int | None = None
    limit: int = HITS
    before: RecordKey | None = None


def folded(words: str) -> str:
    """The form in which texts are compared: width and case do not count, a run of blanks is one blank."""
    if words.isascii():
        return " ".join(words.lower().split())
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", words).casefold()).split())
