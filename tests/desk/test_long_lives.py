"""Many long conversations: the desk holds what is on screen, the archive the rest (reliability 2.6)."""

import tracemalloc
from typing import Any

from kefu_desk.desk.commands import WINDOW
from kefu_desk.domain.ids import AgentId, OpenId
from kefu_desk.domain.messages import OperCode, Record
from tests.desk.shop import ME, Shop
from tests.desk.virtual_time import EPOCH

CHATS, LINES = 50, 350
LEFT_BEHIND = 2 * 2**20


def long_talk(openid: OpenId) -> list[Record]:
    start = int(EPOCH) - LINES
    return [
        Record(openid, AgentId(ME), OperCode.CUSTOMER_SENT, f"第{n}句：包裹到哪里了", start + n)
        for n in range(LINES)
    ]


async def test_f_p06_fifty_long_conversations_are_held_in_windows(shop: Shop) -> None:
    people = [OpenId(f"o{number:027}") for number in range(CHATS)]
    async with shop.desk() as running:
        archive: Any = running.desk._world.archive
        for openid in people:
            await archive.add(long_talk(openid))
        await running.commands.open_conversation(people[0])
        tracemalloc.start()
        try:
            for openid in people:
                await running.commands.open_conversation(openid)
                talk = running.state.conversation
                assert talk is not None
                assert (talk.openid, len(talk.records), talk.reached_start) == (openid, WINDOW, False)
                assert talk.records[-1].text == f"第{LINES - 1}句：包裹到哪里了"
                running.facts.clear()  # the test's own memory
            kept, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert kept < LEFT_BEHIND, "fifty openings leave one conversation behind"
