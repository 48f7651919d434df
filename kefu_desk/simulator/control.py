"""The control interface `/__sim__/`: what a test or a curious person may see and do."""

import inspect
import json
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from kefu_desk.simulator import panel
from kefu_desk.simulator.levers import LEVERS, Lever
from kefu_desk.simulator.media import CONTENT_TYPES
from kefu_desk.simulator.page import page
from kefu_desk.simulator.refusal import Refusal
from kefu_desk.simulator.stage import Stage
from kefu_desk.simulator.wish import Wish
from kefu_desk.simulator.world import World

ROOT = "/__sim__/"
CONTROL_BYTES = 16 * 1024 * 1024

Handler = Callable[[Request], Awaitable[Response]]
View = Callable[[World, Request], object]

_VIEWS: tuple[tuple[str, View], ...] = (
    ("state", lambda world, _request: panel.state(world)),
    ("ledger", lambda world, _request: panel.ledger(world)),
    ("ledger/{openid}", lambda world, request: panel.ledger(world, request.path_params["openid"])),
    ("inbox/{openid}", lambda world, request: panel.ledger(world, request.path_params["openid"])),
    ("calls", lambda world, request: panel.calls(world, request.query_params)),
    ("pushes", lambda world, request: panel.pushes(world, request.query_params)),
    ("quota", lambda world, _request: panel.quota(world)),
    ("chaos", lambda world, _request: panel.chaos(world)),
)


def routes(stage: Stage) -> list[Route]:
    """The routes of one stage; errors are answered with 400 and a sentence."""
    return [
        Route(ROOT, _index(stage), methods=["GET"]),
        Route(ROOT + "inbox/{openid}/{number:int}", _received(stage), methods=["GET"]),
        Route(ROOT + "media/{media_id}.{ending}", _file(stage), methods=["GET"]),
        *(Route(ROOT + name, _reading(stage, view), methods=["GET"]) for name, view in _VIEWS),
        *(Route(ROOT + name, _acting(stage, lever), methods=["POST"]) for name, lever in LEVERS.items()),
    ]


def _now(stage: Stage) -> World:
    stage.world.advance(stage.clock())
    return stage.world


def _index(stage: Stage) -> Handler:
    async def handle(request: Request) -> Response:
        """HTML for a browser and JSON for everything else."""
        state = panel.overview(_now(stage))
        if "text/html" in request.headers.get("accept", ""):
            moves = {name: inspect.getdoc(lever) or "" for name, lever in LEVERS.items()}
            return HTMLResponse(page(state, moves).encode("utf-8", "replace"))
        return _json(state)

    return handle


def _received(stage: Stage) -> Handler:
    async def handle(request: Request) -> Response:
        """The bytes of one message as the platform got them."""
        inbox = panel.inbox(_now(stage), request.path_params["openid"])
        number = request.path_params["number"]
        if number >= len(inbox):
            return _json({"error": f"there are {len(inbox)} messages"}, status_code=404)
        return Response(inbox[number].body, media_type="application/octet-stream")

    return handle


def _file(stage: Stage) -> Handler:
    async def handle(request: Request) -> Response:
        """The bytes of an uploaded file, which is where the address of a video leads."""
        try:
            medium = _now(stage).media.find(request.path_params["media_id"], stage.world.now)
        except Refusal as refusal:
            return _json({"error": refusal.errmsg}, status_code=404)
        return Response(medium.data, media_type=CONTENT_TYPES[medium.form])

    return handle


def _reading(stage: Stage, view: View) -> Handler:
    async def handle(request: Request) -> Response:
        try:
            return _json(view(_now(stage), request))
        except ValueError as error:
            return _json({"error": str(error)}, status_code=400)

    return handle


def _acting(stage: Stage, lever: Lever) -> Handler:
    async def handle(request: Request) -> Response:
        _now(stage)
        try:
            return _json(dict(lever(stage, Wish(await _object(request)))))
        except ValueError as error:
            return _json({"error": str(error)}, status_code=400)

    return handle


def _json(value: object, status_code: int = 200) -> Response:
    # a lone half of a character, which clients do send, becomes its JSON escape
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(text.encode("utf-8", "backslashreplace"), status_code, media_type="application/json")


async def _object(request: Request) -> Mapping[str, object]:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > CONTROL_BYTES:
            raise ValueError("too much")
    value = json.loads(body) if body.strip() else {}
    if not isinstance(value, dict):
        raise ValueError("a JSON object is expected")  # noqa: TRY004  the caller gets 400 with this sentence
    return value
