"""Labels that follow the language, never read rich text, and are shortened or wrapped rather than cut."""

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kefu_desk.domain.text import NOTHING, Text
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.i18n import words
from kefu_desk.ui.paint import one_line

_ADVANCE = {11: 16, 12: 18, 13: 20, 14: 22, 16: 24, 22: 32}
_WIDEST = 1 << 20


class Label(QLabel):
    """One phrase on one line, shortened when `elide`; the style sheet gives its look by `role`."""

    def __init__(
        self,
        phrase: Text = NOTHING,
        *,
        role: str = "body",
        elide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self._phrase = phrase
        self._elide = elide
        self._retranslate()

    @property
    def phrase(self) -> Text:
        """What the label says, before translation."""
        return self._phrase

    def say(self, phrase: Text) -> None:
        """Shows another phrase; the same phrase again costs nothing."""
        if phrase != self._phrase:
            self._phrase = phrase
            self._retranslate()

    def tint(self, tone: Tone) -> None:
        """Colours the words; the caller sees to it that a word or a shape says the same."""
        self.restyle("tone", tone.value)

    def restyle(self, name: str, value: str) -> None:
        """Sets a property that the style sheet reads, and applies it."""
        if self.property(name) != value:
            self.setProperty(name, value)
            self.style().unpolish(self)
            self.style().polish(self)
            self.update()

    def minimumSizeHint(self) -> QSize:
        """An elided label may become as narrow as three letters."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), 36), hint.height()) if self._elide else hint

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the shortened words when they do not fit."""
        rect = self.contentsRect()
        if not self._elide or QFontMetrics(self.font()).horizontalAdvance(self.text()) <= rect.width():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(self.foregroundRole()))
        short = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(self.alignment()) | int(Qt.TextFlag.TextSingleLine), short)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Says the phrase in the new language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        said = words(self._phrase)
        self.setText(said if isinstance(self, Paragraph) else one_line(said))
        self.setAccessibleName(said)


class Paragraph(Label):
    """Wrapped words with the design's line advance; a word longer than the line is broken, never cut off."""

    def __init__(self, phrase: Text = NOTHING, *, role: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(phrase, role=role, parent=parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """The height follows the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of the wrapped lines."""
        return self._lay_out(width)[1]

    def sizeHint(self) -> QSize:
        """Up to 480 px wide, and as high as that needs."""
        layout, _height = self._lay_out(_WIDEST)
        width = min(480, int(layout.boundingRect().width()) + 2)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """A few letters wide."""
        return QSize(48, self._advance())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints the lines one advance apart."""
        layout, _height = self._lay_out(self.contentsRect().width())
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        layout.draw(painter, QPointF(self.contentsRect().topLeft()))
        painter.end()

    def _advance(self) -> int:
        pixels = self.font().pixelSize()
        return _ADVANCE.get(pixels, round(pixels * 1.5)) if pixels > 0 else self.fontMetrics().lineSpacing()

    def _lay_out(self, width: int) -> tuple[QTextLayout, int]:
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout = QTextLayout(self.text().replace("\n", "\u2028"), self.font())
        option.setAlignment(self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask)
        layout.setTextOption(option)
        advance, top = self._advance(), 0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, 1))
            line.setPosition(QPointF(0, top + (advance - line.height()) / 2))
            top += advance
        layout.endLayout()
        return layout, max(top, advance)
