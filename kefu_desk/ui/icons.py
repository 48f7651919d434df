"""Lucide icons in the colour, size and screen density of the moment."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer


@cache
def _source(folder: Path, name: str) -> str:
    return (folder / f"{name}.svg").read_text(encoding="utf-8")


class Icons:
    """Pixmaps of the icon folder, cached by name, size, colour and device ratio."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pixmaps: dict[tuple[str, int, int, float], QPixmap] = {}

    def pixmap(self, name: str, size: int, color: QColor, ratio: float = 1.0) -> QPixmap:
        """One icon, `size` logical pixels square; strokes are 1.5 from 28, 1.75 from 16, else 2."""
        key = (name, size, color.rgba(), ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = self._render(name, size, color, ratio)
        return self._pixmaps[key]

    def icon(self, name: str, size: int, color: QColor, disabled: QColor) -> QIcon:
        """An icon for a button, for normal and double density."""
        out = QIcon()
        for ratio in (1.0, 2.0):
            out.addPixmap(self.pixmap(name, size, color, ratio), QIcon.Mode.Normal)
            out.addPixmap(self.pixmap(name, size, disabled, ratio), QIcon.Mode.Disabled)
        return out

    def _render(self, name: str, size: int, color: QColor, ratio: float) -> QPixmap:
        svg = _source(self._folder, name).replace("currentColor", color.name())
        svg = svg.replace('stroke-width="2"', f'stroke-width="{_stroke(size)}"')
        pixmap = QPixmap(round(size * ratio), round(size * ratio))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size * ratio, size * ratio))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap


def _stroke(size: int) -> float:
    return 1.5 if size >= 28 else 1.75 if size >= 16 else 2
