"""How a command ends: its exit code, and its failure in words for people or as JSON for programs."""

import json
import sys
from collections.abc import Sequence
from enum import IntEnum

from kefu_desk.domain.failure import Category, DeskError, Effect, Failure
from kefu_desk.domain.text import Text
from kefu_desk.wechat.errors import BadReply, TransportError, WeChatError
from kefu_desk.wechat.failures import failure_of


class Exit(IntEnum):
    """The exit codes that docs/commands.md promises."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    UNKNOWN = 3
    NO_CONNECTION = 4
    LOCAL = 5
    INTERRUPTED = 130


_LOCAL = frozenset({Category.STORAGE, Category.KEYRING})
_AWAY = frozenset({Category.NETWORK, Category.TIMEOUT, Category.BAD_REPLY})
_TITLES = {
    Exit.REFUSED: "refused",
    Exit.UNKNOWN: "nobody knows whether it was done",
    Exit.NO_CONNECTION: "no connection to WeChat",
    Exit.LOCAL: "this computer",
}


def told(error: DeskError | WeChatError, *, as_json: bool) -> Exit:
    """Tells an expected failure on stderr and returns the exit code for it."""
    failure = failure_of(error) if isinstance(error, WeChatError) else error.failure
    code = exit_of(error, failure)
    left = getattr(error, "left", ())
    if as_json:
        _as_json(failure, code, left)
    else:
        _in_words(failure, code, left)
    return code


def told_usage(words: str, argument: str = "", *, as_json: bool) -> Exit:
    """Tells what is wrong with a command line."""
    if as_json:
        body = {"error": "argument", "argument": argument, "detail": words, "exit": int(Exit.USAGE)}
        print(json.dumps(body, ensure_ascii=False), file=sys.stderr)
    else:
        print(words, file=sys.stderr)
    return Exit.USAGE


def exit_of(error: DeskError | WeChatError, failure: Failure) -> Exit:
    """Which exit code stands for a failure; what may have been done is never told as anything else."""
    if failure.effect is Effect.MAYBE:
        return Exit.UNKNOWN
    if isinstance(error, TransportError | BadReply) or failure.category in _AWAY:
        return Exit.NO_CONNECTION
    local = isinstance(error, DeskError) or failure.category in _LOCAL
    return Exit.LOCAL if local else Exit.REFUSED


def _as_json(failure: Failure, code: Exit, left: Sequence[str]) -> None:
    body: dict[str, object] = {
        "error": failure.category.value,
        "failure": failure.text.key,
        "code": failure.code,
        "rid": failure.rid,
        "detail": failure.detail,
        "subject": failure.subject,
        "effect": failure.effect.value,
        "exit": int(code),
    }
    if left:
        body["left"] = list(left)
    print(json.dumps(body, ensure_ascii=False), file=sys.stderr)


def _in_words(failure: Failure, code: Exit, left: Sequence[str]) -> None:
    number = f" ({failure.code})" if failure.code is not None else ""
    print(f"{_TITLES[code]}{number}: {_phrase(failure.text)}", file=sys.stderr)
    if failure.detail:
        print(f"  {failure.detail}", file=sys.stderr)
    if left:
        print(f"  not reached: {', '.join(left)}", file=sys.stderr)


def _phrase(text: Text) -> str:
    """The phrase in the system's language, by Qt's files but without an application; else its key."""
    try:
        from PySide6.QtCore import QLocale, QTranslator
    except ImportError:  # a server without the libraries that Qt wants
        return text.key
    from kefu_desk.app.assets import resources

    chinese = QLocale.system().language() == QLocale.Language.Chinese
    translator = QTranslator()
    translator.load(str(resources() / "translations" / f"kefu-desk_{'zh_CN' if chinese else 'en'}.qm"))

    def words(part: Text) -> str:
        if not part.key:
            return str(part.params[0][1]) if part.params else ""
        count = -1 if part.count is None else part.count
        template = translator.translate("kefu", part.key, "", count) or part.key
        values = {name: words(value) if isinstance(value, Text) else value for name, value in part.params}
        return template.format_map({"n": count, **values})

    return words(text)
