"""Scenario files on the stage: people come, talk, give up and are served as written; troubles come and go."""

import json
from pathlib import Path

import pytest

from kefu_desk.simulator.records import AGENT_RECEIVED, AGENT_SENT
from kefu_desk.simulator.scenario import Opened, written
from kefu_desk.simulator.world import World
from tests.simulator.test_story import told

START = 1_790_000_000.0
DESK = "kf2001@luye"
SHIPPED = Path(__file__).parents[2] / "resources" / "scenarios"

HEAD = """title = "试一试"
[account]
name = "鹿野生活馆"
wechat_id = "luye"
[[agents]]
account = "kf2001"
nick = "小陈"
"""


def opened(more: str, seed: int = 1) -> World:
    return written("mine.toml", HEAD + more, seed=seed, now=START).world


def shipped(name: str, seed: int = 1) -> Opened:
    text = (SHIPPED / f"{name}.toml").read_text(encoding="utf-8")
    return written(f"{name}.toml", text, seed=seed, now=START)


def said(world: World, openid: str) -> list[str]:
    return [r.text for r in world.records.all if r.openid == openid and r.opercode == AGENT_RECEIVED]


GUEST = """
[[customers]]
name = "林姐"
openid = "oLuyeAAAAAAAAAAAAAAAAAAAAAAA"
arrives = ["1m", "2h"]
opening = "你好"
says = ["第一句", ["第二句", "第三句"]]
later_visits = [["又来了"]]
thanks = "谢谢"
"""
LIN = "oLuyeAAAAAAAAAAAAAAAAAAAAAAA"


def talk(world: World, minutes: float) -> None:
    """The agent answers every twenty seconds."""
    end = world.now + minutes * 60
    while world.now < end:
        world.advance(world.now + 20)
        for openid in list(world.sessions):
            world.agent_says(openid, "嗯")


def test_a_customer_comes_talks_thanks_and_comes_again() -> None:
    world = opened(GUEST)
    world.advance(START + 59)
    assert len(world.waiting) == 0
    world.advance(START + 60)
    assert [w.openid for w in world.waiting] == [LIN]
    assert world.customers[LIN].remark == "林姐"
    world.open_session(LIN, DESK)
    talk(world, 4)
    assert said(world, LIN) == ["第一句", "第二句", "第三句", "谢谢"]
    world.close_session(LIN)
    world.advance(START + 7199)
    assert len(world.waiting) == 0
    world.advance(START + 7200)
    assert [w.openid for w in world.waiting] == [LIN]
    world.open_session(LIN, DESK)
    talk(world, 2)
    assert said(world, LIN)[4:] == ["又来了", "谢谢"]


def test_who_waits_too_long_says_so_and_leaves() -> None:
    world = opened(
        """
[[tempers]]
name = "angry"
waits = "2m"
writes_again = "30s"
waiting_words = ["人呢"]
[[customers]]
name = "高先生"
temper = "angry"
arrives = "0s"
opening = "快递呢"
gives_up = "投诉了"
unfollows = true
"""
    )
    world.advance(START + 119)
    (openid,) = [w.openid for w in world.waiting]
    world.advance(START + 300)
    assert len(world.waiting) == 0
    assert [p.text for p in world.pushes if p.kind == "text"] == ["快递呢", *["人呢"] * 3, "投诉了"]
    assert not world.customers[openid].subscribed
    world.advance(START + 30 * 3600)
    assert len(world.waiting) == 0


def test_who_is_ignored_in_a_chat_gives_up_too() -> None:
    world = opened(GUEST.replace('thanks = "谢谢"', 'gives_up = "算了"'))
    world.advance(START + 61)
    world.open_session(LIN, DESK)
    world.advance(START + 1200)
    assert said(world, LIN)[-1] == "算了"
    assert len(said(world, LIN)) >= 3


def test_own_replies_come_before_everybodys() -> None:
    own = '[[customers.replies]]\nto = ["抱歉"]\nsays = ["抱歉有什么用"]\n'
    both = '[[replies]]\nto = ["抱歉", "稍等"]\nsays = ["嗯"]\n'
    world = opened(GUEST + own + both)
    world.advance(START + 61)
    world.open_session(LIN, DESK)
    world.advance(START + 70)
    world.agent_says(LIN, "很抱歉")
    world.advance(START + 79)
    assert said(world, LIN)[1] == "抱歉有什么用"
    world.advance(START + 90)
    world.agent_says(LIN, "请稍等")
    world.advance(START + 99)
    assert "嗯" in said(world, LIN)


def test_a_chat_that_is_closed_too_early_is_taken_up_again() -> None:
    world = opened(GUEST.replace("says", "comes_back = true\nsays"))
    world.advance(START + 61)
    world.open_session(LIN, DESK)
    world.close_session(LIN)
    world.advance(START + 61 + 90)
    assert [w.openid for w in world.waiting] == [LIN]


def test_history_lies_in_the_past_in_order() -> None:
    past = '[[customers.history]]\nago = "{}"\nagent = "kf2001"\nlines = ["客户：问{}", "客服：答{}"]\n'
    world = opened(GUEST + past.format("2d", 1, 1) + past.format("3d", 0, 0))
    assert [(r.text, r.opercode, r.worker) for r in world.records.all] == [
        ("问0", AGENT_RECEIVED, DESK),
        ("答0", AGENT_SENT, DESK),
        ("问1", AGENT_RECEIVED, DESK),
        ("答1", AGENT_SENT, DESK),
    ]
    assert world.records.all[0].time == int(START - 3 * 86_400)


