"""The twin as an ASGI application: reads a request, lets it take effect, delivers the answer or its fault."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send

from reconciler.twins.core.control import CONTROL_PATH, control_app
from reconciler.twins.core.delivery import deliver
from reconciler.twins.core.line import Line
from reconciler.twins.core.values import Request

if TYPE_CHECKING:
    from reconciler.twins.core.twin import Twin

# More than any request of a client; beyond it the twin answers 413 without reading on.
LARGEST_BODY = 16 * 1024 * 1024


class App:
    """One twin's application. Paths are routed by the twin itself, since a name with `%2F` is one segment for it;
    only the control routes use the framework's router.
    """

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        self._control = control_app(twin)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"a twin speaks HTTP, not {scope['type']}")
        if scope["path"].startswith(CONTROL_PATH):
            await self._control(scope, receive, send)
            return
        line = Line(scope, receive, send)
        if not self.twin.hears(unread := _request(scope, b"")):
            await self._exchange(unread, line)
            return
        if (body := await _read(receive)) is None:
            return
        if len(body) > LARGEST_BODY:
            refusal = self.twin.error(413, "Payload Too Large")
            await line.answer(self.twin.rendered(refusal), self.twin.content_type)
            return
        try:
            await self._exchange(_request(scope, body), line)
        except Exception as error:
            self.twin.crashes.append(error)
            raise

    async def _exchange(self, request: Request, line: Line) -> None:
        twin = self.twin
        if twin.latency:
            await asyncio.sleep(twin.latency)
        turn = twin.arrive(request)
        turn.call_hooks("before-effect")
        kept_out = turn.armed is not None and not turn.armed.fault.after_effect
        # A fault that shows the right answer has none to show where the request was kept from its effect.
        answer = twin.error(500) if kept_out else twin.take_effect(turn)
        turn.call_hooks("after-effect")
        await deliver(twin, turn, answer, line)
        turn.call_hooks("after-answer")


def _request(scope: Scope, body: bytes) -> Request:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    path = scope["raw_path"].decode("latin-1")
    return Request(scope["method"], path, scope["query_string"].decode("latin-1"), headers, body)


async def _read(receive: Receive) -> bytes | None:
    """The whole body, or None if the client left; a little more than LARGEST_BODY at most."""
    body = bytearray()
    while len(body) <= LARGEST_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body)
