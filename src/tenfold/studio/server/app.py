"""The application: the addresses that the studio answers."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tenfold.studio.library import Library
from tenfold.studio.server.assets import Asset, build_html, read_assets
from tenfold.studio.server.connection import Connection, Handler
from tenfold.studio.server.guard import Guard, log
from tenfold.studio.server.messages import MessageError, read_field
from tenfold.studio.server.session import Sessions
from tenfold.studio.server.settings import Settings
from tenfold.studio.server.uploads import answer_uploads
from tenfold.studio.views.base import Page, Studio
from tenfold.studio.views.registry import VIEWS
from tenfold.threads import cores

__all__ = ["create_app"]

_MOST_PAGES = 512  # largest number of pages that are open at the same time
_TOO_MANY = 1013  # close code of a WebSocket: try again later


def create_app(settings: Settings) -> Guard:
    """Return the studio as an ASGI application."""
    assets = read_assets()
    home = build_html(assets, VIEWS)
    executor = ThreadPoolExecutor(cores(), "studio")
    studio = Studio(settings, Library(settings.model), Sessions())
    open_connections: set[Connection] = set()

    async def show_page(request: Request) -> Response:
        return _respond(request, home)

    async def show_asset(request: Request) -> Response:
        asset = assets.get(request.path_params["name"])
        return Response("not found\n", 404) if asset is None else _respond(request, asset)

    async def talk(websocket: WebSocket) -> None:
        await websocket.accept()
        if len(open_connections) >= _MOST_PAGES:
            log.warning("refused a page: %d are open already", _MOST_PAGES)
            await websocket.close(_TOO_MANY, "too many pages are open")
            return
        connection = Connection(websocket, executor)
        open_connections.add(connection)
        try:
            await _talk(connection, studio)
        finally:
            open_connections.discard(connection)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        warming = asyncio.get_running_loop().run_in_executor(executor, studio.library.warm_up)
        yield
        warming.cancel()
        studio.sessions.close()
        executor.shutdown(wait=False, cancel_futures=True)

    paths = ["/", *(f"/{view.name}" for view in VIEWS)]
    routes = [Route(path, show_page) for path in paths]
    routes.append(Route("/static/{name:path}", show_asset))
    uploads = _upload_routes(executor)
    app = Starlette(routes=[*routes, *uploads, WebSocketRoute("/socket", talk)], lifespan=lifespan)
    return Guard(app, settings, frozenset(route.path for route in uploads))


def _upload_routes(executor: Executor) -> list[Route]:
    """Return the route of each view that takes files."""
    uploads = {f"/{view.name}/upload": view.upload for view in VIEWS if view.upload is not None}
    return [
        Route(path, answer_uploads(upload, executor), methods=["POST"])
        for path, upload in uploads.items()
    ]


async def _talk(connection: Connection, studio: Studio) -> None:
    """Answer a page, from its first message, ``hello``, until it is closed."""
    try:
        hello = await connection.receive_message()
        session = studio.sessions.find(read_field(hello, "session", str, ""))
    except (MessageError, WebSocketDisconnect):
        return
    page = Page(studio, session, connection)
    handlers: dict[str, Handler] = {
        kind: partial(handle, page) for view in VIEWS for kind, handle in view.handlers.items()
    }
    session.connections.add(connection)
    connection.post("welcome", {"session": session.key, "model": studio.settings.model})
    try:
        await connection.run(
            handlers, frozenset[str]().union(*(view.only_newest_of for view in VIEWS))
        )
    finally:
        session.connections.discard(connection)


def _respond(request: Request, asset: Asset) -> Response:
    headers = {"ETag": asset.tag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == asset.tag:
        return Response(status_code=304, headers=headers)
    return Response(asset.content, headers=headers, media_type=asset.media_type)
