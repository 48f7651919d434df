"""Where everything of a conversation row lies: bubble, words, meta line and links."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, QRect, QSize, Qt

from kefu_desk.domain.text import text
from kefu_desk.presenters.timeline import RowAction, RowKind, Side, TimelineRow
from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.delegates.text_layout import Laid, TextLayouts, is_blank, shown
from kefu_desk.ui.i18n import words
from kefu_desk.ui.paint import metrics
from kefu_desk.ui.theme import ui_font_of

MARGIN = 20
PAD = 12
ICON = 13
THUMB = 44
_BODY_LINE = 22
_SMALL_LINE = 18
_TOP, _BOTTOM = 7, 8
_WIDEST = 560
_SHARE = 0.72
_CARD = 336
_BUTTON, _BUTTON_PAD = 28, 10
_KEPT = 1500
_RIGHT = Qt.TextElideMode.ElideRight


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of 12 pixels in one line, after an icon if there is one."""

    rect: QRect
    words: str
    tone: Tone = Tone.MUTED
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An action of a row; `rect` is where a click counts, `icon` follows the words; a button has a plane."""

    name: str
    words: str
    rect: QRect
    icon: str = ""
    button: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A row measured at one width, relative to its upper left corner."""

    height: int
    box: QRect
    body: Laid | None = None
    body_at: QPoint = field(default_factory=QPoint)
    faint: bool = False
    title: Piece | None = None
    pieces: tuple[Piece, ...] = ()
    links: tuple[Link, ...] = ()
    block: QRect | None = None

    def link_at(self, point: QPoint) -> Link | None:
        """The link under a point, or None."""
        return next((link for link in self.links if link.rect.contains(point)), None)


@dataclass(frozen=True, slots=True)
class _Part:
    """Something of the meta line before it has a place."""

    width: int
    words: str
    tone: Tone = Tone.MUTED
    icon: str = ""
    action: str = ""


