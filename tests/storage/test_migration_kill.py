"""Files of each released version come over, and a kill on the way leaves the old one or the new one."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kefu_desk.storage import ARCHIVE_SCHEMA, OUTBOX_SCHEMA
from kefu_desk.storage.migrate import scripts

STATES = ("queued", "sending", "sent", "failed", "unknown", "cancelled", "resolved")
KILLED = """
import json, os, signal, sys
from pathlib import Path
from kefu_desk.storage import migrate
from kefu_desk.storage.opening import Terms, connect_writer

schema, paths = Path(sys.argv[1]), [Path(p) for p in sys.argv[2:]]
whole = migrate.statements

def statements(script):
    global left
    for statement in whole(script):
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        yield statement

migrate.statements = statements
codes = []
for number, path in enumerate(paths):
    child = os.fork()
    if child == 0:
        left = number
        connect_writer(Terms(path, schema, "FULL")).connection.close()
        os._exit(0)
    codes.append(os.waitpid(child, 0)[1])
print(json.dumps(codes))
"""


def released(path: Path, schema: Path, version: int) -> None:
    """A file as that version of the program left it, with something in every table."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        for number, script in scripts(schema):
            if number <= version:
                connection.executescript(script)
        connection.execute(f"PRAGMA user_version = {version}")
        if schema == OUTBOX_SCHEMA:
            for number in range(140):
                state = STATES[number % len(STATES)] if version == 1 else "queued"
                connection.execute(
                    "INSERT INTO outbox (openid, agent, text, created, state) VALUES (?, ?, ?, ?, ?)",
                    (f"o{number % 9}", "a@b", f"{number} 您好", float(number), state),
                )
            connection.execute("INSERT INTO draft VALUES ('o1', 'draft')")
            connection.execute("INSERT INTO claim VALUES ('o1', 'a@b', 2002, 5, '2 您好', 0, 3)")
        elif version == 1:
            for number in range(140):
                connection.execute(
                    "INSERT INTO record (openid, worker, opercode, time, text, ordinal, opens_visit)"
                    " VALUES (?, 'a@b', 2002, ?, ?, 0, 0)",
                    (f"o{number % 9}", 1_700_000_000 + number, f"{number} 您好"),
                )
        connection.commit()


def seen(path: Path, schema: Path) -> tuple[int, object]:
    """Version and contents; the file is whole."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if schema == OUTBOX_SCHEMA:
            rows = connection.execute("SELECT id, openid, agent, text, created, state FROM outbox").fetchall()
            others = [connection.execute(f"SELECT * FROM {t}").fetchall() for t in ("draft", "claim")]
            return version, (rows, others)
        return version, connection.execute("SELECT openid, time, text FROM record ORDER BY time").fetchall()


VERSIONS = [
    (schema, version)
    for schema in (OUTBOX_SCHEMA, ARCHIVE_SCHEMA)
    for version in range(1, len(scripts(schema)))
    if version == 1 or schema == OUTBOX_SCHEMA
]


@pytest.mark.skipif(sys.platform == "win32", reason="fork and SIGKILL")
@pytest.mark.parametrize(
    ("schema", "version"), VERSIONS, ids=[f"{schema.name}-{version}" for schema, version in VERSIONS]
)
def test_f_s13_killed_while_it_is_brought_up_to_date(tmp_path: Path, schema: Path, version: int) -> None:
    source = tmp_path / "source.db"
    released(source, schema, version)
    before = seen(source, schema)[1]
    paths = []
    for number in range(60):
        paths.append(tmp_path / f"{number}" / "file.db")
        paths[-1].parent.mkdir()
        shutil.copyfile(source, paths[-1])
    command = [sys.executable, "-c", KILLED, str(schema), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=True)
    codes = json.loads(done.stdout)
    assert codes[-1] == 0, "not all statements were reached"
    assert codes[0] == 9
    newest = len(scripts(schema))
    for path, code in zip(paths, codes, strict=True):
        found, contents = seen(path, schema)
        assert found == (newest if code == 0 else version)
        assert contents == before
        copy = path.with_name(f"{path.name}.v{version}.bak")
        if copy.exists():
            assert seen(copy, schema) == (version, before)
        assert copy.exists() or code
