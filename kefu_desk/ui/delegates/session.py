"""Paints a served customer: the reply window, the sends left, the last words and what is unanswered."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from kefu_desk.domain.text import Text, text
from kefu_desk.presenters.sessions import SessionRow
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui import paint
from kefu_desk.ui.avatar import Avatars
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.models.roles import ROW
from kefu_desk.ui.theme import Theme

HEIGHT = 64
_Index = QModelIndex | QPersistentModelIndex
_MARKS = {
    "failed": ("circle-alert", Tone.LATE),
    "unknown": ("circle-question-mark", Tone.SOON),
    "parked": ("pause", Tone.MUTED),
}
_RIGHT = Qt.AlignmentFlag.AlignRight


class SessionDelegate(QStyledItemDelegate):
    """The 64-px row of an own session; keys in `flashing` are tinted for a moment."""

    def __init__(self, theme: Theme, icons: Icons, avatars: Avatars, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._avatars = avatars
        self.flashing: frozenset[str] = frozenset()

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """Every row is 64 high."""
        return QSize(0, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paints ring, avatar, state dot and two lines."""
        row: SessionRow = index.data(ROW)
        rect: QRect = option.rect
        body = rect.adjusted(8, 1, -8, -1)
        ground = self._ground(option, row)
        painter.save()
        if ground is not None:
            paint.rounded(painter, body, ground, 8)
        self._picture(painter, rect, row, ground or self._theme.color("surface"))
        self._first_line(painter, rect, row)
        self._second_line(painter, rect, row)
        if paint.keyboard_focus(option):
            paint.focus_ring(painter, self._theme, body)
        painter.restore()

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, _option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """Shows name and preview in full."""
        if event.type() != QHelpEvent.Type.ToolTip or not index.isValid():
            return False
        row: SessionRow = index.data(ROW)
        parts = filter(None, (words(row.name), flow(row.preview)))
        QToolTip.showText(event.globalPos(), paint.plain_tooltip(" · ".join(parts)), view)
        return True

    def _ground(self, option: QStyleOptionViewItem, row: SessionRow) -> QColor | None:
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            return self._theme.color("selected")
        if row.key in self.flashing:
            return self._theme.color("accent-tint")
        if state & QStyle.StateFlag.State_MouseOver or paint.keyboard_focus(option):
            return self._theme.color("hover")
        return None

    def _picture(self, painter: QPainter, rect: QRect, row: SessionRow, ground: QColor) -> None:
        left, top = rect.left() + 16, rect.top() + 12
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(left + 4, top + 4, self._avatars.pixmap(row.key, row.glyph, 32, ratio))
        if row.ring is not None:
            color = self._theme.ink(row.ring_tone)
            paint.ring(painter, QRectF(left, top, 40, 40), row.ring, color, self._theme.color("off"))
        at = QPointF(left + 34, top + 34)
        paint.dot(painter, at, 12, ground)
        quiet = row.dot in {Tone.MUTED, Tone.PLAIN}
        paint.dot(painter, at, 8, self._theme.color("border") if quiet else self._theme.ink(row.dot))

    def _first_line(self, painter: QPainter, rect: QRect, row: SessionRow) -> None:
        top, right = rect.top() + 11, rect.right() + 1 - 18
        ink = self._theme.color("text-2")
        wide = max(34, paint.advance(row.time, 12))
        paint.line(painter, QRect(right - wide, top, wide, 21), row.time, ink, 12, align=_RIGHT)
        right -= wide + 6
        if row.hours is not None:
            said = words(row.hours)
            wide = paint.advance(said, 12)
            loud = row.ring_tone if paint.has_shape(row.ring_tone) else Tone.MUTED
            paint.line(painter, QRect(right - wide, top, wide, 21), said, self._theme.ink(loud), 12)
            right -= wide + 6
        if row.dots is not None:
            paint.dots(painter, self._theme, right - paint.DOTS, top + 10.5, row.dots)
            right -= paint.DOTS + 6
        left = rect.left() + 66
        name = QRect(left, top, right - left, 21)
        paint.line(painter, name, words(row.name), self._theme.color("text"), 14, bold=row.bold)

    def _second_line(self, painter: QPainter, rect: QRect, row: SessionRow) -> None:
        top, left, right = rect.top() + 33, rect.left() + 66, rect.right() + 1 - 18
        middle = top + 10
        taken = paint.pill(painter, self._theme, right, middle, row.unread)
        right -= taken + 6 if taken else 0
        note, tone = row.unanswered, row.unanswered_tone
        if note is None and row.guard is not None:
            note, tone = row.guard, Tone.SOON
        if note is not None:
            said = words(note)
            wide = paint.advance(said, 12)
            ink = self._theme.ink(tone)
            paint.line(painter, QRect(right - wide, top, wide, 20), said, ink, 12)
            right -= wide
            if paint.shape(painter, right - 4 - paint.SHAPE, middle, tone, ink):
                right -= paint.SHAPE + 4
            right -= 6
        if row.mark in _MARKS:
            name, tone = _MARKS[row.mark]
            paint.icon(painter, self._icons, name, QPointF(left, middle), 13, self._theme.ink(tone))
            left += 17
        if row.draft:
            said = words(text("pane.sessions.draft"))
            left += (
                paint.line(painter, QRect(left, top, right - left, 20), said, self._theme.color("red"), 13)
                + 4
            )
        ink = self._theme.ink(row.preview_tone)
        paint.line(painter, QRect(left, top, right - left, 20), flow(row.preview), ink, 13)


def flow(parts: tuple[Text, ...]) -> str:
    """Several phrases as running words; a full-width colon needs no space behind it."""
    out = ""
    for said in filter(None, map(words, parts)):
        out += said if not out or out.endswith(("：", " ")) else f" {said}"
    return out
