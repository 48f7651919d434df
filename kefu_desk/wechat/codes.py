"""What WeChat's error codes mean to this product: the only place with their numbers (API reference 10)."""

from typing import Final

from msgspec import Struct

from kefu_desk.domain.failure import Action, Category, Effect

TOKEN_REFUSED: Final = frozenset({40001, 40014, 42001})
"""Answered by one new token and one more try."""

BUSY: Final = frozenset({-1, 61450, 9001002, 268487001, 268487002})
"""WeChat is busy and does not say whether it did the work."""

WRONG_METHOD: Final = frozenset({43001, 41001, 41009, 44002, 47001, 61451, 65416})
"""What a server that wants the other form of `kfaccount/del` may say (API reference 2.7)."""

PERIOD_REFUSED: Final = frozenset({65416, 65417})
"""WeChat does not want this period of records; half of it may do."""

TOKEN_MISSING: Final = 41001
PARTLY_DONE: Final = 45171
"""Some of several customers were tagged; the reply lists the others."""

IP_NOT_LISTED: Final = 40164
TYPING_QUIET: Final = frozenset({45080, 45081, 45015, 45047})
"""Refusals of a typing sign that concern nobody."""


class Rule(Struct, frozen=True):
    """What a code means: its kind, the key of its words, whether the call may have worked, what to offer."""

    category: Category
    words: str
    effect: Effect = Effect.NONE
    action: Action | None = None


_SECRET = Action.REENTER_SECRET
_BUSY = Rule(Category.BUSY, "failure.busy", Effect.MAYBE, Action.RETRY)
UNKNOWN: Final = Rule(Category.BUSY, "failure.unknown_code", Effect.MAYBE, Action.COPY_DETAILS)
"""A code that no table explains: nobody can say what it did."""

_TOKEN = Rule(Category.TOKEN, "failure.token", action=Action.RETRY)
_APPID = Rule(Category.CREDENTIALS, "failure.appid", action=_SECRET)
_WRONG_SECRET = Rule(Category.CREDENTIALS, "failure.secret", action=_SECRET)
_NO_PERMISSION = Rule(Category.FORBIDDEN, "failure.no_permission", action=Action.COPY_DETAILS)
_BANNED = Rule(Category.FORBIDDEN, "failure.banned", action=Action.COPY_DETAILS)
_BUG = Rule(Category.REQUEST, "failure.request", action=Action.COPY_DETAILS)
_OPENID = Rule(Category.CUSTOMER, "failure.openid")
_UNFOLLOWED = Rule(Category.UNREACHABLE, "failure.unfollowed")
_REFUSES = Rule(Category.UNREACHABLE, "failure.refuses")
_RESTRICTED = Rule(Category.UNREACHABLE, "failure.restricted")
_ALLOWANCE = Rule(Category.ALLOWANCE_USED, "failure.allowance_used")
_FILE = Rule(Category.MEDIA, "failure.file")
_FILE_SIZE = Rule(Category.MEDIA, "failure.file_size")
_MEDIA_GONE = Rule(Category.MEDIA, "failure.media_gone")
_CONTENT = Rule(Category.CONTENT, "failure.content")
_TOO_LONG = Rule(Category.CONTENT, "failure.too_long")
_EMPTY = Rule(Category.CONTENT, "failure.empty")
_TYPE = Rule(Category.CONTENT, "failure.message_type")
_MINI_PROGRAM = Rule(Category.CONTENT, "failure.mini_program")
_MENU = Rule(Category.CONTENT, "failure.menu")
_TAG = Rule(Category.ACCOUNT_RULE, "failure.tag")
_AGENT_FORM = Rule(Category.ACCOUNT_RULE, "failure.agent_form")
_AGENT_LIMIT = Rule(Category.ACCOUNT_RULE, "failure.agent_limit")
_AGENT_EXISTS = Rule(Category.ACCOUNT_RULE, "failure.agent_exists")
_AGENT_UNKNOWN = Rule(Category.AGENT_UNKNOWN, "failure.agent_unknown", action=Action.RETRY)
_AGENT_OFFLINE = Rule(Category.AGENT_OFFLINE, "failure.agent_offline", action=Action.OPEN_MPKF)
_TAKEN = Rule(Category.TAKEN, "failure.taken")
_PERIOD = Rule(Category.REQUEST, "failure.period", action=Action.COPY_DETAILS)
_QUIET_TYPING = Rule(Category.WINDOW_CLOSED, "failure.typing")


def _many(rule: Rule, *codes: int) -> dict[int, Rule]:
    return dict.fromkeys(codes, rule)


