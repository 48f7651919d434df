"""The business rules behind each endpoint, in the order of the API reference section 13.1."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import Struct

from kefu_desk.simulator import accounts, issuing
from kefu_desk.simulator.inquiry import Inquiry
from kefu_desk.simulator.population import Agent
from kefu_desk.simulator.quota import CHINA_OFFSET
from kefu_desk.simulator.refusal import Refusal
from kefu_desk.simulator.reply import Reply
from kefu_desk.simulator.world import World

DAY = 86400
KEPT_DAYS = 365
RECORDS_PER_PAGE = 10_000
LAST_PLAUSIBLE_SECOND = 100_000_000_000

Answer = Mapping[str, object] | bytes | Reply
Rule = Callable[[World, Inquiry], Answer | None]


class Endpoint(Struct, frozen=True):
    """One path: the methods it takes, its rule, and whether it is asked with the secret and no token.

    A rule that answers None means plain success. With `reads_json` false the rule reads the body itself;
    with `of_kefu` the customer service function has to be on.
    """

    methods: tuple[str, ...]
    rule: Rule
    issues_tokens: bool = False
    reads_json: bool = True
    of_kefu: bool = True


def online_agents(world: World, inquiry: Inquiry) -> Answer:
    """getonlinekflist: only agents who are logged in."""
    del inquiry
    return {
        "kf_online_list": [
            {
                "kf_account": agent.kf_account,
                "status": 1,
                "kf_id": agent.kf_id,
                "accepted_case": world.accepted_cases(agent.kf_account),
            }
            for agent in world.agents.values()
            if agent.online
        ]
    }


def create_session(world: World, inquiry: Inquiry) -> None:
    """kfsession/create, checks in the order of API reference 3.1."""
    agent = _agent(world, inquiry.word("kf_account"))
    openid = _customer(world, inquiry.word("openid"))
    if not agent.wechat_id:
        raise Refusal(65402)
    if not agent.online or world.chaos.take("agent_gate", inquiry.path, "65415") is not None:
        raise Refusal(65415)
    session = world.sessions.get(openid)
    if session is not None and session.kf_account == agent.kf_account:
        return
    if session is not None:
        raise Refusal(65414)
    world.open_session(openid, agent.kf_account)


def close_session(world: World, inquiry: Inquiry) -> None:
    """kfsession/close."""
    agent = _agent(world, inquiry.word("kf_account"))
    openid = _customer(world, inquiry.word("openid"))
    session = world.sessions.get(openid)
    if session is None:
        raise Refusal(65413)
    if session.kf_account != agent.kf_account:
        raise Refusal(65414)
    world.close_session(openid)


def session_of(world: World, inquiry: Inquiry) -> Answer:
    """kfsession/getsession: an empty kf_account when nobody serves the customer."""
    openid = _customer(world, inquiry.query.get("openid", ""))
    session = world.sessions.get(openid)
    if session is None:
        return {"createtime": 0, "kf_account": ""}
    return {"createtime": int(session.createtime), "kf_account": session.kf_account}


def sessions_of_agent(world: World, inquiry: Inquiry) -> Answer:
    """kfsession/getsessionlist."""
    agent = _agent(world, inquiry.query.get("kf_account", ""))
    if not agent.wechat_id:
        raise Refusal(65402)
    served = [s for s in world.sessions.values() if s.kf_account == agent.kf_account]
    return {"sessionlist": [{"createtime": int(s.createtime), "openid": s.openid} for s in served]}


def waiting_cases(world: World, inquiry: Inquiry) -> Answer:
    """kfsession/getwaitcase."""
    if world.chaos.take("waitcase", inquiry.path) == "legacy":
        return world.waiting.legacy_answer()
    return world.waiting.answer()


def message_records(world: World, inquiry: Inquiry) -> Answer:
    """msgrecord/getmsglist: at most 24 hours, the cursor is the last id already read."""
    start, end, cursor, number = (_whole(inquiry, key) for key in ("starttime", "endtime", "msgid", "number"))
    if not 0 < start <= end < LAST_PLAUSIBLE_SECOND or cursor < 0 or not 0 < number <= RECORDS_PER_PAGE:
        raise Refusal(65416)
    same_day = world.chaos.take("range", inquiry.path) is None or china_day(start) == china_day(end)
    if end - start > DAY or not same_day:
        raise Refusal(65417)
    start = max(start, int(world.now) - KEPT_DAYS * DAY)
    inclusive = world.chaos.take("cursor", inquiry.path) == "inclusive"
    return world.records.page(start, end, cursor, number, inclusive=inclusive)


def _agent(world: World, kf_account: str) -> Agent:
    agent = world.agents.get(kf_account)
    if agent is None:
        raise Refusal(65401)
    return agent


def _customer(world: World, openid: str) -> str:
    if openid not in world.customers:
        raise Refusal(40003)
    return openid


def china_day(second: int) -> int:
    """The calendar day in China that a Unix second belongs to."""
    return (second + CHINA_OFFSET) // DAY


def _whole(inquiry: Inquiry, key: str) -> int:
    value = inquiry.fields.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refusal(65416)
    return value


def _verified(rule: Rule) -> Rule:
    def checked(world: World, inquiry: Inquiry) -> Answer | None:
        if not world.account.verified:
            raise Refusal(48001)
        return rule(world, inquiry)

    return checked


def _further(world: World, inquiry: Inquiry) -> Answer | None:
    from kefu_desk.simulator.further import FURTHER  # noqa: PLC0415  a start has no use for it

    return FURTHER[inquiry.path](world, inquiry)


def _about_a_path(world: World, inquiry: Inquiry) -> Answer | None:
    if inquiry.word("cgi_path") not in ENDPOINTS:
        raise Refusal(76021)
    return _further(world, inquiry)


_GET, _POST = ("GET",), ("POST",)

_OF_KEFU: Mapping[str, tuple[tuple[str, ...], Rule]] = MappingProxyType(
    {
        "/cgi-bin/customservice/getkflist": (_GET, accounts.listed),
        "/cgi-bin/customservice/getonlinekflist": (_GET, online_agents),
        "/customservice/kfaccount/add": (_POST, accounts.add),
        "/customservice/kfaccount/update": (_POST, accounts.update),
        "/customservice/kfaccount/del": (("GET", "POST"), accounts.delete),
        "/customservice/kfaccount/inviteworker": (_POST, accounts.invite),
        "/customservice/kfsession/create": (_POST, create_session),
        "/customservice/kfsession/close": (_POST, close_session),
        "/customservice/kfsession/getsession": (_GET, session_of),
        "/customservice/kfsession/getsessionlist": (_GET, sessions_of_agent),
        "/customservice/kfsession/getwaitcase": (_GET, waiting_cases),
        "/customservice/msgrecord/getmsglist": (_POST, message_records),
    }
)

_BESIDES: tuple[tuple[tuple[str, ...], str], ...] = (
    (_GET, "media/get user/info user/get tags/get getcallbackip get_api_domain_ip"),
    (
        _POST,
        (
            "user/info/batchget user/info/updateremark tags/members/getblacklist tags/members/batchblacklist"
            " tags/members/batchunblacklist tags/create tags/update tags/delete user/tag/get"
            " tags/members/batchtagging tags/members/batchuntagging tags/getidlist"
            " openapi/rid/get clear_quota callback/check"
        ),
    ),
)

ENDPOINTS: Mapping[str, Endpoint] = MappingProxyType(
    {
        "/cgi-bin/token": Endpoint(_GET, issuing.classic_token, issues_tokens=True),
        "/cgi-bin/stable_token": Endpoint(_POST, issuing.stable_token, issues_tokens=True),
        "/cgi-bin/clear_quota/v2": Endpoint(_POST, _further, issues_tokens=True),
        **{path: Endpoint(methods, _verified(rule)) for path, (methods, rule) in _OF_KEFU.items()},
        "/customservice/kfaccount/uploadheadimg": Endpoint(_POST, _verified(_further), reads_json=False),
        "/cgi-bin/message/custom/send": Endpoint(_POST, _further),
        "/cgi-bin/message/custom/typing": Endpoint(_POST, _further),
        "/cgi-bin/media/upload": Endpoint(_POST, _further, reads_json=False, of_kefu=False),
        "/cgi-bin/media/uploadimg": Endpoint(_POST, _further, reads_json=False, of_kefu=False),
        "/cgi-bin/openapi/quota/get": Endpoint(_POST, _about_a_path, of_kefu=False),
        "/cgi-bin/openapi/quota/clear": Endpoint(_POST, _about_a_path, of_kefu=False),
        **{
            f"/cgi-bin/{name}": Endpoint(methods, _further, of_kefu=False)
            for methods, names in _BESIDES
            for name in names.split()
        },
    }
)
