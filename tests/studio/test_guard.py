"""Who is answered: every address, over HTTP and WebSocket, with right and wrong headers."""

import logging
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tenfold.studio import Settings
from tenfold.studio.server.app import create_app
from tenfold.studio.server.guard import HEADERS
from tenfold.studio.server.messages import MAX_MESSAGE

from .conftest import ADDRESS, OWN, Talk, png

PICTURE = png(np.full((16, 16), 255, np.uint8))

FOREIGN = [
    {"host": "evil.example"},
    {"host": "evil.example:8010"},
    {"host": "127.0.0.1.evil.example"},
    {"host": ""},
    {"host": "[::1"},
    OWN | {"origin": "http://evil.example"},
    OWN | {"origin": "null"},
    OWN | {"origin": "http://127.0.0.1:9999"},
    OWN | {"host": "localhost:8010"},  # the origin is that of 127.0.0.1
]


def addresses(app: Any) -> list[tuple[str, bool]]:
    """Return an address of every route, and whether it is a WebSocket."""
    assert isinstance(app.app, Starlette)
    found = []
    for route in app.app.routes:
        assert isinstance(route, (Route, WebSocketRoute))
        path = route.path.replace("{name:path}", "app.js")
        found.append((path, isinstance(route, WebSocketRoute)))
    assert ("/socket", True) in found
    assert ("/read/upload", False) in found
    assert len(found) >= 4
    return found


def is_answered(client: TestClient, path: str, socket: bool, headers: dict[str, str]) -> bool:
    if "/upload" in path:
        return client.post(path, headers=headers, content=PICTURE).status_code == 200
    if not socket:
        return client.get(path, headers=headers, follow_redirects=False).status_code == 200
    try:
        with client.websocket_connect(path, headers=headers) as opened:
            opened.send_json({"type": "hello"})
            return bool(opened.receive_json()["type"] == "welcome")
    except WebSocketDisconnect:
        return False


def test_every_address_answers_its_own_page_and_no_other(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    for path, socket in addresses(client.app):
        for own in (OWN, {"host": "localhost:1", "origin": "http://localhost:1"}):
            assert is_answered(client, path, socket, own), path
        for headers in FOREIGN:
            caplog.clear()
            assert not is_answered(client, path, socket, headers), (path, headers)
            assert len(caplog.records) == 1


def test_a_websocket_and_an_upload_need_an_origin(client: TestClient) -> None:
    assert is_answered(client, "/", False, {"host": "127.0.0.1:8010"})
    assert not is_answered(client, "/socket", True, {"host": "127.0.0.1:8010"})
    assert not is_answered(client, "/read/upload", False, {"host": "127.0.0.1:8010"})


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_only_reading_is_allowed(client: TestClient, method: str) -> None:
    assert client.request(method, "/", headers=OWN).status_code == 405
    wrong = "GET" if method == "POST" else method
    assert client.request(wrong, "/read/upload", headers=OWN).status_code == 405


@pytest.mark.parametrize("path", ["/", "/draw", "/static/app.js", "/static/none.js", "/none"])
def test_every_response_has_the_security_headers(client: TestClient, path: str) -> None:
    for headers in (OWN, {"host": "evil.example"}):
        response = client.get(path, headers=headers)
        assert {name: response.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize(
    "name", ["../views/draw.py", "..%2fviews%2fdraw.py", "/etc/passwd", "%2fetc%2fpasswd", "", "."]
)
def test_no_path_reaches_other_files(client: TestClient, name: str) -> None:
    assert client.get(f"/static/{name}", headers=OWN).status_code == 404


def test_page_names_no_other_host_and_no_script_or_style(client: TestClient) -> None:
    page = client.get("/", headers=OWN).text
    assert "http://" not in page
    assert "https://" not in page
    assert " style=" not in page
    assert " on" not in page.replace(" one", "").split("<body>")[0]


def test_a_file_that_the_browser_has_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/static/app.js", headers=OWN)
    again = client.get("/static/app.js", headers=OWN | {"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


def test_token_is_exchanged_for_a_cookie() -> None:
    settings = Settings(host="192.0.2.7", token="secret")
    assert settings.address == "http://192.0.2.7:8010/?token=secret"
    own = {"host": "192.0.2.7:8010", "origin": "http://192.0.2.7:8010"}
    client = TestClient(create_app(settings), base_url="http://192.0.2.7:8010")
    for path, socket in addresses(client.app):
        assert not is_answered(client, path, socket, own), path
        assert not is_answered(client, f"{path}?token=secreT", socket, own), path
    client.cookies.set(settings.cookie_name, "guess")
    assert client.get("/", headers=own).status_code == 401
    client.cookies.clear()
    entered = client.get("/draw?token=secret&model=a%20b", headers=own, follow_redirects=False)
    assert (entered.status_code, entered.headers["location"]) == (303, "/draw?model=a+b")
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "secret" not in cookie
    client.cookies.clear()
    given = {"cookie": f"other=1; {cookie.split(';')[0]}"}
    for path, socket in addresses(client.app):
        assert is_answered(client, path, socket, own | given), path
        assert not is_answered(client, path, socket, own), path
    assert not is_answered(client, "/", False, {"host": "evil.example"})


def test_token_does_not_lead_to_another_host() -> None:
    client = TestClient(create_app(Settings(host="192.0.2.7", token="t")), base_url=ADDRESS)
    response = client.get("http://192.0.2.7:8010//evil.example?token=t", follow_redirects=False)
    assert response.headers["location"] == "/evil.example"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * (MAX_MESSAGE + 1), 1009),
        ('{"type": "hello", "session": "' + "ü" * (MAX_MESSAGE // 2) + '"}', 1008),
        ("no JSON", 1008),
        ("[1]", 1008),
        ('{"type": 1}', 1008),
        ("[" * 5000, 1008),
    ],
)
def test_messages_of_another_form_close_the_socket(
    client: TestClient, talk: Talk, caplog: pytest.LogCaptureFixture, text: str, code: int
) -> None:
    caplog.set_level(logging.WARNING)
    with client.websocket_connect("/socket", headers=OWN) as socket:
        socket.send_text(text)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
    assert closed.value.code == code
    with talk() as socket:
        socket.send_text(text)
        with pytest.raises(WebSocketDisconnect):
            socket.receive_json()
    assert len(caplog.records) == 2
    assert all(len(record.getMessage()) < 200 for record in caplog.records)


def test_a_session_is_found_again(talk: Talk) -> None:
    with talk() as first:
        key = first.welcome["session"]
    with talk(key) as again, talk("unknown") as other:
        assert again.welcome["session"] == key
        assert other.welcome["session"] not in ("unknown", key)


def test_an_unknown_message_is_refused_and_the_page_stays_open(talk: Talk) -> None:
    with talk() as socket:
        for _ in range(2):
            socket.send_json({"type": "format the disk"})
            assert "unknown type of message" in socket.receive_json()["why"]
