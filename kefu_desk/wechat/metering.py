"""What the line to WeChat tells about itself, for who rations the calls."""

from kefu_desk.domain.quota import DailyQuota, Path
from kefu_desk.wechat import spec
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.errors import WeChatError

PATHS = {
    Path.WAITING: spec.WAIT_CASE.path,
    Path.SESSIONS: spec.SESSION_LIST.path,
    Path.ONLINE: spec.KF_ONLINE_LIST.path,
    Path.RECORDS: spec.MSG_LIST.path,
    Path.SEND: spec.CUSTOM_SEND.path,
}


class Metering:
    """Counts, limits and the clock of one client."""

    def __init__(self, client: WeChatClient) -> None:
        self._wechat = client

    async def quota(self, path: Path) -> DailyQuota | None:
        """How often a path may be and was called today, or None when WeChat does not tell now."""
        try:
            found = await self._wechat.quota(PATHS[path])
        except WeChatError:
            return None
        return DailyQuota(found.daily_limit, found.used, found.remain) if found.daily_limit else None

    async def refresh_connections(self) -> None:
        """Opens new connections from now on; for a computer that has slept."""
        await self._wechat.refresh_connections()

    def calls_of(self, path: Path) -> int:
        """Calls of one path since the program started."""
        return self._wechat.calls_to(PATHS[path])

    def calls_made(self) -> int:
        """Calls since the program started."""
        return self._wechat.calls_made()

    def clock_offset(self) -> float | None:
        """WeChat's clock minus ours in seconds, or None before the first reply."""
        return self._wechat.clock_offset()
