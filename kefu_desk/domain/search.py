"""What is looked for in the archive, and what counts as found."""

import unicodedata

from msgspec import Struct

from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.messages import RecordKey

HITS = 50

CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " ")


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
    """The form in which texts are compared: a text is found when its form contains the form of the words.

    Case and width do not count; control characters are blanks; a run of blanks is one, at the ends none.
    """
    if words.isascii():
        plain = words.lower()
    else:
        wide = unicodedata.normalize("NFKC", words)
        plain = wide.casefold()
        if plain != wide:
            plain = unicodedata.normalize("NFKC", plain)
    if not plain.isprintable():
        plain = plain.translate(CONTROLS)
    return " ".join(plain.split())
