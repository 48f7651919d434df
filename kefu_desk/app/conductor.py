"""What the window does from its first paint to its end: which desk is open, and what comes after it."""

import asyncio
import logging
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import qasync  # PySide6 is imported before it, so it takes that binding
from msgspec import Struct
from PySide6.QtGui import QIcon

from kefu_desk.app.assets import resources
from kefu_desk.app.clock import SystemClock
from kefu_desk.app.crash import EXIT_CODE, arm_deadline, disarm_deadline, watch_loop
from kefu_desk.app.files import Files, begin_files
from kefu_desk.app.lean import settle_memory
from kefu_desk.app.paths import SETTINGS, Places, places
from kefu_desk.app.stage import Stage, Start
from kefu_desk.desk.runtime import Desk
from kefu_desk.desk.store import Store
from kefu_desk.desk.tasks import CommandRunner
from kefu_desk.domain.failure import Action, DeskError, Failure
from kefu_desk.domain.outbox import WAITING
from kefu_desk.domain.text import text
from kefu_desk.presenters.status import Toast
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.wiring import Wiring

if TYPE_CHECKING:
    from kefu_desk.app.accounts import Accounts
    from kefu_desk.app.compose import Connection
    from kefu_desk.app.wizard import Wizard

log = logging.getLogger(__name__)


class Place(Struct, frozen=True):
    """Where the window is: the welcome page, a scenario, or a profile, perhaps only to be looked at."""

    scenario: str = ""
    profile: str = ""
    read_only: bool = False


WELCOME = Place()


def conduct(stage: Stage, start: Start) -> int:
    """Runs the program in Qt's loop until the window is closed; its exit code."""
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(stage.app)) as runner:
        watch_loop(runner.get_loop())
        code = runner.run(Conductor(stage, start, places()).run())
    disarm_deadline()
    return code


