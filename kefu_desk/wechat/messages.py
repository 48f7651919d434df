"""Sending to customers."""

from kefu_desk.domain.limits import repaired
from kefu_desk.wechat import spec
from kefu_desk.wechat.codes import TYPING_QUIET
from kefu_desk.wechat.errors import ApiError
from kefu_desk.wechat.transport import Transport
from kefu_desk.wechat.wire import Reply

_UNSENDABLE = dict.fromkeys([*range(32), 127])
del _UNSENDABLE[ord("\n")], _UNSENDABLE[ord("\t")]


def plain(words: str) -> str:
    r"""The words as they can be sent: without the characters that JSON can only write as `\u0001`."""
    return repaired(words).translate(_UNSENDABLE)


class Messages:
    """The calls that a customer notices."""

    def __init__(self, transport: Transport) -> None:
        self._calls = transport

    async def send_text(self, *, openid: str, text: str, agent: str = "", ai: bool = False) -> None:
        """Sends one text, in the name of an agent or of the account itself; never repeated inside.

        `ai` adds WeChat's grey note that the text was generated.

        Raises:
            WeChatError: with effect MAYBE when nobody can say whether the customer got it.
        """
        body: dict[str, object] = {"touser": openid, "msgtype": "text", "text": {"content": plain(text)}}
        if agent:
            body["customservice"] = {"kf_account": agent}
        if ai:
            body["aimsgcontext"] = {"is_ai_msg": 1}
        await self._calls.call(spec.CUSTOM_SEND, Reply, body=body)

    async def set_typing(self, *, openid: str, typing: bool) -> bool:
        """Shows or hides that somebody types; False when WeChat would not show it, which hurts nobody."""
        body = {"touser": openid, "command": "Typing" if typing else "CancelTyping"}
        try:
            await self._calls.call(spec.CUSTOM_TYPING, Reply, body=body)
        except ApiError as error:
            if error.errcode not in TYPING_QUIET:
                raise
            return False
        return True
