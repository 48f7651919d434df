"""The rows of the fault matrix about the network, over real sockets (reliability 2.1)."""

import asyncio
import shutil
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

import httpx
import pytest

from kefu_desk.domain.failure import Action, Category, Effect
from kefu_desk.wechat import exchange, trust
from kefu_desk.wechat.errors import BadReply, Reason, TransportError
from kefu_desk.wechat.failures import failure_of
from kefu_desk.wechat.hosts import AWAY_SECONDS, STAND_INS
from tests.wechat.authority import ISSUER, Authority
from tests.wechat.loopback import OK, Server, client, port, reply, serving

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="makes certificates with openssl")

SENT = b'{"errcode":0,"errmsg":"ok"}'


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@asynccontextmanager
async def over_tls(server: Server, context: ssl.SSLContext) -> AsyncIterator[str]:
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context)
    try:
        yield f"https://127.0.0.1:{port(listening)}"
    finally:
        listening.close()


async def fails(call: Any) -> TransportError:
    with pytest.raises(TransportError) as caught:
        await call
    return caught.value


async def send(wechat: Any) -> None:
    await wechat.send_text(openid="o1", text="好")


async def hangs_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    del writer


def sends(server: Server) -> int:
    return sum(path.endswith("custom/send") for path in server.paths)


