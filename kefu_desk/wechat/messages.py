"""Sending to customers."""

from typing import TYPE_CHECKING

from kefu_desk.wechat import spec
from kefu_desk.wechat.codes import TYPING_QUIET
from kefu_desk.wechat.errors import ApiError
from kefu_desk.wechat.transport import Transport
from kefu_desk.wechat.wire import Reply, SendReply

if TYPE_CHECKING:
    from kefu_desk.wechat.letters import Letter


class Messages:
    """The calls that a customer notices."""

    def __init__(self, transport: Transport) -> None:
        self._calls = transport

    async def send(self, message: "Letter", *, openid: str, agent: str = "", ai: bool = False) -> SendReply:
        """Sends one message, in the name of an agent or of the account itself; never repeated inside.

        `ai` adds WeChat's grey note that the message was generated. The answer means that WeChat accepted it;
        nobody tells whether it was delivered.

        Raises:
            ArgumentError: when the openid is empty; messages themselves are valid once they exist.
            WeChatError: with effect MAYBE when nobody can say whether the customer got it.
        """
        from kefu_desk.wechat.arguments import filled  # noqa: PLC0415  the first data need no messages

        body = {"touser": filled("openid", openid), **message.body()}
        if agent:
            body["customservice"] = {"kf_account": agent}
        if ai:
            body["aimsgcontext"] = {"is_ai_msg": 1}
        return await self._calls.call(spec.CUSTOM_SEND, SendReply, body=body)

    async def send_text(self, *, openid: str, text: str, agent: str = "", ai: bool = False) -> SendReply:
        """Sends one text as `send` does: at most 2048 bytes of UTF-8, not empty."""
        from kefu_desk.wechat.letters import Text  # noqa: PLC0415  as above

        return await self.send(Text(text), openid=openid, agent=agent, ai=ai)

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
