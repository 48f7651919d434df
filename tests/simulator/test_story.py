"""The scenarios: the day lives, never dries up, and is the same for the same seed and calls."""

import pytest

from kefu_desk.simulator.records import Record
from kefu_desk.simulator.scenario import DEMO_AGENT, SCENARIOS, scenario
from kefu_desk.simulator.world import World

START = 1_790_000_000.0

Told = tuple[list[object], ...]


def told(world: World) -> Told:
    """Everything observable of a world."""
    return (
        [(w.openid, w.entered, w.latest_time) for w in world.waiting],
        [(s.openid, s.kf_account, s.createtime) for s in world.sessions.values()],
        list(world.records.all),
        list(world.ledger),
        list(world.pushes),
    )


def served(seed: int, minutes: int, step: float = 5.0) -> World:
    """A day in which the agent accepts whoever waited longest and answers every half minute."""
    world = scenario("day", seed=seed, now=START)
    for number in range(int(minutes * 60 / step)):
        world.advance(START + number * step)
        first = next(iter(world.waiting), None)
        if number % 6 == 0 and first is not None:
            world.open_session(first.openid, DEMO_AGENT)
        for session in list(world.sessions.values()):
            if session.kf_account == DEMO_AGENT and number % 6 == 3:
                world.agent_says(session.openid, "您好，请稍等，我查一下发货")
    return world


def test_names() -> None:
    assert SCENARIOS == ("day", "quiet", "busy")
    with pytest.raises(ValueError, match="unknown scenario"):
        scenario("night", seed=1, now=START)


@pytest.mark.parametrize("name", SCENARIOS)
def test_one_seed_is_one_story(name: str) -> None:
    def run(seed: int) -> Told:
        world = scenario(name, seed=seed, now=START)
        for number in range(60):
            world.advance(START + number * 10)
        return told(world)

    assert run(7) == run(7)
    if name != "quiet":
        assert run(7) != run(8)


def test_one_seed_is_one_story_with_an_agent_too() -> None:
    assert told(served(3, 20)) == told(served(3, 20))


def test_how_often_it_is_observed_does_not_matter_to_an_unattended_day() -> None:
    often, once = scenario("day", seed=5, now=START), scenario("day", seed=5, now=START)
    for number in range(1200):
        often.advance(START + number * 3)
    once.advance(START + 1199 * 3)
    assert told(often) == told(once)


@pytest.mark.parametrize("seed", range(5))
def test_four_wait_at_the_beginning(seed: int) -> None:
    world = scenario("day", seed=seed, now=START)
    waits = [START - w.entered for w in world.waiting]
    assert len(waits) == 4
    assert waits == sorted(waits, reverse=True)
    assert all(60 <= wait <= 360 for wait in waits)
    assert len({round(wait / 30) for wait in waits}) == 4
    assert all(w.latest_time == w.entered for w in world.waiting)
    assert len(world.customers) >= 10
    assert all(len(openid) == 28 and openid[0] == "o" for openid in world.customers)
    assert len(world.records.all) > 100
    assert all(record.time < START for record in world.records.all)


