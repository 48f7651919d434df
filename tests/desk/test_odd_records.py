"""Records that no honest server sends: one of them costs itself at most (reliability 2.2)."""

from typing import Any

from kefu_desk.domain.search import Search
from kefu_desk.domain.text import text
from kefu_desk.presenters.status import present_status
from tests.desk.shop import Running, Shop, passes

LIST = "getmsglist"


def texts(running: Running) -> list[str]:
    assert running.state.conversation is not None
    return [record.text for record in running.state.conversation.records]


async def finds(running: Running, words: str) -> int:
    """Records that a search in the archive finds."""
    archive: Any = running.desk._world.archive
    return len(await archive.search(Search(words)))


async def is_kept_shown_and_found(shop: Shop, switch: str, value: str, mark: str) -> None:
    """A customer whose every text ends oddly is read, answered, stored and found like any other."""
    shop.world.chaos.set(switch, value, paths=LIST)
    openid = shop.served("第一句")
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        shop.says(openid, "第二句")
        await running.until(lambda s: any("第二句" in r.text for r in s.conversation.records), 60)
        assert all(mark in words for words in texts(running) if "句" in words)
        assert await finds(running, "第二句") == 1
        shop.world.chaos.clear()
        shop.says(openid, "第三句")
        await running.until(lambda s: s.conversation.records[-1].text == "第三句", 60)
        assert all(health.failure is None for _, health in running.state.link.feeds)
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        assert texts(running)[-1] == "第三句"
        assert any(mark in words for words in texts(running))


async def test_f_h10_bytes_that_are_no_text_do_not_stop_the_archive(shop: Shop) -> None:
    await is_kept_shown_and_found(shop, "broken_text", "on", "\ufffd")


async def test_f_h11_half_a_character_does_not_stop_the_archive(shop: Shop) -> None:
    await is_kept_shown_and_found(shop, "records", "surrogate", "\ufffd")


async def test_f_h12_a_nul_ends_neither_a_stored_text_nor_a_search(shop: Shop) -> None:
    await is_kept_shown_and_found(shop, "records", "nul", "\0")


async def test_f_h16_a_record_that_is_none_costs_itself_only(shop: Shop) -> None:
    openid = shop.served("第一句")
    for number in range(5):
        shop.says(openid, f"第{number}问")
    shop.world.chaos.set("records", "malformed", paths=LIST)
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(30)
        odd = running.state.link.odd_rows
        assert odd >= 1
        (item,) = (item for item in present_status(running.state).items if item.key == "odd_rows")
        assert item.words == text("status.odd_rows", odd), "and it is told"
        kept = len(texts(running))
        assert kept >= 4
        assert all(health.failure is None for _, health in running.state.link.feeds)
        shop.world.chaos.clear()
        shop.says(openid, "现在呢")
        await running.until(lambda s: s.conversation.records[-1].text == "现在呢", 60)
        assert len(texts(running)) > kept
