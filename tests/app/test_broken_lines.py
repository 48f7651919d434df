"""Faults over a real socket: the connection breaks, and the simulator goes on without a word."""

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.app.program import Served

TOKEN = "/cgi-bin/token?grant_type=client_credential&appid=x&secret=y"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Served]:
    """A simulator of its own; at its end it has printed nothing."""
    with Served(tmp_path, "--scenario", "quiet") as served:
        yield served
        assert served.stop() == (0, "", "")


def ask(served: Served, *, patience: float = 10) -> bytes:
    """Everything that comes back before the connection ends."""
    place = urlsplit(served.url)
    assert place.hostname is not None
    with socket.create_connection((place.hostname, place.port), timeout=patience) as line:
        line.sendall(f"GET {TOKEN} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        parts = []
        while part := line.recv(1 << 16):
            parts.append(part)
        return b"".join(parts)


def test_a_reset_is_a_reset(own: Served) -> None:
    own.chaos(reply="reset", times=1)
    with pytest.raises(ConnectionResetError):
        ask(own)


def test_a_silent_close_sends_no_byte(own: Served) -> None:
    own.chaos(reply="closed", times=1)
    assert ask(own) == b""


def test_a_timeout_sends_nothing_and_holds_nothing_up(own: Served) -> None:
    own.chaos(reply="timeout", times=1)
    with pytest.raises(TimeoutError):
        ask(own, patience=0.3)
    assert own.get("calls")["count"] == 1


@pytest.mark.parametrize("size", [0, 1, 12])
def test_a_cut_answer_ends_at_that_byte(own: Served, size: int) -> None:
    own.chaos(reply=f"cut:{size}", times=1)
    head, _, content = ask(own).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert len(content) == size


@pytest.mark.parametrize(("value", "off"), [("long_length", 10), ("short_length", -10)])
def test_a_wrong_length_reaches_the_client(own: Served, value: str, off: int) -> None:
    own.chaos(reply=value, times=1)
    head, _, content = ask(own).partition(b"\r\n\r\n")
    stated = next(line for line in head.split(b"\r\n") if line.startswith(b"content-length"))
    assert int(stated.split()[1]) == len(content) + off
    assert content.startswith(b'{"errcode":40013')


def test_httpx_meets_the_breaks_as_its_own_errors(own: Served) -> None:
    with httpx.Client(base_url=own.url, trust_env=False, timeout=5) as client:
        for reply, error in (
            ("reset", httpx.ReadError),
            ("closed", httpx.RemoteProtocolError),
            ("cut:5", httpx.RemoteProtocolError),
            ("long_length", httpx.RemoteProtocolError),
            ("gzip_garbage", httpx.DecodingError),
        ):
            own.chaos(reply=reply, times=1)
            with pytest.raises(error):
                client.get(TOKEN)
        own.chaos(reply="drip:4000", times=1)
        assert client.get(TOKEN).json()["errcode"] == 40013
        own.chaos(reply="huge:3", times=1)
        assert len(client.get(TOKEN).content) > 3 << 20


@pytest.mark.parametrize("reply", ["huge:4096", "gzip_bomb:4096"])
def test_one_who_goes_away_from_an_endless_answer_is_let_go(own: Served, reply: str) -> None:
    own.chaos(reply=reply, times=1)
    place = urlsplit(own.url)
    with socket.create_connection((str(place.hostname), place.port), timeout=10) as line:
        line.sendall(f"GET {TOKEN} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert line.recv(10)
    assert own.get("calls")["count"] == 1  # the one event loop has time for others again


@pytest.mark.parametrize("reply", ["timeout", "slow:3000", "drip:0.01"])
def test_it_ends_in_order_while_somebody_waits_for_an_answer(tmp_path: Path, reply: str) -> None:
    with Served(tmp_path, "--scenario", "quiet") as served:
        served.chaos(reply=reply)
        place = urlsplit(served.url)
        with socket.create_connection((str(place.hostname), place.port), timeout=10) as line:
            line.sendall(f"GET {TOKEN} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            while served.get("calls")["count"] == 0:
                pass
            assert served.stop() == (0, "", "")
            line.recv(1 << 16)  # what may have come until then