@pytest.mark.parametrize("wrong", ["nobody signed it", "another name", "too old"])
async def test_f_n04_a_wrong_certificate_stops_every_call_and_is_described(
    waits: Any, clock: Any, authority: Authority, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    if wrong != "nobody signed it":
        monkeypatch.setattr(trust, "SYSTEM_ROOTS", (str(authority.root),))
    context = authority.server(
        name="DNS:evil.test" if wrong == "another name" else "IP:127.0.0.1",
        days=-1 if wrong == "too old" else 1,
    )
    server = Server()
    async with (
        over_tls(server, context) as base,
        client(base, waits, monotonic=clock, probe="") as wechat,
    ):
        for call in (send, lambda w: w.waiting_cases(), lambda w: w.check_token()):
            error = await fails(call(wechat))
            assert (error.reason, error.phase) == (Reason.TLS, Effect.NONE)
            failure = failure_of(error)
            assert (failure.category, failure.action) == (Category.UNTRUSTED, Action.RETRY)
            assert failure.text.key == "failure.untrusted"
            assert dict(failure.text.params)["issuer"] == failure.subject == ISSUER
            assert authority.fingerprint().startswith(str(dict(failure.text.params)["fingerprint"]))
            assert authority.fingerprint() in failure.detail
        assert waits.slept == [], "asking again in a moment mends nothing"
    assert server.paths == [], "nothing was told to a server that cannot prove its name"


async def test_f_n04_while_a_stranger_is_there_connections_that_stand_are_not_used(
    waits: Any, clock: Any, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trust, "SYSTEM_ROOTS", (str(authority.root),))
    context = authority.server()
    server = Server()
    async with over_tls(server, context) as base, client(base, waits, monotonic=clock) as wechat:
        await wechat.waiting_cases()
        authority.server("DNS:evil.test")  # a stranger steps in: sends meet him, the reads' connection stands
        context.load_cert_chain(authority.root.parent / "server.pem", authority.root.parent / "server.key")
        assert (await fails(send(wechat))).reason is Reason.TLS
        seen = list(server.paths)
        clock.now += exchange.STOP_SECONDS - 0.1
        error = await fails(wechat.waiting_cases())
        assert (error.reason, error.issuer, error.endpoint) == (Reason.TLS, ISSUER, "kfsession/getwaitcase")
        assert server.paths == seen
        clock.now += 0.2
        await wechat.waiting_cases()
        assert server.paths == [*seen, seen[-1]], "and later it goes on by itself"


async def test_f_n05_who_reads_along_is_named_once_and_the_desk_works(
    waits: Any, authority: Authority, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="kefu_desk")
    monkeypatch.setattr(trust, "SYSTEM_ROOTS", (str(authority.root),))
    told: list[str] = []
    server = Server()
    async with (
        over_tls(server, authority.server()) as base,
        client(base, waits, on_inspection=told.append) as wechat,
    ):
        await wechat.waiting_cases()
        await send(wechat)
        await send(wechat)
    assert (told, server.connections) == ([ISSUER], 3)
    assert [r.getMessage() for r in caplog.records if "inspected" in r.message] == [
        f"connections are inspected by {ISSUER}"
    ]
    assert "token" not in caplog.text


async def test_f_n05_a_root_that_everybody_has_is_no_inspection(
    waits: Any, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    import certifi

    monkeypatch.setattr(certifi, "where", lambda: str(authority.root))
    told: list[str] = []
    async with (
        over_tls(Server(), authority.server()) as base,
        client(base, waits, on_inspection=told.append) as wechat,
    ):
        await wechat.waiting_cases()
    assert told == []


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
async def test_f_n06_old_tls_is_refused_like_a_wrong_certificate(
    waits: Any, authority: Authority, monkeypatch: pytest.MonkeyPatch, version: ssl.TLSVersion
) -> None:
    monkeypatch.setattr(trust, "SYSTEM_ROOTS", (str(authority.root),))
    context = authority.server()
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version

    def serve() -> None:  # asyncio's own server hangs up without telling why
        with suppress(ssl.SSLError):
            context.wrap_socket(listening.accept()[0], server_side=True)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving_one = asyncio.create_task(asyncio.to_thread(serve))
        base = f"https://127.0.0.1:{listening.getsockname()[1]}"
        async with client(base, waits, probe="") as wechat:
            error = await fails(send(wechat))
        await serving_one
    assert (error.reason, error.phase) == (Reason.TLS, Effect.NONE)
    assert failure_of(error).category is Category.UNTRUSTED
    assert failure_of(error).text.key == "failure.offline.tls"


@pytest.mark.parametrize(
    "greeting",
    [
        b"HTTP/1.1 302 Found\r\nlocation: http://login.hotel.test/\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n <html>Wi-Fi</html>"[:70],
        b"HTTP/1.1 511 Network Authentication Required\r\ncontent-length: 0\r\n\r\n",
    ],
    ids=["redirect", "page", "511"],
)
async def test_f_n07_a_network_that_wants_a_sign_in_says_so_gets_no_token_and_is_left_by_itself(
    waits: Any, clock: Any, authority: Authority, monkeypatch: pytest.MonkeyPatch, greeting: bytes
) -> None:
    monkeypatch.setattr(trust, "SYSTEM_ROOTS", (str(authority.root),))
    heard: list[bytes] = []
    signed_in = False
    server = Server()
    real = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=authority.server())

    async def portal(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if signed_in:
            there_reader, there = await asyncio.open_connection("127.0.0.1", port(real))
            await asyncio.gather(pump(reader, there), pump(there_reader, writer))
            return
        heard.append(await reader.read(65536))
        writer.write(greeting)
        writer.close()

    hotel = await asyncio.start_server(portal, "127.0.0.1", 0)
    base = f"https://127.0.0.1:{port(hotel)}"
    probe = f"http://127.0.0.1:{port(hotel)}/cgi-bin/customservice/getkflist"
    async with client(base, waits, monotonic=clock, probe=probe) as wechat:
        error = await fails(wechat.waiting_cases())
        assert (error.reason, error.phase) == (Reason.PORTAL, Effect.NONE)
        assert failure_of(error).category is Category.PORTAL
        assert failure_of(error).text.key == "failure.portal"
        assert (await fails(send(wechat))).reason is Reason.PORTAL
        assert len(heard) == 2, "a handshake and the probe; the send was not even tried"
        assert heard[1].startswith(b"GET /cgi-bin/customservice/getkflist HTTP/1.1\r\n")
        assert b"token" not in b"".join(heard).replace(b"stable_token", b"")
        signed_in = True
        clock.now += exchange.STOP_SECONDS
        await wechat.waiting_cases()
        await send(wechat)
    hotel.close()
    real.close()


async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65536):
            sink.write(data)
    except ConnectionError:
        pass
    finally:
        sink.close()


@pytest.mark.parametrize(
    "answer",
    [
        b'HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n{"errcode":41001}',
        b"HTTP/1.1 301 Moved\r\nlocation: https://127.0.0.1/x\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nlocation: https://mp.weixin.qq.com/\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\ncontent-length: 6\r\n\r\n<html>",
        b"",
    ],
    ids=["wechat", "same host", "qq.com", "404", "silence"],
)
async def test_a_stranger_without_a_sign_in_page_is_no_such_network(
    waits: Any, authority: Authority, answer: bytes
) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    probe = await asyncio.start_server(plain, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{port(probe)}/"
    async with over_tls(Server(), authority.server()) as base, client(base, waits, probe=url) as wechat:
        error = await fails(wechat.waiting_cases())
    assert (error.reason, error.issuer) == (Reason.TLS, ISSUER)
    probe.close()


@pytest.mark.parametrize("when", ["at accept", "after the request"])
async def test_f_n10_a_reset_leaves_a_send_unknown(waits: Any, when: str) -> None:
    def reset(writer: asyncio.StreamWriter) -> None:
        writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        writer.close()

    async def after_the_request(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reset(writer)

    async def at_accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if server.paths:
            server.connections += 1
            reset(writer)
        else:
            await server.serve(reader, writer)

    server = Server(after_the_request)
    serve = at_accept if when == "at accept" else server.serve
    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with client(f"http://127.0.0.1:{port(listening)}", waits) as wechat:
        error = await fails(send(wechat))
    listening.close()
    assert (error.reason, error.phase) == (Reason.BROKEN, Effect.MAYBE)
    assert (server.connections, waits.slept) == (2, []), "one for the token, one for the only attempt"


async def test_f_n11_a_server_that_closes_without_a_word_leaves_a_send_unknown(waits: Any) -> None:
    server = Server(hangs_up)
    async with serving(server) as base, client(base, waits) as wechat:
        error = await fails(send(wechat))
    assert (error.reason, error.phase, sends(server)) == (Reason.BROKEN, Effect.MAYBE, 1)


async def test_f_n12_an_answer_cut_at_any_byte_leaves_a_send_unknown(waits: Any) -> None:
    whole = reply(SENT)
    cut = 0

    async def cuts(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(whole[:cut])
        await writer.drain()

    server = Server(cuts)
    async with serving(server) as base, client(base, waits) as wechat:
        for cut in range(len(whole)):
            with pytest.raises((TransportError, BadReply)) as caught:
                await send(wechat)
            assert caught.value.effect is Effect.MAYBE, cut
        cut = len(whole)
        await send(wechat)
    assert (sends(server), waits.slept) == (len(whole) + 1, [])


async def test_f_n14_a_reply_in_drops_ends_at_the_deadline(waits: Any) -> None:
    async def drips(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)

    assert exchange.TOTAL_SECONDS == 20.0
    server = Server(drips)
    async with serving(server) as base, client(base, waits, deadline=0.3) as wechat:
        error = await fails(send(wechat))
    assert (error.reason, error.phase, sends(server)) == (Reason.TIMEOUT, Effect.MAYBE, 1)


async def test_f_n15_a_kept_connection_that_dies_in_use_costs_a_read_one_silent_retry(waits: Any) -> None:
    async def answers_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(OK))
        await writer.drain()
        if len(server.paths) == 2:  # the first after the token: the next one meets a reset
            await reader.readuntil(b"\r\n\r\n")
            writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))

    server = Server(answers_once)
    async with serving(server) as base, client(base, waits) as wechat:
        await wechat.waiting_cases()
        assert waits.slept == []
        await wechat.waiting_cases()
        assert waits.slept == [1.0]


async def test_f_n15_a_send_never_uses_a_connection_that_may_have_died(waits: Any) -> None:
    async def answers_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(OK))
        await writer.drain()
        await reader.readuntil(b"\r\n\r\n")  # a second request here would be lost
        writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))

    server = Server(answers_once)
    async with serving(server) as base, client(base, waits) as wechat:
        for _ in range(3):
            await send(wechat)
        assert (sends(server), server.connections) == (3, 4), "and one for the token"
    async with client(base, waits) as wechat:
        assert (await fails(wechat.reach())).phase is Effect.NONE


