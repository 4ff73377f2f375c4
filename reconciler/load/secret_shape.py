"""What may stand where a secret goes or comes from: where to find it and which version of it, or where to put it;
never the secret itself."""

from __future__ import annotations

from typing import Final

from reconciler.model.json import JsonObject

SOURCES: Final = ("fromEnv", "fromFile", "fromKeyring", "fromCommand")

_NAME: Final[JsonObject] = {"type": "string", "minLength": 1, "maxLength": 1000}
REFERENCE: Final[JsonObject] = {
    "title": "secret reference",
    "type": "object",
    "required": ["version"],
    "additionalProperties": False,
    "minProperties": 2,
    "maxProperties": 2,
    "properties": {
        "fromEnv": {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$", "maxLength": 200},
        "fromFile": _NAME,
        "fromKeyring": _NAME,
        "fromCommand": _NAME,
        "version": {"type": ["integer", "string"], "minLength": 1, "maxLength": 100},
    },
}
HINT: Final = "write {fromEnv: NAME, version: 1}, or fromFile, fromKeyring, fromCommand"

SINKS: Final = ("toFile", "toKeyring", "toCommand")
_FILE: Final = r"^(?:/(?!.*(?:^|/)\.\.(?:/|$))|(?![~.])(?!.*/\.)).+(?<!/)$"
"""A path in the project, no step of which begins with a dot; or an absolute one, if the operator allows it."""
SINK: Final[JsonObject] = {
    "title": "place for a value shown once",
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "maxProperties": 1,
    "properties": {**dict.fromkeys(SINKS, _NAME), "toFile": {**_NAME, "pattern": _FILE}},
}
SINK_HINT: Final = (
    "write {toFile: path} with a path in the project that leads through nothing hidden, {toKeyring: name} or "
    "{toCommand: name}"
)
