"""Notices over the bottom right corner: said politely, never in the way of the keyboard."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from kefu_desk.domain.text import text
from kefu_desk.presenters.status import Toast
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.button import CopyButton, IconButton
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.label import Paragraph
from kefu_desk.ui.theme import Theme

_WIDTH, _MARGIN = 360, 16
_SIGNS = {
    Tone.GOOD: ("check", "accent"),
    Tone.SOON: ("circle-alert", "amber"),
    Tone.LATE: ("circle-x", "red"),
}
_PLAIN = ("info", "text-2")


class ToastCard(QFrame):
    """One notice: icon, words, details to copy, and a cross; Esc closes it too."""

    dismissRequested = Signal(int)
    detailsCopied = Signal()

    def __init__(self, theme: Theme, icons: Icons, toast: Toast) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._toast = toast
        self._sign = QLabel()
        self._sign.setContentsMargins(0, 2, 0, 0)
        self._words = Paragraph(toast.words)
        self._copy = CopyButton(theme, icons, text("copy.details"), kind="link")
        self.close_button = IconButton(theme, icons, "x", text("toast.dismiss"), side=28)
        for button in (self._copy, self.close_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._copy.clicked.connect(self.detailsCopied)
        self.close_button.clicked.connect(lambda: self.dismissRequested.emit(self._toast.number))
        self._build()
        self.show_toast(toast)
        self._recolour()

    def show_toast(self, toast: Toast) -> None:
        """Shows the words and details of a notice with the same number."""
        self._toast = toast
        self._words.say(toast.words)
        self._copy.offer(toast.detail)
        self._copy.setVisible(bool(toast.detail))
        self._recolour()
        self._retranslate()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the notice that has the focus."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismissRequested.emit(self._toast.number)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follows language and theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self._recolour()

    def _retranslate(self) -> None:
        self.setAccessibleName(words(self._toast.words))

    def _recolour(self) -> None:
        name, token = _SIGNS.get(self._toast.tone, _PLAIN)
        ink = self._theme.color(token)
        self._sign.setPixmap(self._icons.pixmap(name, 16, ink, self.devicePixelRatioF()))

    def _build(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        column.addWidget(self._words)
        column.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(8)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self._sign.setContentsMargins(0, 6, 0, 0)


_MOVES = {QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Move}


class Toasts(QWidget):
    """The notices of the moment, newest at the bottom, over the corner of the parent."""

    dismissRequested = Signal(int)
    detailsCopied = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._cards: dict[int, ToastCard] = {}
        self._before: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._retranslate()
        self.hide()
        self._floor: QWidget | None = None
        if parent is not None:
            parent.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def render(self, toasts: tuple[Toast, ...]) -> None:  # type: ignore[override]  # QWidget.render paints; ours shows
        """Shows these notices: new ones are announced, gone ones give the focus back."""
        wanted = {toast.number: toast for toast in toasts}
        for number in [number for number in self._cards if number not in wanted]:
            self._drop(number)
        for number, toast in wanted.items():
            if number in self._cards:
                self._cards[number].show_toast(toast)
            else:
                self._add(toast)
        self.setVisible(bool(self._cards))
        self._place()

    def stand_on(self, floor: QWidget) -> None:
        """Keeps above a widget while that is shown, so that its controls stay free."""
        self._floor = floor
        floor.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays in its place when the parent or the floor changes."""
        if watched in (self.parent(), self._floor) and event.type() in _MOVES:
            self._place()
        return False

    def changeEvent(self, event: QEvent) -> None:
        """Follows language and theme, which change the height."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def event(self, event: QEvent) -> bool:
        """Takes the new height when the words of a card changed."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return done

    def _add(self, toast: Toast) -> None:
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # 5 ms that no start need wait

        card = ToastCard(self._theme, self._icons, toast)
        card.dismissRequested.connect(self.dismissRequested)
        card.detailsCopied.connect(self.detailsCopied)
        self._cards[toast.number] = card
        self._column.addWidget(card)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words(toast.words)))

    def _drop(self, number: int) -> None:
        card = self._cards.pop(number)
        focused = QApplication.focusWidget()
        if focused is not None and card.isAncestorOf(focused):
            self._give_focus_back()
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _give_focus_back(self) -> None:
        if self._cards:
            list(self._cards.values())[-1].close_button.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.isAncestorOf(new) and old is not None and not self.isAncestorOf(old):
            self._before = old
            old.destroyed.connect(self._forget)

    def _forget(self) -> None:
        self._before = None

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None or not self._cards:
            return
        width = min(_WIDTH, parent.width() - 2 * _MARGIN)
        layout_height = self._column.heightForWidth(width)
        height = min(layout_height, parent.height() - 2 * _MARGIN)
        ground = parent.height()
        if self._floor is not None and self._floor.isVisible():
            ground = self._floor.mapTo(parent, QPoint(0, 0)).y()
        self.setGeometry(parent.width() - _MARGIN - width, ground - _MARGIN - height, width, height)
        self.raise_()

    def _retranslate(self) -> None:
        self.setAccessibleName(words(text("toast.area")))
