"""What this program is, and under which licences it and its parts are given."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from kefu_desk import __version__
from kefu_desk.domain.text import text
from kefu_desk.ui.button import Button
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.label import Label, Paragraph
from kefu_desk.ui.theme import Theme

WIDTH = 460


class About(QDialog):
    """Name, version and licences; shown with `open`, closed with Esc or its button."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("about")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH)
        close = Button(theme, icons, text("about.close"), kind="primary")
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 20)
        column.setSpacing(12)
        column.addWidget(Label(text("about.name", version=__version__), role="title"))
        column.addWidget(Paragraph(text("about.what")))
        column.addWidget(Paragraph(text("about.licence")))
        column.addWidget(Paragraph(text("about.qt")))
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self._retranslate()

    def sizeHint(self) -> QSize:
        """As high as the wrapped words."""
        layout = self.layout()
        return QSize(WIDTH, layout.heightForWidth(WIDTH) if layout is not None else 0)

    def changeEvent(self, event: QEvent) -> None:
        """Follows the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        self.setWindowTitle(words(text("action.about")))
        self.setAccessibleName(words(text("action.about")))
