"""Puts the product's phrases into the language of the moment."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from kefu_desk.domain.text import Text

LANGUAGES = ("zh_CN", "en")
CONTEXT = "kefu"


def words(text: Text) -> str:
    """The phrase in the installed language; a phrase without a translation shows its key."""
    if not text.key:
        return str(text.params[0][1]) if text.params else ""
    template = QCoreApplication.translate(CONTEXT, text.key, None, -1 if text.count is None else text.count)
    if not text.params and text.count is None:
        return template
    values: dict[str, object] = {
        name: words(value) if isinstance(value, Text) else value for name, value in text.params
    }
    if text.count is not None:
        values["n"] = text.count
    return template.format_map(values)


def sentence(parts: Iterable[Text]) -> str:
    """Several phrases as one sentence for a screen reader."""
    return QCoreApplication.translate(CONTEXT, "list.comma").join(filter(None, map(words, parts)))


def system_language() -> str:
    """Chinese when the system speaks Chinese, else English."""
    return "zh_CN" if QLocale.system().language() == QLocale.Language.Chinese else "en"


class Language(QObject):
    """Installs the translators of one language; Qt then tells every widget by a LanguageChange event."""

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._folder = folder
        self._installed: list[QTranslator] = []
        self.code = ""

    def use(self, code: str) -> None:
        """Switches to `zh_CN` or `en`; anything else follows the system."""
        code = code if code in LANGUAGES else system_language()
        if code == self.code:
            return
        for translator in self._installed:
            QCoreApplication.removeTranslator(translator)
        self._installed = [t for t in (self._qt_own(code), self._ours(code)) if t is not None]
        self.code = code
        for translator in self._installed:
            QCoreApplication.installTranslator(translator)

    def _ours(self, code: str) -> QTranslator | None:
        translator = QTranslator(self)
        return translator if translator.load(str(self._folder / f"kefu-desk_{code}.qm")) else None

    def _qt_own(self, code: str) -> QTranslator | None:
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        translator = QTranslator(self)
        return translator if translator.load(f"qtbase_{code}", folder) else None
