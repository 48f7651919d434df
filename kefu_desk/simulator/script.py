"""Reads a scenario file; docs/scenarios.md describes it for the people who write one."""

import tomllib
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import structs

from kefu_desk.simulator.cast import BRISK, CALM, FRIENDLY, HASTY, REACTIONS, Persona, Reaction, Temper
from kefu_desk.simulator.chaos import SWITCHES, Chaos
from kefu_desk.simulator.colleagues import Manner
from kefu_desk.simulator.entry import Entry, Page, ScenarioError, one_of
from kefu_desk.simulator.playbook import Crowd, Past, Playbook, Post, Role, Trouble
from kefu_desk.simulator.story import Flow

MOST_AGENTS = 100
MOST_CUSTOMERS = 5000
LINE_SECONDS = 30.0
"""The longest pause between two lines of a conversation of the past."""

APPID = "wx6d1f0c83b5a2e974"
GREETING = "您好，{shop}{nick}为您服务，请问有什么可以帮您？"

_TEMPERS = {"calm": CALM, "friendly": FRIENDLY, "brisk": BRISK, "hasty": HASTY}
_WHO = MappingProxyType({"客服": True, "agent": True, "客户": False, "顾客": False, "customer": False})

TROUBLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "slow": ("reply", "slow:{seconds}"),
        "outage": ("fault", "reset_before"),
        "lost_answers": ("fault", "reset_after"),
        "busy": ("fault", "-1_before"),
        "server_error": ("reply", "http_500"),
        "web_page": ("reply", "html"),
        "too_many_calls": ("quota", "45011"),
        "quota_used_up": ("quota", "45009"),
        "agents_offline": ("agent_gate", "65415"),
    }
)
"""Kinds of trouble by the word for them: the switch and the value that it is moved to."""


