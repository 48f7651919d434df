"""An agent hands a customer over to another in WeChat's own client."""

from kefu_desk.simulator.traffic import Push
from kefu_desk.simulator.world import World


def hand_over(world: World, openid: str, kf_account: str) -> None:
    """The customer's session goes on with this agent; the shop's server hears of both.

    Raises:
        KeyError: when nobody serves the customer, or there is no such agent.
    """
    session = world.sessions[openid]
    agent = world.agents[kf_account]
    world.pushes.append(
        Push(
            world.now,
            openid,
            "kf_switch_session",
            kf_account=agent.kf_account,
            from_account=session.kf_account,
        )
    )
    session.kf_account = agent.kf_account
    session.last_activity = world.now
