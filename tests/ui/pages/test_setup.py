"""The account wizard: shapes, live tests, exact reasons, own account, and a secret that leaves no trace."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from kefu_desk.domain.failure import Action
from kefu_desk.domain.text import text, verbatim
from kefu_desk.presenters.setup import AgentChoice, CheckRow, CheckState, SetupView
from kefu_desk.ui.button import Button, CopyButton
from kefu_desk.ui.dialogs.setup import AGENT, CHECKS, CREDENTIALS, SetupWizard
from kefu_desk.ui.dialogs.setup_agents import ChoiceList
from kefu_desk.ui.dialogs.setup_checks import CheckLine
from kefu_desk.ui.dialogs.setup_fields import DEFAULT_BASE, Field, SecretEdit, fault_of
from kefu_desk.ui.dialogs.setup_steps import VaultNote

APPID, SECRET = "wx7c21aa00bb11e90d", "0123456789abcdef0123456789abcdef"
PASSED = CheckRow("network", verbatim("网络"), CheckState.PASSED, verbatim("38 ms"))
REFUSED = CheckRow(
    "token",
    verbatim("获取令牌"),
    CheckState.FAILED,
    verbatim("40164"),
    verbatim("此电脑的出口 IP 不在白名单"),
    "203.0.113.24",
    Action.COPY_IP,
    "rid 6741a2c0",
)
CHOICES = (
    AgentChoice("kf1@a", "小王", verbatim("未绑定微信"), usable=False),
    AgentChoice("kf2@a", "小陈", verbatim("已绑定"), usable=True),
    AgentChoice("kf3@a", "<b>小李</b>", verbatim("已绑定"), usable=True),
)
DONE = SetupView((PASSED,), running=False, passed=True, choices=CHOICES)


@pytest.fixture
def wizard(stage: Any) -> SetupWizard:
    made = SetupWizard(stage.theme, stage.icons)
    stage.keep(made)
    made.open()
    made.activateWindow()
    stage.qtbot.waitUntil(made.isActiveWindow)
    return made


def field(wizard: SetupWizard, name: str) -> QLineEdit:
    return next(f for f in wizard.findChildren(Field) if f.name == name).edit


def button(wizard: SetupWizard, words: str) -> Button:
    return next(b for b in wizard.findChildren(Button) if b.text() == words and b.isVisible())


def fill(wizard: SetupWizard, qtbot: QtBot) -> None:
    for name, value in (("title", "鹿野生活馆"), ("appid", APPID), ("secret", SECRET)):
        qtbot.keyClicks(field(wizard, name), value) if name != "title" else field(wizard, name).insert(value)


def show(wizard: SetupWizard, view: SetupView) -> None:
    wizard.render(view)
    QApplication.sendPostedEvents()  # Qt shows new widgets of a visible layout by a posted call


def to_agents(wizard: SetupWizard, qtbot: QtBot) -> None:
    fill(wizard, qtbot)
    qtbot.mouseClick(button(wizard, "开始测试"), Qt.MouseButton.LeftButton)
    show(wizard, DONE)
    qtbot.mouseClick(button(wizard, "下一步"), Qt.MouseButton.LeftButton)


def everything_readable(root: QWidget) -> str:
    """All that a screen reader or a tooltip could tell below a widget."""
    out = [QGuiApplication.clipboard().text()]
    for widget in [root, *root.findChildren(QWidget)]:
        out += [
            widget.toolTip(),
            widget.accessibleName(),
            widget.accessibleDescription(),
            widget.windowTitle(),
        ]
        spoken = QAccessible.queryAccessibleInterface(widget)
        if spoken is not None:
            out += [spoken.text(kind) for kind in QAccessible.Text if kind.value < 0xFF]
            inner = spoken.textInterface()
            if inner is not None:
                out.append(inner.text(0, inner.characterCount()))
    return "\n".join(out)


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("title", "", "title"),
        ("title", "店", None),
        ("appid", APPID, None),
        ("appid", "wx12", "appid"),
        ("appid", "ab7c21aa00bb11e90d", "appid"),
        ("secret", SECRET, None),
        ("secret", SECRET[:-1], "secret"),
        ("secret", "密" * 32, "secret"),
        ("base", DEFAULT_BASE, None),
        ("base", "", None),
        ("base", "http://127.0.0.1:8099", None),
        ("base", "http://[::1]:8099/cgi", None),
        ("base", "http://gateway.example", "plain"),
        ("base", "ftp://gateway.example", "base"),
        ("base", "https://user:pass@gateway.example", "base"),
        ("base", "https://[bad", "base"),
        ("base", "https://host:99999", "base"),
        ("base", "https://", "base"),
    ],
)
def test_shapes(name: str, value: str, fault: str | None) -> None:
    assert fault_of(name, value) == (None if fault is None else text(f"setup.error.{fault}"))


def test_the_test_starts_only_with_well_shaped_values(wizard: SetupWizard, qtbot: QtBot) -> None:
    start = button(wizard, "开始测试")
    assert not start.isEnabled()
    fill(wizard, qtbot)
    assert start.isEnabled()
    with qtbot.waitSignal(wizard.testRequested) as asked:
        qtbot.keyClick(field(wizard, "secret"), Qt.Key.Key_Return)
    assert asked.args == [APPID, SECRET, DEFAULT_BASE, "鹿野生活馆"]
    assert wizard.step == CHECKS
    assert not button(wizard, "下一步").isEnabled()


def test_pasted_space_is_trimmed_and_a_base_loses_its_last_slash(wizard: SetupWizard, qtbot: QtBot) -> None:
    fill(wizard, qtbot)
    field(wizard, "appid").setText(f"  {APPID}\t")
    wizard.fill(title="店", appid=f" {APPID} ", base_url="https://gateway.example/wx/")
    with qtbot.waitSignal(wizard.testRequested) as asked:
        qtbot.mouseClick(button(wizard, "开始测试"), Qt.MouseButton.LeftButton)
    assert asked.args == [APPID, SECRET, "https://gateway.example/wx", "店"]


def test_a_fault_shows_under_its_field_after_leaving_it_and_goes_while_typing(
    wizard: SetupWizard, qtbot: QtBot, stage: Any
) -> None:
    appid = field(wizard, "appid")
    appid.setFocus()
    qtbot.keyClicks(appid, "wx1")
    assert appid.accessibleDescription() == "以 wx 开头，共 18 位"
    qtbot.keyClick(appid, Qt.Key.Key_Tab)
    assert appid.accessibleDescription().startswith("AppID 应以 wx 开头")
    stage.speak("en")
    assert appid.accessibleDescription().startswith("The AppID starts with wx")
    qtbot.keyClicks(appid, "2")
    assert appid.accessibleDescription() == "Starts with wx, 18 characters"


def test_a_fault_from_outside_leads_back_to_its_field(wizard: SetupWizard, qtbot: QtBot) -> None:
    fill(wizard, qtbot)
    qtbot.mouseClick(button(wizard, "开始测试"), Qt.MouseButton.LeftButton)
    wizard.set_field_error("base", text("setup.error.base"))
    assert wizard.step == CREDENTIALS
    assert field(wizard, "base").hasFocus()
    assert field(wizard, "base").isVisible()


def test_a_fault_of_saving_brings_the_closed_wizard_back(wizard: SetupWizard, qtbot: QtBot) -> None:
    to_agents(wizard, qtbot)
    qtbot.keyClick(wizard.findChild(ChoiceList), Qt.Key.Key_End)
    qtbot.mouseClick(button(wizard, "完成"), Qt.MouseButton.LeftButton)
    assert not wizard.isVisible()
    wizard.set_field_error("title", verbatim("磁盘已满"))
    assert wizard.isVisible()
    assert field(wizard, "title").accessibleDescription() == "磁盘已满"
    assert field(wizard, "appid").text() == APPID


def test_a_refused_address_is_copied_whole(wizard: SetupWizard, qtbot: QtBot) -> None:
    fill(wizard, qtbot)
    qtbot.mouseClick(button(wizard, "开始测试"), Qt.MouseButton.LeftButton)
    show(wizard, SetupView((PASSED, REFUSED)))
    line = wizard.findChildren(CheckLine)[1]
    assert line.accessibleName() == "获取令牌，未通过，40164，此电脑的出口 IP 不在白名单"
    copy, details = (b for b in line.findChildren(CopyButton) if b.isVisible())
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "203.0.113.24"
    assert copy.text() == "已复制"
    qtbot.mouseClick(details, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "rid 6741a2c0"


def test_lines_stay_the_same_widgets_while_the_tests_run(wizard: SetupWizard, qtbot: QtBot) -> None:
    show(wizard, SetupView((PASSED, CheckRow("token", verbatim("t"), CheckState.RUNNING)), running=True))
    before = wizard.findChildren(CheckLine)
    show(wizard, SetupView((PASSED, REFUSED)))
    assert wizard.findChildren(CheckLine) == before


def test_a_wrong_secret_leads_back_to_it(wizard: SetupWizard, qtbot: QtBot) -> None:
    fill(wizard, qtbot)
    qtbot.mouseClick(button(wizard, "开始测试"), Qt.MouseButton.LeftButton)
    reason = verbatim("AppSecret 不正确")
    show(
        wizard,
        SetupView(
            (CheckRow("t", verbatim("令牌"), CheckState.FAILED, reason=reason, action=Action.REENTER_SECRET),)
        ),
    )
    qtbot.mouseClick(button(wizard, "重新输入"), Qt.MouseButton.LeftButton)
    assert wizard.step == CREDENTIALS
    assert field(wizard, "secret").hasFocus()
    qtbot.keyClicks(field(wizard, "secret"), SECRET[::-1])
    assert field(wizard, "secret").text() == SECRET[::-1]


def test_an_older_pass_does_not_cover_a_new_test(wizard: SetupWizard, qtbot: QtBot) -> None:
    to_agents(wizard, qtbot)
    for _ in range(2):
        qtbot.mouseClick(button(wizard, "上一步"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(button(wizard, "开始测试"), Qt.MouseButton.LeftButton)
    assert not button(wizard, "下一步").isEnabled()


@pytest.mark.parametrize("way", ["停止测试", "上一步", "取消"])
def test_a_running_test_is_stopped(wizard: SetupWizard, qtbot: QtBot, way: str) -> None:
    fill(wizard, qtbot)
    qtbot.mouseClick(button(wizard, "开始测试"), Qt.MouseButton.LeftButton)
    show(wizard, SetupView((PASSED,), running=True))
    with qtbot.waitSignal(wizard.cancelTestRequested):
        qtbot.mouseClick(button(wizard, way), Qt.MouseButton.LeftButton)


def test_keys_choose_the_own_account_and_pass_over_the_unusable(wizard: SetupWizard, qtbot: QtBot) -> None:
    to_agents(wizard, qtbot)
    assert wizard.step == AGENT
    agents = wizard.findChild(ChoiceList)
    assert agents.hasFocus()
    assert not button(wizard, "完成").isEnabled()
    qtbot.mouseClick(
        agents.viewport(),
        Qt.MouseButton.LeftButton,
        pos=agents.visualRect(agents.model().index(0, 0)).center(),
    )
    assert agents.agent == ""
    qtbot.keyClick(agents, Qt.Key.Key_Down)
    if agents.agent != "kf3@a":
        qtbot.keyClick(agents, Qt.Key.Key_Down)
    assert agents.agent == "kf3@a"
    qtbot.keyClick(agents, Qt.Key.Key_Up)
    assert agents.agent == "kf2@a"
    with qtbot.waitSignal(wizard.saved) as saved:
        qtbot.keyClick(agents, Qt.Key.Key_Return)
    assert saved.args == ["kf2@a"]
    assert not wizard.isVisible()


def test_the_only_usable_account_is_chosen_by_itself(wizard: SetupWizard, qtbot: QtBot) -> None:
    show(wizard, SetupView(passed=True, choices=CHOICES[:2]))
    assert wizard.findChild(ChoiceList).agent == "kf2@a"


def test_a_row_says_why_it_cannot_be_chosen(wizard: SetupWizard, stage: Any) -> None:
    show(wizard, DONE)
    model = wizard.findChild(ChoiceList).model()
    role = Qt.ItemDataRole.AccessibleTextRole
    assert model.index(0, 0).data(role) == "小王，kf1@a，未绑定微信，不可选"
    assert model.index(2, 0).data(role) == "<b>小李</b>，kf3@a，已绑定"


def test_no_accounts_say_what_to_do(wizard: SetupWizard, qtbot: QtBot) -> None:
    fill(wizard, qtbot)
    qtbot.mouseClick(button(wizard, "开始测试"), Qt.MouseButton.LeftButton)
    show(wizard, SetupView((PASSED,), passed=True))
    qtbot.mouseClick(button(wizard, "下一步"), Qt.MouseButton.LeftButton)
    said = [label.text() for label in wizard.findChildren(QLabel) if label.isVisible()]
    assert "这个公众号还没有客服账号" in said
    assert not button(wizard, "完成").isEnabled()


@pytest.mark.parametrize("revealed", [False, True])
def test_the_secret_is_nowhere_but_on_the_screen(wizard: SetupWizard, qtbot: QtBot, revealed: bool) -> None:
    QGuiApplication.clipboard().setText("before")
    fill(wizard, qtbot)
    secret = field(wizard, "secret")
    hidden = secret.grab().toImage()
    if revealed:
        qtbot.mouseClick(secret.eye, Qt.MouseButton.LeftButton)
        assert secret.grab().toImage() != hidden
    secret.selectAll()
    qtbot.keyClick(secret, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert secret.text() == SECRET
    assert SECRET not in everything_readable(wizard)
    assert QGuiApplication.clipboard().text() == "before"


@pytest.mark.parametrize("how", ["saved", "esc", "close"])
def test_the_secret_leaves_the_widget(wizard: SetupWizard, qtbot: QtBot, how: str) -> None:
    to_agents(wizard, qtbot)
    secret = wizard.findChild(SecretEdit)
    secret.eye.setChecked(True)
    if how == "saved":
        qtbot.keyClick(wizard.findChild(ChoiceList), Qt.Key.Key_End)
        qtbot.mouseClick(button(wizard, "完成"), Qt.MouseButton.LeftButton)
    elif how == "esc":
        with qtbot.waitSignal(wizard.rejected):
            qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    else:
        wizard.close()
    assert secret.text() == ""
    assert not secret.revealed
    secret.undo()
    assert secret.text() == ""
    wizard.open()
    assert wizard.step == CREDENTIALS


def test_without_a_keyring_the_wizard_says_so(wizard: SetupWizard) -> None:
    note = wizard.findChild(VaultNote)
    assert not note.isVisible()
    show(wizard, SetupView(vault_warning=text("banner.vault")))
    assert note.isVisible()
    assert note.findChildren(QLabel)[-1].text() == "系统密钥环不可用，密钥仅保留到退出"


def test_hostile_words_stay_plain_and_inside(wizard: SetupWizard, qtbot: QtBot) -> None:
    fill(wizard, qtbot)
    qtbot.mouseClick(button(wizard, "开始测试"), Qt.MouseButton.LeftButton)
    evil = verbatim("<h1>x</h1>\n" + "长" * 500)
    row = CheckRow("x", evil, CheckState.FAILED, evil, evil, "9" * 500, Action.COPY_IP, "<i>" + "d" * 900)
    before = wizard.width()
    show(wizard, SetupView((row,)))
    QApplication.sendPostedEvents()
    assert wizard.width() == before
    assert {label.textFormat() for label in wizard.findChildren(QLabel) if label.text()} == {
        Qt.TextFormat.PlainText
    }
    qtbot.mouseClick(button(wizard, "复制 IP"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "9" * 500


def test_every_control_has_a_name_in_both_languages(wizard: SetupWizard, stage: Any, unnamed: Any) -> None:
    show(wizard, SetupView((PASSED, REFUSED), choices=CHOICES))
    assert unnamed(wizard) == []
    stage.speak("en")
    assert wizard.windowTitle() == "Add an account"
    assert wizard.findChild(SecretEdit).eye.accessibleName() == "Show AppSecret"
    assert [b.text() for b in wizard.findChildren(Button) if b.isVisible()] == [
        "Advanced",
        "Cancel",
        "Start the test",
    ]