class Conductor:
    """Opens one desk after another as the person asks, and ends in order."""

    def __init__(self, stage: Stage, start: Start, home: Places) -> None:
        self._stage = stage
        self._window = stage.window
        self._icons = Icons(resources() / "icons")
        self._start = start
        self._home = home
        self._known: Accounts | None = None
        self._next: Place | None = None
        self._turn = asyncio.Event()
        self._jobs = CommandRunner(Store(), SystemClock())
        self._wizard: Wizard | None = None
        self._welcomed = False
        self._furnished = False
        self._language = start.language or "system"
        self._desk: Desk | None = None
        self._newer: Failure | None = None
        self._code = 0

    async def run(self) -> int:
        """Goes from place to place until the window is closed."""
        self._heed_signals()
        place: Place | None = await self._first()
        async with asyncio.TaskGroup() as group:
            self._jobs.attach(group)
            while place is not None:
                self._turn.clear()
                self._next = None
                place = await self._stay(place)
            self._jobs.close()
            self._jobs.abandon()
        self._window.hide()
        return self._code

    @property
    def _accounts(self) -> "Accounts":
        """The accounts of this computer; a first demo needs none, and they take 20 ms to import."""
        if self._known is None:
            from kefu_desk.app.accounts import Accounts

            self._known = Accounts(self._home)
        return self._known

    async def _first(self) -> Place:
        start = self._start
        if start.scenario is not None and not (self._home.config / SETTINGS).exists():
            return Place(scenario=start.scenario)
        settings = await self._accounts.settings()
        self._language = start.language or settings.language
        if start.language is None:
            self._stage.language.use(settings.language)
        if start.theme is None and settings.theme != self._stage.theme.choice:
            self._stage.theme.use(settings.theme)
        if start.scenario is not None:
            return Place(scenario=start.scenario)
        names = [name for name, _ in await self._accounts.all()]
        wanted = start.profile or settings.last_profile
        return Place(profile=wanted) if wanted and (start.profile or wanted in names) else WELCOME

    async def _stay(self, place: Place) -> Place | None:
        """Stays at a place until told otherwise; where to go then."""
        try:
            if place.scenario:
                await self._simulate(place.scenario)
            elif place.profile:
                await self._serve(place)
            else:
                await self._welcome()
        except DeskError as error:
            self._excuse(error.failure)
            if error.failure.action is Action.REENTER_SECRET:
                self._reenter_secret()
            if error.failure.text.key == "failure.storage.newer" and place.profile and not place.read_only:
                self._offer_reading(place.profile, error.failure)
            return WELCOME
        return self._next

    def _furnish(self) -> None:
        """Puts the panes in, once."""
        if not self._furnished:
            self._furnished = True
            self._stage.theme.dress()
            self._window.furnish(self._icons)
            self._window.setWindowIcon(QIcon(str(resources() / "icons" / "kefu-desk.svg")))
            self._connect()
            self._tick_choices()

    async def _welcome(self) -> None:
        self._furnish()
        page = self._window.welcome
        if not self._welcomed:
            self._welcomed = True
            page.simulatorRequested.connect(lambda: self._go(Place(scenario="day")))
            page.addAccountRequested.connect(self._add_account)
            page.profileRequested.connect(self._go_profile)
            page.languageChosen.connect(self._use_language)
            page.themeChosen.connect(self._use_theme)
        page.show_language(self._language)
        page.render_profiles(await self._accounts.all())
        self._window.show_welcome()
        settle_memory()
        await self._turn.wait()

    async def _simulate(self, scenario: str) -> None:
        with tempfile.TemporaryDirectory(prefix="kefu-desk-", ignore_cleanup_errors=True) as folder:
            async with begin_files(Path(folder), kept=False) as files:
                from kefu_desk.app.compose import to_simulation
                from kefu_desk.app.simulation import SCHEME

                connection, _ = await asyncio.to_thread(to_simulation, SCHEME + scenario, self._start.seed)
                if (self._home.config / SETTINGS).exists():
                    connection = await self._accounts.replying(connection)
                await self._run_desk(connection, files)

    async def _serve(self, place: Place) -> None:
        from kefu_desk.app.instance import Instance

        folder = self._home.of_profile(place.profile)
        try:
            instance = Instance(folder)
        except DeskError:
            if await self._shown_elsewhere(folder):
                return
            raise
        with instance:
            self._jobs.start("door", instance.listen(self._come_forward))
            if place.read_only:
                await self._read(place.profile, folder)
            else:
                await self._serve_alone(place.profile, folder)

    async def _shown_elsewhere(self, folder: Path) -> bool:
        """Whether the program that has this profile open came forward; a program just started ends then."""
        from kefu_desk.app.instance import knock

        shown = await asyncio.to_thread(knock, folder)
        if shown and self._welcomed:
            self._next = WELCOME
        return shown

    def _come_forward(self) -> None:
        window = self._window
        if window.isMinimized():
            window.showNormal()
        window.raise_()
        window.activateWindow()

    async def _serve_alone(self, profile: str, folder: Path) -> None:
        async with begin_files(folder) as files:
            self._furnish()
            connection = await self._accounts.connection(profile)
            await self._accounts.remember(last_profile=profile)
            await self._run_desk(connection, files)

    async def _read(self, profile: str, folder: Path) -> None:
        """Shows what the files hold, without WeChat and without a change to them."""
        from kefu_desk.app.reading import open_reading_desk

        async with begin_files(folder, read_only=True) as files:
            self._furnish()
            known = await self._accounts.profile(profile)
            await files.opened()
            why = self._newer
            if why is None:
                raise LookupError("no file was found to be newer")
            async with open_reading_desk(files, known.title, known.agent, why) as desk:
                with ExitStack() as shown:
                    await desk.run(self._turn, lambda: shown.enter_context(self._wired(desk)))

    def _offer_reading(self, profile: str, why: Failure) -> None:
        from kefu_desk.ui.dialogs.ask import ask

        self._newer = why
        ask(
            self._stage.theme,
            self._icons,
            self._window,
            lambda yes: self._go(Place(profile=profile, read_only=True)) if yes else None,
            title=text("newer.title"),
            question=text("newer.question"),
            confirm=text("newer.confirm"),
            cancel=text("newer.cancel"),
        )

    async def _run_desk(self, connection: "Connection", files: Files) -> None:
        from kefu_desk.app.compose import open_desk_on

        await files.opened()
        async with open_desk_on(files, connection) as desk:
            with ExitStack() as shown:
                await desk.run(self._turn, lambda: shown.enter_context(self._wired(desk)))

    @contextmanager
    def _wired(self, desk: Desk) -> Iterator[None]:
        self._furnish()
        wiring = Wiring(self._window, desk, SystemClock().now)
        self._window.show_desk()
        self._desk = desk
        wiring.start()
        settle_memory()
        if self._start.play:
            self._jobs.start("play", self._play(desk))
        try:
            yield
        finally:
            self._desk = None
            wiring.stop()
            self._window.toasts.render(())

    async def _play(self, desk: Desk) -> None:
        from kefu_desk.app.play import Play

        self._code = EXIT_CODE
        self._code = await Play(self._window, desk, self._start.shot).run()
        self._close()

    # --- what the person asks of the window itself

    def _connect(self) -> None:
        window, actions = self._window, self._window.actions_
        window.closeRequested.connect(self._close_if_sent)
        window.secretRequested.connect(self._reenter_secret)
        actions["quit"].triggered.connect(self._close_if_sent)
        actions["open_simulator"].triggered.connect(lambda: self._go(Place(scenario="day")))
        actions["add_account"].triggered.connect(self._add_account)
        actions["open_logs"].triggered.connect(self._open_logs)
        actions["about"].triggered.connect(self._about)
        for choice in ("system", "light", "dark"):
            actions[f"theme_{choice}"].triggered.connect(lambda _on, c=choice: self._use_theme(c))
        for choice in ("system", "zh_CN", "en"):
            actions[f"language_{choice}"].triggered.connect(lambda _on, c=choice: self._use_language(c))
        actions["toggle_theme"].triggered.connect(
            lambda: self._use_theme("light" if self._stage.theme.dark else "dark")
        )

    def _heed_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError, RuntimeError):  # Windows has no loop signal handlers
                loop.add_signal_handler(name, self._close)

    def _close_if_sent(self) -> None:
        """Closes at once, or asks first while messages wait to be sent."""
        state = self._desk.store.state if self._desk is not None else None
        waiting = [i for i in state.outbox if i.state in WAITING] if state is not None else []
        if not waiting:
            self._close()
            return
        from kefu_desk.ui.dialogs.ask import ask

        ask(
            self._stage.theme,
            self._icons,
            self._window,
            lambda yes: self._close() if yes else None,
            title=text("quit.title"),
            question=text("quit.question", len(waiting)),
            confirm=text("quit.confirm"),
            cancel=text("quit.cancel"),
        )

    def _close(self) -> None:
        arm_deadline()
        self._flush_draft()
        self._leave(None)

    def _go(self, place: Place) -> None:
        self._flush_draft()
        self._leave(place)

    def _flush_draft(self) -> None:
        if self._window.has_chat:
            self._window.composer.flush_draft()

    def _go_profile(self, name: str) -> None:
        self._go(Place(profile=name))

    def _leave(self, place: Place | None) -> None:
        self._next = place
        self._turn.set()

    def _use_language(self, code: str) -> None:
        self._language = code
        self._stage.language.use(code)
        self._jobs.start("settings", self._accounts.remember(language=code))
        self._tick_choices()

    def _use_theme(self, choice: str) -> None:
        self._stage.theme.use(choice)
        self._jobs.start("settings", self._accounts.remember(theme=choice))
        self._tick_choices()

    def _tick_choices(self) -> None:
        actions = self._window.actions_
        actions[f"theme_{self._stage.theme.choice}"].setChecked(True)
        actions[f"language_{self._language}"].setChecked(True)

    def _add_account(self) -> None:
        self._wizard_for_accounts().open()

    def _reenter_secret(self) -> None:
        self._jobs.start("secret", self._wizard_for_accounts().open_again())

    def _wizard_for_accounts(self) -> "Wizard":
        if self._wizard is None:
            from kefu_desk.app.wizard import Wizard

            self._wizard = Wizard(self._stage, self._icons, self._accounts, self._jobs, self._go_profile)
        return self._wizard

    def _about(self) -> None:
        from kefu_desk.ui.dialogs.about import About

        About(self._stage.theme, self._icons, self._window).open()

    def _open_logs(self) -> None:
        from PySide6.QtCore import QUrl
        from PySide6.QtGui import QDesktopServices

        self._home.logs.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._home.logs)))

    def _excuse(self, failure: Failure) -> None:
        self._furnish()
        log.warning("the desk could not be opened: %s %s", failure.category, failure.detail)
        self._window.toasts.render((Toast(0, failure.text, Tone.LATE, failure.detail),))
