"""The guard: it decides for every request and every WebSocket whether the studio answers.

- Host must be a name of this machine. Otherwise a foreign page whose name resolves to this machine
  (DNS rebinding) could use the studio.
- Origin, where a browser sends it, must be the studio's own. A WebSocket must have one, since
  browsers let any page open WebSockets to any address.
- If the studio has a token, a browser must send it once, in the address, and gets a cookie for it.
  Later requests must have the cookie.
- Only GET and HEAD are answered, and POST at the addresses for uploads. A POST must have an Origin.

Every response gets a strict Content-Security-Policy: everything comes from the studio itself, and
no script or style is written into the page.
"""

import logging
import secrets
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tenfold.studio.server.settings import Settings

__all__ = ["HEADERS", "Guard", "log"]

log = logging.getLogger("tenfold.studio")

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Headers of every response."""


class Guard:
    """An ASGI application that passes only allowed requests on to another application.

    Args:
        app: The application that answers the allowed requests.
        settings: The settings of the studio.
        uploads: The addresses to which files are uploaded.
    """

    def __init__(
        self, app: ASGIApp, settings: Settings, uploads: frozenset[str] = frozenset()
    ) -> None:
        self.app, self.settings, self.uploads = app, settings, uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = self._refusal(scope, headers)
        if refused is not None:
            status, reason = refused
            log.warning("refused %r with %d: %s", scope["path"][:80], status, reason)
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008, "reason": reason})
                return
            await self._answer(PlainTextResponse(f"{reason}\n", status), scope, receive, send)
        elif scope["type"] == "http" and self._has_token(scope):
            await self._answer(self._exchange_token(scope), scope, receive, send)
        else:
            await self.app(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        """Return status and reason if the request is refused, else None."""
        is_upload = scope["type"] == "http" and scope["path"] in self.uploads
        methods = ("POST",) if is_upload else ("GET", "HEAD")
        if scope["type"] == "http" and scope["method"] not in methods:
            return 405, f"the method must be {' or '.join(methods)}, got {scope['method']!r:.20}"
        if _name_of(headers.get("host", "")) not in self.settings.hosts:
            return 403, f"the host must be a name of this machine, got {headers.get('host')!r:.80}"
        origin = headers.get("origin")
        if origin is None and (is_upload or scope["type"] == "websocket"):
            return 403, f"{'an upload' if is_upload else 'a WebSocket'} must have an Origin"
        if origin is not None and not _same_origin(origin, headers["host"]):
            return 403, f"the Origin must be that of the studio, got {origin!r:.80}"
        if not self._may_enter(scope, headers):
            return 401, "this studio needs its token: open the address that the terminal printed"
        return None

    def _may_enter(self, scope: Scope, headers: Headers) -> bool:
        if not self.settings.token:
            return True
        if scope["type"] == "http" and self._has_token(scope):
            return True
        morsel = SimpleCookie(headers.get("cookie", "")).get(self.settings.cookie_name)
        return morsel is not None and secrets.compare_digest(
            morsel.value.encode(), self.settings.cookie.encode()
        )

    def _has_token(self, scope: Scope) -> bool:
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        sent, expected = query.get("token", ""), self.settings.token
        return bool(expected) and secrets.compare_digest(sent.encode(), expected.encode())

    def _exchange_token(self, scope: Scope) -> Response:
        """Return the response that gives the cookie, and removes the token from the address."""
        query = parse_qsl(scope["query_string"].decode("latin-1"))
        rest = urlencode([pair for pair in query if pair[0] != "token"])
        path = "/" + scope["path"].lstrip("/\\")  # "//host" would be the address of another host
        response = RedirectResponse(path + (f"?{rest}" if rest else ""), 303)
        response.set_cookie(
            self.settings.cookie_name, self.settings.cookie, httponly=True, samesite="strict"
        )
        return response

    async def _answer(self, response: Response, scope: Scope, receive: Receive, send: Send) -> None:
        await response(scope, receive, _with_headers(send))


def _name_of(host: str) -> str:
    """Return the host name of a Host header, without port and brackets."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _same_origin(origin: str, host: str) -> bool:
    return origin.lower() in (f"http://{host}".lower(), f"https://{host}".lower())


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return sending
