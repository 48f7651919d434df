"""The marks that delegates and small widgets share: text lines, badges, pills, rings, dots and shapes."""

from functools import cache, lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.theme import Theme, ui_font, ui_font_of

LEFT = Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignRight
CENTER = Qt.AlignmentFlag.AlignHCenter
SHAPE = 8
DOTS = 33
_LONGEST = 400
_BREAKS = dict.fromkeys((*range(32), 127, 133, 0x2028, 0x2029), " ")
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


@cache
def metrics(pixels: int, *, bold: bool = False, tabular: bool = True) -> QFontMetrics:
    """The measures of the product's font, looked up once."""
    return QFontMetrics(ui_font(pixels, bold=bold, tabular=tabular))


def one_line(words: str) -> str:
    """Anybody's text fit for one painted line: no breaks or control characters, no endless length."""
    return words[:_LONGEST].translate(_BREAKS)


def advance(words: str, pixels: int, *, bold: bool = False) -> int:
    """The width of a line in logical pixels, rounded up."""
    return _advance(words[:_LONGEST], pixels, bold)


@cache
def _flags(align: Qt.AlignmentFlag) -> int:
    place = align | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
    return int(place) | int(Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip)


@lru_cache(maxsize=2048)
def _advance(words: str, pixels: int, bold: bool) -> int:
    return metrics(pixels, bold=bold).horizontalAdvance(one_line(words)) + 1


def line(
    painter: QPainter,
    rect: QRect,
    words: str,
    color: QColor,
    pixels: int,
    *,
    bold: bool = False,
    align: Qt.AlignmentFlag = LEFT,
) -> int:
    """Paints one line in its fixed rectangle, vertically centred, elided when too long; returns its width."""
    if rect.width() <= 0 or not words:
        return 0
    shown, wide = _shortened(words, pixels, bold, rect.width())
    painter.setFont(ui_font_of(pixels, bold=bold))
    painter.setPen(color)
    painter.drawText(rect, _flags(align), shown)
    return min(rect.width(), wide)


def block(painter: QPainter, rect: QRect, words: str, color: QColor, pixels: int) -> None:
    """Paints our own words in as many lines as they need, in the middle of a rectangle."""
    painter.setFont(ui_font_of(pixels))
    painter.setPen(color)
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), words)


@lru_cache(maxsize=2048)
def _shortened(words: str, pixels: int, bold: bool, width: int) -> tuple[str, int]:
    full = one_line(words)
    wide = advance(words, pixels, bold=bold)
    if wide - 1 <= width:
        return full, wide
    face = metrics(pixels, bold=bold)
    shown = face.elidedText(full, Qt.TextElideMode.ElideRight, width)
    return shown, face.horizontalAdvance(shown) + 1


def shape(painter: QPainter, left: float, middle: float, tone: Tone, color: QColor) -> bool:
    """Paints ▲ for SOON and ■ for LATE, 8 pixels wide around a middle line; tells whether there is one."""
    top = middle - SHAPE / 2
    path = QPainterPath()
    if tone is Tone.SOON:
        path.moveTo(left + 4, top + 0.5)
        path.lineTo(left + 7.7, top + 7.3)
        path.lineTo(left + 0.3, top + 7.3)
        path.closeSubpath()
    elif tone is Tone.LATE:
        path.addRoundedRect(QRectF(left + 0.5, top + 0.5, 7, 7), 1, 1)
    else:
        return False
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(path, color)
    painter.restore()
    return True


def has_shape(tone: Tone) -> bool:
    """Whether a tone carries ▲ or ■."""
    return tone in {Tone.SOON, Tone.LATE}


def rounded(painter: QPainter, rect: QRect | QRectF, color: QColor, radius: float) -> None:
    """Fills a rectangle with round corners."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(QRectF(rect), radius, radius)
    painter.restore()


def outlined(painter: QPainter, rect: QRect | QRectF, color: QColor, radius: float) -> None:
    """Draws a 1-px line around a rectangle with round corners."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color, 1))
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.restore()


