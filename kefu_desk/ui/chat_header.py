"""The line over a conversation: who it is, what may still be sent, how long it lasts."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from kefu_desk.domain.text import NOTHING, text, verbatim
from kefu_desk.presenters.timeline import ChatHeader
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.button import Button
from kefu_desk.ui.gauges import ClockGauge, DotsGauge, RingGauge
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.label import Label
from kefu_desk.ui.paint import advance
from kefu_desk.ui.theme import Theme

_HIGH = 56
_GAP = 12
_NAME_LEAST = 96


class ChatHeaderBar(QWidget):
    """56 pixels; when narrow the openid goes first, then the button's words, then those of the dots."""

    closeRequested = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._key = ""
        self._wanted: dict[QWidget, bool] = {}
        self._closing = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._name = Label(role="title", elide=True)
        self._name.setMinimumHeight(32)
        self._tail = Label(role="meta")
        self._ring = RingGauge(theme, icons)
        self._dots = DotsGauge(theme, icons)
        self._clock = ClockGauge(theme, icons)
        self._close = Button(theme, icons, text("chat.close"), small=True)
        self._short = Button(theme, icons, NOTHING, icon="x", small=True)
        self._build()

    def sizeHint(self) -> QSize:
        """As wide as the pane, 56 high."""
        return QSize(400, _HIGH)

    def show_header(self, header: ChatHeader) -> None:
        """Shows another state of the conversation, or another conversation."""
        self._key = header.key
        self._name.say(header.name)
        self._tail.say(verbatim(header.tail))
        self._ring.say(header.window)
        self._ring.fill(header.ring or 0.0, header.ring_tone)
        self._dots.say(header.sends, Tone.PLAIN)
        self._dots.fill(header.dots or 0)
        spoken = text("chat.clock", time=header.clock) if header.clock else None
        self._clock.say(verbatim(header.clock), header.clock_tone, spoken)
        phrase = text("chat.closing") if header.closing else text("chat.close")
        self._close.say(phrase)
        self._short.say(NOTHING, phrase)
        self._short.setToolTip(words(phrase))
        for button in (self._close, self._short):
            button.setEnabled(header.can_close and not header.closing)
        self._wanted = {
            self._tail: bool(header.tail),
            self._ring: header.ring is not None,
            self._dots: header.dots is not None,
            self._clock: bool(header.clock),
            self._close: header.can_close or header.closing,
        }
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints the plane and the line below it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("bg"))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), self._theme.color("hairline"))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leaves out what does not fit."""
        super().resizeEvent(event)
        self._fit()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 12, 1)
        row.setSpacing(_GAP)
        row.addWidget(self._name, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._tail)
        row.addStretch(1)
        for widget in (self._ring, self._dots, self._clock, self._close, self._short):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        for button in (self._close, self._short):
            button.clicked.connect(self._ask_close)

    def _ask_close(self) -> None:
        if self._key:
            self.closeRequested.emit(self._key)

    def _fit(self) -> None:
        """Chooses the fullest form that leaves the name its room."""
        if not self._wanted:
            return
        room = self.width() - 32
        name = min(_NAME_LEAST, advance(words(self._name.phrase), 16, bold=True))
        for tail, button, sends in ((True, True, True), (False, True, True), (False, False, True)):
            if self._needed(tail=tail, button=button, sends=sends) + name <= room:
                self._apply(tail=tail, button=button, sends=sends)
                return
        self._apply(tail=False, button=False, sends=False)

    def _needed(self, *, tail: bool, button: bool, sends: bool) -> int:
        parts = [
            (self._tail, self._tail.sizeHint().width() if tail else 0),
            (self._ring, self._ring.width_of(brief=False)),
            (self._dots, self._dots.width_of(brief=not sends)),
            (self._clock, self._clock.width_of(brief=False)),
            (self._close, (self._close if button else self._short).sizeHint().width()),
        ]
        return sum(wide + _GAP for part, wide in parts if self._wanted[part] and wide)

    def _apply(self, *, tail: bool, button: bool, sends: bool) -> None:
        self._dots.shorten(brief=not sends)
        shown = {
            self._tail: tail and self._wanted[self._tail],
            self._ring: self._wanted[self._ring],
            self._dots: self._wanted[self._dots],
            self._clock: self._wanted[self._clock],
            self._close: button and self._wanted[self._close],
            self._short: not button and self._wanted[self._close],
        }
        for widget, visible in shown.items():
            if widget.isHidden() == visible:
                widget.setVisible(visible)
