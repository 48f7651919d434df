"""Colours, fonts and the style sheet of the two themes; delegates and widgets read them from one place."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from kefu_desk.presenters.tone import Tone
from kefu_desk.ui.tokens import DARK, FAMILIES, LIGHT, TONE_TEXT, TONE_TINT

if TYPE_CHECKING:  # the Qt namespace alone takes 27 ms to import, and the first paint needs none of it
    from PySide6.QtCore import Qt

SCHEMES = ("system", "light", "dark")
MIDDLE_LIGHTNESS = 128


class Theme(QObject):
    """The theme of the moment; `use` repaints every widget through Qt's own palette and style events."""

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._folder = folder
        self._choice = "system"
        self._dressed = True
        self._untouched = True
        self._colors = {name: QColor(value) for name, value in LIGHT.items()}
        self.dark = False
        self.motion = True
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def choice(self) -> str:
        """What the person chose: system, light or dark."""
        return self._choice

    def color(self, token: str) -> QColor:
        """A colour by the token names of the design document (section 2 and product 3.10)."""
        return self._colors[token]

    def ink(self, tone: Tone) -> QColor:
        """The text colour of a tone."""
        return self._colors[TONE_TEXT[tone]]

    def tint(self, tone: Tone) -> QColor:
        """The background that goes with a tone."""
        return self._colors[TONE_TINT[tone]]

    def undress(self) -> None:
        """Leaves the style sheet off until `dress`: a window without controls needs none."""
        self._dressed = False

    def dress(self) -> None:
        """Puts the style sheet on, now and at every later change."""
        self._dressed = True
        self._apply()

    def use(self, choice: str) -> None:
        """Switches to `light`, `dark`, or whatever the system says."""
        self._choice = choice if choice in SCHEMES else "system"
        self._apply()

    def _system_changed(self, _scheme: Qt.ColorScheme) -> None:
        if self._choice == "system":
            self._apply()

    def _apply(self) -> None:
        self.dark = self._choice == "dark" or (self._choice == "system" and self._system_is_dark())
        table = DARK if self.dark else LIGHT
        self._colors = {name: QColor(value) for name, value in table.items()}
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            return
        app.setPalette(self._palette())
        self._untouched = False
        if self._dressed:
            app.setStyleSheet(self._sheet(table))

    def _system_is_dark(self) -> bool:
        """The system's wish: told by its palette until ours replaces it, and by its hint from then on."""
        if self._untouched:
            return QGuiApplication.palette().window().color().lightness() < MIDDLE_LIGHTNESS
        return QGuiApplication.styleHints().colorScheme().name == "Dark"

    def _sheet(self, table: dict[str, str]) -> str:
        names = {name.replace("-", "_"): value for name, value in table.items()}
        names["icons"] = (self._folder.parent / "icons").as_posix()
        sheets = sorted(path for path in self._folder.iterdir() if path.suffix == ".qss")
        parts = [path.read_text(encoding="utf-8") for path in sheets]
        return Template("\n".join(parts)).substitute(names)

    def _palette(self) -> QPalette:
        role = QPalette.ColorRole
        colors = {
            role.Window: "surface", role.WindowText: "text", role.Base: "bg", role.AlternateBase: "surface",
            role.Text: "text", role.Button: "control", role.ButtonText: "text", role.BrightText: "red",
            role.Highlight: "link", role.HighlightedText: "bg", role.Link: "link", role.LinkVisited: "link",
            role.PlaceholderText: "border", role.ToolTipBase: "surface", role.ToolTipText: "text",
            role.Accent: "accent", role.Mid: "hairline", role.Dark: "border", role.Light: "bg",
            role.Midlight: "hover", role.Shadow: "border",
        }  # fmt: skip
        palette = QPalette()
        for key, token in colors.items():
            palette.setColor(key, self._colors[token])
        for key in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, key, self._colors["border"])
        return palette


def ui_font(pixels: int, *, bold: bool = False, tabular: bool = False) -> QFont:
    """The product's font at a pixel size; `tabular` keeps digits of equal width for timers."""
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPixelSize(pixels)
    font.setBold(bold)
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


@cache
def ui_font_of(pixels: int, *, bold: bool = False) -> QFont:
    """The tabular font of a painted line, made once; treat it as read-only."""
    return ui_font(pixels, bold=bold, tabular=True)