_GLOBAL: dict[int, Rule] = {
    **_many(_BUSY, *BUSY),
    **_many(_TOKEN, 40001, 40014, 42001, 41001),
    **_many(_BUG, 40002, 40033, 40035, 40066, 40097, 41009, 43001, 43002, 43003, 45072, 47001, 47002, 87009),
    **_many(_BUG, 40032, 41003, 41007, 41008, 42002, 42003, 44002, 76001, 76002, 76003, 76004, 76021, 76022),
    **_many(_OPENID, 40003, 49003, 43005),
    **_many(_FILE, 40004, 40005, 40137, 41005, 44001, 45007),
    **_many(_FILE_SIZE, 40006, 40009, 40010, 40011, 40012, 45001),
    **_many(_MEDIA_GONE, 40007, 41006, 46001),
    **_many(_TYPE, 40008, 45050, 48008),
    **_many(_APPID, 40013, 41002),
    **_many(_WRONG_SECRET, 40125, 41004),
    40092: Rule(Category.CONTENT, "failure.remark"),
    40132: Rule(Category.ACCOUNT_RULE, "failure.invite_invalid"),
    40164: Rule(Category.IP_REFUSED, "failure.ip_refused", action=Action.COPY_IP),
    45035: Rule(Category.IP_REFUSED, "failure.ip_refused", action=Action.COPY_IP),
    **_many(_MINI_PROGRAM, 40165, 40166, 40168, 45086),
    40200: Rule(Category.FORBIDDEN, "failure.account_type"),
    40243: Rule(Category.CREDENTIALS, "failure.secret_frozen", action=Action.COPY_DETAILS),
    **_many(_UNFOLLOWED, 43004, 50005),
    **_many(_REFUSES, 43006, 48002),
    43019: Rule(Category.UNREACHABLE, "failure.blacklisted"),
    **_many(_RESTRICTED, 46004, 50002),
    70000: Rule(Category.UNREACHABLE, "failure.minor"),
    **_many(_EMPTY, 44003, 44004),
    **_many(_TOO_LONG, 45002, 45003, 45004, 45005, 45006),
    **_many(_CONTENT, 45008, 53600),
    45009: Rule(Category.QUOTA, "failure.quota"),
    45011: Rule(Category.RATE, "failure.rate"),
    **_many(Rule(Category.RATE, "failure.blocked_for_a_while"), 45101, 45102, 45169),
    48006: Rule(Category.QUOTA, "failure.quota_resets"),
    45015: Rule(Category.WINDOW_CLOSED, "failure.window_closed"),
    **_many(_ALLOWANCE, 45047, 45093),
    **_many(_QUIET_TYPING, 45080, 45081),
    **_many(_MENU, 45098, 45099),
    **_many(_TAG, 45056, 45057, 45058, 45059, 45157, 45158, 45159),
    PARTLY_DONE: Rule(Category.ACCOUNT_RULE, "failure.tag", Effect.MAYBE),
    **_many(_BANNED, 45087, 45094, 48004, 50004, 50007),
    **_many(_NO_PERMISSION, 48001, 42007, 50001, 50003, 61003, 61004, 61007, 61016),
    89503: Rule(Category.RISK, "failure.risk_confirm", action=Action.RETRY),
    89506: Rule(Category.RISK, "failure.risk_day"),
    89507: Rule(Category.RISK, "failure.risk_hour"),
}

_KEFU: dict[int, Rule] = {
    65400: Rule(Category.FORBIDDEN, "failure.not_enabled", action=Action.COPY_DETAILS),
    65401: _AGENT_UNKNOWN,
    65402: Rule(Category.AGENT_UNBOUND, "failure.agent_unbound"),
    65403: Rule(Category.ACCOUNT_RULE, "failure.nickname"),
    65404: _AGENT_FORM,
    65405: _AGENT_LIMIT,
    65406: _AGENT_EXISTS,
    65407: Rule(Category.ACCOUNT_RULE, "failure.invite_is_agent"),
    65408: Rule(Category.ACCOUNT_RULE, "failure.invite_sent"),
    65409: Rule(Category.ACCOUNT_RULE, "failure.invite_invalid"),
    65410: Rule(Category.ACCOUNT_RULE, "failure.invite_too_many"),
    65411: Rule(Category.ACCOUNT_RULE, "failure.invite_open"),
    65412: Rule(Category.ACCOUNT_RULE, "failure.invite_bound"),
    65413: Rule(Category.NO_SESSION, "failure.no_session"),
    65414: _TAKEN,
    65415: _AGENT_OFFLINE,
    65416: _BUG,
    65417: _PERIOD,
}

_LEGACY_KEFU: dict[int, Rule] = {
    61400: _AGENT_FORM,
    61401: _NO_PERMISSION,
    61451: _BUG,
    61452: _AGENT_UNKNOWN,
    61453: _AGENT_EXISTS,
    61454: _AGENT_FORM,
    61455: _AGENT_FORM,
    61456: _AGENT_LIMIT,
    61457: _FILE,
    61458: _TAKEN,
    61459: _AGENT_OFFLINE,
    61500: _PERIOD,
    61501: _PERIOD,
}

RULES: Final[dict[int, Rule]] = {**_GLOBAL, **_KEFU, **_LEGACY_KEFU}
"""Every code this product knows, both families."""


def rule_of(errcode: int, *, authorised: bool = True) -> Rule:
    """What a code means; on the token endpoint (`authorised=False`) 40001 is about the secret."""
    if not authorised and errcode in TOKEN_REFUSED:
        return _WRONG_SECRET
    return RULES.get(errcode, UNKNOWN)
