"""Adding an account: the wizard's words to tests, and its answer to a profile and a secret."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtWidgets import QDialog

from kefu_desk.app.accounts import Accounts
from kefu_desk.app.compose import Connection
from kefu_desk.app.setup_checks import SetupChecks
from kefu_desk.app.stage import Stage
from kefu_desk.desk.tasks import CommandRunner
from kefu_desk.domain.failure import DeskError
from kefu_desk.domain.ids import AgentId
from kefu_desk.presenters.setup import SetupView
from kefu_desk.profiles.model import Profile
from kefu_desk.profiles.secrets import Secret
from kefu_desk.ui.dialogs.setup import SetupWizard
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.wiring import open_mpkf

NO_AGENT = AgentId("")


@dataclass(frozen=True, slots=True)
class Trial:
    """What is being tested, kept until it is saved or the wizard is closed."""

    appid: str
    secret: Secret
    base_url: str
    title: str


class Wizard:
    """One dialog for the whole life of the window; the secret is held only while it is open."""

    def __init__(
        self,
        stage: Stage,
        icons: Icons,
        accounts: Accounts,
        jobs: CommandRunner,
        opened: Callable[[str], None],
    ) -> None:
        self._accounts = accounts
        self._jobs = jobs
        self._opened = opened
        self._trial: Trial | None = None
        self._stop = asyncio.Event()
        self._view = SetupView()
        self._dialog = dialog = SetupWizard(stage.theme, icons, stage.window)
        dialog.testRequested.connect(self._test)
        dialog.cancelTestRequested.connect(self._cancel)
        dialog.mpkfRequested.connect(open_mpkf)
        dialog.saved.connect(self._saved)
        dialog.finished.connect(self._finished)

    def open(self) -> None:
        """Shows an empty wizard."""
        self._dialog.fill()
        self._dialog.render(SetupView())
        self._dialog.open()

    async def open_again(self) -> None:
        """Shows the wizard with the last profile's values, to enter its secret again."""
        known = await self._accounts.last()
        self.open()
        if known is not None:
            self._dialog.fill(title=known.title, appid=known.appid, base_url=known.base_url)

    def _test(self, appid: str, secret: str, base_url: str, title: str) -> None:
        trial = Trial(appid, Secret(secret), base_url, title)
        self._trial = trial
        self._stop.set()
        self._stop = asyncio.Event()
        self._jobs.start("test", self._run(trial, self._stop))

    async def _run(self, trial: Trial, stop: asyncio.Event) -> None:
        """Tests until done, or until the person stops it or starts another test."""
        connection = Connection(
            title=trial.title,
            appid=trial.appid,
            agent=NO_AGENT,
            reveal=trial.secret.reveal,
            base_url=trial.base_url,
            vault=await self._accounts.vault_kind(),
        )

        def show(view: SetupView) -> None:
            if not stop.is_set():
                self._view = view
                self._dialog.render(view)

        await SetupChecks(connection, show).run(stop)

    def _cancel(self) -> None:
        self._stop.set()
        self._dialog.render(replace(self._view, running=False))

    def _saved(self, agent: str) -> None:
        trial, self._trial = self._trial, None
        if trial is not None:
            self._jobs.start("save", self._save(trial, AgentId(agent)))

    async def _save(self, trial: Trial, agent: AgentId) -> None:
        profile = Profile(
            name=trial.appid,
            title=trial.title or trial.appid,
            appid=trial.appid,
            agent=agent,
            base_url=trial.base_url,
        )
        try:
            await self._accounts.add(profile, trial.secret)
        except DeskError as error:
            self._dialog.set_field_error("title", error.failure.text)
            return
        self._opened(profile.name)

    def _finished(self, result: int) -> None:
        self._stop.set()
        if result == QDialog.DialogCode.Rejected:
            self._trial = None
