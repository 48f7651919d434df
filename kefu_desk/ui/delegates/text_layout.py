"""Plain text broken into lines of fixed height, laid out once per text, width and font."""

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextOption

SHOWN_CHARACTERS = 20_000
SHOWN_LINES = 400
_KEPT = 1500
_SHORT = 60
_LINE_LIKE = 2000
_NEWLINE = "\u2028"  # QTextLayout breaks a line here and only here
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_ORDER_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # would let a text show another order than it has
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufff9-\ufffb]")
_INVISIBLE = re.compile("[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e"
                        "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]+")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a text is drawn: `words`, and how many characters were left off its end."""

    words: str
    hidden: int


def shown(body: str) -> Shown:
    """A person's text as it is safe to draw: controls as signs, no order marks, at most 20 000 characters."""
    if len(body) <= _LINE_LIKE and body.isprintable():  # no control, format or half character in it
        return Shown(body, 0)
    cut = body[:SHOWN_CHARACTERS]
    lines = cut.replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n").replace("\u2028", "\n")
    broken = lines.split("\n", SHOWN_LINES)
    if len(broken) > SHOWN_LINES:
        lines = "\n".join(broken[:SHOWN_LINES])
        cut = lines
    safe = _CONTROLS.sub(_picture, _ORDER_MARKS.sub("", lines.rstrip("\n")))
    return Shown(
        safe.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"), len(body) - len(cut)
    )


def _picture(found: re.Match[str]) -> str:
    """A control character as the sign that stands for it."""
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


def is_blank(words: str) -> bool:
    """Whether a text would draw nothing at all."""
    return not _INVISIBLE.sub("", words)


class Laid:
    """A text in lines: `width` and `height` of the block, ready to be drawn."""

    __slots__ = ("_layout", "_make", "advance", "height", "width")

    def __init__(self, make: Callable[[], QTextLayout], width: int, lines: int, advance: int) -> None:
        self._make = make
        self._layout: QTextLayout | None = None
        self.width = width
        self.advance = advance
        self.height = advance * lines

    @property
    def layout(self) -> QTextLayout:
        """The lines for drawing; a text of one line is laid out only when it is seen."""
        if self._layout is None:
            self._layout = self._make()
        return self._layout

    def lines(self) -> list[str]:
        """The words of each line."""
        found = [self.layout.lineAt(number) for number in range(self.layout.lineCount())]
        return [self.part(line.textStart(), line.textStart() + line.textLength()).rstrip() for line in found]

    def part(self, start: int, end: int) -> str:
        """The words between two places, in UTF-16 units as Qt counts them."""
        units = self.layout.text().encode("utf-16-le", "surrogatepass")[2 * start : 2 * end]
        return units.decode("utf-16-le", "replace").replace(_NEWLINE, "\n")

    def position(self, point: QPointF) -> int:
        """The place in the text nearest to a point of the block, in UTF-16 units."""
        row = min(max(0, int(point.y() // self.advance)), self.layout.lineCount() - 1)
        return self.layout.lineAt(row).xToCursor(point.x())


class TextLayouts:
    """Keeps the layouts of the texts that were measured last, for one font and line advance."""

    def __init__(self, font: QFont, advance: int) -> None:
        self._font = font
        self._advance = advance
        self._metrics = QFontMetricsF(font)
        self._baseline = (advance - self._metrics.height()) / 2 + self._metrics.ascent()
        self._kept: OrderedDict[tuple[str, int], Laid] = OrderedDict()

    def laid(self, words: str, width: int) -> Laid:
        """The text broken at `width` pixels; a word that is longer breaks anywhere."""
        key = (words, width)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._lay(words, width)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return found

    def _lay(self, words: str, width: int) -> Laid:
        if len(words) <= _SHORT and "\n" not in words and "\t" not in words:
            wide = ceil(self._metrics.horizontalAdvance(words))
            if wide < width:
                return Laid(lambda: self._broken(words, wide + 1)[0], wide, 1, self._advance)
        layout, natural = self._broken(words, width)
        if natural < width and _RIGHT_TO_LEFT.search(words):
            layout, _ = self._broken(words, natural)  # such lines hang on the right edge of the bubble
        return Laid(lambda: layout, natural, layout.lineCount(), self._advance)

    def _broken(self, words: str, width: int) -> tuple[QTextLayout, int]:
        """The lines and the width that they really need."""
        layout = QTextLayout(words.replace("\n", _NEWLINE), self._font)
        layout.setCacheEnabled(True)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        layout.setTextOption(option)
        layout.beginLayout()
        widest, y = 0.0, 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, y + self._baseline - line.ascent()))
            widest = max(widest, line.naturalTextWidth())
            y += self._advance
        layout.endLayout()
        return layout, min(width, ceil(widest))
