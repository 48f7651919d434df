"""The half hour of a session: one warning each, and taking the customer up again (product P5)."""

from kefu_desk.domain import facts as f
from kefu_desk.domain.facts import Feed
from tests.desk.shop import ME, Shop, passes

MINUTE = 60.0


async def test_each_session_is_warned_of_once_and_those_together_in_one_notice(shop: Shop) -> None:
    shop.world.account.session_lapse = 1e6
    shop.served()
    async with shop.desk() as running:
        await passes(10 * MINUTE)
        shop.served()
        shop.served()
        await passes(14.5 * MINUTE)
        assert running.of(f.NoticeRaised) == []
        await passes(1 * MINUTE)
        assert [n.words.key for n in running.of(f.NoticeRaised)] == ["notice.session_soon"]
        await passes(15 * MINUTE)
        assert [n.words.key for n in running.of(f.NoticeRaised)] == [
            "notice.session_soon",
            "notice.sessions_soon",
        ]


async def test_a_lapsed_customer_is_taken_up_again_by_an_agent_who_is_online(shop: Shop) -> None:
    openid = shop.served()
    async with shop.desk() as running:
        await running.commands.open_conversation(openid)
        await passes(32 * MINUTE)
        assert running.state.sessions.items == ()
        shop.world.agents[ME].online = False
        await running.commands.refresh()
        await passes(1)
        await running.commands.reopen(openid)
        assert shop.calls("kfsession/create") == 0
        assert running.state.notices[-1].words.key == "accept.refused.offline"
        shop.world.agents[ME].online = True
        await running.until(lambda s: s.agents.presence.value == "online", 11)
        await running.commands.reopen(openid)
        assert [s.openid for s in running.state.sessions.items] == [openid]
        assert shop.world.sessions[openid].kf_account == ME
        await passes(2)
        assert running.state.link.health(Feed.SESSIONS).failure is None
