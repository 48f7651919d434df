"""Connections as this product opens them: TLS that nobody's environment can weaken or listen to."""

import logging
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self
from weakref import WeakKeyDictionary

import httpx

log = logging.getLogger(__name__)

KEEP_ALIVE_SECONDS = 60.0
"""Longer than the slowest usual poll, so that a poll rarely pays for a handshake."""

SYSTEM_ROOTS = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",  # macOS, Alpine
)

_ALERT, _HANDSHAKE, _CERTIFICATE = 21, 22, 11
_DER = 2


class Trust(ssl.SSLContext):
    """TLS 1.2 or newer, always verified, that remembers what strangers showed.

    `refused` is the last certificate that was not good enough, as DER. `inspector` names who stands between
    this computer and the server with a root that only this computer trusts; empty when nobody does.
    """

    def __new__(cls) -> Self:
        """A context for clients."""
        return super().__new__(cls, ssl.PROTOCOL_TLS_CLIENT)

    def __init__(self) -> None:
        self.minimum_version = ssl.TLSVersion.TLSv1_2
        self.refused = b""
        self.bundled: frozenset[bytes] = frozenset()
        self.inspector = ""
        self.on_inspection: Callable[[str], object] | None = None
        self._shown: WeakKeyDictionary[Any, bytes] = WeakKeyDictionary()
        # Python itself tells nothing of a certificate that it refuses
        self._msg_callback = self._overhear

    def _overhear(
        self, conn: object, direction: str, _version: object, content: int, kind: int, data: bytes
    ) -> None:
        if content == _HANDSHAKE and kind == _CERTIFICATE and direction == "read":
            self._shown[conn] = data
        elif content == _ALERT and direction == "write" and conn in self._shown:
            from kefu_desk.wechat.certificate import certificate_in

            self.refused = certificate_in(self._shown.pop(conn))

    def look_at(self, connection: object) -> None:
        """Notes by whose root a connection that was found good is vouched for."""
        root = _root(connection)
        if not root or not self.bundled or root in self.bundled:
            return
        from kefu_desk.wechat.certificate import described

        issuer = described(root).issuer
        if issuer != self.inspector:
            self.inspector = issuer
            log.info("connections are inspected by %s", issuer)
            if self.on_inspection is not None:
                self.on_inspection(issuer)


def tls_context() -> Trust:
    """Trust in the bundled and the system's roots.

    `ssl.create_default_context` would honour SSLKEYLOGFILE and SSL_CERT_FILE of the environment.
    """
    import certifi  # a desk on the simulator never gets here

    context = Trust()
    context.load_verify_locations(certifi.where())
    context.bundled = frozenset(context.get_ca_certs(binary_form=True))
    if hasattr(ssl, "enum_certificates"):  # Windows
        context.load_default_certs()
    for roots in SYSTEM_ROOTS:
        if Path(roots).is_file():
            context.load_verify_locations(roots)
            break
    return context


def connections(
    proxy: str | None, on_inspection: Callable[[str], object] | None = None
) -> tuple[httpx.AsyncHTTPTransport, httpx.AsyncHTTPTransport]:
    """One transport that keeps connections for reads, and one that opens a fresh one each time.

    `on_inspection` is called with the name of somebody who reads along, once for each.
    """
    from kefu_desk.wechat.sockets import Sockets

    context = tls_context()
    context.on_inspection = on_inspection
    kept = httpx.Limits(max_connections=10, max_keepalive_connections=5, keepalive_expiry=KEEP_ALIVE_SECONDS)
    fresh = httpx.Limits(max_connections=20, max_keepalive_connections=0)
    pair = (
        httpx.AsyncHTTPTransport(verify=context, trust_env=False, http2=False, limits=kept, proxy=proxy),
        httpx.AsyncHTTPTransport(verify=context, trust_env=False, http2=False, limits=fresh, proxy=proxy),
    )
    for transport in pair:  # httpx has no argument for what its pool has one for
        transport._pool._network_backend = Sockets(context)  # noqa: SLF001
    return pair


def _root(connection: object) -> bytes:
    """The certificate at the end of a verified chain as DER; empty where Python does not tell."""
    inner = getattr(connection, "_sslobj", None)
    chain: list[Any] = getattr(inner, "get_verified_chain", list)()
    return bytes(chain[-1].public_bytes(_DER)) if chain else b""
