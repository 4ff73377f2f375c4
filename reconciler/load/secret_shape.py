"""What may stand where a secret goes: where to find it and which version of it, never the secret itself."""

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
