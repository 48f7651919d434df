"""The page of a desk without an open account: try the simulator, or add an account."""

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kefu_desk import __version__
from kefu_desk.domain.text import text, verbatim
from kefu_desk.ui.card import Card, Picker
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.label import Label, Paragraph
from kefu_desk.ui.paint import rounded
from kefu_desk.ui.theme import Theme

_COLUMN = 406
_LANGUAGES = tuple((code, text(f"welcome.language.{code}")) for code in ("system", "zh_CN", "en"))
_THEMES = tuple((name, text(f"welcome.theme.{name}")) for name in ("system", "light", "dark"))


class Mark(QWidget):
    """The product's mark: one wave on an accent square."""

    def __init__(self, theme: Theme, side: int = 48) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paints square and wave."""
        painter = QPainter(self)
        side = self.width()
        rounded(painter, QRectF(self.rect()), self._theme.color("accent"), side / 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(side / 48, side / 48)
        wave = QPainterPath()
        wave.moveTo(12, 29)
        wave.cubicTo(17.6, 29, 17.6, 19.5, 24, 19.5)
        wave.cubicTo(30.4, 19.5, 30.4, 29, 36, 29)
        cap = Qt.PenCapStyle.RoundCap
        painter.setPen(QPen(self._theme.color("accent-text"), 3.5, Qt.PenStyle.SolidLine, cap))
        painter.drawPath(wave)
        painter.end()


class WelcomePage(QWidget):
    """Offers the simulator, a new account, and the accounts already added."""

    simulatorRequested = Signal()
    addAccountRequested = Signal()
    profileRequested = Signal(str)
    languageChosen = Signal(str)
    themeChosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
        *,
        language: str = "system",
        version: str = __version__,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._icons = icons
        self._profiles: tuple[tuple[str, str], ...] = ()
        self._cards: list[Card] = []
        self._title = Paragraph(text("welcome.title.none"), role="display")
        self._lead = Paragraph(text("welcome.lead.none"), role="lead")
        self._list = QVBoxLayout()
        self._simulator = Card(
            theme,
            icons,
            text("welcome.simulator.title"),
            text("welcome.simulator.hint"),
            sign="flask-conical",
            lit=True,
        )
        self._add = Card(theme, icons, text("welcome.add.title"), text("welcome.add.hint"), sign="plus")
        self._languages = Picker(theme, icons, "globe", "welcome.language", _LANGUAGES)
        self._themes = Picker(theme, icons, "sun-moon", "welcome.theme", _THEMES)
        self._languages.show_choice(language)
        self._themes.show_choice(theme.choice)
        self._version = Label(verbatim(version), role="meta")
        self._simulator.clicked.connect(self.simulatorRequested)
        self._add.clicked.connect(self.addAccountRequested)
        self._languages.chosen.connect(self.languageChosen)
        self._themes.chosen.connect(self.themeChosen)
        self._build()

    def render_profiles(self, profiles: tuple[tuple[str, str], ...] = ()) -> None:
        """Lists the accounts already added as (name, title); none brings the first-run words back."""
        if profiles == self._profiles:
            return
        self._profiles = profiles
        for card in self._cards:
            card.hide()
            card.deleteLater()
        self._cards = [self._profile_card(name, title) for name, title in profiles]
        for place, card in enumerate(self._cards):
            self._list.insertWidget(place, card)
        which = "choose" if profiles else "none"
        self._title.say(text(f"welcome.title.{which}"))
        self._lead.say(text(f"welcome.lead.{which}"))
        for before, after in zip(self._cards, [*self._cards[1:], self._simulator], strict=False):
            QWidget.setTabOrder(before, after)

    def show_language(self, code: str) -> None:
        """Shows which language is chosen: zh_CN, en or system."""
        self._languages.show_choice(code)

    def showEvent(self, event: QShowEvent) -> None:
        """Puts the focus on the first way to go on, so that Enter is enough."""
        super().showEvent(event)
        if not event.spontaneous():
            (self._cards or [self._simulator])[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        """Shows the theme of the moment in its picker."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_themes"):
            self._themes.show_choice(self._theme.choice)

    def _profile_card(self, name: str, title: str) -> Card:
        sentence = text("welcome.profile.sentence", title=title)
        card = Card(self._theme, self._icons, verbatim(title), name=sentence, sign="messages-square")
        card.clicked.connect(lambda: self.profileRequested.emit(name))
        return card

    def _build(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addSpacing(56)
        column.addWidget(Mark(self._theme))
        column.addSpacing(20)
        column.addWidget(self._title)
        column.addSpacing(4)
        column.addWidget(self._lead)
        column.addSpacing(28)
        self._list.setSpacing(12)
        self._list.addWidget(self._simulator)
        self._list.addWidget(self._add)
        column.addLayout(self._list)
        column.addStretch(1)
        column.setContentsMargins(48, 0, 48, 16)
        inner = QWidget()
        inner.setLayout(column)
        footer = _centred(self._footer())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(_scrolled(_centred(inner), footer), 1)
        outer.addWidget(footer)

    def _footer(self) -> QWidget:
        row = QHBoxLayout()
        row.setContentsMargins(48, 14, 48, 14)
        row.setSpacing(8)
        row.addWidget(self._languages)
        row.addWidget(self._themes)
        row.addStretch(1)
        row.addWidget(self._version)
        footer = QWidget()
        footer.setLayout(row)
        return footer


def _scrolled(inner: QWidget, footer: QWidget) -> QScrollArea:
    """Scrolls `inner` when the window is low, and keeps the footer in line with it."""
    scroll = QScrollArea()
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidgetResizable(True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(inner)
    bar = scroll.verticalScrollBar()
    bar.rangeChanged.connect(
        lambda _low, high: footer.setContentsMargins(0, 0, bar.sizeHint().width() if high else 0, 0)
    )
    return scroll


def _centred(inner: QWidget) -> QWidget:
    inner.setMaximumWidth(_COLUMN + 98)
    out = QWidget()
    row = QHBoxLayout(out)
    row.setContentsMargins(0, 0, 0, 0)
    row.addStretch(1)
    row.addWidget(inner, 100)
    row.addStretch(1)
    return out
