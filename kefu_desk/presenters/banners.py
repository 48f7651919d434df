"""The lines over the messages that say what is wrong and what to do."""

from kefu_desk.domain.agents import Presence
from kefu_desk.domain.facts import Feed, Vault
from kefu_desk.domain.failure import Action, Category, Failure
from kefu_desk.domain.guard import Guard
from kefu_desk.domain.outbox import WAITING, SendState
from kefu_desk.domain.state import DeskState
from kefu_desk.domain.text import NOTHING, Text, text, verbatim
from kefu_desk.presenters.sessions import guard
from kefu_desk.presenters.timeline import Banner, RowAction
from kefu_desk.presenters.tone import Tone
from kefu_desk.presenters.words import clock, duration, span

SHOWN = 2
DISCONNECTED = frozenset({Category.NETWORK, Category.TIMEOUT})
STOPPING = frozenset(
    {
        Category.IP_REFUSED,
        Category.CREDENTIALS,
        Category.RISK,
        Category.FORBIDDEN,
        Category.QUOTA,
        Category.TOKEN,
        Category.UNTRUSTED,
        Category.PORTAL,
    }
)
RETRY = RowAction("retry", text("action.retry"))
OPEN_MPKF = RowAction("open_mpkf", text("action.open_mpkf"))
COPY_DETAILS = RowAction("copy_details", text("action.copy_details"))
COPY_IP = RowAction("copy_ip", text("action.copy_ip"))
REENTER = RowAction("reenter_secret", text("action.reenter_secret"))
COPY_WAITING = RowAction("copy_waiting", text("action.copy_waiting"))
REOPEN = RowAction("reopen", text("action.reopen"))
CLOCK_OFF_SECONDS = 120


def worst_failure(state: DeskState) -> tuple[Feed, Failure] | None:
    """The failure that explains most: one that needs a person before one that may pass."""
    failing = [(feed, health.failure) for feed, health in state.link.feeds if health.failure is not None]
    if not failing:
        return None
    return min(failing, key=lambda pair: 0 if pair[1].category in STOPPING else 1)


def present_banners(state: DeskState, now: float) -> tuple[Banner, ...]:
    """At most two banners, the most urgent first."""
    found = [
        _storage(state),
        _link(state, now),
        _paused(state, now),
        _presence(state),
        _session(state, now),
        _clock(state),
        _vault(state),
    ]
    shown = [banner for banner in found if banner is not None]
    return tuple(sorted(shown, key=lambda banner: banner.tone is not Tone.LATE)[:SHOWN])


def _link(state: DeskState, _now: float) -> Banner | None:
    worst = worst_failure(state)
    if worst is None:
        return None
    failure = worst[1]
    if failure.category is Category.STORAGE and state.storage is not None:
        return None
    detail = verbatim(failure.detail) if failure.detail else None
    words = failure.text
    if failure.category is Category.QUOTA:
        words = _quota_words(state, worst[0], failure)
    if failure.category in STOPPING:
        actions = _actions(failure)
        return Banner("stopped", Tone.LATE, "circle-alert", words, actions, detail)
    if failure.category in DISCONNECTED:
        words = _offline_words(state)
    return Banner("link", Tone.SOON, "wifi-off", words, (RETRY, COPY_DETAILS), detail or failure.text)


def _paused(state: DeskState, now: float) -> Banner | None:
    """Why no send leaves, until when, and how many wait for that (reliability 1.6)."""
    pause = state.pause
    if pause is None or pause.until <= now:
        return None
    quota = pause.failure.category is Category.QUOTA
    left = verbatim(duration(pause.until - now))
    waiting = sum(1 for item in state.outbox if item.state in WAITING)
    worst = worst_failure(state)
    known = worst is not None and worst[1].category is pause.failure.category  # told by the line above
    words = (
        text("banner.paused.known", time=left)
        if known
        else text("banner.paused", reason=pause.failure.text, time=left)
    )
    if waiting:
        words = text("banner.paused.waiting", waiting, above=words)
    tone = Tone.SOON if pause.failure.category is Category.RATE else Tone.LATE
    actions = (COPY_WAITING,) if quota else (RETRY, COPY_WAITING)
    detail = verbatim(pause.failure.detail) if pause.failure.detail else None
    return Banner("paused", tone, "pause", words, actions if waiting else actions[:-1], detail)


def _storage(state: DeskState) -> Banner | None:
    failure = state.storage
    if failure is None:
        return None
    words = failure.text
    if failure.text.key == "failure.storage.full":
        words = text("banner.disk_full")
    elif failure.text.key == "failure.storage.newer":
        words = text("banner.read_only")
    return Banner(
        "storage",
        Tone.LATE,
        "circle-alert",
        words,
        (COPY_DETAILS,),
        verbatim(failure.detail or failure.subject),
    )


def _actions(failure: Failure) -> tuple[RowAction, ...]:
    if failure.category is Category.QUOTA:  # asking again would be refused
        return (COPY_DETAILS,)
    if failure.action is Action.COPY_IP and failure.subject:
        return (COPY_IP, RETRY)
    if failure.action is Action.REENTER_SECRET:
        return (REENTER, COPY_DETAILS)
    return (RETRY, COPY_DETAILS)


def _quota_words(state: DeskState, feed: Feed, failure: Failure) -> Text:
    """Which part comes late, and until when; the others go on."""
    until = state.link.health(feed).retry_at
    if until is None:
        return failure.text
    return text("banner.quota", reason=failure.text, feed=text(f"feed.{feed.value}"), time=clock(until))


def _offline_words(state: DeskState) -> Text:
    times = [health.last_success for _, health in state.link.feeds if health.last_success is not None]
    waiting = sum(1 for item in state.outbox if item.state is SendState.QUEUED)
    held = text("banner.outbox", waiting) if waiting else NOTHING
    if not times:
        return text("banner.offline.never", outbox=held)
    return text("banner.offline", time=clock(min(times)), outbox=held)


def _presence(state: DeskState) -> Banner | None:
    if state.agents.presence is not Presence.OFFLINE:
        return None
    return Banner("presence", Tone.LATE, "plug", text("banner.presence"), (OPEN_MPKF,))


def _session(state: DeskState, now: float) -> Banner | None:
    """A session that is over, or whose half hour is: what the customer writes next would not come here."""
    talk = state.conversation
    if talk is None or not state.sessions.known:
        return None
    session = next((s for s in state.sessions.items if s.openid == talk.openid), None)
    key, words = "ended", text("banner.ended")
    if session is not None:
        server = now + (state.link.clock_offset or 0.0)
        if guard(state, session, server) is not Guard.LAPSED:
            return None
        key, words = "lapsed", text("banner.lapsed")
    if state.agents.presence is Presence.OFFLINE:  # WeChat would refuse it, so the words say what to do
        return Banner(key, Tone.SOON, "clock", text("banner.reopen_offline", reason=words), (OPEN_MPKF,))
    return Banner(key, Tone.SOON, "info" if key == "ended" else "clock", words, (REOPEN,))


def _clock(state: DeskState) -> Banner | None:
    offset = state.link.clock_offset
    if offset is None or abs(offset) <= CLOCK_OFF_SECONDS:
        return None
    words = text("banner.clock.behind" if offset > 0 else "banner.clock.ahead", span=span(abs(offset)))
    return Banner("clock", Tone.SOON, "clock", words, (), text("banner.clock.hint"))


def _vault(state: DeskState) -> Banner | None:
    if state.identity.vault is not Vault.MEMORY or state.identity.simulated:
        return None
    return Banner("vault", Tone.SOON, "key-round", text("banner.vault"))
