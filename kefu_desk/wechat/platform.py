"""The platform itself: quotas, past requests, addresses."""

from typing import TYPE_CHECKING

from kefu_desk.wechat import spec
from kefu_desk.wechat.transport import Transport
from kefu_desk.wechat.wire import Reply

if TYPE_CHECKING:
    from kefu_desk.wechat.diagnostics import CallbackCheck, PastRequest, Quota


class Platform:
    """The calls about WeChat's side of things; what they need is imported at the first one."""

    def __init__(self, transport: Transport) -> None:
        self._calls = transport

    async def quota(self, path: str) -> "Quota":
        """How often an endpoint may be and was called today; `path` is like `/cgi-bin/user/get`."""
        from kefu_desk.wechat import arguments, diagnostics  # noqa: PLC0415  the first data need no quotas

        body = {"cgi_path": arguments.path("path", path)}
        reply = await self._calls.call(spec.QUOTA_GET, diagnostics.QuotaReply, body=body)
        return diagnostics.quota_in(reply, path)

    async def reset_quota(self, path: str) -> None:
        """Sets today's count of an endpoint back to 0; WeChat allows that 50 times a month."""
        from kefu_desk.wechat import arguments  # noqa: PLC0415  as above

        await self._calls.call(spec.QUOTA_CLEAR, Reply, body={"cgi_path": arguments.path("path", path)})

    async def request_of(self, rid: str) -> "PastRequest":
        """What WeChat remembers, for seven days, of the request with this id; tokens in it are masked."""
        from kefu_desk.wechat import arguments, diagnostics  # noqa: PLC0415  as above

        body = {"rid": arguments.filled("rid", rid)}
        return diagnostics.past_request(await self._calls.call(spec.RID_GET, diagnostics.RidReply, body=body))

    async def callback_ips(self) -> tuple[str, ...]:
        """The addresses and networks from which WeChat pushes."""
        return await self._addresses(spec.CALLBACK_IPS)

    async def api_domain_ips(self) -> tuple[str, ...]:
        """The addresses and networks behind the name of WeChat's API."""
        return await self._addresses(spec.API_DOMAIN_IPS)

    async def check_callback(self, *, action: str = "all", operator: str = "DEFAULT") -> "CallbackCheck":
        """How WeChat reaches the account's own server: `action` is `dns`, `ping` or `all`.

        `operator` is the network it looks from: `DEFAULT`, `CHINANET`, `UNICOM` or `CAP`.
        """
        from kefu_desk.wechat import arguments, diagnostics  # noqa: PLC0415  as above

        arguments.one_of("action", action, ("dns", "ping", "all"))
        arguments.one_of("operator", operator, ("DEFAULT", "CHINANET", "UNICOM", "CAP"))
        body = {"action": action, "check_operator": operator}
        return await self._calls.call(spec.CALLBACK_CHECK, diagnostics.CallbackCheck, body=body)

    async def _addresses(self, endpoint: spec.Endpoint) -> tuple[str, ...]:
        from kefu_desk.wechat import diagnostics  # noqa: PLC0415  as above

        found = (await self._calls.call(endpoint, diagnostics.AddressesReply)).ip_list
        return found if isinstance(found, tuple) else ()
