"""The coloured lines over the messages that say what is wrong and offer what to do."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from kefu_desk.presenters.timeline import Banner
from kefu_desk.ui.button import Button
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.label import Paragraph
from kefu_desk.ui.paint import plain_tooltip
from kefu_desk.ui.theme import Theme

_HIGH = 36
_MOST = 2


class BannerLine(QWidget):
    """One banner: 36 pixels, 52 when its words need two lines."""

    actionRequested = Signal(str, str)

    def __init__(self, theme: Theme, icons: Icons, banner: Banner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._banner = banner
        self.setMinimumHeight(_HIGH)
        self._icon = QLabel()
        self._icon.setFixedSize(16, 16)
        self._words = Paragraph(banner.words)
        self._words.tint(banner.tone)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 2, 0, 2)
        middle.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(middle, 1)
        for action in banner.actions:
            button = Button(theme, icons, action.words, small=True)
            button.setProperty("on", "bg")
            button.clicked.connect(lambda _on=False, name=action.name: self._ask(name))
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._renew()

    @property
    def banner(self) -> Banner:
        """What the line shows."""
        return self._banner

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fills the whole width with the tint of the tone."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.tint(self._banner.tone))
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follows language and theme."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.LanguageChange, QEvent.Type.PaletteChange} and hasattr(self, "_icon"):
            self._renew()

    def _renew(self) -> None:
        tip = self._banner.tooltip
        self.setToolTip(plain_tooltip(words(tip)) if tip is not None else "")
        self.setAccessibleName(words(self._banner.words))
        self.setAccessibleDescription(words(tip) if tip is not None else "")
        if self._banner.icon:
            ink = self._theme.ink(self._banner.tone)
            ratio = self.devicePixelRatioF()
            self._icon.setPixmap(self._icons.pixmap(self._banner.icon, 16, ink, ratio))

    def _ask(self, name: str) -> None:
        self.actionRequested.emit(self._banner.key, name)


class Banners(QWidget):
    """At most two banners; one that stays the same keeps its widget, and so its focus."""

    actionRequested = Signal(str, str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._lines: list[BannerLine] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_banners(self, banners: tuple[Banner, ...]) -> None:
        """Becomes these banners, the most urgent first."""
        wanted = banners[:_MOST]
        if tuple(line.banner for line in self._lines) == wanted:
            return
        kept = {line.banner: line for line in self._lines if line.banner in wanted}
        for line in self._lines:
            self._column.removeWidget(line)
            if line.banner not in kept:
                line.hide()
                line.deleteLater()
        self._lines = [kept.get(banner) or self._line(banner) for banner in wanted]
        for line in self._lines:
            self._column.addWidget(line)
        self.setVisible(bool(self._lines))

    def _line(self, banner: Banner) -> BannerLine:
        line = BannerLine(self._theme, self._icons, banner, self)
        line.actionRequested.connect(self.actionRequested)
        return line
