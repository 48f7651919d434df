"""The bar at the bottom: small facts about the connection, and who one is."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from kefu_desk.domain.text import text
from kefu_desk.presenters.status import StatusItem, StatusView
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui import paint
from kefu_desk.ui.chips import Line, Piece, Tally
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.theme import Theme

_GAP = 16
_MARGIN = 12


class StatusPane(QWidget):
    """The 24-px status bar. What does not fit goes from the right, quiet facts first."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._view = StatusView()
        self._items: dict[str, Tally] = {}
        self._own = Tally(theme, icons, height=18)
        self._own.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self._row.setContentsMargins(_MARGIN, 2, _MARGIN, 0)
        self._row.setSpacing(_GAP)
        self._row.addStretch(1)
        self._row.addWidget(self._own)
        self.setFixedHeight(24)
        self.render(self._view)

    def render(self, view: StatusView) -> None:  # type: ignore[override]
        """Shows the facts; widgets of the same key are kept."""
        self._view = view
        self.setAccessibleName(words(text("pane.status.bar")))
        keys = [item.key for item in view.items]
        if keys != list(self._items):
            self._rebuild(keys)
        for item in view.items:
            self._show(self._items[item.key], item)
        own = words(view.own)
        self._own.show_line(Line((Piece(own, pixels=12, before=5),), "user") if own else Line())
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Any width will do: facts are left out."""
        return QSize(0, 24)

    def changeEvent(self, event: QEvent) -> None:
        """Says everything again in another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.render(self._view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leaves out what does not fit."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints the plane and its upper line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("surface"))
        painter.setPen(QPen(self._theme.color("hairline"), 0))
        painter.drawLine(0, 0, self.width(), 0)
        painter.end()

    def _rebuild(self, keys: list[str]) -> None:
        for key in [key for key in self._items if key not in keys]:
            widget = self._items.pop(key)
            self._row.removeWidget(widget)
            widget.deleteLater()
        self._items = {
            key: self._items.get(key) or Tally(self._theme, self._icons, height=18) for key in keys
        }
        for place, widget in enumerate(self._items.values()):
            self._row.removeWidget(widget)
            self._row.insertWidget(place, widget)

    def _show(self, widget: Tally, item: StatusItem) -> None:
        said = words(item.words)
        widget.show_line(Line((Piece(said, item.tone, pixels=12, before=5),), item.icon, item.tone))
        hint = words(item.tooltip) if item.tooltip is not None else ""
        widget.setToolTip(paint.plain_tooltip(hint))
        widget.setAccessibleDescription(hint)

    def _fit(self) -> None:
        room = self.width() - 2 * _MARGIN - self._own.sizeHint().width()
        quiet = {item.key: item.tone in {Tone.MUTED, Tone.PLAIN} for item in self._view.items}
        order = sorted(self._items, key=lambda key: quiet[key])
        for key in order:
            room -= self._items[key].sizeHint().width() + _GAP
            self._items[key].setVisible(room >= 0)
