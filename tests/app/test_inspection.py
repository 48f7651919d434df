"""A desk behind a company's TLS inspection says so, once."""

import asyncio
import shutil
from pathlib import Path

import pytest

from kefu_desk.app.compose import Connection, Means, open_desk
from kefu_desk.domain.facts import Vault
from kefu_desk.domain.ids import AgentId
from kefu_desk.domain.text import text
from kefu_desk.wechat import trust
from tests.wechat.authority import ISSUER, Authority
from tests.wechat.loopback import Server, port


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes certificates with openssl")
async def test_f_n05_the_desk_tells_once_who_reads_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setattr(trust, "SYSTEM_ROOTS", (str(authority.root),))
    listening = await asyncio.start_server(Server().serve, "127.0.0.1", 0, ssl=authority.server())
    connection = Connection(
        title="鹿野生活馆",
        appid="wx",
        agent=AgentId("a@b"),
        reveal=lambda: "s",
        base_url=f"https://127.0.0.1:{port(listening)}",
        vault=Vault.NONE,
    )
    async with open_desk(connection, tmp_path / "profile", Means()) as desk:
        gateway = desk._world.gateway
        for _ in range(2):
            await gateway.waiting_cases()
        (notice,) = desk.store.state.notices
        assert notice.words == text("notice.inspected", issuer=ISSUER)
        assert notice.failure is None
    listening.close()
