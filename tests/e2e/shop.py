"""The other side: a simulated account, moved and read through `/__sim__/`."""

import base64
import re
import select
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx

from tests.e2e.window import PATIENCE, ROOT, Window, environment


@dataclass(frozen=True)
class Received:
    """One message as it came to a customer's phone."""

    text: str
    body: bytes


class Shop(Protocol):
    """A simulated account."""

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """A call of the control interface."""


def arrive(shop: Shop, *words: str) -> list[str]:
    """New customers who write and so begin to wait; their openids in the order of arrival."""
    openids = [shop.request("POST", "/__sim__/customers", {})["openid"] for _ in words]
    for openid, said in zip(openids, words, strict=True):
        say(shop, openid, said)
    return openids


def say(shop: Shop, openid: str, words: str) -> None:
    """A customer writes."""
    answer = shop.request("POST", "/__sim__/message", {"openid": openid, "text": words})
    assert answer == {"ok": True}, answer


def received(shop: Shop, openid: str) -> list[Received]:
    """What came to a customer's phone."""
    ledger = shop.request("GET", f"/__sim__/ledger/{openid}")["ledger"]
    return [Received(entry["text"], base64.b64decode(entry["body_base64"])) for entry in ledger]


def received_by_all(shop: Shop) -> int:
    """How many messages came to any phone."""
    return len(shop.request("GET", "/__sim__/ledger")["ledger"])


def fault(shop: Shop, **switches: Any) -> None:
    """Something goes wrong from now on: `fault="-1_after", paths="custom/send", times=1`."""
    answer = shop.request("POST", "/__sim__/chaos", switches)
    assert answer["on"], answer


def served(shop: Shop) -> set[str]:
    """Customers in a session."""
    return {session["openid"] for session in shop.request("GET", "/__sim__/")["sessions"]}


def waiting(shop: Shop) -> set[str]:
    """Customers in the queue."""
    return {case["openid"] for case in shop.request("GET", "/__sim__/")["waiting"]}


class InProcess:
    """The simulator inside the window's process."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """A call of the control interface."""
        return self._window.ask("simulator", method=method, path=path, body=body)


class Server:
    """`kefu-desk simulate` on a loopback port."""

    def __init__(self, home: Path, port: int = 0) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kefu_desk", "simulate", "--port", str(port), "--scenario", "quiet"],
            stdout=subprocess.PIPE,
            env=environment(home),
            cwd=ROOT,
        )
        mouth = self.process.stdout
        assert mouth is not None
        assert select.select([mouth], [], [], PATIENCE)[0], "the simulator does not start"
        line = mouth.readline().decode()
        told = re.match(
            r"(?P<url>\S+:(?P<port>\d+)) appid=(?P<appid>\S+) secret=(?P<secret>\S+) agent=(?P<agent>\S+)",
            line,
        )
        assert told is not None, f"the simulator said {line!r}"
        self.url, self.port = told["url"], int(told["port"])
        self.appid, self.secret, self.agent = told["appid"], told["secret"], told["agent"]

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """A call of the control interface."""
        with httpx.Client(base_url=self.url, trust_env=False, timeout=PATIENCE) as client:
            return client.request(method, path, json=body).json()

    def stop(self, *, gently: bool = True) -> int:
        """Ends it; the exit code."""
        if gently:
            self.process.terminate()
        else:
            self.process.kill()
        code = self.process.wait(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code
