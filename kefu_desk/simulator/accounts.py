"""getkflist and the kfaccount endpoints."""

import re
from collections.abc import Mapping

from kefu_desk.simulator.inquiry import Inquiry
from kefu_desk.simulator.population import Agent, Invitation
from kefu_desk.simulator.refusal import Refusal
from kefu_desk.simulator.world import World

MOST_AGENTS = 100
NICKNAME_CHARACTERS = 16
AGENTS_A_PERSON = 5
FIRST_KF_ID = 1001

_PREFIX = r"[A-Za-z0-9_]{1,10}"
_WECHAT_ID = r"[A-Za-z][A-Za-z0-9_-]{5,19}"


def listed(world: World, inquiry: Inquiry) -> Mapping[str, object]:
    """getkflist: every agent account."""
    del inquiry
    return {"kf_list": [agent.profile(world.now) for agent in world.agents.values()]}


def add(world: World, inquiry: Inquiry) -> None:
    """kfaccount/add: a new account, not yet bound to a person."""
    kf_account = inquiry.word("kf_account")
    prefix, _, suffix = kf_account.partition("@")
    if re.fullmatch(_PREFIX, prefix) is None or suffix not in {world.account.wechat_id, world.account.gh_id}:
        raise Refusal(65404)
    nick = _nickname(inquiry)
    if kf_account in world.agents:
        raise Refusal(65406)
    if len(world.agents) >= MOST_AGENTS:
        raise Refusal(65405)
    kf_id = 1 + max((a.kf_id for a in world.agents.values()), default=FIRST_KF_ID - 1)
    world.agents[kf_account] = Agent(kf_account, nick, kf_id)


def update(world: World, inquiry: Inquiry) -> None:
    """kfaccount/update: only the nickname can change."""
    agent = _agent(world, inquiry.word("kf_account"))
    agent.nick = _nickname(inquiry)


def delete(world: World, inquiry: Inquiry) -> None:
    """kfaccount/del: the account goes, its sessions end."""
    agent = _agent(world, inquiry.word("kf_account") or inquiry.query.get("kf_account", ""))
    del world.agents[agent.kf_account]
    world.waiting.release(agent.kf_account)
    for openid in [s.openid for s in world.sessions.values() if s.kf_account == agent.kf_account]:
        world.close_session(openid)


def invite(world: World, inquiry: Inquiry) -> None:
    """kfaccount/inviteworker: asks a WeChat user to become this agent."""
    agent = _agent(world, inquiry.word("kf_account"))
    wechat_id = inquiry.word("invite_wx")
    if re.fullmatch(_WECHAT_ID, wechat_id) is None:
        raise Refusal(65409)
    if world.account.workers_elsewhere.get(wechat_id, 0) >= AGENTS_A_PERSON:
        raise Refusal(65410)
    if agent.wechat_id:
        raise Refusal(65412)
    if _is_open(agent.invitation, world.now):
        raise Refusal(65411)
    others = world.agents.values()
    if any(a.wechat_id == wechat_id for a in others):
        raise Refusal(65407)
    if any(
        a.invitation and a.invitation.wechat_id == wechat_id and _is_open(a.invitation, world.now)
        for a in others
    ):
        raise Refusal(65408)
    agent.invitation = Invitation(wechat_id, world.now + world.account.invitation_life)


def answer_invitation(world: World, kf_account: str, *, accepts: bool) -> None:
    """The invited person answers in WeChat; who accepts is bound to the account from now on.

    Raises:
        KeyError: for an unknown account.
        ValueError: when nobody is invited, or no longer.
    """
    agent = world.agents[kf_account]
    invitation = agent.invitation
    if invitation is None or not _is_open(invitation, world.now):
        raise ValueError("no open invitation")
    if accepts:
        agent.wechat_id, agent.invitation = invitation.wechat_id, None
    else:
        agent.invitation = Invitation(invitation.wechat_id, invitation.expires, "rejected")


def _is_open(invitation: Invitation | None, now: float) -> bool:
    return invitation is not None and invitation.status == "waiting" and now < invitation.expires


def _agent(world: World, kf_account: str) -> Agent:
    agent = world.agents.get(kf_account)
    if agent is None:
        raise Refusal(65401)
    return agent


def _nickname(inquiry: Inquiry) -> str:
    nick = inquiry.word("nickname")
    if not nick.strip() or len(nick) > NICKNAME_CHARACTERS:
        raise Refusal(65403)
    return nick
