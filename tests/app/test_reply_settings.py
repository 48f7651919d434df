"""How long a line is held and what a customer's message allows: from the settings to the desk."""

from pathlib import Path

import pytest

from kefu_desk.app.accounts import Accounts
from kefu_desk.app.paths import Places, places
from kefu_desk.domain.failure import Category, DeskError, Failure
from kefu_desk.domain.ids import AgentId
from kefu_desk.domain.limits import DEFAULT_RULE, ReplyRule
from kefu_desk.domain.text import text
from kefu_desk.profiles.files import RuleSettings, Settings, load_settings, save_profile, save_settings
from kefu_desk.profiles.model import Profile
from kefu_desk.profiles.secrets import Backend, Secret

SHOP = Profile("shop", "鹿野生活馆", "wx0123456789abcdef", AgentId("kf2001@luye"))
TRIAL = Profile("trial", "试用", "wx0123456789abcdef", AgentId("kf2001@luye"), base_url="sim://quiet")


def missing() -> Backend:
    raise DeskError(Failure(Category.KEYRING, text("failure.keyring.missing")))


@pytest.fixture
def where(home: Path) -> Places:
    found = places()
    for profile in (SHOP, TRIAL):
        save_profile(found.profiles, profile)
    return found


def write(where: Places, words: str) -> None:
    (where.config / "settings.toml").write_text(words, encoding="utf-8")


@pytest.mark.parametrize("name", ["shop", "trial"])
@pytest.mark.parametrize(
    ("words", "hold", "rule"),
    [
        ("", 3.0, DEFAULT_RULE),
        ("hold_seconds = 0", 0.0, DEFAULT_RULE),
        ("hold_seconds = 2.5\n[reply_rule]\nsends = 20", 2.5, ReplyRule(20, 48 * 3600)),
        ("[reply_rule]\nsends = 0\nhours = 24", 3.0, ReplyRule(None, 24 * 3600)),
        ("hold_seconds = 10\n[reply_rule]\nsends = 100\nhours = 720", 10.0, ReplyRule(100, 720 * 3600)),
    ],
)
async def test_what_is_set_reaches_the_desk(
    where: Places, name: str, words: str, hold: float, rule: ReplyRule
) -> None:
    write(where, words)
    connection = await Accounts(where, missing).connection(name, Secret("s" * 32))
    assert (connection.hold, connection.rule) == (hold, rule)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("hold_seconds = 11", "hold_seconds"),
        ("hold_seconds = -1", "hold_seconds"),
        ("hold_seconds = nan", "hold_seconds"),
        ("[reply_rule]\nsends = -1", "reply_sends"),
        ("[reply_rule]\nsends = 101", "reply_sends"),
        ("[reply_rule]\nhours = 0", "reply_hours"),
        ("[reply_rule]\nhours = 721", "reply_hours"),
    ],
)
async def test_what_cannot_be_used_is_told_by_name(where: Places, words: str, field: str) -> None:
    write(where, words)
    with pytest.raises(DeskError) as told:
        await Accounts(where, missing).connection("trial")
    failure = told.value.failure
    assert (failure.subject, failure.detail, failure.category) == (field, "settings.toml", Category.REQUEST)
    assert dict(failure.text.params)["field"] == text(f"profile.field.{field}")


@pytest.mark.parametrize("words", ['hold_seconds = "three"', "reply_rule = 5", "[reply_rule]\nsends = 2.5"])
async def test_what_is_no_number_names_the_file_and_the_place(where: Places, words: str) -> None:
    write(where, words)
    with pytest.raises(DeskError) as told:
        await Accounts(where, missing).connection("trial")
    assert ("file", "settings.toml") in told.value.failure.text.params
    assert words.split(maxsplit=1)[0].strip("[]") in told.value.failure.detail


def test_both_are_written_as_they_are_read(tmp_path: Path) -> None:
    path, settings = tmp_path / "settings.toml", Settings(hold_seconds=0, reply_rule=RuleSettings(0, 24))
    save_settings(path, settings)
    assert load_settings(path) == settings
    assert "[reply_rule]" in path.read_text(encoding="utf-8")
