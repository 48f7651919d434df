"""kill -9 at each named point of one send; what is on disk and what comes of it (reliability 1.8)."""

from typing import NamedTuple

import pytest

from tests.kill.conftest import MakeShop
from tests.kill.driver import LATER, Shop, on_disk


class Point(NamedTuple):
    """A point, what it leaves of the second reply, and how that reply ends."""

    id: str
    at: str
    left: str
    end: str
    hold: float = 0.0


DRAFT, HELD, QUEUED, SENDING, SENT = "draft", "held", "queued", "sending", "sent"
SENT_ONCE, BY_RECORD, ASK = "sent by the reply", "sent by the record", "a question"
HOLD = 0.1

POINTS = (
    Point("K0-before", "before enqueue", DRAFT, DRAFT),
    Point("K0-commit", "commit enqueue", DRAFT, DRAFT),
    Point("K0-held", "commit enqueue", DRAFT, DRAFT, HOLD),
    Point("K1-queued", "after enqueue", QUEUED, SENT_ONCE),
    Point("K1-held", "after enqueue", HELD, SENT_ONCE, HOLD),
    Point("K1-releasing", "commit move queued", HELD, SENT_ONCE, HOLD),
    Point("K1-released", "after move queued", QUEUED, SENT_ONCE, HOLD),
    Point("K1-starting", "commit move sending", QUEUED, SENT_ONCE),
    Point("K2", "after move sending", SENDING, ASK),
    Point("K2-held", "after move sending", SENDING, ASK, HOLD),
    Point("K3-dropped", "server dropped", SENDING, ASK),
    Point("K3-acted", "server seen", SENDING, BY_RECORD),
    Point("K3-held", "server seen", SENDING, BY_RECORD, HOLD),
    Point("K4", "server acted", SENDING, BY_RECORD),
    Point("K4-half", "server half", SENDING, BY_RECORD),
    Point("K4-held", "server acted", SENDING, BY_RECORD, HOLD),
    Point("K5", "after send_text", SENDING, BY_RECORD),
    Point("K5-commit", "commit move sent", SENDING, BY_RECORD),
    Point("K5-held", "commit move sent", SENDING, BY_RECORD, HOLD),
    Point("K6", "after move sent", SENT, SENT_ONCE),
    Point("K6-held", "after move sent", SENT, SENT_ONCE, HOLD),
)
FIRST, SECOND, THIRD = "第一句", "第二句", "第三句"


def dies(shop: Shop, openid: str, point: Point) -> None:
    """A reply arrives; with the second one the desk is killed."""
    with shop.desk(point.at, 2) as running:
        running.ready()
        shop.sends(running, openid, FIRST)
        running.comes_to(FIRST, SENT)
        running.order("draft", openid=openid, text=SECOND)
        running.until(lambda: running.said("kept"), "draft")
        shop.sends(running, openid, SECOND)


@pytest.mark.parametrize("point", POINTS, ids=[p.id for p in POINTS])
def test_f_s01_killed_at_a_named_point(shop: MakeShop, point: Point) -> None:
    opened = shop(point.hold)
    openid = opened.town.served()
    dies(opened, openid, point)
    disk = on_disk(opened.folder)
    told = (openid, SECOND) in opened.person.told
    if point.left == DRAFT:
        assert (disk.states(SECOND), disk.drafts, told) == ([], {openid: SECOND}, False)
    else:
        assert (disk.states(SECOND), disk.drafts) == ([point.left], {})
    opened.town.ahead += LATER
    with opened.desk() as running:
        running.ready()
        after = running.row(SECOND)
        if point.left == SENDING:
            assert after is not None
            assert running.facts("OutboxRecovered")[0]["items"][-1]["state"] in ("unknown", SENT)
        if point.end == DRAFT:
            assert running.facts("DraftsLoaded")[0]["drafts"] == [[openid, SECOND]]
            assert after is None
        elif point.end == ASK:
            running.comes_to(SECOND, "unknown", asked=True)
            assert [look["found"] for look in running.facts("LookedUp")] == [1]  # the first reply
        elif point.left != SENT:
            running.comes_to(SECOND, SENT)
        opened.sends(running, openid, THIRD)
        running.until(lambda: running.row(THIRD), "the third")
        if point.end == ASK:
            assert running.row(THIRD)["state"] in (HELD, QUEUED)
            opened.answers(running, SECOND, "again")
        running.comes_to(THIRD, SENT)
    disk = opened.settles()
    received = [FIRST, THIRD] if point.end == DRAFT else [FIRST, SECOND, THIRD]
    if point.end == ASK:
        assert [r["state"] for r in disk.rows] == [SENT, "resolved", SENT, SENT]
        assert disk.rows[3]["parent"] == 2
        received = [FIRST, THIRD, SECOND]  # a person let the third go, and the second again
    assert opened.town.received(openid) == received
    proofs = {row["text"]: row["proof"] for row in disk.rows}
    if point.end in (SENT_ONCE, BY_RECORD):
        assert proofs[SECOND] == ("record" if point.end == BY_RECORD else "reply")
