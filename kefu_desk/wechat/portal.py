"""Whether a network lets nobody out before they have signed in (reliability F-N07)."""

import asyncio

import httpx

PROBE_SECONDS = 5.0
ANSWER_BYTES = 2048

_PLATFORM = ".qq.com"
_SIGN_IN = 511


async def wants_sign_in(network: httpx.AsyncBaseTransport, url: httpx.URL) -> bool:
    """Asks over plain HTTP, with nothing secret in it; True when somebody other than WeChat answers.

    Raises nothing; no answer at all is no portal.
    """
    limits = {"connect": PROBE_SECONDS, "read": PROBE_SECONDS, "write": PROBE_SECONDS, "pool": PROBE_SECONDS}
    request = httpx.Request("GET", url, headers={"user-agent": "kefu-desk"}, extensions={"timeout": limits})
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            response = await network.handle_async_request(request)
            try:
                return await _is_portal(response, url)
            finally:
                await response.aclose()
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError):
        return False


async def _is_portal(response: httpx.Response, url: httpx.URL) -> bool:
    if response.status_code == _SIGN_IN:
        return True
    if response.is_redirect:
        host = httpx.URL(response.headers["location"]).host
        return bool(host) and host != url.host and not host.endswith(_PLATFORM)
    if response.status_code != 200:
        return False
    start = b""
    async for part in response.aiter_raw():
        start += part
        if len(start) >= ANSWER_BYTES:
            break
    return start.lstrip()[:1] == b"<"
