"""The supervisor page says who is online and who waits, to eyes and to screen readers."""

from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel, QListView, QTableView, QWidget
from pytestqt.qtbot import QtBot

from kefu_desk.domain.text import text, verbatim
from kefu_desk.presenters.queue import QueueRow
from kefu_desk.presenters.team import AgentRow, Figure, TeamView
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.button import IconButton
from kefu_desk.ui.empty import EmptyState, Skeleton
from kefu_desk.ui.figures import AgeMark, FigureCell
from kefu_desk.ui.panes.team import TeamPage

SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def agent(name: str, *, online: bool = True, cases: str = "3", mine: bool = False) -> AgentRow:
    presence = text("presence.online" if online else "presence.offline")
    tone = Tone.GOOD if online else Tone.MUTED
    said = (verbatim(name), presence)
    return AgentRow(
        f"{name}@luye",
        name,
        name[:1],
        f"{name}@luye",
        presence,
        tone,
        cases,
        text("binding.bound"),
        mine,
        said,
    )


def waiting(key: str, name: str, timer: str) -> QueueRow:
    said = (verbatim(name), verbatim(timer))
    return QueueRow(key, verbatim(name), "", timer, Tone.LATE, None, (), False, False, None, said)


VIEW = TeamView(
    figures=(
        Figure("queue", text("team.aside"), "107", Tone.LATE),
        Figure("longest", verbatim("最长等待"), "≥6:12", Tone.LATE, verbatim("客户·9C2E")),
    ),
    agents=(agent("小陈", mine=True), agent("小王"), agent("孙悦", online=False, cases="–")),
    known=True,
    queue=(waiting("o1", "客户·9C2E", "≥6:12"), waiting("o2", "周先生", "1:04")),
    queue_known=True,
    count=107,
    unlisted=verbatim("微信只列出最早的 100 位"),
    age=verbatim("2 秒前"),
    age_tone=Tone.GOOD,
)


@pytest.fixture
def page(stage: Any) -> TeamPage:
    made = TeamPage(stage.theme, stage.icons)
    stage.show(made)
    return made


def table(page: TeamPage) -> QTableView:
    found = page.findChild(QTableView)
    assert isinstance(found, QTableView)
    return found


def queue(page: TeamPage) -> QListView:
    found = page.findChild(QListView)
    assert isinstance(found, QListView)
    return found


def seen(page: TeamPage, kind: type[QWidget]) -> int:
    return sum(widget.isVisible() for widget in page.findChildren(kind))


def cells(model: QAbstractItemModel, row: int) -> list[str]:
    return [str(model.index(row, column).data()) for column in range(model.columnCount())]


def test_nothing_known_shows_grey_shapes_and_nobody_shows_words(page: TeamPage) -> None:
    assert (seen(page, Skeleton), seen(page, EmptyState)) == (2, 0)
    page.render(TeamView(known=True, queue_known=True))
    assert (seen(page, Skeleton), seen(page, EmptyState)) == (0, 2)
    page.render(VIEW)
    assert (seen(page, Skeleton), seen(page, EmptyState)) == (0, 0)
    assert table(page).isVisible()
    assert queue(page).isVisible()


def test_a_row_of_the_table_is_a_sentence_and_its_cells_are_words(page: TeamPage) -> None:
    page.render(VIEW)
    model = table(page).model()
    assert cells(model, 0) == ["小陈", "在线", "3", "小陈@luye", "已绑定"]
    assert model.index(2, 0).data(SPOKEN) == "孙悦，未在线，孙悦@luye"
    assert queue(page).model().index(0, 0).data(SPOKEN) == "客户·9C2E，≥6:12"


def test_the_table_stands_in_the_accessibility_tree(page: TeamPage) -> None:
    page.render(VIEW)
    spoken = QAccessible.queryAccessibleInterface(table(page))
    assert spoken.role() is QAccessible.Role.Table
    assert spoken.text(QAccessible.Text.Name) == "客服"
    names = [spoken.child(place).text(QAccessible.Text.Name) for place in range(spoken.childCount())]
    assert {"小王，在线，小王@luye", "已绑定", "会话"} <= set(names)


