"""The top strip: which account, whether on duty, who waits, and how old the data is."""

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolTip, QVBoxLayout, QWidget

from kefu_desk.domain.text import Text, text
from kefu_desk.presenters.status import Freshness, StripView
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui import paint
from kefu_desk.ui.button import Button
from kefu_desk.ui.chips import Chip, Line, Piece, Tally
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.theme import Theme

_TITLE_MAX = 220
_TITLE_MIN = 60


class AccountLabel(QLabel):
    """The mark of the product, the account's name, and the simulator's tag where it belongs."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._title = self._tag = ""
        self._room = _TITLE_MAX
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFixedHeight(28)

    def show_account(self, title: str, tag: str) -> None:
        """Shows a name and, unless empty, a tag in the simulator's colour."""
        self._title, self._tag = title, tag
        self.setText(f"{title} {tag}".strip())
        said = words(text("pane.strip.account", title=title)) if title else ""
        self.setAccessibleName(f"{said} {tag}".strip())
        self.setToolTip(paint.plain_tooltip(title))
        self.updateGeometry()
        self.update()

    def shorten(self, room: int) -> None:
        """Gives the name at most this many pixels."""
        if room != self._room:
            self._room = room
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Mark, name and tag."""
        tag = paint.advance(self._tag, 12, bold=True) + 36 if self._tag else 0
        return QSize(34 + self._title_width() + tag, 28)

    def minimumSizeHint(self) -> QSize:
        """The shortened name is wanted whole."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints mark, name and tag."""
        painter = QPainter(self)
        paint.logo(painter, self._theme, QRect(6, 4, 20, 20))
        wide = self._title_width()
        ink = self._theme.color("text")
        paint.line(painter, QRect(32, 0, wide, 28), self._title, ink, 13, bold=True)
        if self._tag:
            words_wide = paint.advance(self._tag, 12, bold=True)
            tag = QRect(32 + wide + 8, 4, words_wide + 28, 20)
            paint.outlined(painter, tag, self._theme.color("sim"), 4)
            at = tag.topLeft() + QPoint(6, 10)
            paint.icon(painter, self._icons, "flask-conical", at.toPointF(), 12, self._theme.color("sim"))
            paint.line(painter, tag.adjusted(22, 0, 0, 0), self._tag, ink, 12, bold=True)
        painter.end()

    def _title_width(self) -> int:
        return min(self._room, paint.advance(self._title, 13, bold=True)) if self._title else 0


class FreshnessPopup(QFrame):
    """Details of the last update and a way to ask for the next; closes with Esc or a click elsewhere."""

    refreshRequested = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("freshness")
        self.setFixedWidth(320)
        self._title = QLabel()
        self._detail = QLabel()
        self.refresh = Button(theme, icons, text("pane.strip.refresh"), kind="primary", small=True)
        for label, name in ((self._title, "title"), (self._detail, "detail")):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setProperty("popup", name)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.refresh, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._detail)
        self.refresh.clicked.connect(self._on_refresh)

    def show_state(self, freshness: Freshness) -> None:
        """Fills the popup."""
        title = words(freshness.title) or words(freshness.words)
        self._title.setText(title)
        self.setAccessibleName(title)
        lines = "\n".join(filter(None, map(words, freshness.detail)))
        self._detail.setText(lines)
        self._detail.setVisible(bool(lines))
        self.adjustSize()

    def open_below(self, chip: QWidget) -> None:
        """Opens under a widget, its right edge at the widget's."""
        self.adjustSize()
        corner = chip.mapToGlobal(QPoint(chip.width() - self.width(), chip.height() + 4))
        self.move(corner)
        self.show()
        self.refresh.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_refresh(self) -> None:
        self.refreshRequested.emit()
        self.close()


