"""Scenario files are read strictly: a fault is named with file, line and key, and with what to write."""

import pytest

from kefu_desk.simulator.cast import CALM, REACTIONS
from kefu_desk.simulator.entry import ScenarioError, duration
from kefu_desk.simulator.playbook import Playbook
from kefu_desk.simulator.script import TROUBLES, read

HEAD = """title = "试一试"

[account]
name = "鹿野生活馆"
wechat_id = "luye"

[[agents]]
account = "kf2001"
nick = "小陈"
"""

GUEST = """
[[customers]]
name = "林姐"
arrives = "1m"
opening = "你好"
"""


def played(more: str = "", head: str = HEAD) -> Playbook:
    return read("mine.toml", head + more)


def test_the_smallest_scenario() -> None:
    playbook = played()
    assert (playbook.title, playbook.account, playbook.desk) == ("试一试", "鹿野生活馆", "kf2001@luye")
    assert [(p.kf_account, p.online, p.bound) for p in playbook.posts] == [("kf2001@luye", True, True)]
    assert (playbook.roles, playbook.crowds, playbook.flow, playbook.troubles) == ((), (), None, ())
    assert playbook.reactions == REACTIONS
    assert "鹿野生活馆" in playbook.manner.greeting


def test_all_that_a_customer_may_say() -> None:
    playbook = played(
        """
[[tempers]]
name = "angry"
waits = "3m-4m"
writes_again = "20s"
answers_in = "1s-2s"
asks_again = 3
waiting_words = ["人呢"]

[[customers]]
name = "林姐"
openid = "oLuyeAAAAAAAAAAAAAAAAAAAAAAA"
remarked = false
temper = "angry"
arrives = ["-5m", "1h30m"]
opening = "你好"
says = ["在吗", ["两句", "一起"], "[image]"]
later_visits = [["又来了"], ["第三次"]]
thanks = "谢谢"
gives_up = "走了"
unfollows = true
comes_back = true
served_by = "kf2001"

[[customers.replies]]
to = ["抱歉"]
says = ["没事"]

[[customers.history]]
ago = "2d"
agent = "kf2001@luye"
lines = ["客户：你好：在吗", "agent: 您好"]
"""
    )
    (role,) = playbook.roles
    persona = role.persona
    assert (role.arrives, role.served_by, role.openid) == (
        (-300.0, 5400.0),
        "kf2001@luye",
        "oLuyeAAAAAAAAAAAAAAAAAAAAAAA",
    )
    assert persona.scripts == (("在吗", ("两句", "一起"), "[image]"), ("又来了",), ("第三次",))
    assert (persona.remark, persona.thanks, persona.leaves) == ("", "谢谢", "走了")
    assert (persona.unfollows, persona.insists) == (True, 1.0)
    assert persona.reactions == ((("抱歉",), ("没事",)),)
    assert (persona.temper.patience, persona.temper.pause, persona.temper.nudges) == (
        (180, 240),
        (20, 20),
        3,
    )
    (past,) = role.history
    assert (past.ago, past.lines) == (172_800.0, ((False, "你好：在吗"), (True, "您好")))


def test_a_customer_is_calm_unless_said_otherwise() -> None:
    (role,) = played(GUEST).roles
    assert role.persona.temper == CALM
    assert (role.persona.remark, role.persona.scripts) == ("林姐", ((),))


@pytest.mark.parametrize("what", TROUBLES)
def test_every_kind_of_trouble_is_a_switch_of_the_simulator(what: str) -> None:
    (trouble,) = played(
        f'[[troubles]]\nwhat = "{what}"\nat = "10m"\nlasts = "90s"\nonly = "kfsession"'
    ).troubles
    assert (trouble.begins, trouble.ends, trouble.paths) == (600.0, 690.0, "kfsession")
    assert trouble.switch == TROUBLES[what][0]
    assert "{" not in trouble.value


def test_a_trouble_may_be_any_switch() -> None:
    (trouble,) = played('[[troubles]]\nswitch = "errmsg"\nvalue = "hint"\nat = "0s"\nlasts = "1m"').troubles
    assert (trouble.switch, trouble.value) == ("errmsg", "hint")


def test_everybody_may_be_silent_about_what_agents_say() -> None:
    assert played(head="replies = []\n" + HEAD).reactions == ()


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("90s", 90),
        ("5m", 300),
        ("1h30m", 5400),
        ("2d", 172_800),
        ("0s", 0),
        ("1.5h", 5400),
        ("30d", 2_592_000),
    ],
)
def test_durations(words: str, seconds: float) -> None:
    assert duration(words) == seconds


@pytest.mark.parametrize("words", ["", "5", "m", "5 minutes", "-5m", "5m-", "31d", "5M", "１m"])
def test_no_durations(words: str) -> None:
    assert duration(words) is None


TROUBLE = '[[troubles]]\nwhat = "{}"\nat = "{}"\nlasts = "{}"\n'

PAST = '[[customers.history]]\nago = "{}"\nagent = "kf2001"\nlines = ["客户：你好"]\n'

