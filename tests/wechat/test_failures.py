"""Codes and errors become words that exist in both languages."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from kefu_desk.domain.failure import Action, Category, Effect
from kefu_desk.wechat import codes
from kefu_desk.wechat.client import WeChatClient
from kefu_desk.wechat.errors import ApiError, BadReply, Reason, ReplyTooLarge, TransportError
from kefu_desk.wechat.failures import failure_of, refused_address

RID = "64f0a1b2-0c3d4e5f-1a2b3c4d"
TRANSLATIONS = Path(__file__).resolve().parents[2] / "resources" / "translations"

PROMISED = {
    (Category.BUSY, Effect.MAYBE): [-1, 61450, 9001002, 268487001, 268487002, 77777, 65430],
    (Category.TOKEN, Effect.NONE): [40001, 40014, 42001],
    (Category.CREDENTIALS, Effect.NONE): [40013, 40125, 40243],
    (Category.IP_REFUSED, Effect.NONE): [40164],
    (Category.RISK, Effect.NONE): [89503, 89506, 89507],
    (Category.FORBIDDEN, Effect.NONE): [48001, 65400, 48004],
    (Category.QUOTA, Effect.NONE): [45009],
    (Category.RATE, Effect.NONE): [45011],
    (Category.WINDOW_CLOSED, Effect.NONE): [45015],
    (Category.ALLOWANCE_USED, Effect.NONE): [45047, 45093],
    (Category.UNREACHABLE, Effect.NONE): [43004, 50005, 48002, 70000],
    (Category.CUSTOMER, Effect.NONE): [40003],
    (Category.CONTENT, Effect.NONE): [45002, 44004],
    (Category.MEDIA, Effect.NONE): [40007],
    (Category.REQUEST, Effect.NONE): [40033, 40066],
    (Category.AGENT_UNKNOWN, Effect.NONE): [65401, 61452],
    (Category.AGENT_UNBOUND, Effect.NONE): [65402],
    (Category.NO_SESSION, Effect.NONE): [65413],
    (Category.TAKEN, Effect.NONE): [65414, 61458],
    (Category.AGENT_OFFLINE, Effect.NONE): [65415, 61459],
    (Category.ACCOUNT_RULE, Effect.NONE): [65406, 61453],
}


@pytest.mark.parametrize(("code", "promise"), [(c, p) for p, group in PROMISED.items() for c in group])
def test_a_code_means_what_the_reference_says(code: int, promise: tuple[Category, Effect]) -> None:
    rule = codes.rule_of(code)
    assert (rule.category, rule.effect) == promise


def test_every_code_of_the_reference_is_known() -> None:
    listed = """
    -1 40001-40014 40032 40033 40035 40066 40092 40097 40125 40132 40137 40164-40166 40168 40200 40243
    41001-41009 42001-42003 42007 43001-43006 43019 44001-44004 45001-45009 45011 45015 45035 45047 45050
    45056-45059 45072 45080 45081 45086 45087 45093 45094 45098 45099 45101 45102 45157-45159 45169 45171
    46001 46004 47001 47002 48001 48002 48004 48006 48008 49003 50001-50005 50007 53600 61003 61004 61007
    61016 65400-65417 61400 61401 61450-61459 61500 61501 70000 76001-76004 76021 76022 87009
    89503 89506 89507 268487001 268487002
    """
    wanted: set[int] = set()
    for part in listed.split():
        low, high = (part, part) if part.startswith("-") or "-" not in part else part.split("-")
        wanted |= set(range(int(low), int(high) + 1))
    assert {code for code in wanted if codes.rule_of(code) is codes.UNKNOWN} == set()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_failure_has_words_with_the_right_places(language: str) -> None:
    phrases = {
        message.findtext("source"): message.findtext("translation") or ""
        for message in ET.parse(TRANSLATIONS / f"kefu-desk_{language}.ts").getroot().iter("message")
    }
    failures = [failure_of(refusal(code)) for code in (*codes.RULES, 99999)]
    failures += [failure_of(refusal(40001, endpoint="stable_token"))]
    failures += [failure_of(refusal(40164, "invalid ip 203.0.113.9"))]
    failures += [failure_of(refusal(61458, "customer accepted by bo02@gh_1a"))]
    failures += [failure_of(TransportError(reason, "", endpoint="x", phase=Effect.NONE)) for reason in Reason]
    failures += [failure_of(BadReply(s, "", endpoint="x", effect=Effect.NONE)) for s in (200, 502)]
    for failure in failures:
        words = phrases[failure.text.key]
        assert words.strip()
        assert set(re.findall(r"\{(\w+)\}", words)) == {name for name, _ in failure.text.params}


def refusal(code: int, errmsg: str = "", *, endpoint: str = "custom/send", rid: str = "") -> ApiError:
    rule = codes.rule_of(code)
    return ApiError(rule.category, code, errmsg, rid=rid, endpoint=endpoint, effect=rule.effect)


@pytest.mark.parametrize(
    ("errmsg", "address"),
    [
        ("invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist", "203.0.113.9"),
        ("invalid ip ::ffff:203.0.113.9, not in whitelist", "203.0.113.9"),
        ("invalid ip 2001:db8::7, not in whitelist", "2001:db8::7"),
        ("invalid ip 2001:db8::7 ipv4 198.51.100.2", "198.51.100.2"),
        ("invalid ip 999.1.1.1, not in whitelist", ""),
        ("invalid ip, not in whitelist rid: 66aa0b1c-2d3e4f50", ""),
        ("", ""),
    ],
)
def test_the_refused_address_is_found(errmsg: str, address: str) -> None:
    assert refused_address(errmsg) == address
    failure = failure_of(refusal(40164, errmsg))
    assert (failure.subject, failure.action) == (address, Action.COPY_IP)
    assert dict(failure.text.params) == ({"ip": address} if address else {})


def test_the_detail_is_one_line_of_code_endpoint_rid_and_words() -> None:
    failure = failure_of(refusal(45015, "response out of time limit", rid="64f0a1b2-0c3d4e5f-1a2b3c4d"))
    assert failure.detail == "45015 custom/send rid=64f0a1b2-0c3d4e5f-1a2b3c4d response out of time limit"
    assert (failure.code, failure.rid) == (45015, "64f0a1b2-0c3d4e5f-1a2b3c4d")


def test_forty_thousand_and_one_is_about_the_secret_where_tokens_are_made() -> None:
    assert failure_of(refusal(40001)).category is Category.TOKEN
    failure = failure_of(refusal(40001, endpoint="stable_token"))
    assert (failure.category, failure.action) == (Category.CREDENTIALS, Action.REENTER_SECRET)


def test_who_took_the_customer_is_named_when_wechat_names_them() -> None:
    assert failure_of(refusal(61458, "customer accepted by bo02@gh_1a")).subject == "bo02@gh_1a"
    assert failure_of(refusal(65414, "another worker is serving the customer")).text.key == "failure.taken"


@pytest.mark.parametrize(
    ("reason", "category"), [(Reason.TIMEOUT, Category.TIMEOUT), (Reason.DNS, Category.NETWORK)]
)
def test_a_broken_call_keeps_its_phase(reason: Reason, category: Category) -> None:
    failure = failure_of(TransportError(reason, "ReadTimeout", endpoint="custom/send", phase=Effect.MAYBE))
    assert (failure.category, failure.effect) == (category, Effect.MAYBE)


def test_a_reply_that_is_not_wechats_keeps_its_status() -> None:
    large = ReplyTooLarge(200, "over", endpoint="x", effect=Effect.NONE)
    assert failure_of(large).text.key == "failure.bad_reply"
    odd = failure_of(BadReply(502, "<html>", endpoint="x", effect=Effect.MAYBE))
    assert (odd.category, odd.effect, odd.subject) == (Category.BAD_REPLY, Effect.MAYBE, "502")


SENDS = {
    Effect.NONE: """
        40001 40014 42001 41001
        40013 40125 41002 41004 40164 48004 50002
        45011 45009
        45015 45047 40003 43004 43019 48002 50005
        44004 45002 40033 40035 47001 40007 45001 48008
        61451 61452 65400 65401 65402 65413 65414 65415
    """,
    Effect.MAYBE: "-1 61450 9001002 268487001 268487002 99999 1 -2 65418 65449 10000000",
}
"""What each refusal proves about a message: whether it may have been sent all the same (reliability 1.6)."""


@pytest.mark.parametrize(
    ("code", "effect"), [(int(c), e) for e, group in SENDS.items() for c in group.split()]
)
async def test_a_refused_send_was_not_sent_or_may_have_been(
    wechat: WeChatClient, script: Any, code: int, effect: Effect
) -> None:
    script.answer = lambda _: {"errcode": code, "errmsg": f"words rid: {RID}"}
    with pytest.raises(ApiError) as caught:
        await wechat.send_text(openid="o1", text="好")
    assert caught.value.effect is effect
    assert (caught.value.errmsg, caught.value.rid) == ("words", RID)
    sends = len(script.requests)
    assert sends == (2 if code in codes.TOKEN_REFUSED else 1)
    script.requests.clear()
    with pytest.raises(ApiError) as caught:
        await wechat.waiting_cases()
    assert caught.value.effect is Effect.NONE, "a read changes nothing"


TO_DO = {
    "retry": (-1, 268487001, 268487002, 61450),
    "token": (40001, 40014, 42001),
    "administrator": """
        40013 40125 40164 40243 41002 41004 42007 45035 45087 45094 48001 48004 50001 50003 50004 50007
        61003 61004 61007 61016 65400 89503 89506 89507
    """,
    "field": """
        40003 40004 40005 40006 40007 40008 40009 40010 40011 40012 40092 40132 40137 40165 40166 40168
        44001 44003 44004 45001 45002 45003 45004 45005 45006 45007 45008 45050 45056 45057 45058 45059 45086
        45098 45099 45157 45158 45159 48008 49003 53600 65403 65404 65406 65407 65409 65410 61453 61454 61455
        61457 46001
    """,
    "wait": "45009 45011 45101 45102 45169 48006 65408 65411",
    "look": "46004 65401 65412 65413 65414 61458 61452",
    "quiet": "45080 45081",
    "stop": """
        40200 43004 43006 43019 45015 45047 45093 48002 50002 50005 65402 65405 61456 65415 61459 70000
    """,
    "bug": """
        40002 40032 40033 40035 40066 40097 41001 41005 41006 41009 43001 43002 43003 44002 45072 47001 47002
        61451 61500 61501 65416 65417 76001 76002 76003 76004 76021 76022 87009
    """,
}
"""What to do about each code, copied by hand from the API reference, section 10."""

C = Category
SERVES = {
    "retry": {C.BUSY},
    "token": {C.TOKEN},
    "administrator": {C.CREDENTIALS, C.IP_REFUSED, C.FORBIDDEN, C.RISK},
    "field": {C.CONTENT, C.MEDIA, C.CUSTOMER, C.ACCOUNT_RULE},
    "wait": {C.QUOTA, C.RATE, C.ACCOUNT_RULE},
    "look": {C.AGENT_UNKNOWN, C.TAKEN, C.NO_SESSION, C.ACCOUNT_RULE, C.UNREACHABLE},
    "quiet": {C.WINDOW_CLOSED},
    "stop": {
        C.UNREACHABLE, C.WINDOW_CLOSED, C.ALLOWANCE_USED, C.AGENT_OFFLINE, C.AGENT_UNBOUND, C.ACCOUNT_RULE,
        C.FORBIDDEN,
    },
    "bug": {C.REQUEST, C.MEDIA, C.TOKEN},
}  # fmt: skip


@pytest.mark.parametrize("deed", TO_DO)
def test_the_category_of_a_code_leads_to_what_has_to_be_done(deed: str) -> None:
    listed = TO_DO[deed]
    wanted = [int(code) for code in (listed.split() if isinstance(listed, str) else listed)]
    strays = {code: codes.rule_of(code).category for code in wanted}
    assert {code: kind for code, kind in strays.items() if kind not in SERVES[deed]} == {}


TWINS = {
    61450: -1, 61451: 65416, 61452: 65401, 61453: 65406, 61454: 65404, 61455: 65404, 61456: 65405,
    61457: 40005, 61458: 65414, 61459: 65415, 61500: 65417, 61501: 65417,
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), TWINS.items())
def test_both_families_mean_the_same(old: int, new: int) -> None:
    one, other = codes.rule_of(old), codes.rule_of(new)
    assert (one.category, one.effect, one.action) == (other.category, other.effect, other.action)
