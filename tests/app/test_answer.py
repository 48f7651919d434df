"""Answers for people: aligned whatever the script, and never a command to the terminal."""

import pytest
from msgspec import Raw

from kefu_desk.app.answer import shown
from kefu_desk.app.calling import plain
from kefu_desk.app.outcome import Exit, exit_of, told, told_usage
from kefu_desk.domain.failure import Category, DeskError, Effect, Failure
from kefu_desk.domain.text import text, verbatim
from kefu_desk.wechat.errors import ApiError, BadReply, Reason, TransportError
from kefu_desk.wechat.failures import failure_of
from kefu_desk.wechat.wire import SendReply


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "done"),
        (True, "yes"),
        (7, "7"),
        ([], "none"),
        ({}, "done"),
        (["a", "b"], "a\nb"),
        ({"total": 3, "createtime": 1_795_276_800}, "total       3\ncreatetime  2026-11-22 00:00:00"),
        ({"data": b"123"}, "data  3 bytes (--save FILE keeps them)"),
        ({"tag_ids": [1, 2], "on": False, "note": None}, "tag_ids  1, 2\non       no\nnote"),
        ({"quota": {"used": 1}}, "quota  used: 1"),
    ],
)
def test_simple_answers(value: object, expected: str) -> None:
    assert "\n".join(line.rstrip() for line in shown(value).split("\n")) == expected


def test_columns_stand_below_each_other_in_chinese_too() -> None:
    lines = shown([{"nick": "小陈", "id": 1}, {"nick": "ab", "id": 22, "more": "x"}]).splitlines()
    assert lines == ["nick  id  more", "小陈  1", "ab    22  x"]


def test_columns_without_anything_are_left_out() -> None:
    assert shown([{"openid": "o1", "createtime": 0, "account": ""}]) == "openid\no1"


def test_a_list_within_an_answer_follows_it() -> None:
    assert shown({"count": 1, "cases": [{"openid": "o1"}]}) == "count  1\n\ncases (1)\nopenid\no1"


def test_what_customers_write_cannot_move_the_cursor() -> None:
    told = shown([{"text": "a\x1b[2Jb\nc\u202e"}])
    assert told == "text\na [2Jb c"


def test_long_texts_are_cut_in_tables_only() -> None:
    assert shown([{"text": "x" * 100}]).endswith("…")
    assert shown({"text": "x" * 100}) == "text  " + "x" * 100


def test_the_reply_to_a_send_is_shown_as_it_came() -> None:
    reply = SendReply(errcode=Raw(b"0"), errmsg="ok", raw=b'{"errcode":0,"errmsg":"ok"}')
    assert plain(reply) == {"errcode": 0, "errmsg": "ok", "raw": {"errcode": 0, "errmsg": "ok"}}
    assert plain(SendReply(raw=b"\xff")) == {"raw": "\ufffd"}


ENDS = (
    (ApiError(Category.CUSTOMER, 40003, "x", endpoint="e", effect=Effect.NONE), Exit.REFUSED),
    (ApiError(Category.BUSY, -1, "x", endpoint="e", effect=Effect.MAYBE), Exit.UNKNOWN),
    (TransportError(Reason.DNS, "x", endpoint="e", phase=Effect.NONE), Exit.NO_CONNECTION),
    (TransportError(Reason.TIMEOUT, "x", endpoint="e", phase=Effect.MAYBE), Exit.UNKNOWN),
    (BadReply(502, "x", endpoint="e", effect=Effect.NONE), Exit.NO_CONNECTION),
    (BadReply(200, "x", endpoint="e", effect=Effect.MAYBE), Exit.UNKNOWN),
    (DeskError(Failure(Category.STORAGE, verbatim("x"))), Exit.LOCAL),
    (DeskError(Failure(Category.CREDENTIALS, text("failure.secret"))), Exit.LOCAL),
)


@pytest.mark.parametrize(("error", "code"), ENDS, ids=str)
def test_the_exit_code_of_every_kind_of_failure(
    error: ApiError | TransportError | BadReply | DeskError, code: Exit, capsys: pytest.CaptureFixture[str]
) -> None:
    failure = error.failure if isinstance(error, DeskError) else failure_of(error)
    assert exit_of(error, failure) == code
    assert told(error, as_json=False) == code
    said = capsys.readouterr().err
    assert said.strip()
    assert "failure." not in said


def test_whom_a_call_did_not_reach_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    error = ApiError(Category.CUSTOMER, 40003, "x", endpoint="e", effect=Effect.NONE)
    error.left = ("o1", "o2")
    told(error, as_json=False)
    assert "o1, o2" in capsys.readouterr().err
    told(error, as_json=True)
    assert '"left": ["o1", "o2"]' in capsys.readouterr().err


def test_a_wrong_command_line_is_told_in_both_ways(capsys: pytest.CaptureFixture[str]) -> None:
    assert told_usage("no", "end", as_json=False) == Exit.USAGE
    assert capsys.readouterr().err == "no\n"
    told_usage("no", "end", as_json=True)
    assert capsys.readouterr().err == '{"error": "argument", "argument": "end", "detail": "no", "exit": 2}\n'
