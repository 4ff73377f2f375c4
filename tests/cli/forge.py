"""The few requests that a CI job makes to the service it runs on: comments of a pull request, and issues."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "a-token-of-the-forge"


class Forge(ThreadingHTTPServer):
    """Keeps comments and issues by the path they were posted to; each has an id, a url and a body. Whoever comes
    without the token gets 401."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Requests)
        self.posted: dict[str, list[dict[str, Any]]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def all(self, path: str) -> list[dict[str, Any]]:
        return self.posted.get(path, [])


@contextmanager
def forge() -> Iterator[Forge]:
    with Forge() as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield server
        finally:
            server.shutdown()
            serving.join()


class _Requests(BaseHTTPRequestHandler):
    server: Forge

    def do_GET(self) -> None:
        self._answer(200, self.server.all(self._path()))

    def do_POST(self) -> None:
        made = self.server.posted.setdefault(self._path(), [])
        number = sum(map(len, self.server.posted.values())) + 1
        made.append({"id": number, "url": f"{self.server.url}/one/{number}", **self._content()})
        self._answer(201, made[-1])

    def do_PATCH(self) -> None:
        self._change(int(self._path().rpartition("/")[2]))

    def do_PUT(self) -> None:
        self.do_PATCH()

    def _change(self, number: int) -> None:
        found = [one for many in self.server.posted.values() for one in many if one["id"] == number]
        if found:
            found[0].update(self._content())
        self._answer(200 if found else 404, found)

    def _path(self) -> str:
        return self.path.partition("?")[0]

    def _content(self) -> dict[str, Any]:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.headers["Content-Type"]
        if not kind.startswith("multipart/form-data"):
            found: dict[str, Any] = json.loads(data)
            return found
        parts: Any = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + data).get_payload()
        return {_name(p): p.get_payload(decode=True).decode() for p in parts}

    def _answer(self, status: int, body: Any) -> None:
        known = TOKEN in (self.headers["Authorization"] or "", self.headers["PRIVATE-TOKEN"] or "")
        known = known or self.headers["Authorization"] == f"Bearer {TOKEN}"
        data = json.dumps(body if known else {"message": "401"}).encode()
        self.send_response(status if known else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Tests say what happened."""


def _name(part: Any) -> str:
    found = re.search(r'name="([^"]+)"', str(part["Content-Disposition"]))
    assert found
    return found[1]
