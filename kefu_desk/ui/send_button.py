"""The button that sends, or parks the reply while sending would be in vain, and says why."""

from kefu_desk.domain.text import Text, text
from kefu_desk.ui.button import Button
from kefu_desk.ui.i18n import words
from kefu_desk.ui.icons import Icons
from kefu_desk.ui.paint import plain_tooltip
from kefu_desk.ui.theme import Theme


class SendButton(Button):
    """Says what it does; while it parks, its description tells why."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        self._reason: Text | None = None
        super().__init__(theme, icons, text("composer.send"), kind="primary", icon="corner-down-left")

    @property
    def parks(self) -> bool:
        """Whether a click parks the reply."""
        return self._reason is not None

    def park(self, reason: Text | None) -> None:
        """Why a reply would not be taken now, so that it is parked; None sends."""
        if reason != self._reason:
            self._reason = reason
            self.show_icon("pause" if self.parks else "corner-down-left")
            self.say(text("composer.park" if self.parks else "composer.send"))

    def _retranslate(self) -> None:
        super()._retranslate()
        why = words(self._reason) if self._reason is not None else ""
        self.setToolTip(plain_tooltip(why))
        self.setAccessibleDescription(why)
