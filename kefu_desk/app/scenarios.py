"""Finds a scenario: one that is written in Python, one of the product's files, or somebody's own file."""

from collections.abc import Mapping
from pathlib import Path

from kefu_desk.simulator.scenario import DEMO_AGENT, SCENARIOS, Opened, scenario, written

ENDING = ".toml"
LARGEST = 2 * 1024 * 1024


def begin(wanted: str, *, seed: int, now: float) -> Opened:
    """A new world, by the name of a scenario or by the path of a file.

    Raises:
        ValueError: saying what cannot be read or played, and what to do.
    """
    if wanted in SCENARIOS:
        return Opened(scenario(wanted, seed=seed, now=now), DEMO_AGENT)
    path = shipped().get(wanted) or Path(wanted).expanduser()
    return written(path.name, _text(wanted, path), seed=seed, now=now)


def shipped() -> Mapping[str, Path]:
    """The scenario files that come with the product, by name."""
    from kefu_desk.app.assets import resources

    return {path.stem: path for path in sorted((resources() / "scenarios").glob(f"*{ENDING}"))}


def _text(wanted: str, path: Path) -> str:
    if not looks_like_a_file(wanted) and wanted not in shipped():
        known = ", ".join([*SCENARIOS, *shipped()])
        raise ValueError(
            f"unknown scenario {wanted!r}; there are {known}, or name a file that ends with {ENDING}"
        )
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"{wanted!r} is too large for a scenario file")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ValueError(f"the scenario file {wanted!r} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"the scenario file {wanted!r} is not UTF-8; save it as UTF-8") from error


def looks_like_a_file(wanted: str) -> bool:
    """Whether somebody means a file and not a name."""
    return wanted.endswith(ENDING) or "/" in wanted or "\\" in wanted
