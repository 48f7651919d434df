"""The page about the simulator: it names everything, and its examples do what it says."""

import json
import re
from pathlib import Path

from kefu_desk.simulator.chaos import SWITCHES, Chaos
from kefu_desk.simulator.levers import LEVERS
from tests.simulator.platform import Platform

PAGE = Path(__file__).parents[2] / "docs" / "simulator.md"
ROW = re.compile(r"^\| `([^|]+?)` \| (.+?) \|(?: (.+?) \|)?$", re.MULTILINE)


def part(title: str) -> str:
    """One chapter of the page."""
    return PAGE.read_text(encoding="utf-8").partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_every_switch_is_told_with_its_values_and_an_example() -> None:
    rows = {match[1]: match for match in ROW.finditer(part("All switches"))}
    assert set(rows) == set(SWITCHES)
    for switch, row in rows.items():
        if row[2] != "see above":
            told = [row[2].find(value) for value in SWITCHES[switch]]
            assert -1 not in told, (switch, SWITCHES[switch])
            assert told[0] == 0
        example = json.loads(row[3].strip("`"))
        assert switch in example
        limits = {key: example.pop(key) for key in ("paths", "times", "skip", "chance") if key in example}
        chaos = Chaos()
        for name, value in example.items():
            chaos.set(name, value, **limits)
        assert len(chaos.settings()) == len(example)


def test_every_effect_and_reply_is_told_and_can_be_set() -> None:
    faults = part("Faults: effect and reply")
    told = [word for row in ROW.finditer(faults) for word in re.findall(r"`([^`]+)`", row[0].split(" | ")[0])]
    names = {word.partition(":")[0] for word in told}
    for switch in ("effect", "reply"):
        assert {value.partition(":")[0] for value in SWITCHES[switch]} - {"http_NNN", "http_500"} <= names
    for word in told:
        switch = (
            "effect"
            if word.partition(":")[0] in {"after", "before", "never", "unseen", "delayed"}
            else "reply"
        )
        Chaos().set(switch, word)


async def test_every_lever_is_told_with_an_example_that_works(wx: Platform) -> None:
    rows = {match[1]: match[2] for match in ROW.finditer(part("The control interface")) if match[1] in LEVERS}
    assert list(rows) == list(LEVERS)
    for name, example in rows.items():
        openid = wx.customer()
        if name == "agent_message":
            await wx.accept(openid)
        if name == "invitation":
            body = {"kf_account": "kf2009@luye", "invite_wx": "feng_lei_2026"}
            await wx.post("/customservice/kfaccount/inviteworker", body)
        fields = json.loads(example.strip("`").replace("OPENID", openid))
        reply = await wx.control(name, **fields)
        assert "error" not in reply, (name, reply)


async def test_every_view_is_there(wx: Platform) -> None:
    openid = wx.customer()
    await wx.say(openid)
    paths = set(re.findall(r"`(/__sim__/[^`…]*)`", part("The control interface")))
    assert len(paths) == 10
    for path in paths:
        assert (await wx.http.get(path.replace("OPENID", openid))).status_code == 200, path