def test_figures_and_age_are_spoken(page: TeamPage) -> None:
    page.render(VIEW)
    said = [cell.accessibleName() for cell in page.findChildren(FigureCell)]
    assert said == ["队列 107", "最长等待 ≥6:12，客户·9C2E"]
    assert [mark.accessibleName() for mark in page.findChildren(AgeMark)] == ["2 秒前"]


def test_the_figures_keep_their_widgets_while_their_values_change(page: TeamPage) -> None:
    page.render(VIEW)
    before = page.findChildren(FigureCell)
    page.render(replace(VIEW, figures=(replace(VIEW.figures[0], value="3"), VIEW.figures[1])))
    assert page.findChildren(FigureCell) == before
    assert before[0].accessibleName() == "队列 3"


def test_the_unlisted_note_comes_and_goes(page: TeamPage) -> None:
    page.render(VIEW)
    assert "微信只列出最早的 100 位" in [
        label.text() for label in page.findChildren(QLabel) if label.isVisible()
    ]
    page.render(replace(VIEW, unlisted=None))
    assert "微信只列出最早的 100 位" not in [
        label.text() for label in page.findChildren(QLabel) if label.isVisible()
    ]


def test_the_current_agent_stays_current_when_the_order_changes(page: TeamPage, qtbot: QtBot) -> None:
    page.render(VIEW)
    table(page).setFocus()
    qtbot.keyClick(table(page), Qt.Key.Key_Down)
    qtbot.keyClick(table(page), Qt.Key.Key_Down)
    current = table(page).currentIndex().row()
    name = VIEW.agents[current].name
    page.render(replace(VIEW, agents=tuple(reversed(VIEW.agents))))
    assert table(page).currentIndex().data() == name
    assert table(page).selectionModel().isRowSelected(table(page).currentIndex().row())


def test_models_keep_qts_contract_over_changes(page: TeamPage) -> None:
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    _testers = [QAbstractItemModelTester(view.model(), fatal) for view in (table(page), queue(page))]
    for view in (VIEW, replace(VIEW, agents=VIEW.agents[1:], queue=()), TeamView(), VIEW):
        page.render(view)
    assert table(page).model().rowCount() == 3


@pytest.mark.parametrize(("width", "height"), [(960, 600), (1280, 800)])
def test_the_columns_fill_the_width_and_nothing_scrolls_sideways(
    page: TeamPage, width: int, height: int
) -> None:
    page.resize(width, height)
    page.render(VIEW)
    view = table(page)
    assert sum(view.columnWidth(column) for column in range(5)) == view.viewport().width()
    assert min(view.columnWidth(column) for column in range(5)) >= 56


def test_back_is_asked_by_mouse_and_by_keyboard(page: TeamPage, qtbot: QtBot) -> None:
    back = page.findChild(IconButton)
    assert isinstance(back, IconButton)
    with qtbot.waitSignal(page.backRequested):
        qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.backRequested):
        qtbot.keyClick(back, Qt.Key.Key_Space)


def test_everything_changes_its_language_and_has_a_name(
    page: TeamPage, stage: Any, unnamed: Any, qtbot: QtBot
) -> None:
    page.render(VIEW)
    assert unnamed(page) == []
    with qtbot.waitSignals([table(page).model().dataChanged, table(page).model().headerDataChanged]):
        stage.speak("en")
    assert cells(table(page).model(), 0)[1] == "Online"
    assert table(page).accessibleName() == "Agents"
    assert table(page).model().headerData(0, Qt.Orientation.Horizontal) == "Agent"
    assert page.findChildren(FigureCell)[0].accessibleName() == "Queue 107"


def test_hostile_names_are_painted_as_they_are_and_change_no_width(page: TeamPage) -> None:
    evil = "<b>x</b>\n\u202e\x00" + "长" * 400
    page.render(VIEW)
    before = page.width()
    page.render(replace(VIEW, agents=(agent(evil),), queue=(waiting("o", evil, "0:01"),)))
    assert not page.grab().isNull()
    assert page.width() == before
    assert str(table(page).model().index(0, 0).data(SPOKEN)).startswith("<b>x</b>")


def test_a_change_of_theme_changes_what_is_painted(page: TeamPage, stage: Any) -> None:
    page.render(VIEW)
    light = page.grab().toImage()
    stage.theme.use("dark")
    assert page.grab().toImage() != light
    assert page.grab().toImage().pixelColor(300, page.height() - 40) == stage.theme.color("bg")
