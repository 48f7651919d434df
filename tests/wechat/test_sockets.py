"""What real sockets do: which breaks prove that nothing was sent, and what the environment cannot change."""

import asyncio
import json
import ssl
import struct
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

import pytest

from kefu_desk.domain.failure import Category, Effect
from kefu_desk.wechat import exchange, spec, wire
from kefu_desk.wechat.errors import BadReply, Reason, TransportError
from kefu_desk.wechat.failures import failure_of
from kefu_desk.wechat.sockets import HELD_BYTES
from kefu_desk.wechat.trust import tls_context
from tests.wechat.loopback import OK, TOKEN_BODY, Behave, Server, client, port, reply, serving


async def resets(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))


async def hangs_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    del writer


async def cuts(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(reply(OK, promise=len(OK) + 20))
    await writer.drain()


async def babbles(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
    await writer.drain()


async def says_nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def drips(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("behave", [resets, hangs_up, cuts, babbles, says_nothing, drips])
async def test_a_send_that_reached_somebody_is_unknown_and_went_out_once(behave: Behave, waits: Any) -> None:
    server = Server(behave)
    async with serving(server) as base, client(base, waits, deadline=0.4) as wechat:
        with pytest.raises(TransportError) as caught:
            await wechat.send_text(openid="o1", text="好")
        assert caught.value.phase is Effect.MAYBE
        assert sum(path.endswith("send") for path in server.paths) == 1
        slow = behave in (says_nothing, drips)
        assert caught.value.reason is (Reason.TIMEOUT if slow else Reason.BROKEN)
        assert failure_of(caught.value).category is (Category.TIMEOUT if slow else Category.NETWORK)


async def test_f_n02_a_closed_port_proves_that_nothing_was_sent(waits: Any) -> None:
    async with serving(Server()) as base:
        pass
    async with client(base, waits) as wechat:
        with pytest.raises(TransportError) as caught:
            await wechat.reach()
    assert (caught.value.reason, caught.value.phase) == (Reason.REFUSED, Effect.NONE)


async def test_f_n01_a_name_that_does_not_exist_is_told_apart(waits: Any) -> None:
    async with client("https://no-such-host.invalid", waits) as wechat:
        with pytest.raises(TransportError) as caught:
            await wechat.reach()
    assert caught.value.reason is Reason.DNS
    assert failure_of(caught.value).text.key == "failure.offline.dns"


async def test_a_server_without_tls_is_told_apart(waits: Any) -> None:
    async def greets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n" * 9)
        writer.close()

    listening = await asyncio.start_server(greets, "127.0.0.1", 0)
    async with client(f"https://127.0.0.1:{port(listening)}", waits) as wechat:
        with pytest.raises(TransportError) as caught:
            await wechat.send_text(openid="o1", text="好")
    listening.close()
    assert (caught.value.reason, caught.value.phase) == (Reason.TLS, Effect.NONE)


async def test_a_certificate_that_nobody_signed_stops_everything(
    waits: Any, untrusted: ssl.SSLContext
) -> None:
    server = Server()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=untrusted)
    async with client(f"https://127.0.0.1:{port(listening)}", waits) as wechat:
        with pytest.raises(TransportError) as caught:
            await wechat.send_text(openid="o1", text="好")
    listening.close()
    assert (caught.value.reason, caught.value.phase) == (Reason.TLS, Effect.NONE)
    assert "self-signed" in caught.value.detail.replace("self signed", "self-signed")
    assert server.paths == [], "nothing was told to a server that cannot prove its name"


async def test_a_large_page_comes_whole_over_tls_and_the_connection_is_kept(
    waits: Any, trusted: ssl.SSLContext
) -> None:
    row = {"openid": "o" * 28, "opercode": 2003, "time": 1_790_000_000, "worker": "a@b"}
    rows = [row | {"text": f"{number} 订单还没到" * 5} for number in range(20_000)]
    page = json.dumps({"recordlist": rows, "number": len(rows), "msgid": 9}, ensure_ascii=False).encode()
    assert len(page) > 2 * HELD_BYTES

    async def gives(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(3):
            writer.write(reply(page))
            await writer.drain()
            await reader.readuntil(b"}")

    server = Server(gives)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=trusted)
    async with client(f"https://127.0.0.1:{port(listening)}", waits) as wechat:
        for _ in range(3):
            got = await wechat.records_page(1_790_000_000, 1_790_000_001)
            assert [record.text for record in got.records] == [r["text"] for r in rows]
    assert (server.connections, waits.slept) == (1, [])
    listening.close()


async def test_words_put_before_the_handshake_are_no_answer(waits: Any, trusted: ssl.SSLContext) -> None:
    upgrading = False

    async def injects(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal upgrading
        writer.write(reply(TOKEN_BODY))
        await writer.drain()
        upgrading = bool(await reader.read(1))
        writer.close()

    listening = await asyncio.start_server(injects, "127.0.0.1", 0)
    async with client(f"https://127.0.0.1:{port(listening)}", waits) as wechat:
        with pytest.raises(TransportError) as caught:
            await wechat.send_text(openid="o1", text="好")
    listening.close()
    assert (caught.value.reason, caught.value.phase) == (Reason.TLS, Effect.NONE)


async def test_a_connection_that_died_while_idle_costs_no_try(waits: Any) -> None:
    async def answers_once(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(OK))
        await writer.drain()

    server = Server(answers_once)
    async with serving(server) as base, client(base, waits) as wechat:
        for _ in range(4):
            await wechat.waiting_cases()
            await asyncio.sleep(0.01)
    assert (sum(path.endswith("getwaitcase") for path in server.paths), waits.slept) == (4, [])


async def test_a_server_that_takes_nothing_ends_a_send_as_unknown(
    waits: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ignores(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"stable_token" in head:
            writer.write(reply(TOKEN_BODY))
        else:
            await stop.wait()
        writer.close()

    stop = asyncio.Event()
    monkeypatch.setitem(exchange.TIMEOUTS, "write", 0.2)
    listening = await asyncio.start_server(ignores, "127.0.0.1", 0)
    async with client(f"http://127.0.0.1:{port(listening)}", waits, deadline=5.0) as wechat:
        with pytest.raises(TransportError) as caught:
            await wechat._calls.post(spec.CUSTOM_SEND, wire.Reply, content=b"x" * 30_000_000)
    stop.set()
    listening.close()
    assert (caught.value.reason, caught.value.phase) == (Reason.TIMEOUT, Effect.MAYBE)
    assert caught.value.detail == "WriteTimeout"


async def test_the_proxy_of_the_settings_is_used_and_no_other(waits: Any, trusted: ssl.SSLContext) -> None:
    asked: list[bytes] = []

    async def tunnels(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0])
        there_reader, there = await asyncio.open_connection("127.0.0.1", port(wechat_server))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(pump(reader, there), pump(there_reader, writer))

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                sink.write(data)
        except ConnectionError:
            pass
        finally:
            sink.close()

    server = Server()
    wechat_server = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=trusted)
    proxy = await asyncio.start_server(tunnels, "127.0.0.1", 0)
    target = f"127.0.0.1:{port(wechat_server)}"
    proxied = client(f"https://{target}", waits, proxy=f"http://127.0.0.1:{port(proxy)}")
    async with proxied as wechat:
        await wechat.waiting_cases()
        await wechat.send_text(openid="o1", text="好")
    proxy.close()
    wechat_server.close()
    assert asked == [f"CONNECT {target} HTTP/1.1".encode()] * 2, "one for reads, one for the send"
    assert [path.rsplit("/", 1)[1] for path in server.paths] == ["stable_token", "getwaitcase", "send"]


async def test_a_proxy_that_is_not_there_proves_that_nothing_was_sent(waits: Any) -> None:
    async with serving(Server()) as gone:
        pass
    server = Server()
    async with serving(server) as base, client(base, waits, proxy=gone) as wechat:
        with pytest.raises(TransportError) as caught:
            await wechat.send_text(openid="o1", text="好")
    assert (caught.value.phase, server.connections) == (Effect.NONE, 0)


async def test_a_redirect_is_not_followed(waits: Any) -> None:
    async def sends_away(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 302 Found\r\nlocation: %s/x\r\ncontent-length: 0\r\n\r\n" % other.encode())
        await writer.drain()

    canary = Server()
    async with serving(canary) as other, serving(Server(sends_away)) as base, client(base, waits) as wechat:
        with pytest.raises(BadReply) as caught:
            await wechat.send_text(openid="o1", text="好")
    assert (caught.value.status, caught.value.effect, canary.connections) == (302, Effect.MAYBE, 0)


async def test_reads_keep_their_connection_and_sends_do_not(waits: Any) -> None:
    server = Server()
    async with serving(server) as base, client(base, waits) as wechat:
        for _ in range(3):
            await wechat.waiting_cases()
        assert server.connections == 1
        for _ in range(3):
            await wechat.send_text(openid="o1", text="好")
        assert server.connections == 4


async def test_something_else_that_answers_is_no_wechat(waits: Any) -> None:
    async def greets(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(b"<html>router</html>"))
        await writer.drain()

    async with serving(Server(greets)) as base, client(base, waits) as wechat:
        with pytest.raises(BadReply):
            await wechat.reach()


async def test_f_n20_the_environment_cannot_redirect_or_listen(
    waits: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    canary = Server()
    async with serving(canary) as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy)
        monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
        async with serving(Server()) as base, client(base, waits) as wechat:
            await wechat.waiting_cases()
    assert canary.connections == 0
    assert not (tmp_path / "keys").exists()


def test_tls_is_verified_and_not_old() -> None:
    context = tls_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.keylog_filename is None
    assert context.cert_store_stats()["x509_ca"] > 50
