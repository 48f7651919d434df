"""Whether and why a reply may be written."""

from msgspec import Struct

from kefu_desk.domain.allowance import window_of
from kefu_desk.domain.state import DeskState
from kefu_desk.domain.text import Text, text
from kefu_desk.presenters.chat import time_left
from kefu_desk.presenters.sessions import window_share, window_tone
from kefu_desk.presenters.tone import Tone


class ComposerView(Struct, frozen=True):
    """The reply box for one customer (`key`); `blocked` says why sending is not possible now.

    The text itself belongs to the widget; a `refusal` tells why the last text was not taken.
    """

    key: str = ""
    shown: bool = False
    grant: Text | None = None
    grant_tone: Tone = Tone.MUTED
    ring: float | None = None
    blocked: Text | None = None
    refusal: Text | None = None


def present_composer(state: DeskState, now: float) -> ComposerView:
    """The reply box of the open conversation."""
    talk = state.conversation
    if talk is None:
        return ComposerView()
    server = now + (state.link.clock_offset or 0.0)
    window = window_of(state, talk.openid)
    refusal = state.refusal[1].text if state.refusal is not None and state.refusal[0] == talk.openid else None
    grant, tone = text("composer.grant.unknown"), Tone.MUTED
    if window is not None and server >= window.until:
        grant, tone = text("composer.grant.closed"), Tone.LATE
    elif window is not None and window.left == 0:
        grant, tone = text("composer.grant.used"), Tone.LATE
    elif window is not None and window.left is None:
        grant = text("composer.grant.unlimited", time=time_left(window.until - server))
    elif window is not None:
        grant = text("composer.grant", window.left, time=time_left(window.until - server))
        tone = Tone.SOON if window.left == 1 or window_tone(window, server) is Tone.SOON else Tone.MUTED
    return ComposerView(
        key=talk.openid,
        shown=True,
        grant=grant,
        grant_tone=tone,
        ring=window_share(window, server),
        refusal=refusal,
    )