class StripPane(QWidget):
    """The 44-px strip; words go before numbers when the window is narrow."""

    teamRequested = Signal()
    refreshRequested = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = StripView()
        self._level = 0
        self._grown: tuple[str, int] = ("", 0)
        self._account = AccountLabel(theme, icons)
        self.presence = Chip(theme)
        self.queue = Chip(theme)
        self._mine = Tally(theme)
        self._unanswered = Tally(theme)
        self.freshness = Chip(theme, pad=8)
        self._icons = icons
        self._popup: FreshnessPopup | None = None
        self._assemble()
        self.presence.clicked.connect(self._on_presence)
        self.queue.clicked.connect(self._on_queue)
        self.freshness.clicked.connect(self._on_freshness)
        self.setFocusProxy(self.queue)
        self.setFixedHeight(44)
        self.render(self._view)

    @property
    def popup(self) -> FreshnessPopup:
        """The details of the last update, made when they are first wanted."""
        if self._popup is None:
            self._popup = FreshnessPopup(self._theme, self._icons, self)
            self._popup.refreshRequested.connect(self._on_refresh)
        return self._popup

    def render(self, view: StripView) -> None:  # type: ignore[override]
        """Shows the state of the moment; where only the age of the data is new, only that is touched."""
        before, self._view = self._view, view
        if before is not view and replace(before, freshness=view.freshness) == view:
            width = self._grown
            if (
                view.freshness.words != before.freshness.words
                or view.freshness.tone is not before.freshness.tone
            ):
                self._show_freshness(view.freshness)
            elif self._popup is not None and self._popup.isVisible():
                self._popup.show_state(view.freshness)
            if self._grown != width:
                self._fit()
            return
        self._account.show_account(view.title, _say("simulator") if view.simulated else "")
        self._show_presence(view)
        self._show_freshness(view.freshness)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Any width will do: words are left out."""
        return QSize(0, 44)

    def changeEvent(self, event: QEvent) -> None:
        """Says everything again in another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._grown = ("", 0)
            self.render(self._view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Finds the longest words that fit."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints the plane and its lower line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("surface"))
        painter.setPen(QPen(self._theme.color("hairline"), 0))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()

    def _assemble(self) -> None:
        self._row = QHBoxLayout(self)
        self._row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self._row.setContentsMargins(12, 1, 12, 1)
        self._row.setSpacing(8)
        for widget in (self._account, self.presence, self.queue):
            self._row.addWidget(widget)
        self._row.addSpacing(8)
        self._row.addWidget(self._mine)
        self._row.addSpacing(8)
        self._row.addWidget(self._unanswered)
        self._row.addStretch(1)
        self._row.addWidget(self.freshness)

    def _show_presence(self, view: StripView) -> None:
        said = words(view.presence)
        tone = view.presence_tone
        ink = Tone.MUTED if tone is Tone.MUTED else tone
        self.presence.setVisible(bool(said))
        self.presence.show_line(Line((Piece(said, ink, before=6),), "dot", tone), filled=True)
        hint = words(view.presence_hint)
        self.presence.setAccessibleName(_say("presence", presence=said))
        self.presence.setAccessibleDescription(hint)
        self.presence.setToolTip(paint.plain_tooltip(hint))

    def _show_queue(self, view: StripView) -> None:
        loud = paint.has_shape(view.waiting_tone) and view.waiting_known
        tone = view.waiting_tone if loud else Tone.MUTED
        number = Tone.PLAIN if not loud and view.waiting else tone
        count = str(view.waiting) if view.waiting_known else "–"
        pieces = [Piece(_say("waiting"), tone), Piece(count, number, bold=view.waiting > 0, before=5)]
        if view.waiting and view.longest:
            before = 8
            if self._level < 1:
                pieces.append(Piece(_say("longest"), tone, before=before))
                before = 4
            pieces.append(Piece(view.longest, number, bold=True, before=before))
        self.queue.show_line(Line(tuple(pieces), "shape", tone), filled=loud)
        name = Line(tuple(pieces)).words
        if view.waiting and view.longest:
            name = _say("queue_name", count=count, longest=view.longest)
        self.queue.setAccessibleName(name)
        self.queue.setAccessibleDescription(_say("queue_hint"))
        self.queue.setToolTip(paint.plain_tooltip(_say("queue_hint")))

    def _show_tallies(self, view: StripView) -> None:
        self._mine.show_line(_tally(_say("mine"), view.mine, Tone.MUTED))
        self._unanswered.show_line(_tally(_say("unanswered"), view.unanswered, view.unanswered_tone))
        self._mine.setVisible(self._level < 3)

    def _show_freshness(self, freshness: Freshness) -> None:
        said = words(freshness.words)
        tone = freshness.tone
        loud = paint.has_shape(tone)
        mark = "shape" if loud else "dot"
        ink = tone if loud else Tone.MUTED
        line = Line((Piece(said, ink, before=6),), mark, tone)
        key = f"{freshness.words.key}/{tone}"
        self._grown = (key, max(line.width, self._grown[1] if self._grown[0] == key else 0))
        self.freshness.setVisible(bool(said))
        self.freshness.show_line(line, filled=loud)
        self.freshness.reserve(self._grown[1])
        self.freshness.setAccessibleName(_say("freshness", words=freshness.words))
        self.freshness.setAccessibleDescription(_say("freshness_hint"))
        self.freshness.setToolTip(paint.plain_tooltip(_say("freshness_hint")))
        if self._popup is not None and self._popup.isVisible():
            self._popup.show_state(freshness)

    def _fit(self) -> None:
        for level, room in ((0, _TITLE_MAX), (0, 140), (1, 140), (1, 100), (2, _TITLE_MIN), (3, _TITLE_MIN)):
            self._level = level
            self._account.shorten(room)
            self._show_queue(self._view)
            self._show_tallies(self._view)
            if self._row.minimumSize().width() <= self.width():
                return

    def _on_presence(self) -> None:
        at = self.presence.mapToGlobal(QPoint(0, self.presence.height()))
        QToolTip.showText(at, self.presence.toolTip(), self.presence)

    def _on_queue(self) -> None:
        self.teamRequested.emit()

    def _on_freshness(self) -> None:
        self.popup.show_state(self._view.freshness)
        self.popup.open_below(self.freshness)

    def _on_refresh(self) -> None:
        self.refreshRequested.emit()


def _say(name: str, **places: str | Text) -> str:
    return words(Text(f"pane.strip.{name}", tuple(places.items())))


def _tally(label: str, number: int, tone: Tone) -> Line:
    loud = paint.has_shape(tone) and number > 0
    ink = tone if loud else Tone.PLAIN
    pieces = (Piece(label), Piece(str(number), ink, bold=True, pixels=14, before=5))
    return Line(pieces, "shape" if loud else "", tone if loud else Tone.MUTED)
