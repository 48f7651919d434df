"""Where this program keeps its files on this computer."""

import os
from pathlib import Path

from msgspec import Struct
from platformdirs import PlatformDirs

HOME_VARIABLE = "KEFU_DESK_HOME"
SETTINGS = "settings.toml"


class Places(Struct, frozen=True):
    """The folders of one installation; none of them need exist yet."""

    config: Path
    data: Path
    logs: Path

    @property
    def profiles(self) -> Path:
        """One file a profile, without secrets."""
        return self.config / "profiles"

    def of_profile(self, name: str) -> Path:
        """Outbox and archive of a profile."""
        return self.data / "profiles" / name


def places() -> Places:
    """The folders the system wants us to use, or those below KEFU_DESK_HOME when that is set."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        root = Path(home).expanduser()
        return Places(root / "config", root / "data", root / "logs")
    dirs = PlatformDirs("kefu-desk", appauthor=False)
    return Places(Path(dirs.user_config_dir), Path(dirs.user_data_dir), Path(dirs.user_log_dir))