def read(name: str, text: str) -> Playbook:
    """The scenario that a TOML text describes; `name` is what messages call the file.

    Raises:
        ScenarioError: for the first thing that is not right.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{name}: this is not TOML: {error}") from error
    top = Entry(values, Page(name, text))
    title = top.text("title")
    shop = top.table("account") or top.fail("account", 'is missing; write [account] and below it name = "…"')
    account = shop.text("name")
    wechat_id = shop.text(
        "wechat_id", pattern=r"[A-Za-z][A-Za-z0-9_-]{1,29}", form="letters and digits, such as luye"
    )
    appid = shop.text("appid", APPID, pattern=r"wx[0-9a-f]{16}", form="wx and 16 of 0-9 and a-f")
    shop.end()
    agents = top.tables("agents") or top.fail("agents", "are missing; write [[agents]] for each agent")
    if len(agents) > MOST_AGENTS:
        top.fail("agents", f"there are {len(agents)}; WeChat allows {MOST_AGENTS}")
    posts, working = _posts(agents, wechat_id)
    desk = _agent(top, "desk", posts) if top.has("desk") else next(iter(posts.values()))
    tempers = {**_TEMPERS, **dict(_temper(entry) for entry in top.tables("tempers"))}
    roles = _roles(top, tempers, posts)
    crowds = tuple(_crowd(entry, tempers, posts) for entry in top.tables("crowds"))
    flow = _flow(top.table("flow"))
    _check_people(top, roles, crowds, flow)
    playbook = Playbook(
        title=title,
        account=account,
        wechat_id=wechat_id,
        appid=appid,
        desk=desk.kf_account,
        posts=tuple(posts.values()),
        roles=roles,
        crowds=crowds,
        reactions=_reactions(top) if top.has("replies") else REACTIONS,
        flow=flow,
        manner=_manner(top.table("colleagues"), account, working),
        troubles=_troubles(top),
    )
    top.end()
    return playbook


def _posts(agents: list[Entry], wechat_id: str) -> tuple[dict[str, Post], frozenset[str]]:
    """The agents by the short name of the file, and the full names of those who work by themselves."""
    posts: dict[str, Post] = {}
    working = set()
    for entry in agents:
        short = entry.text(
            "account", pattern=r"[A-Za-z0-9_]{1,10}", form="up to 10 letters and digits, such as kf2001"
        )
        if short in posts:
            entry.fail("account", f"{short} is there twice; give each agent an account of its own")
        nick = entry.text("nick", pattern=r".{1,16}", form="at most 16 characters")
        online, bound = entry.flag("online", default=True), entry.flag("bound", default=True)
        if entry.flag("works", default=False):
            working.add(f"{short}@{wechat_id}")
        posts[short] = Post(f"{short}@{wechat_id}", nick, online and bound, bound, entry.spans("breaks"))
        entry.end()
    return posts, frozenset(working)


def _agent(entry: Entry, key: str, posts: Mapping[str, Post]) -> Post:
    return one_of(entry, key, entry.text(key).partition("@")[0], posts, "agent")


def _temper(entry: Entry) -> tuple[str, Temper]:
    name = entry.text("name")
    temper = Temper(
        patience=entry.span("waits"),
        pause=entry.span("writes_again", (45.0, 120.0)),
        answer=entry.span("answers_in", (3.0, 7.0)),
        nudges=entry.number("asks_again", 1, least=0, most=20),
        waiting_words=entry.texts("waiting_words", BRISK.waiting_words),
    )
    entry.end()
    return name, temper


def _roles(top: Entry, tempers: Mapping[str, Temper], posts: Mapping[str, Post]) -> tuple[Role, ...]:
    roles = []
    names: set[str] = set()
    openids: set[str] = set()
    for entry in top.tables("customers"):
        name = entry.text("name")
        if name in names:
            entry.fail("name", f"{name} is there twice; give each customer a name of their own")
        names.add(name)
        openid = entry.text(
            "openid", "", pattern=r"o[A-Za-z0-9_-]{27}", form="o and 27 letters or digits, or leave it out"
        )
        if openid and openid in openids:
            entry.fail("openid", "is there twice; leave it out, and one is made up")
        openids.add(openid)
        persona = Persona(
            remark=name if entry.flag("remarked", default=True) else "",
            temper=one_of(entry, "temper", entry.text("temper", "calm"), tempers, "temper"),
            opening=entry.text("opening"),
            scripts=(entry.beats("says"), *entry.scripts("later_visits")),
            thanks=entry.text("thanks", ""),
            leaves=entry.text("gives_up", ""),
            unfollows=entry.flag("unfollows", default=False),
            insists=float(entry.flag("comes_back", default=False)),
            reactions=_reactions(entry),
        )
        arrives = entry.moments("arrives")
        served_by = _agent(entry, "served_by", posts).kf_account if entry.has("served_by") else ""
        history = tuple(_past(past, posts) for past in entry.tables("history"))
        entry.end()
        roles.append(Role(persona, openid, arrives, served_by, history))
    return tuple(roles)


def _past(entry: Entry, posts: Mapping[str, Post]) -> Past:
    lines = []
    for line in entry.texts("lines"):
        who, colon, words = line.replace("：", ":", 1).partition(":")
        if not colon or who.strip().lower() not in _WHO or not words.strip():
            entry.fail("lines", f'{line!r} does not say who speaks; begin it with "客户：" or "客服："')
        lines.append((_WHO[who.strip().lower()], words.strip()))
    ago, post = entry.moment("ago"), _agent(entry, "agent", posts)
    entry.end()
    if ago <= len(lines) * LINE_SECONDS:
        entry.fail("ago", f'is too short for {len(lines)} lines; write at least "{len(lines)}m"')
    return Past(ago, post.kf_account, tuple(lines))


def _crowd(entry: Entry, tempers: Mapping[str, Temper], posts: Mapping[str, Post]) -> Crowd:
    crowd = Crowd(
        count=entry.number("count", least=1, most=MOST_CUSTOMERS),
        arrives=entry.span("arrives", past=True) if entry.has("arrives") else None,
        temper=one_of(entry, "temper", entry.text("temper", "calm"), tempers, "temper"),
        openings=entry.texts("openings"),
        scripts=entry.scripts("says") or ((),),
        thanks=entry.text("thanks", ""),
        leaves=entry.text("gives_up", ""),
        served_by=_agent(entry, "served_by", posts).kf_account if entry.has("served_by") else "",
    )
    entry.end()
    if crowd.served_by and crowd.arrives is None:
        entry.fail("served_by", "needs arrives; write when these customers come")
    return crowd


def _flow(entry: Entry | None) -> Flow | None:
    if entry is None:
        return None
    known = Flow()
    flow = Flow(
        between=entry.span("every", known.between),
        most=entry.number("most_waiting", known.most, least=1, most=MOST_CUSTOMERS),
        refill=entry.span("refill_within", known.refill),
        least=entry.number("refill_below", 0, least=0, most=100),
    )
    entry.end()
    if flow.between[0] < 1 or flow.refill[1] < 1:
        entry.fail("", "people cannot come more often than once a second; write longer times")
    return flow


def _check_people(top: Entry, roles: tuple[Role, ...], crowds: tuple[Crowd, ...], flow: Flow | None) -> None:
    total = len(roles) + sum(crowd.count for crowd in crowds)
    if total > MOST_CUSTOMERS:
        top.fail("crowds", f"there are {total} customers in all; at most {MOST_CUSTOMERS} are possible")
    waiting_for_flow = [
        *(entry for entry, role in zip(top.tables("customers"), roles, strict=True) if not role.arrives),
        *(entry for entry, crowd in zip(top.tables("crowds"), crowds, strict=True) if crowd.arrives is None),
    ]
    if waiting_for_flow and flow is None:
        waiting_for_flow[0].fail("arrives", 'is missing; write "0s", or add a [flow] that lets people come')
    if flow is not None and not waiting_for_flow:
        top.fail("flow", "lets nobody come, because everybody has arrives; take arrives away from somebody")
    begin = first_arrival(roles, crowds)
    for entry, role in zip(top.tables("customers"), roles, strict=True):
        for past, told in zip(entry.tables("history"), role.history, strict=True):
            if told.ago - len(told.lines) * LINE_SECONDS <= -begin:
                past.fail(
                    "ago",
                    f"this is not over when the first customer arrives, {-begin:.0f} s before the start;"
                    " write a longer time",
                )


def first_arrival(roles: tuple[Role, ...], crowds: tuple[Crowd, ...]) -> float:
    """When the earliest customer arrives; never after the start."""
    times = [time for role in roles for time in role.arrives]
    return min([0.0, *times, *(crowd.arrives[0] for crowd in crowds if crowd.arrives is not None)])


def _reactions(entry: Entry) -> tuple[Reaction, ...]:
    reactions = []
    for reply in entry.tables("replies"):
        reactions.append((reply.texts("to"), reply.texts("says")))
        reply.end()
    return tuple(reactions)


def _manner(entry: Entry | None, shop: str, working: frozenset[str]) -> Manner:
    manner = Manner(greeting=GREETING.replace("{shop}", shop), who=working)
    if entry is None:
        return manner
    manner = structs.replace(
        manner,
        greeting=entry.text("greeting", manner.greeting),
        lines=entry.texts("lines", manner.lines),
        farewell=entry.text("farewell", manner.farewell),
        leave_waiting=entry.number("leave_waiting", manner.leave_waiting, least=0, most=MOST_CUSTOMERS),
        at_once=entry.number("at_once", manner.at_once, least=1, most=100),
    )
    entry.end()
    if not working:
        entry.fail("", "nobody works; write works = true below one of the [[agents]]")
    return manner


def _troubles(top: Entry) -> tuple[Trouble, ...]:
    troubles: list[Trouble] = []
    for entry in top.tables("troubles"):
        begins = entry.moment("at")
        ends = begins + entry.moment("lasts")
        switch, value = _moved(entry)
        paths = entry.text("only", "")
        entry.end()
        if any(t.switch == switch and t.begins < ends and begins < t.ends for t in troubles):
            entry.fail(
                "at", f"overlaps with an earlier trouble of the same kind ({switch}); move one of them"
            )
        troubles.append(Trouble(begins, ends, switch, value, paths))
    return tuple(troubles)


def _moved(entry: Entry) -> tuple[str, str]:
    if not entry.has("switch"):
        what = entry.text("what")
        switch, value = one_of(entry, "what", what, TROUBLES, "trouble")
        if what != "slow":
            return switch, value
        return switch, value.format(seconds=entry.number("seconds", 5, least=1, most=600))
    switch, value = entry.text("switch"), entry.text("value")
    one_of(entry, "switch", switch, SWITCHES, "switch")
    try:
        Chaos().set(switch, value)
    except ValueError:
        possible = ", ".join(SWITCHES[switch])
        entry.fail("value", f"{value!r} is not possible; the switch {switch} knows {possible}")
    return switch, value
