"""The business rules behind each endpoint, in the order of the API reference section 13.1."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import Struct

from kefu_desk.simulator import accounts, issuing, speaking
from kefu_desk.simulator.inquiry import Inquiry
from kefu_desk.simulator.population import Agent
from kefu_desk.simulator.refusal import Refusal
from kefu_desk.simulator.world import World

DAY = 86400
RECORDS_PER_PAGE = 10_000
LAST_PLAUSIBLE_SECOND = 100_000_000_000

Answer = Mapping[str, object] | bytes


class Endpoint(Struct, frozen=True):
    """One path: the methods it takes, its rule, and whether it is a token endpoint.

    A rule that answers None means plain success.
    """

    methods: tuple[str, ...]
    rule: Callable[[World, Inquiry], Answer | None]
    issues_tokens: bool = False


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
    if end - start > DAY:
        raise Refusal(65417)
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


def _whole(inquiry: Inquiry, key: str) -> int:
    value = inquiry.fields.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refusal(65416)
    return value


_GET, _POST = ("GET",), ("POST",)

ENDPOINTS: Mapping[str, Endpoint] = MappingProxyType(
    {
        "/cgi-bin/token": Endpoint(_GET, issuing.classic_token, issues_tokens=True),
        "/cgi-bin/stable_token": Endpoint(_POST, issuing.stable_token, issues_tokens=True),
        "/cgi-bin/customservice/getkflist": Endpoint(_GET, accounts.listed),
        "/cgi-bin/customservice/getonlinekflist": Endpoint(_GET, online_agents),
        "/customservice/kfaccount/add": Endpoint(_POST, accounts.add),
        "/customservice/kfaccount/update": Endpoint(_POST, accounts.update),
        "/customservice/kfaccount/del": Endpoint(("GET", "POST"), accounts.delete),
        "/customservice/kfaccount/inviteworker": Endpoint(_POST, accounts.invite),
        "/customservice/kfsession/create": Endpoint(_POST, create_session),
        "/customservice/kfsession/close": Endpoint(_POST, close_session),
        "/customservice/kfsession/getsession": Endpoint(_GET, session_of),
        "/customservice/kfsession/getsessionlist": Endpoint(_GET, sessions_of_agent),
        "/customservice/kfsession/getwaitcase": Endpoint(_GET, waiting_cases),
        "/customservice/msgrecord/getmsglist": Endpoint(_POST, message_records),
        "/cgi-bin/message/custom/send": Endpoint(_POST, speaking.send),
        "/cgi-bin/message/custom/typing": Endpoint(_POST, speaking.typing),
    }
)
