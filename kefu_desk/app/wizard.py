"""Adding an account: the wizard's words to tests, and its answer to a profile and a secret."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from msgspec import structs
from PySide6.QtWidgets import QDialog

from kefu_desk.app.accounts import Accounts
from kefu_desk.app.compose import Connection
from kefu_desk.app.setup_checks import SetupChecks
from kefu_desk.app.stage import Stage
from kefu_desk.desk.tasks import CommandRunner
from kefu_desk.domain.failure import DeskError
from kefu_desk.domain.ids import AgentId
from kefu_desk.domain.text import Text, text
from kefu_desk.presenters.setup import CheckState, SetupView
from kefu_desk.profiles.model import Profile, problem_of
from kefu_desk.profiles.secrets import Secret
from kefu_desk.ui.dialogs.setup import SetupWizard
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.wiring import open_mpkf

NO_AGENT = AgentId("")
FIELDS = (("title", "title"), ("appid", "appid"), ("base_url", "base"))
"""What a profile calls a value, and what the dialog calls it."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What is being tested, kept until it is saved or the wizard is closed."""

    title: str
    appid: str
    base_url: str
    secret: Secret

    def fault(self) -> tuple[str, Text] | None:
        """The first field of the dialog that no profile could hold, and why."""
        for name, shown in FIELDS:
            problem = problem_of(name, getattr(self, name))
            if problem is not None:
                return shown, problem
        return None


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
        self._testing: asyncio.Task[None] | None = None
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
        self._show(SetupView())
        self._dialog.open()

    async def open_again(self) -> None:
        """Shows the wizard with the last profile's values, to enter its secret again."""
        try:
            known = await self._accounts.last()
        except DeskError:  # its file is damaged: everything is entered anew
            known = None
        self.open()
        if known is not None and not known.simulated:
            self._dialog.fill(title=known.title, appid=known.appid, base_url=known.base_url)
            self._dialog.focus_secret()

    def _show(self, view: SetupView) -> None:
        self._view = view
        self._dialog.render(view)

    def _test(self, appid: str, secret: str, base_url: str, title: str) -> None:
        self._end_trial()
        trial = Trial(title, appid, base_url, Secret(secret))
        fault = trial.fault()
        if fault is not None:
            self._refuse(*fault)
            return
        self._trial = trial
        self._jobs.start("test", self._run(trial))

    def _refuse(self, shown: str, reason: Text) -> None:
        self._show(SetupView())
        self._dialog.set_field_error(shown, reason)

    async def _run(self, trial: Trial) -> None:
        """Tests until done; stopping it cancels this very task, so that no call of it is left."""
        if trial is not self._trial:
            return
        self._testing = asyncio.current_task()
        try:
            connection = Connection(
                title=trial.title,
                appid=trial.appid,
                agent=NO_AGENT,
                reveal=trial.secret.reveal,
                base_url=trial.base_url,
                proxy=await self._accounts.proxy_to(trial.base_url),
            )
            keyring = partial(self._accounts.try_keyring, trial.appid)
            await SetupChecks(connection, self._show, keyring).run()
        except DeskError as error:  # only the address or the proxy can keep the tests from starting
            of_proxy = error.failure.subject == "proxy"
            self._refuse("base", error.failure.text if of_proxy else text("profile.problem.address"))
        finally:
            if self._testing is asyncio.current_task():
                self._testing = None

    def _cancel(self) -> None:
        self._end_trial()
        waiting = tuple(
            structs.replace(row, state=CheckState.WAITING, result=text("setup.check.waiting"))
            if row.state is CheckState.RUNNING
            else row
            for row in self._view.rows
        )
        self._show(structs.replace(self._view, rows=waiting, running=False))

    def _end_trial(self) -> None:
        self._trial = None
        if self._testing is not None:
            self._testing.cancel()
            self._testing = None

    def _saved(self, agent: str) -> None:
        trial, self._trial = self._trial, None
        nick = next((choice.nick for choice in self._view.choices if choice.agent == agent), "")
        if trial is not None:
            self._jobs.start("save", self._save(trial, AgentId(agent), nick))

    async def _save(self, trial: Trial, agent: AgentId, nick: str) -> None:
        try:
            before = await self._accounts.find(trial.appid)
            profile = replace(
                before or Profile(trial.appid, trial.title, trial.appid, agent),
                title=trial.title,
                agent=agent,
                agent_nick=nick,
                base_url=trial.base_url,
            )
            await self._accounts.add(profile, trial.secret)
        except DeskError as error:
            self._refuse("title", error.failure.text)
            return
        self._opened(profile.name)

    def _finished(self, result: int) -> None:
        if result == QDialog.DialogCode.Rejected:
            self._end_trial()
