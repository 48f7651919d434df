"""Whether and why a reply may be written."""

from msgspec import Struct

from kefu_desk.domain.allowance import refuse_send, window_of
from kefu_desk.domain.ids import OpenId
from kefu_desk.domain.outbox import OPEN, SendState
from kefu_desk.domain.state import DeskState
from kefu_desk.domain.text import Text, text
from kefu_desk.presenters.chat import time_left
from kefu_desk.presenters.sessions import window_share, window_tone
from kefu_desk.presenters.tone import Tone


class ComposerView(Struct, frozen=True):
    """The reply box for one customer (`key`); `blocked` says why a send would be in vain, so that it parks.

    The text itself belongs to the widget; a `refusal` tells why the last text was not taken. `overrule` says
    that `blocked` is only an estimate; `held` counts the sent lines that can still be taken back.
    """

    key: str = ""
    shown: bool = False
    grant: Text | None = None
    grant_tone: Tone = Tone.MUTED
    ring: float | None = None
    blocked: Text | None = None
    refusal: Text | None = None
    overrule: bool = False
    held: int = 0


def present_composer(state: DeskState, now: float) -> ComposerView:
    """The reply box of the open conversation."""
    talk = state.conversation
    if talk is None:
        return ComposerView()
    server = now + (state.link.clock_offset or 0.0)
    window = window_of(state, talk.openid)
    refusal = state.refusal[1].text if state.refusal is not None and state.refusal[0] == talk.openid else None
    held = [i for i in state.outbox if i.openid == talk.openid and i.state is SendState.HELD]
    vain = None if _joins(state, talk.openid) else refuse_send(state, talk.openid, now)
    grant, tone = text("composer.grant.unknown"), Tone.MUTED
    if vain is not None:
        grant, tone = vain.text, Tone.LATE
    elif window is not None and window.left is None:
        grant = text("composer.grant.unlimited", time=time_left(window.until - server))
    elif window is not None:
        grant = text("composer.grant", window.left, time=time_left(window.until - server))
    if vain is None and window is not None:
        scarce = window.left is not None and window.left <= 1
        tone = Tone.SOON if scarce or window_tone(window, server) is Tone.SOON else Tone.MUTED
    return ComposerView(
        key=talk.openid,
        shown=True,
        grant=grant,
        grant_tone=tone,
        ring=window_share(window, server, state.policy.rule),
        blocked=vain.text if vain is not None else None,
        refusal=refusal,
        overrule=vain is not None and window is not None and not window.refused,
        held=len(held),
    )


def _joins(state: DeskState, openid: OpenId) -> bool:
    """Whether the next line joins a held one and so costs no send of its own."""
    waiting = [i for i in state.outbox if i.openid == openid and i.state in OPEN]
    return bool(waiting) and waiting[-1].state is SendState.HELD and state.policy.hold > 0
