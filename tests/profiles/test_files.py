import errno
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from kefu_desk.domain.agents import Role
from kefu_desk.domain.failure import Category, DeskError
from kefu_desk.domain.guard import SessionClock
from kefu_desk.profiles.files import (
    Settings,
    list_profiles,
    load_profile,
    load_settings,
    remove_profile,
    save_profile,
    save_settings,
)
from kefu_desk.profiles.model import Language, Profile, Theme

SHOP = Profile(name="shop", title='小店 "一号" \\ 😀', appid="wx0123456789abcdef", agent="lin01@gh_1a2b")
FULL = Profile(
    name="full",
    title="full",
    appid="wx0123456789abcdef",
    agent="lin01@gh_1a2b",
    agent_nick="小林",
    base_url="sim://day",
    poll_seconds=5,
    session_clock=SessionClock.TRAFFIC,
    role=Role.SUPERVISOR,
    history_days=90,
    language=Language.CHINESE,
    theme=Theme.DARK,
)


@pytest.mark.parametrize("profile", [SHOP, FULL])
def test_a_profile_comes_back_as_it_was(tmp_path: Path, profile: Profile) -> None:
    folder = tmp_path / "config" / "profiles"
    save_profile(folder, profile)
    assert load_profile(folder, profile.name) == profile
    assert [p.name for p in folder.iterdir()] == [f"{profile.name}.toml"]


def test_saving_again_replaces(tmp_path: Path) -> None:
    save_profile(tmp_path, SHOP)
    save_profile(tmp_path, replace(SHOP, title="new"))
    assert load_profile(tmp_path, "shop").title == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["shop.toml"]


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX")
def test_only_this_user_can_read_it(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        save_profile(tmp_path / "config" / "profiles", SHOP)
        save_settings(tmp_path / "config" / "settings.toml", Settings())
    finally:
        os.umask(old)
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.rglob("*")}
    assert modes == {"config": 0o700, "profiles": 0o700, "shop.toml": 0o600, "settings.toml": 0o600}


@pytest.mark.parametrize(
    "content",
    [
        b"title = ",
        b"\xff\xfe",
        b"",
        b'title = "x"\nappid = 7\nagent = "a@b"\n',
        b'title = "x"\nappid = "wrong"\nagent = "a@b"\n',
        b'title = "x"\nappid = "wx0123456789abcdef"\nagent = "a@b"\ntheme = "pink"\n',
    ],
)
def test_a_damaged_file_is_named_left_alone_and_hides_no_other(tmp_path: Path, content: bytes) -> None:
    save_profile(tmp_path, SHOP)
    (tmp_path / "bad.toml").write_bytes(content)
    with pytest.raises(DeskError) as caught:
        load_profile(tmp_path, "bad")
    failure = caught.value.failure
    assert (failure.category, failure.text.key) == (Category.STORAGE, "failure.profile.damaged")
    assert ("file", "bad.toml") in failure.text.params
    shelf = list_profiles(tmp_path)
    assert shelf.profiles == (SHOP,)
    assert shelf.damaged == (failure,)
    assert (tmp_path / "bad.toml").read_bytes() == content


def test_a_secret_written_into_the_file_by_hand_is_neither_quoted_nor_kept(tmp_path: Path) -> None:
    path = tmp_path / "shop.toml"
    path.write_text('title = "x"\nappsecret = "5ec2e7" and more')
    with pytest.raises(DeskError) as caught:
        load_profile(tmp_path, "shop")
    assert "5ec2e7" not in repr(caught.value.failure) + str(caught.value) + repr(caught.value.__cause__)
    path.write_text('title = "x"\nappid = "wx0123456789abcdef"\nagent = "a@b"\nappsecret = "5ec2e7"\n')
    profile = load_profile(tmp_path, "shop")
    assert "5ec2e7" not in repr(profile)
    save_profile(tmp_path, profile)
    assert "5ec2e7" not in path.read_text()


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DeskError) as caught:
        load_profile(tmp_path, "nobody")
    assert caught.value.failure.text.key == "failure.profile.missing"
    assert list_profiles(tmp_path / "nowhere").profiles == ()


def test_the_file_gives_the_name(tmp_path: Path) -> None:
    save_profile(tmp_path, SHOP)
    (tmp_path / "shop.toml").rename(tmp_path / "other.toml")
    assert list_profiles(tmp_path).profiles == (replace(SHOP, name="other"),)
    (tmp_path / "other.toml").rename(tmp_path / "Not Good.toml")
    assert [f.text.key for f in list_profiles(tmp_path).damaged] == ["failure.profile.damaged"]


def test_removing(tmp_path: Path) -> None:
    save_profile(tmp_path, SHOP)
    remove_profile(tmp_path, "shop")
    remove_profile(tmp_path, "shop")
    assert list_profiles(tmp_path).profiles == ()


def test_profiles_are_listed_by_name(tmp_path: Path) -> None:
    for name in ("b", "c", "a"):
        save_profile(tmp_path, replace(SHOP, name=name))
    (tmp_path / "notes.txt").write_text("not a profile")
    (tmp_path / ".x.toml.1.part").write_text("left by a crash")
    assert [profile.name for profile in list_profiles(tmp_path).profiles] == ["a", "b", "c"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize(("code", "key"), [(errno.ENOSPC, "full"), (errno.EACCES, "unwritten")])
def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, code: int, key: str
) -> None:
    save_profile(tmp_path, SHOP)

    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), fail)
        with pytest.raises(DeskError) as caught:
            save_profile(tmp_path, replace(SHOP, title="new"))
    assert caught.value.failure.text.key == f"failure.profile.{key}"
    assert load_profile(tmp_path, "shop") == SHOP
    assert [p.name for p in tmp_path.iterdir()] == ["shop.toml"]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DeskError) as caught:
        save_profile(tmp_path / "file" / "profiles", SHOP)
    assert caught.value.failure.text.key == "failure.profile.unwritten"


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    with pytest.raises(DeskError) as caught:
        load_settings(tmp_path / "settings.toml")
    assert caught.value.failure.text.key == "failure.profile.unreadable"


def test_settings(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.toml"
    assert load_settings(path) == Settings(Language.SYSTEM, Theme.SYSTEM, None)
    for settings in (Settings(), Settings(Language.ENGLISH, Theme.LIGHT, "shop")):
        save_settings(path, settings)
        assert load_settings(path) == settings
    path.write_text('language = "klingon"')
    with pytest.raises(DeskError) as caught:
        load_settings(path)
    assert caught.value.failure.text.key == "failure.profile.damaged"
    assert ("file", "settings.toml") in caught.value.failure.text.params
