"""What goes wrong, how often: drawn from the seed, so that no two seeds have the same weather."""

import random
from dataclasses import dataclass, field

NOTHING = "ok"

SENDS = {
    "never connected": 0.05,
    "reply lost": 0.07,
    "request lost": 0.05,
    "zombie": 0.04,
    "busy": 0.04,
    "html": 0.02,
    "refused 45015": 0.01,
    "refused 45047": 0.01,
    "refused 45011": 0.005,
    "refused 40001": 0.005,
    "slow": 0.04,
}
"""Shares of faulty sends; those of the prototype (reliability 5.3)."""

READS = {"never connected": 0.03, "reply lost": 0.01, "busy": 0.03, "html": 0.02, "slow": 0.02}

STEPS = {
    "request custom/send": 0.02,
    "reply custom/send": 0.02,
    "outbox-writer before": 0.006,
    "outbox-writer after": 0.006,
}
"""How likely a kill is at a step; see `ANY_STEP` for all others."""

ANY_STEP = 0.0003


@dataclass
class Weather:
    """The weather of one seed. Once `fair`, nothing goes wrong any more."""

    rng: random.Random
    fair: bool = False
    sends: dict[str, float] = field(default_factory=dict)
    reads: dict[str, float] = field(default_factory=dict)
    crashes: float = 1.0
    power_cuts: float = 0.4
    lag: float = 90.0
    late: float = 0.15
    page: int | None = None
    cursor: str = "exclusive"
    by_appearance: bool = False
    page_faults: float = 0.0
    api_sends: str = "always"
    sleeps: float = 0.0
    clock_steps: float = 0.0
    disk_full: float = 0.0
    rotations: float = 1.0
    quota: float = 0.0
    desks: int = 1
    same_agent: bool = False
    starts_at: int = 12
    hold: float = 3.0
    supervisor: bool = True
    haste: float = 0.1
    words: int = 5

    @classmethod
    def of(cls, rng: random.Random) -> "Weather":
        """Every weather has the faults of the network and kills; the rest comes in some seeds."""

        def often(share: float) -> bool:
            return rng.random() < share

        weather = cls(rng)
        storm = rng.choice((0.5, 1.0, 1.0, 1.5))
        weather.sends = {name: share * storm * rng.choice((0.5, 1, 2)) for name, share in SENDS.items()}
        weather.reads = {name: share * rng.choice((0.3, 1, 2)) for name, share in READS.items()}
        weather.crashes = rng.choice((0.5, 1.0, 2.0))
        weather.lag = rng.choice((2.0, 30.0, 90.0))
        weather.late = rng.choice((0.05, 0.3))
        weather.page = rng.choice((None, None, 10, 25))
        weather.cursor = rng.choice(("exclusive", "inclusive"))
        weather.by_appearance = often(0.3)
        weather.page_faults = 0.02 if often(0.3) else 0.0
        weather.api_sends = rng.choice(("always", "always", "session", "never"))
        weather.sleeps = 0.6 if often(0.3) else 0.0
        weather.clock_steps = 0.6 if often(0.25) else 0.0
        weather.disk_full = 1.0 if often(0.3) else 0.0
        weather.rotations = rng.choice((0.0, 2.0, 6.0))
        weather.quota = 1.0 if often(0.1) else 0.0
        weather.desks = 2 if often(0.25) else 1
        weather.same_agent = often(0.5)
        weather.supervisor = often(0.8)
        weather.hold = rng.choice((0.0, 0.0, 1.0, 3.0))
        weather.starts_at = 23 if weather.quota or often(0.2) else 12
        if often(0.3):
            weather.haunted()
        return weather

    def haunted(self) -> None:
        """Many sends that arrive late, one word, a person who does not wait: where twins are mistaken."""
        self.sends |= {"zombie": 0.3, "request lost": 0.05, "reply lost": 0.05, "busy": 0.02}
        self.haste, self.words, self.hold = 0.7, 1, 0.0
        self.api_sends, self.lag, self.crashes = "always", 2.0, 0.3
        self.sleeps = self.clock_steps = self.quota = self.disk_full = 0.0

    def fate(self, path: str, *, sends: bool) -> str:
        """What becomes of one call."""
        if self.fair:
            return NOTHING
        roll = self.rng.random()
        for name, share in (self.sends if sends else self.reads).items():
            if roll < share:
                return name
            roll -= share
        return NOTHING

    def kills(self, where: str) -> bool:
        """Whether the process dies at this step."""
        return not self.fair and self.rng.random() < STEPS.get(where, ANY_STEP) * self.crashes

    def record_lag(self) -> float:
        """Seconds until a record can be read."""
        rng = self.rng
        return rng.uniform(0, self.lag) if rng.random() < self.late else rng.uniform(0, 2)