async def test_f_n15_a_send_after_a_sleep_proves_that_it_did_not_leave(waits: Any) -> None:
    server = Server()
    async with AsyncExitStack() as stack:
        async with serving(server) as base:
            wechat = await stack.enter_async_context(client(base, waits))
            await wechat.waiting_cases()
        error = await fails(send(wechat))  # the server is gone, its old connection is not tried
    assert (error.reason, error.phase, sends(server)) == (Reason.REFUSED, Effect.NONE, 0)


@pytest.mark.parametrize(
    ("fault", "reason", "effect"),
    [
        (
            b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n",
            Reason.PROXY,
            Effect.NONE,
        ),
        (b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n", Reason.PROXY, Effect.NONE),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", Reason.PROXY, Effect.NONE),
        (b"", Reason.CONNECT, Effect.NONE),
        (None, Reason.BROKEN, Effect.MAYBE),
    ],
    ids=["407", "refused", "cannot reach", "dies before the handshake", "dies in the tunnel"],
)
async def test_f_n19_a_proxy_that_fails_proves_what_it_proves(
    waits: Any, trusted: ssl.SSLContext, fault: bytes | None, reason: Reason, effect: Effect
) -> None:
    tunnels = 0

    async def proxies(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal tunnels
        tunnels += 1
        await reader.readuntil(b"\r\n\r\n")
        if tunnels > 1 and fault is not None:
            writer.write(fault or b"HTTP/1.1 200 Connection established\r\n\r\n")
            writer.close()
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        there_reader, there = await asyncio.open_connection("127.0.0.1", port(wechat_server))
        await asyncio.gather(pump(reader, there), pump(there_reader, writer))

    server = Server(hangs_up)
    wechat_server = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=trusted)
    proxy = await asyncio.start_server(proxies, "127.0.0.1", 0)
    base, by = f"https://127.0.0.1:{port(wechat_server)}", f"http://127.0.0.1:{port(proxy)}"
    async with client(base, waits, proxy=by, probe="") as wechat:
        await wechat.check_token()
        error = await fails(send(wechat))
    proxy.close()
    wechat_server.close()
    assert (error.reason, error.phase) == (reason, effect)
    assert sends(server) == (effect is Effect.MAYBE)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_f_n21_a_redirect_is_followed_by_nobody_and_its_target_hears_nothing(
    waits: Any, status: int
) -> None:
    async def sends_away(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(
            b"HTTP/1.1 %d Go\r\nlocation: %s/x\r\ncontent-length: 0\r\n\r\n" % (status, other.encode())
        )
        await writer.drain()

    canary = Server()
    async with serving(canary) as other, serving(Server(sends_away)) as base, client(base, waits) as wechat:
        for call in (send, lambda w: w.waiting_cases()):
            with pytest.raises(BadReply) as caught:
                await call(wechat)
            assert caught.value.status == status
            assert caught.value.effect is (Effect.MAYBE if call is send else Effect.NONE)
    assert canary.connections == 0


@pytest.fixture
def mute() -> Iterator[int]:
    """A port of 127.0.0.2 that answers no connection attempt: its queue is full."""
    with socket.socket() as listening:
        try:
            listening.bind(("127.0.0.2", 0))
        except OSError:
            pytest.skip("this system has one loopback address only")
        listening.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]
        for each in waiting:
            each.close()


