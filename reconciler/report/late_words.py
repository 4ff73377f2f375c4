"""Values that are not there yet, and places of values that nobody is to see, in words. What is returned is raw."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.json import Json
from reconciler.model.plan import Sink, shown

SOURCES: Mapping[str, str] = {
    "fromEnv": "the variable",
    "fromFile": "the file",
    "fromKeyring": "the keyring entry",
    "fromCommand": "the command",
}
SINKS: Mapping[str, str] = {"toFile": "the file", "toKeyring": "the keyring entry", "toCommand": "the command"}
_SHA = 12
"""So many digits of a file's sha256 tell two versions of it apart."""


def named(value: Json) -> Json:
    """The value with everything that is only known, or only put in, as it is sent, written as words."""
    if isinstance(value, dict):
        said = _said(value) if len(value) == 1 else None
        return f"<{said}>" if said else {k: named(v) for k, v in value.items()}
    return [named(v) for v in value] if isinstance(value, list) else value


def _said(value: Mapping[str, Json]) -> str | None:
    """What one of our words stands for; None for any other object."""
    [(word, at)] = value.items()
    if word in ("$from", "$find"):
        return shown(dict(value))
    if word == "$riders":
        return f"what call {at} carries"
    if word == "$count":
        return f"how many call {at} carries"
    if word == "$id":
        return f"id of {at}"
    if word == "$secret" and isinstance(at, dict):
        return secret_words(at)
    return file_words(at) if word == "$file" and isinstance(at, dict) else None


def secret_words(source: Mapping[str, Json]) -> str:
    """`secret from the variable SFTP_PASSWORD, version 3`."""
    places = [f"{words} {source[name]}" for name, words in SOURCES.items() if name in source]
    return f"secret from {' or '.join(places) or 'nowhere'}, version {source.get('version')}"


def file_words(held: Mapping[str, Json]) -> str:
    """`file assets/logo.png, 1840 bytes, sha256 5feceb66ffc8`."""
    return f"file {held.get('path')}, {held.get('bytes')} bytes, sha256 {str(held.get('sha256'))[:_SHA]}"


def sink_words(sink: Sink) -> str:
    """`link: shown once, it goes to the file secrets/jane.link`."""
    places = [f"{words} {sink.to[name]}" for name, words in SINKS.items() if name in sink.to]
    return f"{sink.field}: shown once, it goes to {' or '.join(places) or 'nowhere'}"
