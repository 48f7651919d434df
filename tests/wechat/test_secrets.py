"""Neither the secret nor a token can be read anywhere but on the wire."""

import logging
import traceback
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from kefu_desk.domain.failure import DeskError
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.errors import BadReply, WeChatError, cleaned
from kefu_desk.wechat.gateway import WeChatGateway

SECRET = "5f8a1c3e7b9d2046a8c1e3f507b9d264"
TOKEN = "81_" + "Zx0pQ-aaaa/BBBB+ccccDDDD1" * 6

ECHOES: list[Callable[[str], Any]] = [
    lambda leak: {"errcode": 40001, "errmsg": f"invalid credential {leak}"},
    lambda leak: {"errcode": 45015, "errmsg": f"bad url https://x.test/a?access_token={leak}&x=1"},
    lambda leak: {"errcode": 99999, "errmsg": f"access_token={leak} secret: {leak}"},
    lambda leak: f"<html>You asked for /cgi-bin/x?access_token={leak}</html>".encode(),
    lambda leak: (b" " * 900) + f"token {leak}".encode() + b" " * 70_000,
    lambda leak: f'{{"access_token":"{leak}","expires_in'.encode(),
    lambda leak: f'{{"errcode": 40001, "errmsg":"{leak}" oops'.encode(),
    lambda leak: httpx.Response(502, stream=httpx.ByteStream(leak.encode())),
    lambda leak: httpx.Response(
        302, headers={"location": f"https://evil.test/?t={leak}"}, stream=httpx.ByteStream(b"")
    ),
    lambda leak: httpx.ConnectError(f"cannot reach https://x.test/?access_token={leak}"),
    lambda leak: httpx.ReadTimeout(f"token {leak}"),
    lambda leak: httpx.LocalProtocolError(f"illegal target {leak}"),
    lambda leak: ValueError(f"bad {leak}"),
    lambda leak: httpx.Response(200, headers={"content-encoding": f"x{leak}"}, stream=httpx.ByteStream(b"")),
]


def traces(error: BaseException) -> str:
    """All that a log or a crash report could show of an error."""
    parts = ["".join(traceback.format_exception(error)), repr(error), str(error), repr(vars(error))]
    parts += [traces(cause) for cause in (error.__cause__, error.__context__) if cause is not None]
    return "\n".join(parts)


@pytest.fixture
async def leaky(wechat: WeChatClient, script: Any, caplog: pytest.LogCaptureFixture) -> WeChatClient:
    caplog.set_level(logging.DEBUG)
    script.token_answer = lambda _: {"access_token": TOKEN, "expires_in": 7200}
    return wechat


CALLS: list[Callable[[WeChatClient], Awaitable[object]]] = [
    lambda w: w.waiting_cases(),
    lambda w: w.send_text(openid="o1", text="好"),
    lambda w: w.check_token(),
    lambda w: WeChatGateway(w).send_text("o1", "好", "a@b"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("leak", [TOKEN, SECRET, quote(TOKEN, safe="@")], ids=["token", "secret", "quoted"])
@pytest.mark.parametrize("echo", ECHOES)
@pytest.mark.parametrize("call", CALLS)
async def test_no_error_repeats_what_a_server_echoes(
    leaky: WeChatClient,
    script: Any,
    caplog: pytest.LogCaptureFixture,
    call: Callable[[WeChatClient], Awaitable[object]],
    echo: Callable[[str], Any],
    leak: str,
) -> None:
    script.answer = lambda _: echo(leak)
    if call is CALLS[2]:
        script.token_answer = lambda _: echo(leak)
    try:
        await call(leaky)
    except (WeChatError, DeskError) as error:
        shown = traces(error) + caplog.text
        if isinstance(error, DeskError):
            shown += repr(error.failure)
        for hidden in (TOKEN, SECRET, quote(TOKEN, safe="@"), TOKEN[:40], TOKEN[-40:]):
            assert hidden not in shown
    else:
        raise AssertionError("none of these answers is a success")


async def test_nothing_that_can_be_printed_holds_them(
    leaky: WeChatClient, script: Any, caplog: pytest.LogCaptureFixture
) -> None:
    script.answer = lambda _: {"count": 0, "errcode": 0}
    await leaky.waiting_cases()
    await leaky.send_text(openid="o1", text="好")
    shown = repr(leaky) + str(leaky) + repr(leaky._tokens) + caplog.text
    for part in (leaky._line, leaky._carrier, leaky._calls):
        shown += repr(part)
    assert TOKEN not in shown
    assert SECRET not in shown
    assert TOKEN in script.requests[0].url.params["access_token"], "it does go out"


def test_a_short_token_is_masked_by_name() -> None:
    assert cleaned("you sent token-12 and kefu@luye", ("token-12", "")) == "you sent *** and kefu@luye"


async def test_of_a_broken_token_reply_nothing_is_quoted(leaky: WeChatClient, script: Any) -> None:
    script.token_answer = lambda _: b'{"access_token":"short-one", oops'
    with pytest.raises(BadReply) as caught:
        await leaky.check_token()
    assert caught.value.excerpt == ""


async def test_a_token_reply_hides_its_token_when_printed() -> None:
    from kefu_desk.wechat.wire import TokenReply

    assert TOKEN not in f"{TokenReply(access_token=TOKEN)!r} {TokenReply(access_token=TOKEN)}"
