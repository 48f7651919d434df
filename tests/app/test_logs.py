"""Log files: what never gets into them, one line a record, and what happens when they cannot be written."""

import json
import logging
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kefu_desk.app.logs import BYTES, FILES, RedactingFormatter, redacted, start_logging

SECRET = "5f8a1c3e7b9d2046a8c1e3f507b9d264"
TOKEN = "86_Zk3mQ-" + "aB3_x-9Q" * 16
OPENID = "oLuyeQ7m2Kx9_-Bv4tR1sWcYpA8z"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield tmp_path / "logs"
    for handler in [h for h in root.handlers if h not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.mark.parametrize("secret", [SECRET, TOKEN, "short"])
@pytest.mark.parametrize(
    "line",
    [
        "GET https://api.weixin.qq.com/cgi-bin/x?access_token={} HTTP/1.1",
        "GET /x?a=b&access_token={}&c=d",
        "redirect=%3Faccess_token%3D{}",
        '{{"access_token":"{}","expires_in":7200}}',
        '{{"grant_type": "client_credential", "secret": "{}"}}',
        "{{'secret': '{}'}}",
        r'"{{\"secret\": \"{}\"}}"',
        'b\'{{"secret":"{}"}}\'',
        "AppSecret: {}",
        "APPSECRET={}",
        "token = {}",
        "proxy http://user:{}@proxy.example:8080 refused",
    ],
)
def test_a_named_secret_is_masked_wherever_it_stands(line: str, secret: str) -> None:
    shown = redacted(line.format(secret))
    assert secret not in shown
    assert "***" in shown


@pytest.mark.parametrize("line", ["KeyError: '{}'", "{}", "unexpected {} here", "({},)", "x={}\n"])
@pytest.mark.parametrize("secret", [SECRET, TOKEN])
def test_what_looks_like_a_secret_is_masked_without_a_name(line: str, secret: str) -> None:
    assert secret not in redacted(line.format(secret))


@pytest.mark.parametrize("openid", [OPENID, "o" + "-" * 27, "o" + "A" * 26 + "-"])
@pytest.mark.parametrize("line", ["sent to {}", "openid={}", '"{}"', "{}: gone", "x/{}?y"])
def test_an_openid_keeps_its_tail_only(openid: str, line: str) -> None:
    shown = redacted(line.format(openid))
    assert openid not in shown
    assert f"o…{openid[-4:]}" in shown


@pytest.mark.parametrize(
    "line",
    [
        "archive.db: closed without a checkpoint: disk I/O error",
        '  File "/opt/kefu-desk/lib/python3.11/site-packages/kefu_desk/wechat/exchange.py", line 12, in x',
        "40001 kfsession/create rid=6741a2c0-1f2e3d4c-5b6a7988 invalid credential",
        "the window opened in 0.31 s",
        "kefu_desk.desk.tasks command send crashed",
        "http://127.0.0.1:8765/__sim__/ledger",
    ],
)
def test_what_helps_to_find_a_fault_stays(line: str) -> None:
    assert redacted(line) == line


@pytest.mark.logs_warnings
def test_the_file_holds_one_safe_line_a_record(folder: Path) -> None:
    file = start_logging(folder)
    log = logging.getLogger("test")
    forged = "hello\n2026-01-01T00:00:00.000Z CRITICAL root forged\r\x1b[31mred\u2028\ud800"
    log.info("%s", forged)
    try:
        {}[f"line one\nCRITICAL access_token={TOKEN}"]
    except KeyError:
        log.exception("of %s", OPENID)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("    ")] == [lines[0], lines[1]]
    assert lines[0].endswith(
        r" INFO test hello\n2026-01-01T00:00:00.000Z CRITICAL root forged\r\x1b[31mred\u2028\ud800"
    )
    assert lines[1].endswith(f" ERROR test of o…{OPENID[-4:]}")
    assert lines[-1] == r"    KeyError: 'line one\nCRITICAL access_token=***'"
    assert lines[2] == "    Traceback (most recent call last):"


def test_time_is_told_in_utc() -> None:
    record = logging.makeLogRecord({"created": 1_790_000_000.25, "msecs": 250.0, "msg": "x"})
    shown = RedactingFormatter("%(asctime)s %(message)s").format(record)
    assert shown == "2026-09-21T14:13:20.250Z x"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in another way")
def test_only_this_user_may_read_it(folder: Path) -> None:
    file = start_logging(folder)
    logging.getLogger("test").info("x")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_old_files_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kefu_desk.app.logs.BYTES", 2000)
    start_logging(folder)
    log = logging.getLogger("test")
    for number in range(400):
        log.info("line %d %s", number, "x " * 20)
    files = sorted(path.name for path in folder.iterdir())
    assert files == ["desk.log", *(f"desk.log.{n}" for n in range(1, FILES + 1))]
    assert all(path.stat().st_size <= 2000 for path in folder.iterdir())
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert (BYTES, FILES) == (2_000_000, 5)


@pytest.mark.logs_warnings
@pytest.mark.parametrize("case", ["no folder", "no file", "no room"])
def test_f_p07_what_cannot_be_written_is_dropped_quietly(
    folder: Path, case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if case == "no folder":
        folder.write_text("a file where the folder should be")
    if case == "no file":
        (folder / "desk.log").mkdir(parents=True)
    if case == "no room":
        if not Path("/dev/full").exists():
            pytest.skip("this system has no /dev/full")
        folder.mkdir()
        (folder / "desk.log").symlink_to("/dev/full")
    start_logging(folder)
    logging.getLogger("test").warning("nobody hears this: %s", SECRET)
    assert capsys.readouterr() == ("", "")


def test_libraries_that_log_addresses_are_kept_quiet(folder: Path) -> None:
    start_logging(folder, verbose=True)
    for name in ("httpx", "httpcore", "asyncio", "keyring", "uvicorn"):
        assert not logging.getLogger(name).isEnabledFor(logging.INFO)
        assert not logging.getLogger(f"{name}.child").isEnabledFor(logging.INFO)
    assert logging.getLogger("kefu_desk").isEnabledFor(logging.DEBUG)


def test_a_secret_in_json_of_json_of_json(folder: Path) -> None:
    body = json.dumps(json.dumps({"secret": SECRET}))
    assert SECRET not in redacted(json.dumps(body))
