"""Which conversations a desk keeps, and how they are read back page by page."""

from kefu_desk.domain.ids import AgentId
from kefu_desk.domain.messages import OperCode, Record, record_key
from kefu_desk.storage.archive import SqliteArchive

OURS, THEIRS = AgentId("kf1@shop"), AgentId("kf2@shop")


def line(time: int, openid: str, worker: AgentId = OURS, words: str = "hi") -> Record:
    return Record(openid, worker, int(OperCode.AGENT_SENT), words, time)


async def test_a_desk_stores_only_conversations_in_which_its_agent_took_part(archive: SqliteArchive) -> None:
    batch = [line(1, "mine", THEIRS), line(2, "other", THEIRS), line(3, "mine")]
    assert await archive.add(batch, own=OURS) == (batch[0], batch[2])
    assert await archive.latest("other", 9) == ()
    later = [line(4, "mine", THEIRS), line(5, "other", THEIRS)]
    assert await archive.add(later, own=OURS) == (later[0],)  # it went on with a colleague
    assert await archive.add([line(6, "other")], own=OURS) == (line(6, "other"),)
    assert await archive.add(batch + later) == (batch[1], later[1])  # a supervisor keeps them all


async def test_older_pages_of_a_conversation(archive: SqliteArchive) -> None:
    everything = [line(7, "o", words=w) for w in "abcde"] + [line(9, "o"), line(3, "o"), line(8, "p")]
    await archive.add(everything)
    told = [record.text for record in await archive.latest("o", 99)]
    assert told == ["hi", *"abcde", "hi"]
    shown: list[Record] = list(await archive.latest("o", 2))
    while page := await archive.earlier("o", record_key(shown[0]), 2):
        shown[:0] = page
    assert [record.text for record in shown] == told
    assert await archive.earlier("o", record_key(line(8, "o", words="not there")), 1) == (everything[4],)
