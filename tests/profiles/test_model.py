from dataclasses import FrozenInstanceError, replace

import pytest

from kefu_desk.domain.failure import Category
from kefu_desk.profiles.model import Problem, Profile, ProfileError

GOOD = Profile(name="shop", title="小店", appid="wx0123456789abcdef", agent="lin01@gh_1a2b3c4d5e6f")


def test_what_is_not_given_has_a_usable_value() -> None:
    assert (GOOD.base_url, GOOD.poll_seconds, GOOD.simulated) == ("https://api.weixin.qq.com", 3.0, False)


def test_a_profile_never_changes() -> None:
    with pytest.raises(FrozenInstanceError):
        GOOD.title = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "a"),
        ("name", "shop_2-b"),
        ("title", "一" * 60),
        ("agent", "kf2001@my_shop"),
        ("agent_nick", "小林"),
        ("base_url", "https://gateway.example:8443/wx"),
        ("base_url", "http://127.0.0.1:8000"),
        ("base_url", "http://localhost"),
        ("base_url", "http://[::1]:8000"),
        ("base_url", "sim://day"),
        ("poll_seconds", 1),
        ("poll_seconds", 60.0),
        ("history_days", 0),
        ("history_days", 366),
    ],
)
def test_usable_values(field: str, value: object) -> None:
    assert getattr(replace(GOOD, **{field: value}), field) == value


@pytest.mark.parametrize(
    ("field", "value", "key"),
    [
        ("name", "", "name"),
        ("name", "../x", "name"),
        ("name", "Shop", "name"),
        ("name", "con", "name"),
        ("name", "lpt1", "name"),
        ("name", ".hidden", "name"),
        ("name", "a" * 65, "name"),
        ("name", "shop\n", "name"),
        ("title", " ", "title"),
        ("title", "x" * 61, "title"),
        ("title", "two\nlines", "title"),
        ("appid", "wx0123456789abcde", "appid"),
        ("appid", "wx0123456789abcdeg", "appid"),
        ("appid", "gh0123456789abcdef", "appid"),
        ("appid", "wx0123456789abcdef\n", "appid"),
        ("agent", "lin01", "agent"),
        ("agent", "lin 01@gh", "agent"),
        ("agent", "a@b@c", "agent"),
        ("agent_nick", "x\u202e", "agent_nick"),
        ("base_url", "", "address"),
        ("base_url", "api.weixin.qq.com", "address"),
        ("base_url", "ftp://api.weixin.qq.com", "address"),
        ("base_url", "https://", "address"),
        ("base_url", "https://me:word@api.weixin.qq.com", "address"),
        ("base_url", "https://api.weixin.qq.com?secret=1", "address"),
        ("base_url", "https://api.weixin.qq.com#x", "address"),
        ("base_url", "https://api.weixin.qq.com:99999", "address"),
        ("base_url", "https://[broken", "address"),
        ("base_url", "http://api.weixin.qq.com", "plain_http"),
        ("base_url", "http://127.0.0.1.example.com", "plain_http"),
        ("base_url", "sim://", "simulator"),
        ("base_url", "sim://day/../x", "simulator"),
        ("poll_seconds", 0.5, "poll_seconds"),
        ("poll_seconds", 61, "poll_seconds"),
        ("history_days", -1, "history_days"),
        ("history_days", 367, "history_days"),
        ("poll_seconds", float("nan"), "poll_seconds"),
    ],
)
def test_unusable_values_name_their_field(field: str, value: object, key: str) -> None:
    with pytest.raises(ProfileError) as caught:
        replace(GOOD, **{field: value})
    (problem,) = caught.value.problems
    assert (problem.field, problem.words.key) == (field, f"profile.problem.{key}")
    assert (caught.value.failure.category, caught.value.failure.subject) == (Category.REQUEST, field)


def test_every_wrong_field_is_named() -> None:
    with pytest.raises(ProfileError) as caught:
        replace(GOOD, appid="x", agent="y")
    assert [problem.field for problem in caught.value.problems] == ["appid", "agent"]
    assert all(isinstance(problem, Problem) for problem in caught.value.problems)


def test_only_a_simulator_address_is_simulated() -> None:
    assert replace(GOOD, base_url="sim://day").simulated
    assert not replace(GOOD, base_url="http://127.0.0.1:8000").simulated
