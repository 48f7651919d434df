"""Records that read like those of a shop: words as frequent as in a language, phrases, numbers, visits."""

from itertools import accumulate
from random import Random

from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.messages import OperCode, Record, numbered

COMMON = (
    "的一是不了在有人我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去"
    "法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点"
    "正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿"
)
MARKS = ("，", "。", "？", "！", "~", " ", "...", "、", "😂", "[微笑]", "\n")
THINGS = (
    "ok",
    "iPhone 15",
    "XL",
    "L码",
    "200ml",
    "SF1234567890",
    "3天",
    "¥99",
    "https://shop.example/i/8271",
    "👍",
)
RARE = 3500
WORDS = 30_000
PHRASES = 400
CUSTOMERS = 60_000
AT_ONCE = 60
BEGIN = 1_700_000_000
GAP = 3 * 365 * 86_400 / 2_000_000
"""Seconds between records: two million in three years."""


class Talk:
    """A story that goes on; the same seed tells the same."""

    def __init__(self, seed: int) -> None:
        self._rng = rng = Random(seed)
        rare = [chr(code) for code in rng.sample(range(0x4E00, 0x9000), RARE)]
        signs = list(dict.fromkeys([*COMMON, *rare]))
        weights = list(accumulate(1 / (n + 3) ** 0.9 for n in range(len(signs))))
        lengths = rng.choices((1, 2, 3, 4), (12, 65, 13, 10), k=WORDS)
        made = ("".join(rng.choices(signs, cum_weights=weights, k=length)) for length in lengths)
        self._words = list(dict.fromkeys(made))
        self._frequent = list(accumulate(1 / (n + 20) for n in range(len(self._words))))
        self._phrases = ["".join(self._some(rng.randrange(4, 9))) + "。" for _ in range(PHRASES)]
        self._time = BEGIN
        self._visits = [self._visit() for _ in range(AT_ONCE)]

    def page(self, count: int) -> tuple[Record, ...]:
        """The next records, oldest first."""
        return numbered([self._record() for _ in range(count)])

    def _record(self) -> Record:
        self._time += int(self._rng.expovariate(1 / GAP))
        place = self._rng.randrange(AT_ONCE)
        openid, agent, left = self._visits[place]
        self._visits[place] = (openid, agent, left - 1) if left > 1 else self._visit()
        code = self._rng.choice((OperCode.AGENT_SENT, OperCode.CUSTOMER_SENT))
        return Record(openid, agent, int(code), self._line(), self._time)

    def _visit(self) -> tuple[OpenId, AgentId, int]:
        customer = int(CUSTOMERS * self._rng.random() ** 2)
        return (
            OpenId(f"oLuye{customer:023}"),
            AgentId(f"kf{2000 + customer % 20}@luye"),
            self._rng.randrange(4, 30),
        )

    def _line(self) -> str:
        rng, kind = self._rng, self._rng.random()
        if kind < 0.04:
            return "[image]"
        if kind < 0.12:
            return self._phrases[int(PHRASES * rng.random() ** 3)]
        words = self._some(min(60, max(1, int(rng.lognormvariate(1.75, 0.75)))))
        if kind < 0.3:
            words.insert(rng.randrange(len(words) + 1), rng.choice(THINGS))
        for place in range(len(words) - 1, 0, -1):
            if rng.random() < 0.15:
                words.insert(place, rng.choice(MARKS))
        return "".join(words)

    def _some(self, count: int) -> list[str]:
        return self._rng.choices(self._words, cum_weights=self._frequent, k=count)
