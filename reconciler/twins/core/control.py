"""Steering a served twin from another process: log, state, faults, knobs, and edits behind the client's back.

These routes stand under a path no API has and answer only to this machine. None of them is logged or counted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from reconciler.twins.core.faults import Fault
from reconciler.twins.core.state import StateInvalid
from reconciler.twins.core.values import Json, encode

if TYPE_CHECKING:
    from reconciler.twins.core.twin import Twin

CONTROL_PATH = "/__twin__/"
_LOOPBACK = frozenset({"127.0.0.1", "::1"})

Action: TypeAlias = Callable[["Twin", Json], Json]


class _Wrong(ValueError):
    """The control request makes no sense; the text says why."""


def control_app(twin: Twin) -> Router:
    """The control routes of one twin, each an ASGI endpoint that takes and gives JSON."""
    by_path: dict[str, dict[str, Action]] = {}
    for (method, path), action in _ACTIONS.items():
        by_path.setdefault(path, {})[method] = action
    return Router([_route(twin, path, actions) for path, actions in by_path.items()])


def _route(twin: Twin, path: str, actions: Mapping[str, Action]) -> Route:
    async def endpoint(request: Request) -> Response:
        if request.client is None or request.client.host not in _LOOPBACK:
            return _response(HTTPStatus.FORBIDDEN, {"error": "only this machine may steer a twin"})
        content = await request.body()
        try:
            value: Json = json.loads(content) if content else None
            return _response(HTTPStatus.OK, actions[request.method](twin, value))
        except (ValueError, KeyError, RecursionError) as error:
            return _response(HTTPStatus.BAD_REQUEST, {"error": str(error.args[0]) if error.args else repr(error)})

    return Route(CONTROL_PATH + path, endpoint, methods=sorted(actions))


def _response(status: HTTPStatus, body: Json) -> Response:
    return Response(encode(body), status, media_type="application/json")


def _read_log(twin: Twin, _: Json) -> Json:
    return {"requests": [entry.to_json() for entry in twin.log]}


def _clear_log(twin: Twin, _: Json) -> Json:
    twin.log.clear()
    return {"ok": True}


def _read_state(twin: Twin, _: Json) -> Json:
    return twin.dump()


def _put_state(twin: Twin, value: Json) -> Json:
    if not isinstance(value, Mapping):
        raise StateInvalid("a state is an object, as GET shows it")
    twin.load(value)
    return {"ok": True}


def _add_faults(twin: Twin, value: Json) -> Json:
    given = value if isinstance(value, list) else [value]
    faults = [Fault.from_json(item) for item in given]
    with twin.lock:
        twin.faults.add(*faults)
    return {"armed": len(faults)}


def _clear_faults(twin: Twin, _: Json) -> Json:
    with twin.lock:
        twin.faults.clear()
    return {"ok": True}


def _read_knobs(twin: Twin, _: Json) -> Json:
    return {"profile": twin.knobs.profile, "knobs": twin.knobs.settings()}


def _put_knobs(twin: Twin, value: Json) -> Json:
    """`{"profile": …}` and `{"<knob>": "plain" | "adversarial"}`, in one object."""
    if not isinstance(value, Mapping):
        raise _Wrong("knobs are an object of names and readings")
    with twin.lock:
        for name, reading in value.items():
            if name == "profile":
                twin.knobs.set_profile(str(reading))
            else:
                twin.knobs.set(name, str(reading))
    return _read_knobs(twin, None)


def _edit(twin: Twin, value: Json) -> Json:
    """`{"method", "path", "body"?}`: a request below the base path, with the default key."""
    if not isinstance(value, Mapping):
        raise _Wrong("an edit is an object with 'method' and 'path'")
    method, path = value.get("method"), value.get("path")
    if not isinstance(method, str) or not isinstance(path, str):
        raise _Wrong("an edit needs a 'method' and a 'path'")
    answer = twin.edit(method, path, value.get("body"))
    return {"status": answer.status, "body": answer.body}


_ACTIONS: Mapping[tuple[str, str], Action] = {
    ("GET", "log"): _read_log,
    ("DELETE", "log"): _clear_log,
    ("GET", "state"): _read_state,
    ("PUT", "state"): _put_state,
    ("POST", "fault"): _add_faults,
    ("DELETE", "fault"): _clear_faults,
    ("GET", "knobs"): _read_knobs,
    ("PUT", "knobs"): _put_knobs,
    ("POST", "edit"): _edit,
}
