"""The two token endpoints."""

from collections.abc import Mapping

from kefu_desk.simulator.inquiry import Inquiry
from kefu_desk.simulator.refusal import Refusal
from kefu_desk.simulator.tokens import Token
from kefu_desk.simulator.world import World


def classic_token(world: World, inquiry: Inquiry) -> Mapping[str, object]:
    """cgi-bin/token: always a new token."""
    _check_credentials(world, inquiry, inquiry.query)
    return _answer(world.tokens.classic(world.now), world.now)


def stable_token(world: World, inquiry: Inquiry) -> Mapping[str, object]:
    """cgi-bin/stable_token: the shared token, or with force_refresh a new one."""
    _check_credentials(world, inquiry, inquiry.fields)
    force = inquiry.fields.get("force_refresh") is True
    return _answer(world.tokens.stable(world.now, force=force), world.now)


def _check_credentials(world: World, inquiry: Inquiry, given: Mapping[str, object]) -> None:
    appid, secret = given.get("appid"), given.get("secret")
    if not appid:
        raise Refusal(41002)
    if not secret:
        raise Refusal(41004)
    if given.get("grant_type") != "client_credential":
        raise Refusal(40002)
    if appid != world.account.appid:
        raise Refusal(40013)
    forced = world.chaos.take("token", inquiry.path, "40125", "40243")
    if forced is not None:
        raise Refusal(int(forced))
    if secret != world.account.secret:
        raise Refusal(40125)
    if world.account.risk:
        raise Refusal(world.account.risk)


def _answer(token: Token, now: float) -> Mapping[str, object]:
    return {"access_token": token.value, "expires_in": int(token.expires - now)}
