"""Focus rings that appear for the keyboard and stay away from the mouse."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from kefu_desk.ui.paint import focus_ring
from kefu_desk.ui.theme import Theme

_RETURNED = (
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)


def by_keyboard(reason: Qt.FocusReason, *, before: bool) -> bool:
    """Whether a focus that came for `reason` shows its ring; a return to the window keeps it as `before`."""
    return before if reason in _RETURNED else reason != Qt.FocusReason.MouseFocusReason


def filled_ring(painter: QPainter, theme: Theme, rect: QRectF, radius: float) -> None:
    """The ring of a filled button: a gap in the page colour keeps it apart from the fill."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("bg"), 1.5))
    painter.drawRoundedRect(rect.adjusted(2.5, 2.5, -2.5, -2.5), radius - 2, radius - 2)
    painter.restore()
    focus_ring(painter, theme, rect, radius)
