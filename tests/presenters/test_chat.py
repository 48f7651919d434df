import pytest

from kefu_desk.domain import facts as f
from kefu_desk.domain.agents import AgentAccount
from kefu_desk.domain.digest import Digest
from kefu_desk.domain.messages import Record, record_key
from kefu_desk.domain.outbox import OutboxItem, SendState
from kefu_desk.domain.state import DeskState
from kefu_desk.domain.text import text, verbatim
from kefu_desk.presenters.chat import WINDOW_ROWS, ChatPresenter
from kefu_desk.presenters.timeline import ChatView, RowKind, Side, TimelineRow
from kefu_desk.presenters.tone import Tone
from tests.domain.values import (
    ANNA,
    BEN,
    COLLEAGUE,
    ME,
    NOON,
    after,
    answered,
    failed,
    loaded,
    said,
    send,
    serving,
    told,
)

OPENED = f.DeskOpened("鹿野", ME, False, f.Vault.NONE, NOON)
ACCOUNTS = f.AccountsObserved((AgentAccount(ME, "小陈"), AgentAccount(COLLEAGUE, "小王")))
MIDNIGHT = NOON + 12 * 3600
S = SendState


def talk(*records: Record, items: tuple[OutboxItem, ...] = ()) -> DeskState:
    """Anna's conversation on screen, in a session."""
    return after(
        OPENED, ACCOUNTS, serving(ANNA), f.ConversationOpened(ANNA), loaded(ANNA, *records, items=items)
    )


def view(state: DeskState, now: float = NOON) -> ChatView:
    return ChatPresenter().present(state, now)


def bubbles(state: DeskState, now: float = NOON) -> list[TimelineRow]:
    return [r for r in view(state, now).rows if r.kind in (RowKind.BUBBLE, RowKind.CARD)]


def test_no_conversation_no_header() -> None:
    shown = view(after(OPENED))
    assert (shown.header, shown.rows, shown.conversation) == (None, (), "")


def test_sides_and_speakers() -> None:
    state = talk(said(ANNA, "在吗"), answered(ANNA, "在"), answered(ANNA, "我来", worker=COLLEAGUE))
    rows = bubbles(state)
    assert [(r.side, r.body, r.meta) for r in rows] == [
        (Side.IN, "在吗", "12:00"),
        (Side.OUT, "在", "12:00"),
        (Side.PEER, "我来", "12:00"),
    ]
    assert [r.above for r in rows] == [None, None, text("chat.peer", agent="小王", time="12:00")]
    assert [r.sentence[0] for r in rows] == [text("chat.customer"), text("chat.me"), verbatim("小王")]
    assert rows[0].stamp == "2026-09-22 12:00:00"
    unknown = bubbles(talk(answered(ANNA, worker="kf9@x")))[0]
    assert unknown.above == text("chat.peer", agent="kf9@x", time="12:00")


@pytest.mark.parametrize(("gap", "joined"), [(0, True), (179, True), (180, False)])
def test_one_speaker_within_three_minutes_is_a_group(gap: int, joined: bool) -> None:
    one, two = bubbles(talk(said(ANNA, "一"), said(ANNA, "二", NOON + gap)), NOON + gap)
    assert (one.first, one.last, two.first, two.last) == (True, not joined, not joined, True)


def test_groups_end_with_the_speaker() -> None:
    rows = bubbles(
        talk(
            said(ANNA, "一"),
            said(ANNA, "二"),
            answered(ANNA, "三"),
            answered(ANNA, "四", worker=COLLEAGUE),
            answered(ANNA, "五", worker="kf3@luye"),
        )
    )
    marks = [(r.first, r.last) for r in rows]
    assert marks == [(True, False), (False, True), (True, True), (True, True), (True, True)]


def test_a_note_of_the_system_ends_a_group() -> None:
    state = talk(answered(ANNA, "一"), Record(ANNA, ME, 1004, "", NOON + 1), answered(ANNA, "二", NOON + 2))
    rows = view(state).rows[1:]
    assert [(r.kind, r.first, r.last) for r in rows] == [
        (RowKind.BUBBLE, True, True),
        (RowKind.NOTE, True, True),
        (RowKind.BUBBLE, True, True),
    ]
    assert rows[1].words == text("record.system", code=1004)


