"""The licences that the program has to name, whole in both languages."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kefu_desk.app.assets import resources
from kefu_desk.ui.dialogs.about import About
from kefu_desk.ui.i18n import Language
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.label import Paragraph
from kefu_desk.ui.theme import Theme


@pytest.mark.parametrize("code", ["zh_CN", "en"])
def test_the_licences_are_named_and_nothing_is_cut_off(qtbot: QtBot, qapp: QApplication, code: str) -> None:
    language = Language(resources() / "translations", qapp)
    language.use(code)
    parent = QWidget()
    qtbot.addWidget(parent)
    about = About(Theme(resources() / "themes", parent), Icons(resources() / "icons"), parent)
    about.adjustSize()
    about.show()
    words = " ".join(paragraph.text() for paragraph in about.findChildren(Paragraph))
    assert "LGPL-3.0" in words
    assert "Apache" in words
    for paragraph in about.findChildren(Paragraph):
        assert paragraph.height() >= paragraph.heightForWidth(paragraph.width())
    with qtbot.waitSignal(about.finished):
        QTest.keyClick(about, Qt.Key.Key_Escape)
