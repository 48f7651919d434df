"""Customers as round pictures: one character on a pale hue, or mirrored pixels from the openid."""

from hashlib import blake2b

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap

from kefu_desk.ui.theme import Theme, ui_font
from kefu_desk.ui.tokens import AVATARS_DARK, AVATARS_LIGHT

_KEPT = 512


class Avatars:
    """Draws each avatar once and keeps the last 512 pixmaps."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._kept: dict[tuple[str, str, int, bool, float], QPixmap] = {}

    def pixmap(self, key: str, glyph: str, size: int, ratio: float = 1.0) -> QPixmap:
        """The avatar of `key`, `size` logical pixels across; an empty `glyph` gives pixels."""
        at = (key, glyph, size, self._theme.dark, ratio)
        found = self._kept.get(at)
        if found is None:
            if len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            found = self._kept[at] = self._draw(key, glyph, size, ratio)
        return found

    def _draw(self, key: str, glyph: str, size: int, ratio: float) -> QPixmap:
        seed = blake2b(key.encode("utf-8", "replace"), digest_size=16).digest()
        ground, ink = (AVATARS_DARK if self._theme.dark else AVATARS_LIGHT)[seed[0] % 8]
        pixmap = QPixmap(round(size * ratio), round(size * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawEllipse(QRectF(0, 0, size, size))
        if glyph.strip():
            _character(painter, glyph[:8], size, QColor(ink))
        else:
            _pixels(painter, seed[1:], size, ratio, QColor(ink))
        painter.end()
        return pixmap


def _character(painter: QPainter, glyph: str, size: int, ink: QColor) -> None:
    height = round(size / 2 * 0.85)
    font = ui_font(height)
    painter.setFont(font)
    painter.setPen(ink)
    wide = QFontMetricsF(font).horizontalAdvance(glyph)
    if wide > size * 0.8:
        font = ui_font(max(6, int(height * size * 0.8 / wide)))
        painter.setFont(font)
        wide = QFontMetricsF(font).horizontalAdvance(glyph)
    painter.drawText(QPointF((size - wide) / 2, size / 2 + font.pixelSize() * 0.36), glyph)


def _pixels(painter: QPainter, seed: bytes, size: int, ratio: float, ink: QColor) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    cell = max(1, round(size * ratio / 10)) / ratio
    left = round((size - 5 * cell) / 2 * ratio) / ratio
    for y in range(5):
        for x in range(3):
            if seed[y * 3 + x] & 1 or (x == 2 and y == 2):
                for column in {x, 4 - x}:
                    painter.fillRect(QRectF(left + column * cell, left + y * cell, cell, cell), ink)
