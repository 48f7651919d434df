"""Finds the product's resources in a checkout, in an installed wheel and in a bundle."""

import sys
from pathlib import Path


def resources() -> Path:
    """The folder that holds icons, themes and translations."""
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle is not None:
        return Path(bundle) / "resources"
    package = Path(__file__).resolve().parent.parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"