@pytest.mark.parametrize("seed", range(3))
def test_the_queue_never_dries_up_however_fast_the_agent_accepts(seed: int) -> None:
    world = scenario("day", seed=seed, now=START)
    last = START
    for number in range(2 * 3600 // 5):
        now = START + number * 5
        world.advance(now)
        if world.waiting:
            last = now
        assert now - last <= 20
        for waiting in list(world.waiting):
            world.open_session(waiting.openid, DEMO_AGENT)


@pytest.mark.parametrize("seed", range(3))
def test_colleagues_work_but_leave_somebody_waiting(seed: int) -> None:
    world = scenario("day", seed=seed, now=START)
    loads = set()
    for number in range(2 * 3600 // 5):
        before = len(world.sessions)
        world.advance(START + number * 5)
        loads.add(sum(s.kf_account != DEMO_AGENT for s in world.sessions.values()))
        if len(world.sessions) > before:
            assert len(world.waiting) >= 2
    assert len(loads) >= 4
    assert {r.worker for r in world.records.all} <= {f"kf{n}@luye" for n in range(2001, 2007)}
    assert world.ledger == []  # they work in WeChat's own client


def test_a_customer_says_what_they_want_and_answers() -> None:
    world = scenario("day", seed=2, now=START)
    openid = next(iter(world.waiting)).openid
    world.open_session(openid, DEMO_AGENT)

    def said() -> list[Record]:
        return [r for r in world.records.all if r.openid == openid and r.opercode == 2003 and r.time >= START]

    world.advance(START + 4.5)
    first = len(said())
    assert first >= 1
    for round_ in range(12):
        before, now = len(said()), world.now
        world.agent_says(openid, "好的，收到")
        world.advance(now + 8.5)
        if round_ == 0:
            assert len(said()) > before
        world.advance(now + 20)
    assert 4 <= len(said()) <= 20
    quiet = len(said())
    world.agent_says(openid, "好的，收到")
    world.advance(world.now + 120)
    assert len(said()) == quiet  # the script is over


def test_a_word_of_the_agent_is_taken_up() -> None:
    answers = set()
    for seed in range(6):
        world = scenario("day", seed=seed, now=START)
        openid = next(iter(world.waiting)).openid
        world.open_session(openid, DEMO_AGENT)
        world.advance(START + 10)
        world.agent_says(openid, "请稍等")
        world.advance(START + 19)
        answers |= {r.text for r in world.records.all if r.openid == openid and r.time >= START + 10}
    assert answers & {"好的，我等你", "嗯嗯，不着急", "好"}


@pytest.mark.parametrize("seed", range(3))
def test_three_messages_of_an_agent_get_one_answer(seed: int) -> None:
    def answered(messages: int) -> int:
        world = scenario("day", seed=seed, now=START)
        openid = next(iter(world.waiting)).openid
        world.open_session(openid, DEMO_AGENT)
        world.advance(START + 10)
        for _ in range(messages):
            world.agent_says(openid, "嗯")
        world.advance(START + 30)
        return sum(
            r.openid == openid and r.opercode == 2003 and r.time >= START + 10 for r in world.records.all
        )

    assert answered(3) == answered(1) >= 1


def test_people_lose_patience_write_again_and_come_back() -> None:
    world = scenario("day", seed=4, now=START)
    gone, moved, entered = 0, 0, {}
    visits: dict[str, set[float]] = {}
    for number in range(3600 // 5):
        before = {w.openid for w in world.waiting}
        world.advance(START + number * 5)
        after = {w.openid for w in world.waiting}
        gone += sum(openid not in world.sessions for openid in before - after)
        for waiting in world.waiting:
            moved += waiting.latest_time > waiting.entered
            visits.setdefault(waiting.openid, set()).add(waiting.entered)
            entered[waiting.openid] = waiting.entered
    assert gone >= 1
    assert moved >= 1
    assert any(len(times) >= 2 for times in visits.values())


def test_the_day_has_pictures_voices_and_short_lines_in_a_row() -> None:
    texts = [r.text for r in served(1, 60).records.all]
    assert "[image]" in texts
    assert "[voice]" in texts


def test_nothing_happens_by_itself_in_the_quiet_world() -> None:
    world = scenario("quiet", seed=1, now=START)
    before = told(world)
    world.advance(START + 7200)
    assert told(world) == before
    assert world.customers == {}


def test_the_busy_world_is_full_and_still() -> None:
    world = scenario("busy", seed=1, now=START)
    before = told(world)
    world.advance(START + 600)
    assert told(world) == before
    assert len(world.waiting) == 100
    assert world.accepted_cases(DEMO_AGENT) == 50
    assert len(world.records.all) == 300
    assert all(w.entered < START for w in world.waiting)


def test_reset_tells_the_same_story_again() -> None:
    world = scenario("day", seed=9, now=START)
    first = told(world)
    world.advance(START + 900)
    world.reset(START)
    assert told(world) == first
