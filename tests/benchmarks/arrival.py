"""A message at the simulator to painted, against the poll interval that bounds it."""

import asyncio
import random
import time

from figures import line, quantile
from painted import Painted
from stage import opened, perform, until

from kefu_desk.app.compose import Means, to_simulation
from kefu_desk.app.stage import Stage
from kefu_desk.desk.cadence import Cadence
from kefu_desk.domain.ids import OpenId

INTERVAL = 3.0
ROUNDS = 14


async def play(stage: Stage) -> None:
    connection, simulation = to_simulation("sim://quiet", seed=1)
    world, chance = simulation.world, random.Random(7)
    openid = world.add_customer().openid
    world.advance(time.time())
    world.customer_says(openid, "你好")
    messages = stage.window.chat.messages
    async with opened(stage, connection, Means(cadence=Cadence(INTERVAL))) as desk:
        await until(lambda: stage.window.queue.model.rowCount() == 1)
        desk.runner.start("accept", desk.commands.accept(OpenId(openid)))
        await until(lambda: stage.window.sessions.model.rowCount() == 1)
        painted, taken = Painted(messages.viewport()), []
        for number in range(ROUNDS):
            await asyncio.sleep(chance.uniform(0.2, INTERVAL))
            words = f"请问第 {number} 个订单到哪里了？"
            painted.expect(lambda words=words: any(row.body == words for row in messages.model().rows))
            began = time.perf_counter()
            world.advance(time.time())
            world.customer_says(openid, words)
            taken.append(await painted.after() - began)
    line(
        "message at the simulator → painted",
        f"worst {max(taken):.2f} s p50 {quantile(taken, 0.5):.2f} s",
        f"interval {INTERVAL:.0f} s",
        "≤ interval + 100 ms",
        kept=max(taken) <= INTERVAL + 0.1,
    )


if __name__ == "__main__":
    perform(play)
