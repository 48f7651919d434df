"""The one role of our own that list models answer."""

from typing import Final

from PySide6.QtCore import Qt

ROW: Final = int(Qt.ItemDataRole.UserRole) + 1
"""The frozen row itself, for delegates."""