def logo(painter: QPainter, theme: Theme, rect: QRect) -> None:
    """Paints the product's mark: one wave on an accent square."""
    rounded(painter, rect, theme.color("accent"), rect.width() * 0.25)
    unit = rect.width() / 20
    painter.save()
    painter.translate(rect.topLeft())
    painter.scale(unit, unit)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("accent-text"), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    wave = QPainterPath(QPointF(5, 12.5))
    wave.cubicTo(7.4, 12.5, 7.4, 8.5, 10, 8.5)
    wave.cubicTo(12.6, 8.5, 12.6, 12.5, 15, 12.5)
    painter.drawPath(wave)
    painter.restore()


def badge_width(words: str, tone: Tone) -> int:
    """The width of a badge with its shape and padding."""
    return advance(words, 12) + 12 + (SHAPE + 4 if has_shape(tone) else 0)


def badge(painter: QPainter, theme: Theme, right: int, middle: int, words: str, tone: Tone) -> int:
    """Paints an 18-px badge that ends at `right`; returns its width."""
    width = badge_width(words, tone)
    rect = QRect(right - width, middle - 9, width, 18)
    rounded(painter, rect, theme.tint(tone), 4)
    left = rect.left() + 6
    if shape(painter, left, middle, tone, theme.ink(tone)):
        left += SHAPE + 4
    line(painter, QRect(left, rect.top(), rect.right() - 4 - left, 18), words, theme.ink(tone), 12)
    return width


def pill(painter: QPainter, theme: Theme, right: int, middle: int, number: int) -> int:
    """Paints the count of unread messages, `99+` at most, ending at `right`; returns its width."""
    if number <= 0:
        return 0
    words = str(number) if number < 100 else "99+"
    width = max(18, advance(words, 12, bold=True) + 9)
    rect = QRect(right - width, middle - 9, width, 18)
    rounded(painter, rect, theme.color("accent"), 9)
    line(painter, rect, words, theme.color("accent-text"), 12, bold=True, align=CENTER)
    return width


def ring(
    painter: QPainter, rect: QRectF, share: float, color: QColor, track: QColor, width: float = 2
) -> None:
    """Paints a share of a circle clockwise from twelve o'clock, over its track, inside `rect`."""
    inner = rect.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(track, width))
    painter.drawEllipse(inner)
    if share > 0.005:
        painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(inner, 90 * 16, -round(min(share, 1.0) * 360 * 16))
    painter.restore()


def dot(painter: QPainter, center: QPointF, diameter: float, color: QColor) -> None:
    """Paints a filled circle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawEllipse(center, diameter / 2, diameter / 2)
    painter.restore()


def dots(painter: QPainter, theme: Theme, left: float, middle: float, filled: int, total: int = 5) -> None:
    """Paints sends left as five dots, 33 pixels wide; one left is amber."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("amber" if filled <= 1 else "accent"))
    for number in range(total):
        if number == max(filled, 0):
            painter.setBrush(theme.color("off"))
        painter.drawEllipse(QPointF(left + number * 7 + 2.5, middle), 2.5, 2.5)
    painter.restore()


def icon(painter: QPainter, icons: Icons, name: str, at: QPointF, size: int, color: QColor) -> None:
    """Paints a Lucide icon at the density of the painted device; `at` is the middle of its left edge."""
    pixmap = icons.pixmap(name, size, color, painter.device().devicePixelRatio())
    painter.drawPixmap(QPointF(at.x(), at.y() - size / 2), pixmap)


def focus_ring(painter: QPainter, theme: Theme, rect: QRect | QRectF, radius: float = 8) -> None:
    """Paints the 2-px ring of keyboard focus inside `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("link"), 2))
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), radius - 1, radius - 1)
    painter.restore()


def keyboard_focus(option: QStyleOptionViewItem) -> bool:
    """Whether a row has the focus and got it by the keyboard."""
    wanted = QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_KeyboardFocusChange
    return (option.state & wanted) == wanted


def cap_size(words: str) -> QSize:
    """The size of a key cap."""
    return QSize(advance(words, 11) + 11, 18)


def key_cap(painter: QPainter, theme: Theme, rect: QRect, words: str) -> None:
    """Paints a key as a small cap."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("hairline"), 1))
    painter.setBrush(theme.color("bg"))
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.restore()
    line(painter, rect, words, theme.color("text-2"), 11, align=CENTER)


def plain_tooltip(words: str) -> str:
    """Words for a tooltip that Qt can never read as markup, wrapped when long."""
    return f"<p>{words.translate(_BREAKS)[:2000].translate(_MARKUP)}</p>" if words.strip() else ""
