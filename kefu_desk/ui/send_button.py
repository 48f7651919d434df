"""The button that sends: it stays in reach while sending is not possible, and says why."""

from kefu_desk.domain.text import Text, text
from kefu_desk.ui.button import Button
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.paint import plain_tooltip
from kefu_desk.ui.theme import Theme

_SIGN = "corner-down-left"


class SendButton(Button):
    """Looks disabled while it is blocked, but takes the click, to give the reason; no focus moves."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        self._blocked: Text | None = None
        super().__init__(theme, icons, text("composer.send"), kind="primary", icon=_SIGN)

    def block(self, reason: Text | None) -> None:
        """Why nothing can be sent now, or None."""
        if reason != self._blocked:
            self._blocked = reason
            self.setProperty("blocked", reason is not None)
            self.style().unpolish(self)
            self.style().polish(self)
            self._retranslate()
            self._recolour()

    def _retranslate(self) -> None:
        super()._retranslate()
        why = words(self._blocked) if self._blocked is not None else ""
        self.setToolTip(plain_tooltip(why))
        self.setAccessibleDescription(why)

    def _recolour(self) -> None:
        super()._recolour()
        if self._blocked is not None:
            faint = self.theme.color("border")
            self.setIcon(self.icons.icon(_SIGN, 15, faint, faint))