def test_days_change_at_midnight_in_shanghai() -> None:
    times = (NOON - 30 * 3600, NOON, MIDNIGHT - 1, MIDNIGHT)
    state = talk(*(said(ANNA, str(n), t) for n, t in enumerate(times)))
    days = [r.words for r in view(state, MIDNIGHT).rows if r.kind is RowKind.DAY]
    older = text("day.date", year=2026, month=9, day=21, weekday=text("weekday.1"))
    assert days == [older, text("day.yesterday"), text("day.today")]
    assert [r.kind for r in view(state, MIDNIGHT).rows].index(RowKind.DAY) == 0
    keys = [r.key for r in view(state, MIDNIGHT).rows]
    assert len(set(keys)) == len(keys)


def test_the_same_rows_say_yesterday_after_midnight() -> None:
    presenter, state = ChatPresenter(), talk(said(ANNA))
    evening = presenter.present(state, MIDNIGHT - 1)
    assert evening.rows[0].words == text("day.today")
    assert presenter.present(state, MIDNIGHT - 0.5).rows is evening.rows
    assert presenter.present(state, MIDNIGHT).rows[0].words == text("day.yesterday")


def test_rows_are_made_anew_only_when_they_changed() -> None:
    presenter, state = ChatPresenter(), talk(said(ANNA))
    rows = presenter.present(state, NOON).rows
    assert presenter.present(after(f.CallsCounted(7), told(said(BEN)), state=state), NOON + 1).rows is rows
    assert presenter.present(after(told(said(ANNA, "二")), state=state), NOON).rows is not rows
    again = presenter.present(after(f.ClockCompared(60.0), state=state), NOON).rows
    assert again is not rows
    other = presenter.present(after(f.ConversationOpened(BEN), state=state), NOON)
    assert (other.rows, other.loading) == ((), True)


def test_the_new_bar_stands_over_the_first_unread_and_stays_there() -> None:
    one, two, three = (said(ANNA, w, NOON + n) for n, w in enumerate("一二三"))
    state = after(OPENED, serving(ANNA), told(one), f.CustomerSeen(ANNA), told(two, three))
    state = after(f.ConversationOpened(ANNA), loaded(ANNA, one, two, three), state=state)
    for _ in range(2):
        rows = view(state, NOON + 9).rows
        place = [r.kind for r in rows].index(RowKind.NEW)
        assert rows[place + 1].body == "二"
        assert rows[place].words == text("chat.new")
        assert (rows[place - 1].last, rows[place + 1].first) == (True, True)
        state = after(f.CustomerSeen(ANNA), told(said(ANNA, "四", NOON + 5)), state=state)


def test_without_unread_messages_there_is_no_bar() -> None:
    assert RowKind.NEW not in {r.kind for r in view(talk(said(ANNA))).rows}
    more = after(told(said(ANNA, "二", NOON + 1)), state=talk(said(ANNA)))
    assert RowKind.NEW not in {r.kind for r in view(more).rows}


@pytest.mark.parametrize(
    ("words", "icon", "kind"),
    [("[image]", "image", "image"), ("[voice]", "mic", "voice"), ("[video]", "video", "video")],
)
def test_media_are_cards(words: str, icon: str, kind: str) -> None:
    theirs, mine = bubbles(talk(said(ANNA, words), answered(ANNA, words)))
    assert (theirs.kind, theirs.icon, theirs.body) == (RowKind.CARD, icon, "")
    assert (theirs.words, theirs.more) == (text(f"chat.card.{kind}"), text("chat.card.more"))
    assert (mine.words, mine.more) == (text(f"media.{kind}"), None)
    assert theirs.sentence[-1] == theirs.words


def test_a_failed_send_says_why() -> None:
    (row,) = bubbles(talk(items=(send(1, state=S.FAILED, failure=failed()),)))
    assert row.state == text("send.state.failed", reason=text("failure.offline"))