class Shapes:
    """Measures rows and remembers the measure until the row, the width or the language changes."""

    def __init__(self) -> None:
        self._body = TextLayouts(ui_font_of(14), _BODY_LINE)
        self._small = TextLayouts(ui_font_of(12), _SMALL_LINE)
        self._body_metrics = metrics(14)
        self._small_metrics = metrics(12)
        self._link_metrics = metrics(13)
        self._widths: dict[str, int] = {}
        self._kept: dict[str, tuple[TimelineRow, int, Shape, QSize]] = {}

    def forget(self) -> None:
        """Measures everything anew, because the words are now in another language."""
        self._kept.clear()

    def shape(self, row: TimelineRow, width: int) -> Shape:
        """The measure of a row in a list of this width."""
        found = self._kept.get(row.key)
        if found is not None and found[1] == width:
            if found[0] is row:
                return found[2]
            if found[0] == row:
                self._kept[row.key] = (row, *found[1:])
                return found[2]
        made = self._measure(row, width)
        if len(self._kept) > _KEPT:
            self._kept.clear()
        self._kept[row.key] = (row, width, made, QSize(0, made.height))
        return made

    def sizes(self, rows: Sequence[TimelineRow], width: int) -> list[QSize]:
        """The sizes of all rows; rows that are the same objects as before cost next to nothing."""
        kept, out = self._kept, []
        for row in rows:
            found = kept.get(row.key)
            if found is None or found[0] is not row or found[1] != width:
                self.shape(row, width)
                found = kept[row.key]
            out.append(found[3])
        return out

    def _measure(self, row: TimelineRow, width: int) -> Shape:
        if row.kind is RowKind.DAY:
            return self._centered(row, width, 32, Tone.MUTED)
        if row.kind is RowKind.NEW:
            return self._centered(row, width, 32, Tone.GOOD)
        if row.kind is RowKind.NOTE:
            return self._note(row, width)
        if row.kind is RowKind.CARD:
            return self._card(row, width)
        return self._bubble(row, width)

    def _centered(self, row: TimelineRow, width: int, height: int, tone: Tone) -> Shape:
        said = self._small_metrics.elidedText(words(row.words), _RIGHT, width - 2 * MARGIN)
        wide = self._wide(said)
        at = QRect((width - wide) // 2, (height - _SMALL_LINE) // 2, wide, _SMALL_LINE)
        return Shape(height, box=at, pieces=(Piece(at, said, tone),))

    def _note(self, row: TimelineRow, width: int) -> Shape:
        tone = row.state_tone
        parts = self._sentence(words(row.words), row.icon, tone, width - 2 * MARGIN)
        parts += [self._link_part(action) for action in row.actions]
        pieces, links, height = _flow(parts, MARGIN, width - MARGIN, 9, 0.5)
        box = QRect(MARGIN, 4, width - 2 * MARGIN, height + 10)
        return Shape(height + 18, box=box, pieces=pieces, links=links)

    def _bubble(self, row: TimelineRow, width: int) -> Shape:
        limit = max(80, min(_WIDEST, int((width - 2 * MARGIN) * _SHARE)) - 2 * PAD)
        part = shown(row.body)
        faint = is_blank(part.words)
        body = self._body.laid(words(text("chat.blank")) if faint else part.words, limit)
        wide, high = max(body.width, 8), body.height
        notes: list[str] = []
        if part.hidden:
            notes = self._small.laid(words(text("chat.cut", part.hidden)), limit).lines()
            wide = max(wide, *(self._wide(note) for note in notes))
            high += 4 + _SMALL_LINE * len(notes)
        top, above = self._above(row, width)
        box = self._placed(row.side, width, top, wide + 2 * PAD, _TOP + high + _BOTTOM)
        at = QPoint(box.x() + PAD, box.y() + _TOP)
        under = at.y() + body.height + 4
        tail = tuple(
            Piece(QRect(at.x(), under + i * _SMALL_LINE, wide, _SMALL_LINE), note)
            for i, note in enumerate(notes)
        )
        under_it = () if row.question else row.actions
        pieces, links, end = self._meta(row, width, box.bottom() + 1, under_it)
        block = None
        if row.question:
            block, asked, links = self._question(row, width, end)
            pieces, end = pieces + asked, block.bottom() + 1 + 8
        return Shape(end, box, body, at, faint, None, above + tail + pieces, links, block)

    def _question(
        self, row: TimelineRow, width: int, top: int
    ) -> tuple[QRect, tuple[Piece, ...], tuple[Link, ...]]:
        """The block under a bubble in which the agent is asked: its lines, and a button for each answer."""
        room = min(_WIDEST, width - 2 * MARGIN) - 2 * PAD
        lines = [line for said in row.question for line in self._small.laid(words(said), room).lines()]
        rows: list[list[tuple[str, str, int]]] = [[]]
        for action in row.actions:
            name = action.name
            said = self._small_metrics.elidedText(words(action.words), _RIGHT, room - 2 * _BUTTON_PAD)
            wide = self._wide(said) + 2 * _BUTTON_PAD
            if rows[-1] and sum(w + 8 for _, _, w in rows[-1]) + wide > room:
                rows.append([])
            rows[-1].append((name, said, wide))
        inner = max(
            *(self._wide(line) for line in lines), *(sum(w + 8 for _, _, w in some) - 8 for some in rows), 80
        )
        inner = min(inner, room)
        high = 2 * _BOTTOM + _SMALL_LINE * len(lines) + (_BUTTON + 8) * len(rows)
        block = QRect(width - MARGIN - inner - 2 * PAD, top, inner + 2 * PAD, high)
        left, y = block.x() + PAD, top + _BOTTOM
        pieces = tuple(
            Piece(QRect(left, y + i * _SMALL_LINE, inner, _SMALL_LINE), line, Tone.PLAIN)
            for i, line in enumerate(lines)
        )
        links = []
        y += _SMALL_LINE * len(lines) + 8
        for number, some in enumerate(rows):
            x = left
            for name, said, wide in some:
                at = QRect(x, y + number * (_BUTTON + 8), wide, _BUTTON)
                links.append(Link(name, said, at, button=True))
                x += wide + 8
        return block, pieces, tuple(links)

    def _card(self, row: TimelineRow, width: int) -> Shape:
        inner = min(_CARD, width - 2 * MARGIN - 2 * PAD)
        top, above = self._above(row, width)
        box = self._placed(row.side, width, top, inner + 2 * PAD, _TOP + THUMB + _BOTTOM)
        right = box.right() + 1 - PAD + 4
        links: list[Link] = []
        for action in reversed(row.actions):
            said = words(action.words)
            wide = self._link_metrics.horizontalAdvance(said) + 5 + ICON + 8
            rect = QRect(right - wide, box.y() + (box.height() - 28) // 2, wide, 28)
            links.insert(0, Link(action.name, said, rect, "external-link"))
            right -= wide + 6
        left = box.x() + PAD + THUMB + PAD
        room = max(20, right - left - 4)
        title = self._body_metrics.elidedText(words(row.words), _RIGHT, room)
        under = self._small_metrics.elidedText(words(row.more) if row.more else "", _RIGHT, room)
        y = box.y() + _TOP + (1 if under else 11)
        lines = (Piece(QRect(left, y + 23, room, _SMALL_LINE), under),) if under else ()
        pieces, _none, end = self._meta(row, width, box.bottom() + 1, ())
        head = Piece(QRect(left, y, room, _BODY_LINE), title, Tone.PLAIN, row.icon)
        return Shape(end, box, title=head, pieces=above + lines + pieces, links=tuple(links))

    def _above(self, row: TimelineRow, width: int) -> tuple[int, tuple[Piece, ...]]:
        """The line over a colleague's bubble, and where the bubble begins."""
        if row.above is None:
            return 0, ()
        said = self._small_metrics.elidedText(words(row.above), _RIGHT, width - 2 * MARGIN - 4)
        wide = self._wide(said)
        return 20, (Piece(QRect(width - MARGIN - 2 - wide, 0, wide, _SMALL_LINE), said),)

    @staticmethod
    def _placed(side: Side, width: int, top: int, wide: int, high: int) -> QRect:
        return QRect(MARGIN if side is Side.IN else width - MARGIN - wide, top, wide, high)

    def _meta(
        self, row: TimelineRow, width: int, bottom: int, actions: tuple[RowAction, ...]
    ) -> tuple[tuple[Piece, ...], tuple[Link, ...], int]:
        """The line under a bubble, and where the row ends."""
        if not (row.last or actions):
            return (), (), bottom + 2
        left, right = MARGIN + 2, width - MARGIN - 2
        parts = [_Part(self._wide(row.meta), row.meta)] if row.meta else []
        if row.state is not None:
            parts += self._sentence(words(row.state), row.state_icon, row.state_tone, right - left)
        parts += [self._link_part(action) for action in actions]
        if not parts:
            return (), (), bottom + 8
        pieces, links, height = _flow(parts, left, right, bottom + 1, 0 if row.side is Side.IN else 1)
        return pieces, links, bottom + 1 + height + 6

    def _sentence(self, said: str, icon: str, tone: Tone, room: int) -> list[_Part]:
        """Words that may need more than one line, as parts of at most one line each."""
        lead = ICON + 4 if icon else 0
        lines = self._small.laid(said, max(40, room - lead)).lines()
        measure = self._wide
        return [
            _Part(measure(line) + (lead if i == 0 else 0), line, tone, icon if i == 0 else "")
            for i, line in enumerate(lines)
        ]

    def _wide(self, said: str) -> int:
        """The width of words of the meta line; the same few are measured again and again."""
        found = self._widths.get(said)
        if found is None:
            if len(self._widths) > _KEPT:
                self._widths.clear()
            found = self._widths[said] = self._small_metrics.horizontalAdvance(said)
        return found

    def _link_part(self, action: RowAction) -> _Part:
        said = words(action.words)
        return _Part(self._wide(said) + 8, said, Tone.LINK, "", action.name)


def _flow(
    parts: list[_Part], left: int, right: int, top: int, align: float
) -> tuple[tuple[Piece, ...], tuple[Link, ...], int]:
    """Places parts in lines of 18 pixels; `align` 0 is left, 1 right. Gives the height too."""
    rows: list[list[_Part]] = [[]]
    used = 0
    for part in parts:
        if rows[-1] and used + 6 + part.width > right - left:
            rows.append([])
            used = 0
        used += (6 if rows[-1] else 0) + part.width
        rows[-1].append(part)
    pieces: list[Piece] = []
    links: list[Link] = []
    for number, row in enumerate(rows):
        wide = sum(part.width for part in row) + 6 * (len(row) - 1)
        x = left + max(0, int((right - left - wide) * align))
        for part in row:
            rect = QRect(x, top + number * _SMALL_LINE, part.width, _SMALL_LINE)
            if part.action:
                links.append(Link(part.action, part.words, rect))
            else:
                pieces.append(Piece(rect, part.words, part.tone, part.icon))
            x += part.width + 6
    return tuple(pieces), tuple(links), len(rows) * _SMALL_LINE
