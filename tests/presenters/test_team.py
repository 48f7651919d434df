from kefu_desk.domain import facts as f
from kefu_desk.domain.agents import AgentAccount, OnlineAgent
from kefu_desk.domain.ids import AgentId
from kefu_desk.domain.state import DeskState
from kefu_desk.domain.text import Text, text, verbatim
from kefu_desk.presenters.queue import present_queue
from kefu_desk.presenters.team import present_team
from kefu_desk.presenters.tone import Tone
from tests.domain.values import ANNA, BEN, COLLEAGUE, ME, NOON, after, serving, told, waiting

OPENED = f.DeskOpened("鹿野", ME, False, f.Vault.NONE, NOON)
GUEST, LEE, ZHAO = AgentId("kf2009@luye"), AgentId("kf2003@luye"), AgentId("kf2004@luye")
ACCOUNTS = f.AccountsObserved(
    (
        AgentAccount(ZHAO, "赵敏", wechat_id="wx4"),
        AgentAccount(LEE, "小李", invite_status="waiting", invite_expires=NOON + 60),
        AgentAccount(ME, "小陈", wechat_id="wx1"),
        AgentAccount(COLLEAGUE, "", wechat_id=""),
    )
)
ONLINE = f.AgentsObserved(
    (OnlineAgent(ME, 1, 3), OnlineAgent(GUEST, 2, 1), OnlineAgent(COLLEAGUE, 0, 9)), NOON, 9.0
)


def figures(state: DeskState, now: float = NOON) -> dict[str, tuple[str, Tone]]:
    return {figure.key: (figure.value, figure.tone) for figure in present_team(state, now).figures}


def test_figures_are_dashes_until_something_is_known() -> None:
    plain = ("–", Tone.PLAIN)
    assert figures(after(OPENED)) == dict.fromkeys(("queue", "longest", "online", "cases"), plain)
    assert not present_team(after(OPENED), NOON).known


def test_figures_count_who_waits_and_who_is_there() -> None:
    state = after(OPENED, ACCOUNTS, ONLINE, waiting(at=NOON - 3), waiting(ANNA, BEN, count=7))
    assert figures(state, NOON + 200) == {
        "queue": ("7", Tone.LATE),
        "longest": ("3:20", Tone.LATE),
        "online": ("2/5", Tone.PLAIN),
        "cases": ("4", Tone.PLAIN),
    }
    assert figures(state, NOON + 60)["queue"] == ("7", Tone.SOON)
    calm = figures(after(OPENED, ACCOUNTS, ONLINE, waiting()))
    assert (calm["queue"], calm["longest"]) == (("0", Tone.PLAIN), ("–", Tone.PLAIN))


def test_nobody_online_while_customers_wait_is_red() -> None:
    nobody = f.AgentsObserved((OnlineAgent(COLLEAGUE, 0, 0),), NOON, 9.0)
    assert figures(after(OPENED, ACCOUNTS, nobody, waiting(ANNA)))["online"] == ("0/4", Tone.LATE)
    assert figures(after(OPENED, ACCOUNTS, nobody, waiting()))["online"] == ("0/4", Tone.PLAIN)
    assert figures(after(OPENED, waiting(ANNA)))["online"] == ("–", Tone.PLAIN)


def test_agents_who_are_online_come_first_even_without_an_account_entry() -> None:
    rows = present_team(after(OPENED, ACCOUNTS, ONLINE), NOON).agents
    assert [(r.name, r.glyph, r.cases, r.mine) for r in rows] == [
        ("小陈", "陈", "3", True),
        (GUEST, "k", "1", False),
        ("赵敏", "赵", "–", False),
        ("小李", "李", "–", False),
        (COLLEAGUE, "k", "–", False),
    ]
    online, offline = text("presence.online"), text("presence.offline")
    assert [r.presence for r in rows] == [online, online, offline, offline, offline]
    assert [r.presence_tone for r in rows] == [Tone.GOOD] * 2 + [Tone.MUTED] * 3
    assert [r.binding.key for r in rows] == [
        "binding.bound",
        "binding.bound",
        "binding.bound",
        "binding.invited",
        "binding.unbound",
    ]


def test_a_row_is_said_in_one_sentence() -> None:
    row = present_team(after(OPENED, ACCOUNTS, ONLINE), NOON).agents[0]
    wanted: tuple[Text, ...] = (
        verbatim("小陈"),
        text("presence.online"),
        text("team.sentence.cases", cases="3"),
        text("binding.bound"),
    )
    assert row.sentence == wanted
    assert (row.key, row.account) == (ME, ME)


def test_the_queue_of_the_page_is_the_agents_queue() -> None:
    state = after(OPENED, ONLINE, waiting(ANNA, BEN, count=101), serving(), told())
    team, queue = present_team(state, NOON + 5), present_queue(state, NOON + 5)
    assert (team.queue, team.count, team.unlisted) == (queue.rows, 101, queue.unlisted)
    assert (team.queue_known, team.known) == (True, True)
    assert (team.age, team.age_tone) == (text("fresh.ago", 5), Tone.GOOD)