def test_what_was_cancelled_or_answered_for_after_a_refusal_is_gone() -> None:
    items = (
        send(1, state=S.CANCELLED),
        send(2, state=S.RESOLVED, failure=failed()),
    )
    assert bubbles(talk(items=items)) == []


def test_an_explained_send_is_shown_once() -> None:
    record = answered(ANNA, "好", NOON + 1)
    state = talk(said(ANNA), record, items=(send(1, state=S.SENT, words="好"),))
    assert [r.body for r in bubbles(state)] == ["在吗", "好", "好"]
    sent = send(1, state=S.SENT, words="好", evidence=True)
    state = after(f.EvidenceFound(sent, record_key(record)), state=state)
    assert [(r.body, r.key) for r in bubbles(state)][1:] == [("好", "o1")]


def test_sends_and_records_are_sorted_on_wechats_clock() -> None:
    item = send(1, words="二", created=NOON)
    state = talk(said(ANNA, "一", NOON + 60), said(ANNA, "三", NOON + 120), items=(item,))
    assert [r.body for r in bubbles(state)] == ["二", "一", "三"]
    state = after(f.ClockCompared(90.0), state=state)
    rows = bubbles(state)
    assert [r.body for r in rows] == ["一", "二", "三"]
    assert rows[1].meta == "12:01"


def test_sends_that_are_not_settled_each_show_their_state() -> None:
    items = tuple(send(n, state=s) for n, s in enumerate((S.SENT, S.SENT, S.UNKNOWN, S.QUEUED), 1))
    rows = bubbles(talk(items=items))
    assert [(r.first, r.last) for r in rows] == [(True, False), (False, False), (False, True), (True, True)]


def test_only_the_newest_rows_are_shown() -> None:
    state = talk(*(said(ANNA, str(n), NOON + n) for n in range(WINDOW_ROWS + 20)))
    rows = bubbles(state, NOON + 999)
    assert (len(rows), rows[0].body, rows[-1].body) == (WINDOW_ROWS, "20", str(WINDOW_ROWS + 19))


def test_loading_and_empty() -> None:
    opened = after(OPENED, serving(ANNA), f.ConversationOpened(ANNA))
    assert (view(opened).loading, view(opened).empty) == (True, None)
    assert view(talk()).empty == text("chat.empty.session")
    past = after(OPENED, serving(), f.ConversationOpened(ANNA), loaded(ANNA))
    assert view(past).empty == text("chat.empty.past")
    assert view(talk(said(ANNA))).empty is None
    assert view(opened).conversation == f"{ANNA}#1"


def test_the_header_tells_session_and_window() -> None:
    digest = Digest(said(ANNA), NOON, visits=1, agent_sends=1)
    state = after(f.DigestsLoaded(((ANNA, digest),)), state=talk(said(ANNA)))
    header = view(state, NOON + 26 * 60).header
    assert header is not None
    assert (header.key, header.clock, header.clock_tone) == (ANNA, "26:00", Tone.SOON)
    assert header.window == text("window.left", hours=47, minutes=34)
    assert (header.dots, header.sends, header.ring_tone) == (4, text("sends.short", 4), Tone.GOOD)
    assert (header.can_close, header.closing, header.in_session) == (True, False, True)
    assert header.tail == f"{ANNA[:4]}…{ANNA[-4:]}"
    closing = view(after(f.CloseStarted(ANNA), state=state), NOON).header
    assert closing is not None
    assert (closing.can_close, closing.closing, closing.clock_tone) == (False, True, Tone.MUTED)
    over = view(state, NOON + 48 * 3600).header
    assert over is not None
    assert (over.window, over.dots, over.sends) == (text("window.over"), None, None)


def test_the_header_of_a_past_conversation_has_nothing_to_close() -> None:
    header = view(after(OPENED, serving(), f.ConversationOpened(ANNA), loaded(ANNA)), NOON).header
    assert header is not None
    assert (header.can_close, header.in_session, header.clock, header.window) == (False, False, "", None)
