"""`postgresql://host:port/database?schema=name` -> a place for a ledger. A credential has no place in it."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from reconciler.model.ledger_place import PORT, SCHEMA, Server

SCHEMES: Final = frozenset({"postgresql", "postgres"})
HOST: Final = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?|[0-9a-f:.]*:[0-9a-f:.]*")
SOCKET: Final = re.compile(r"(%2[fF][A-Za-z0-9._-]+)+")
DATABASE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}")
NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
TAKEN: Final = frozenset({"public", "information_schema"})
"""Schemas that belong to everybody, or to the server."""


def server_of(url: str) -> Server:
    """Raises ValueError, a sentence that goes on after "the ledger's URL", where it names no such place."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise ValueError("holds blanks or characters that no URL holds")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("is no URL") from None  # whatever it says about the text may hold a password
    if parts.scheme not in SCHEMES:
        raise ValueError("must begin with postgresql://")
    if "@" in parts.netloc:
        raise ValueError("must hold no user and no password")
    database = parts.path.removeprefix("/")
    if not DATABASE.fullmatch(database):
        raise ValueError("must name a database, as in postgresql://db.example.com:5432/reconciler")
    if port == 0:
        raise ValueError("has a port that is none")
    return Server(_host(parts), PORT if port is None else port, database, _schema(parts, url))


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if SOCKET.fullmatch(host):
        named = parts.netloc.rpartition(":")[0] if parts.port is not None else parts.netloc  # in its own letters
        return named.replace("%2F", "/").replace("%2f", "/")
    if not HOST.fullmatch(host):
        raise ValueError("must name one host")
    return host


def _schema(parts: SplitResult, url: str) -> str:
    if "#" in url:
        raise ValueError("must hold nothing but host, port, database and `?schema=`")
    if "?" not in url:
        return SCHEMA
    word, _, name = parts.query.partition("=")
    if word != "schema":
        raise ValueError("must hold nothing but host, port, database and `?schema=`")
    if not NAME.fullmatch(name) or name in TAKEN or name.startswith("pg_"):
        raise ValueError("must name a schema of its own: small letters, digits and _, not one of the server's")
    return name
