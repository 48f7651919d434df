"""The first-run page answers mouse and keyboard and says everything in words."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from kefu_desk.ui.card import Card, Picker
from kefu_desk.ui.label import Label
from kefu_desk.ui.panes.welcome import WelcomePage


@pytest.fixture
def page(stage: Any) -> WelcomePage:
    made = WelcomePage(stage.theme, stage.icons, version="9.8.7")
    stage.show(made)
    return made


def cards(page: WelcomePage) -> list[Card]:
    return sorted(
        (c for c in page.findChildren(Card) if c.isVisible()), key=lambda c: c.mapTo(page, c.pos()).y()
    )


def spoken(page: WelcomePage) -> list[str]:
    return [card.accessibleName() for card in cards(page)]


def test_enter_alone_opens_the_simulator(page: WelcomePage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.simulatorRequested):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def test_the_ring_shows_for_the_keyboard_and_not_for_the_mouse(page: WelcomePage, qtbot: QtBot) -> None:
    first, second = cards(page)
    assert first.ringed
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    assert second.hasFocus()
    assert not second.ringed


def test_tab_reaches_the_second_card_and_space_presses_it(page: WelcomePage, qtbot: QtBot) -> None:
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    with qtbot.waitSignal(page.addAccountRequested):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)


def test_a_card_speaks_title_and_hint_as_one_sentence(page: WelcomePage, stage: Any) -> None:
    assert spoken(page)[0].startswith("打开模拟器。虚拟公众号")
    stage.speak("en")
    assert spoken(page)[0].startswith("Open the simulator. A virtual account")


@pytest.mark.qt_log_ignore("grabbing the keyboard", "raise", extend=True)
def test_language_and_theme_are_chosen_from_menus_that_block_nothing(page: WelcomePage, qtbot: QtBot) -> None:
    languages, themes = page.findChildren(Picker)
    qtbot.mouseClick(languages, Qt.MouseButton.LeftButton)
    assert languages.menu_of_choices.isVisible()
    with qtbot.waitSignal(page.languageChosen) as chosen:
        languages.menu_of_choices.actions()[2].trigger()
    languages.menu_of_choices.hide()
    assert chosen.args == ["en"]
    assert languages.accessibleName() == "语言：English"
    with qtbot.waitSignal(page.themeChosen) as chosen:
        themes.menu_of_choices.actions()[2].trigger()
    assert chosen.args == ["dark"]


def test_the_theme_picker_follows_a_change_made_elsewhere(page: WelcomePage, stage: Any) -> None:
    stage.theme.use("dark")
    assert page.findChildren(Picker)[1].present == "dark"


def test_known_accounts_come_first_and_hostile_titles_stay_plain(page: WelcomePage, qtbot: QtBot) -> None:
    evil = "<img src=x>&Co\n\u202e" + "长" * 300
    page.render_profiles((("deer", "鹿野生活馆"), ("x", evil)))
    qtbot.waitUntil(lambda: len(cards(page)) == 4)
    assert spoken(page)[0] == "打开公众号 鹿野生活馆"
    assert evil in spoken(page)[1]
    assert "选择公众号" in [label.text() for label in page.findChildren(Label)]
    assert cards(page)[1].width() <= 406 + 2
    with qtbot.waitSignal(page.profileRequested) as asked:
        qtbot.mouseClick(cards(page)[1], Qt.MouseButton.LeftButton)
    assert asked.args == ["x"]
    page.render_profiles()
    qtbot.waitUntil(lambda: len(cards(page)) == 2)
    assert "还没有公众号" in [label.text() for label in page.findChildren(Label)]


def test_every_control_has_a_name_and_no_label_reads_markup(page: WelcomePage, unnamed: Any) -> None:
    page.render_profiles((("a", ""),))
    assert unnamed(page) == []
    formats = {label.textFormat() for label in page.findChildren(QLabel) if label.text()}
    assert formats == {Qt.TextFormat.PlainText}


def test_the_version_stands_at_the_bottom_right(page: WelcomePage) -> None:
    version = next(label for label in page.findChildren(Label) if label.text() == "9.8.7")
    assert version.mapTo(page, version.rect().center()).x() > page.width() / 2
    assert version.mapTo(page, version.rect().center()).y() > page.height() - 60