FAULTS = (
    (
        GUEST + PAST.format("1d") + GUEST.replace("林姐", "周先生") + PAST.format("2d") + PAST.format("x"),
        "line 29: customers 2.history 2.ago: 'x'",
        '"5m"',
    ),
    ("[[customers]", "mine.toml: this is not TOML: ", "line 10"),
    ('color = "red"', "line 10: agents 1.color: ", "known here are account"),
    ("[weather]\n", "line 10: weather: this key is unknown", "troubles"),
    ("[[custmers]]\n", "line 10: custmers: ", "did you mean customers?"),
    ("works = 1", "line 10: agents 1.works: 1 is not possible", "true or false"),
    ('[[agents]]\naccount = "kf2001"\nnick = "x"', "line 11: agents 2.account: kf2001 is there twice", "own"),
    ('[[agents]]\naccount = "kf 1"\nnick = "x"', "line 11: agents 2.account: 'kf 1'", "such as kf2001"),
    ('[[agents]]\naccount = "kf2"\nnick = 5', "line 12: agents 2.nick: 5 is not a text", "quotation marks"),
    ('[[agents]]\nnick = "x"', "line 10: agents 2.account: is missing", "a text"),
    ('breaks = "5m-6m"', "agents 1.breaks: '5m-6m'", "in [ ]"),
    ('breaks = ["6m-5m"]', "agents 1.breaks: '6m-5m' ends before it begins", "shorter time first"),
    (GUEST.replace('"1m"', '"1 minute"'), "line 13: customers 1.arrives: '1 minute'", '"5m"'),
    (GUEST.replace('"1m"', "60"), "line 13: customers 1.arrives: 60", '"90s"'),
    (GUEST.replace('"1m"', '["5m", "1m"]'), "customers 1.arrives: ", "in order"),
    (GUEST.replace('"1m"', '"40d"'), "customers 1.arrives: '40d'", '"5m"'),
    (GUEST.replace('arrives = "1m"', ""), "customers 1.arrives: is missing", "[flow]"),
    (GUEST.replace('"你好"', '" "'), "line 14: customers 1.opening: is empty", "leave the key out"),
    (GUEST.replace('"你好"', f'"{"好" * 1001}"'), "customers 1.opening: has 1001", "at most 1000"),
    (GUEST + GUEST, "line 17: customers 2.name: 林姐 is there twice", "name of their own"),
    (GUEST + 'temper = "clam"', "line 15: customers 1.temper: there is no temper 'clam'", "'calm'"),
    (GUEST + 'served_by = "kf9"', "customers 1.served_by: there is no agent 'kf9'", "kf2001"),
    (GUEST + "says = []", "customers 1.says: []", "at least one"),
    (GUEST + 'says = ["a", []]', "customers 1.says: holds an empty list", "take it out"),
    (GUEST + 'says = ["[picture]"]', "customers 1.says: [picture] is not possible", "[image]"),
    (GUEST + 'openid = "me"', "customers 1.openid: 'me'", "leave it out"),
    (
        GUEST + '[[customers.history]]\nago = "1d"\nagent = "kf2001"\nlines = ["你好"]',
        "line 18: customers 1.history 1.lines: '你好' does not say who speaks",
        "客户：",
    ),
    (
        GUEST + '[[customers.history]]\nago = "20s"\nagent = "kf2001"\nlines = ["客户：你好"]',
        "line 16: customers 1.history 1.ago: is too short",
        '"1m"',
    ),
    (
        GUEST.replace('"1m"', '"-2h"')
        + '[[customers.history]]\nago = "1h"\nagent = "kf2001"\nlines = ["客户：a"]',
        "line 16: customers 1.history 1.ago: this is not over",
        "longer time",
    ),
    ('[[crowds]]\ncount = 0\nopenings = ["a"]', "line 11: crowds 1.count: 0", "from 1 to 5000"),
    ('[[crowds]]\ncount = 5\nopenings = ["a"]', "crowds 1.arrives: is missing", "[flow]"),
    ('[[crowds]]\ncount = 5\narrives = "soon"\nopenings = ["a"]', "crowds 1.arrives: 'soon'", '"30s-90s"'),
    ('[flow]\nevery = "1m"', "flow: lets nobody come", "take arrives away"),
    ("[colleagues]\nat_once = 2", "colleagues: nobody works", "works = true"),
    ('[[troubles]]\nwhat = "storm"\nat = "1m"\nlasts = "1m"', "line 11: troubles 1.what: ", "outage"),
    (
        '[[troubles]]\nswitch = "errmsg"\nvalue = "loud"\nat = "1m"\nlasts = "1m"',
        "line 12: troubles 1.value: 'loud'",
        "hint",
    ),
    (
        TROUBLE.format("outage", "1m", "5m") + TROUBLE.format("busy", "2m", "1m"),
        "line 16: troubles 2.at: overlaps",
        "move one",
    ),
)


@pytest.mark.parametrize(("more", "place", "advice"), FAULTS)
def test_what_is_wrong_is_named_with_what_to_write(more: str, place: str, advice: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        played(more)
    told = str(caught.value)
    assert told.startswith("mine.toml")
    assert place in told
    assert advice in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "title: is missing"),
        ('title = "x"', "account: is missing; write [account]"),
        ('title = "x"\naccount = "luye"', "account: is a table; write it as [account]"),
        ('title = "x"\n[account]\nname = "x"\nwechat_id = "中"', "line 4: account.wechat_id: '中'"),
        ('title = "x"\n[account]\nname = "x"\nwechat_id = "luye"', "agents: are missing; write [[agents]]"),
        (HEAD.replace("[[agents]]", "[agents]"), "agents: is a list of tables; write [[agents]]"),
        (HEAD.replace('"试一试"', '"x"\ndesk = "kf9"'), "line 2: desk: there is no agent 'kf9'"),
    ],
)
def test_what_is_missing_is_named(text: str, told: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read("mine.toml", text)
    assert told in str(caught.value)
