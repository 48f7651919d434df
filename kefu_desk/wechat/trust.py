"""Connections as this product opens them: TLS that nobody's environment can weaken or listen to."""

import ssl
from pathlib import Path

import httpx

KEEP_ALIVE_SECONDS = 60.0
"""Longer than the slowest usual poll, so that a poll rarely pays for a handshake."""

SYSTEM_ROOTS = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",  # macOS, Alpine
)


def tls_context() -> ssl.SSLContext:
    """TLS 1.2 or newer, always verified, against the bundled and the system's roots.

    `ssl.create_default_context` would honour SSLKEYLOGFILE and SSL_CERT_FILE of the environment.
    """
    import certifi  # a desk on the simulator never gets here

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(certifi.where())
    if hasattr(ssl, "enum_certificates"):  # Windows
        context.load_default_certs()
    for roots in SYSTEM_ROOTS:
        if Path(roots).is_file():
            context.load_verify_locations(roots)
            break
    return context


def connections(proxy: str | None) -> tuple[httpx.AsyncHTTPTransport, httpx.AsyncHTTPTransport]:
    """One transport that keeps connections for reads, and one that opens a fresh one each time."""
    from kefu_desk.wechat.sockets import Sockets

    context = tls_context()
    kept = httpx.Limits(max_connections=10, max_keepalive_connections=5, keepalive_expiry=KEEP_ALIVE_SECONDS)
    fresh = httpx.Limits(max_connections=20, max_keepalive_connections=0)
    pair = (
        httpx.AsyncHTTPTransport(verify=context, trust_env=False, http2=False, limits=kept, proxy=proxy),
        httpx.AsyncHTTPTransport(verify=context, trust_env=False, http2=False, limits=fresh, proxy=proxy),
    )
    for transport in pair:  # httpx has no argument for what its pool has one for
        transport._pool._network_backend = Sockets()  # noqa: SLF001
    return pair
