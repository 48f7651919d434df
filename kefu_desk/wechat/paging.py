"""Many openids: pages of them followed to the end, changes to them cut into parts."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from kefu_desk.domain.failure import Effect
from kefu_desk.wechat.arguments import batches
from kefu_desk.wechat.codes import PARTLY_DONE
from kefu_desk.wechat.customers import OpenidPage
from kefu_desk.wechat.errors import ApiError, WeChatError


async def every(page_after: Callable[[str], Awaitable[OpenidPage]]) -> AsyncIterator[str]:
    """The openids of all pages, each once; ends where WeChat's cursor stands still or runs in a circle."""
    told: set[str] = set()
    cursor = ""
    cursors = {cursor}
    while True:
        page = await page_after(cursor)
        for openid in page.openids:
            if openid not in told:
                told.add(openid)
                yield openid
        cursor = page.next_openid
        if cursor in cursors or (page.total is not None and len(told) >= page.total):
            return
        cursors.add(cursor)


async def in_parts(
    openids: Sequence[str], size: int, change: Callable[[tuple[str, ...]], Awaitable[object]]
) -> None:
    """Makes a change in parts of at most `size` customers; the first failure ends it.

    A part that WeChat carried out for some only does not keep the others from their turn.

    Raises:
        ArgumentError: when nobody is named.
        WeChatError: with `left` naming whom the change did not reach, effect MAYBE when it reached some.
    """
    parts = list(batches(openids, size))
    partly: ApiError | None = None
    left: list[str] = []
    for number, part in enumerate(parts):
        try:
            await change(part)
        except WeChatError as error:
            if isinstance(error, ApiError) and error.errcode == PARTLY_DONE:
                partly = error
                left += error.left or part
                continue
            error.left = (*left, *(openid for later in parts[number:] for openid in later))
            if number:
                error.effect = Effect.MAYBE
            raise
    if partly is not None:
        partly.left = tuple(left)
        raise partly