def test_troubles_come_and_go() -> None:
    world = opened(
        '[[troubles]]\nwhat = "slow"\nseconds = 3\nat = "10m"\nlasts = "2m"\n'
        '[[troubles]]\nwhat = "outage"\nonly = "/custom/"\nat = "11m"\nlasts = "5m"\n'
    )

    def on() -> list[object]:
        return [(s["switch"], s["value"], s["paths"]) for s in world.chaos.settings()]

    seen = []
    for minute in (9, 10, 11, 12, 15, 16):
        world.advance(START + minute * 60)
        seen.append(on())
    slow, outage = ("reply", "slow:3", ""), ("fault", "reset_before", "/custom/")
    assert seen == [[], [slow], [slow, outage], [outage], [outage], []]


def test_breaks_take_agents_offline() -> None:
    world = opened('breaks = ["5m-6m"]\n')
    seen = []
    for minute in (4, 5, 6):
        world.advance(START + minute * 60)
        seen.append(world.agents[DESK].online)
    assert seen == [True, False, True]


def test_colleagues_take_the_crowd_and_leave_some() -> None:
    world = opened(
        'works = false\n[[agents]]\naccount = "kf2002"\nnick = "小王"\nworks = true\n'
        '[[agents]]\naccount = "kf2003"\nnick = "小李"\n'
        '[colleagues]\nleave_waiting = 2\nat_once = 1\ngreeting = "{nick}来了"\n'
        '[[crowds]]\ncount = 6\narrives = "-2m - -1m"\nopenings = ["在"]\nsays = [["一"]]\n'
    )
    assert [w.entered - START for w in world.waiting] == [-120, -108, -96, -84, -72, -60]
    world.advance(START + 900)
    assert len(world.waiting) == 2
    assert "小王来了" in {r.text for r in world.records.all}
    assert {r.worker for r in world.records.all} == {"kf2002@luye"}


def test_the_flow_lets_those_without_a_time_come() -> None:
    world = opened(
        GUEST.replace('arrives = ["1m", "2h"]\n', "")
        + '[flow]\nevery = "10s-20s"\nmost_waiting = 4\n'
        + '[[crowds]]\ncount = 2\nopenings = ["在"]\n'
    )
    world.advance(START + 60)
    assert 2 <= len(world.waiting) <= 4
    world.advance(START + 300)
    assert len(world.waiting) == 4
    assert LIN in {w.openid for w in world.waiting}


def test_the_flow_leaves_those_with_a_time_alone() -> None:
    world = opened(
        GUEST.replace('"1m", "2h"', '"20m"')
        + '[flow]\nevery = "10s-20s"\n'
        + '[[crowds]]\ncount = 1\nopenings = ["在"]\n'
    )
    for minute in range(20):
        world.advance(START + minute * 60)
        assert LIN not in {w.openid for w in world.waiting}
    world.advance(START + 1200)
    assert LIN in {w.openid for w in world.waiting}


@pytest.mark.parametrize("name", ["quiet-morning", "busy-day", "training-day"])
def test_what_comes_with_the_product_is_played_for_hours(name: str) -> None:
    def run(seed: int) -> World:
        world = shipped(name, seed).world
        for number in range(3 * 60):
            world.advance(START + number * 60)
            first = next(iter(world.waiting), None)
            if first is not None and world.accepted_cases(DESK) < 5:
                world.open_session(first.openid, DESK)
            for session in list(world.sessions.values()):
                if session.kf_account == DESK:
                    world.agent_says(session.openid, "抱歉，请稍等，我帮您查询一下")
        return world

    one, again, other = run(1), run(1), run(2)
    assert told(one) == told(again) != told(other)
    assert len(one.records.all) > 100
    assert not one.chaos.settings()


def test_the_busy_day_has_150_waiting_and_lists_100() -> None:
    world = shipped("busy-day").world
    answer = json.loads(world.waiting.answer())
    assert (answer["count"], len(answer["waitcaselist"])) == (150, 100)
    assert world.accepted_cases(DESK) == 6


def test_the_training_day_has_difficult_people_and_one_outage() -> None:
    world = shipped("training-day").world
    faults = []
    for minute in range(60):
        world.advance(START + minute * 60)
        faults += [(minute, s["switch"]) for s in world.chaos.settings()]
    assert faults == [(10, "reply"), (11, "reply"), (20, "fault"), (21, "fault")]
    assert "没人理是吧，我去平台投诉了" in {p.text for p in world.pushes}


def test_the_quiet_morning_is_quiet() -> None:
    world = shipped("quiet-morning").world
    assert len(world.waiting) == 2
    most = 0
    for minute in range(120):
        world.advance(START + minute * 60)
        most = max(most, len(world.waiting))
    assert most <= 4


def test_reset_tells_the_same_story_again() -> None:
    world = shipped("training-day").world
    first = told(world)
    world.advance(START + 1250)
    assert world.chaos.settings()
    world.reset(START)
    assert told(world) == first
    assert not world.chaos.settings()
