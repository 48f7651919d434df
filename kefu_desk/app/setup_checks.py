"""The live tests of the account wizard: read-only calls, each told as it starts and as it ends."""

import time
from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from kefu_desk.app.compose import Connection, connect
from kefu_desk.domain.agents import AgentAccount, Binding
from kefu_desk.domain.failure import Action, DeskError, Failure
from kefu_desk.domain.text import Text, text, verbatim
from kefu_desk.presenters.setup import AgentChoice, CheckRow, CheckState, SetupView
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.errors import WeChatError
from kefu_desk.wechat.failures import failure_of
from kefu_desk.wechat.gateway import WeChatGateway

CLOCK_WARNING = 120.0
STEPS = ("network", "clock", "keyring", "token", "agents", "records")
Outcome = tuple[CheckState, Text]


class SetupChecks:
    """Runs the tests of one connection in order and stops at the first that fails."""

    def __init__(
        self,
        connection: Connection,
        show: Callable[[SetupView], None],
        keyring: Callable[[], Awaitable[Failure | None]],
    ) -> None:
        self._connection = connection
        self._show = show
        self._ask_keyring = keyring
        self._warning: Text | None = None
        self._rows = [
            CheckRow(step, text(f"setup.check.{step}"), CheckState.WAITING, text("setup.check.waiting"))
            for step in STEPS
        ]
        self._accounts: tuple[AgentAccount, ...] = ()
        self._online: frozenset[str] = frozenset()

    async def run(self) -> None:
        """Tests everything; the view that is shown last says whether all passed.

        Raises:
            DeskError: when the address cannot be used at all.
        """
        async with connect(self._connection) as client:
            gateway = WeChatGateway(client)
            steps: tuple[Callable[[], Awaitable[Outcome]], ...] = (
                lambda: self._network(client),
                lambda: self._clock(client),
                self._keyring,
                lambda: self._token(client),
                lambda: self._agents(gateway),
                lambda: self._records(gateway),
            )
            for place, step in enumerate(steps):
                if not await self._try(place, step):
                    return
        self._tell(running=False, passed=True)

    async def _try(self, place: int, step: Callable[[], Awaitable[Outcome]]) -> bool:
        self._put(place, CheckState.RUNNING, text("setup.check.running"))
        try:
            state, result = await step()
        except WeChatError as error:
            self._fail(place, failure_of(error))
            return False
        except DeskError as error:
            self._fail(place, error.failure)
            return False
        self._put(place, state, result)
        return True

    async def _network(self, client: WeChatClient) -> Outcome:
        seconds = await client.reach()
        return CheckState.PASSED, verbatim(f"{seconds * 1000:.0f} ms")

    async def _clock(self, client: WeChatClient) -> Outcome:
        offset = client.clock_offset() or 0.0
        state = CheckState.WARNED if abs(offset) > CLOCK_WARNING else CheckState.PASSED
        return state, text("setup.check.offset", offset=f"{offset:+.1f}")

    async def _keyring(self) -> Outcome:
        failure = await self._ask_keyring()
        if failure is None:
            return CheckState.PASSED, text("setup.check.keyring.ok")
        self._warning = failure.text
        return CheckState.WARNED, text("setup.check.keyring.none")

    async def _token(self, client: WeChatClient) -> Outcome:
        lifetime = await client.check_token()
        return CheckState.PASSED, text("setup.check.token.ok", minutes=lifetime // 60)

    async def _agents(self, gateway: WeChatGateway) -> Outcome:
        self._accounts = await gateway.agent_accounts()
        self._online = frozenset(a.agent for a in await gateway.online_agents() if a.status)
        if not self._accounts:
            return CheckState.WARNED, text("setup.check.agents.none")
        return CheckState.PASSED, text("setup.check.agents.ok", len(self._accounts))

    async def _records(self, gateway: WeChatGateway) -> Outcome:
        now = int(time.time() + (gateway.clock_offset() or 0.0))
        await gateway.records(now - 60, now)
        return CheckState.PASSED, text("setup.check.records.ok")

    def _fail(self, place: int, failure: Failure) -> None:
        self._rows[place] = replace(
            self._rows[place],
            state=CheckState.FAILED,
            result=verbatim(str(failure.code) if failure.code is not None else ""),
            reason=failure.text,
            value=failure.subject if failure.action is Action.COPY_IP else "",
            action=failure.action,
            detail=failure.detail,
        )
        self._tell(running=False, passed=False)

    def _put(self, place: int, state: CheckState, result: Text) -> None:
        self._rows[place] = replace(self._rows[place], state=state, result=result)
        self._tell(running=True, passed=False)

    def _tell(self, *, running: bool, passed: bool) -> None:
        choices = tuple(self._choice(account) for account in self._accounts) if passed else ()
        self._show(SetupView(tuple(self._rows), running, passed, choices, self._warning))

    def _choice(self, account: AgentAccount) -> AgentChoice:
        binding = account.binding(time.time())
        hint = text(f"binding.{binding.value}")
        if binding is Binding.BOUND:
            hint = text("presence.online" if account.agent in self._online else "presence.offline")
        return AgentChoice(account.agent, account.nick or account.agent, hint, binding is Binding.BOUND)