async def test_f_n03_a_black_hole_is_left_after_five_seconds_and_took_nothing(
    waits: Any, mute: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert exchange.TIMEOUTS["connect"] == 5.0
    monkeypatch.setitem(exchange.TIMEOUTS, "connect", 0.2)
    async with client(f"http://127.0.0.2:{mute}", waits, deadline=5.0) as wechat:
        error = await fails(wechat.reach())
    assert (error.reason, error.phase) == (Reason.TIMEOUT, Effect.NONE)
    assert error.detail == "ConnectTimeout"


async def test_f_n22_an_address_that_hangs_is_passed_over_within_the_connect_time(
    waits: Any, mute: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def resolve(*_: object, **__: object) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, mute)) for host in ("127.0.0.2", "127.0.0.1")
        ]

    server = Server()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", mute)
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    monkeypatch.setitem(exchange.TIMEOUTS, "connect", 2.0)
    async with client(f"http://two.test:{mute}", waits) as wechat:
        await wechat.waiting_cases()
        await send(wechat)
    listening.close()
    assert (sends(server), waits.slept) == (1, [])


class TestStandIn:
    """F-N23: another host for reads while the main one does not answer."""

    async def test_f_n23_reads_move_after_three_failures_and_come_back_after_ten_minutes(
        self, waits: Any, clock: Any
    ) -> None:
        main, other = Server(), Server()
        async with serving(other) as stand_in:
            async with serving(main) as base:
                pass
            async with client(base, waits, stand_in=stand_in, monotonic=clock) as wechat:
                assert (await fails(wechat.waiting_cases())).reason is Reason.REFUSED
                assert (len(waits.slept), other.connections) == (2, 0), "three tries, all at the main host"
                await wechat.waiting_cases()
                assert [path.rsplit("/", 1)[1] for path in other.paths] == ["stable_token", "getwaitcase"]
                clock.now += AWAY_SECONDS - 1
                await wechat.waiting_cases()
                listening = await asyncio.start_server(main.serve, "127.0.0.1", int(base.rsplit(":", 1)[1]))
                assert main.paths == []
                clock.now += 1
                await wechat.waiting_cases()
                assert len(main.paths) == 1
                listening.close()
        assert len(other.paths) == 3

    async def test_f_n23_a_send_never_moves_and_least_of_all_an_unknown_one(
        self, waits: Any, clock: Any
    ) -> None:
        main, other = Server(hangs_up), Server()
        async with (
            serving(main) as base,
            serving(other) as stand_in,
            client(base, waits, stand_in=stand_in, monotonic=clock) as wechat,
        ):
            await fails(wechat.waiting_cases())
            await wechat.waiting_cases()
            for _ in range(4):
                assert (await fails(send(wechat))).phase is Effect.MAYBE
            assert (await fails(wechat.create_session(openid="o1", agent="a@b"))).phase is Effect.MAYBE
        assert (sends(main), sends(other)) == (4, 0)
        assert {path.rsplit("/", 1)[1] for path in other.paths} == {"getwaitcase"}

    async def test_a_stand_in_that_fails_too_gives_way_to_the_main_host(self, waits: Any, clock: Any) -> None:
        async with serving(Server()) as base:
            pass
        main = Server()
        async with serving(Server()) as gone:
            pass
        async with client(base, waits, stand_in=gone, monotonic=clock) as wechat:
            for _ in range(2):
                await fails(wechat.waiting_cases())
            listening = await asyncio.start_server(main.serve, "127.0.0.1", int(base.rsplit(":", 1)[1]))
            await wechat.waiting_cases()
            listening.close()
        assert len(main.paths) == 2

    def test_only_wechats_own_main_host_has_one(self) -> None:
        assert dict(STAND_INS) == {"api.weixin.qq.com": "api2.weixin.qq.com"}

    async def test_an_answer_counts_from_five_hundred_on(self, script: Any, waits: Any, clock: Any) -> None:
        asked: list[str] = []

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(request.url.host)
            status = 502 if request.url.host == "api.weixin.qq.com" else 200
            return httpx.Response(status, stream=httpx.ByteStream(b'{"count":0}'))

        script.answer = answer
        base = "https://api.weixin.qq.com"
        async with client(base, waits, transport=script, monotonic=clock) as wechat:
            with pytest.raises(BadReply):
                await wechat.waiting_cases()
            await wechat.waiting_cases()
        assert asked == ["api.weixin.qq.com"] * 3 + ["api2.weixin.qq.com"]
