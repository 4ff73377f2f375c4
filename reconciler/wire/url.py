"""Where a request goes: the operator's base URL and a path that cannot leave it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import quote, unquote

from reconciler.model.record import Record

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_SEGMENTS = r"(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)+"
_BASE = re.compile(
    rf"(?P<scheme>https?)://(?P<host>\[[0-9A-Fa-f:.]+\]|{_LABEL}(?:\.{_LABEL})*)(?::(?P<port>[0-9]{{1,5}}))?"
    rf"(?P<path>{_SEGMENTS})?",
    re.IGNORECASE,
)
_PATH = re.compile(_SEGMENTS)
_PORTS = {"http": 80, "https": 443}


class Base(Record, frozen=True):
    """A base URL, taken apart. `host` is in lower case, an IPv6 address in brackets; `path` has no last slash."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, text: str) -> Base:
        """Raises ValueError. What is not plainly a URL is refused: a name before `@`, a query, a stray sign."""
        match = _BASE.fullmatch(text)
        if match is None:
            raise ValueError("it is not of the form https://host[:port][/path]")
        scheme, host, path = match["scheme"].lower(), match["host"].lower(), (match["path"] or "").rstrip("/")
        port = int(match["port"]) if match["port"] else _PORTS[scheme]
        if not 0 < port < 65536:
            raise ValueError(f"there is no port {port}")
        if host.startswith("["):
            ip_address(host[1:-1])
        if path:
            check_path(path)
        base = cls(scheme, host, port, path)
        if scheme == "http" and not base.loopback:
            raise ValueError("credentials would travel in clear: use https:// (http:// is for loopback only)")
        return base

    @property
    def loopback(self) -> bool:
        """Whether the host is this machine, beyond doubt: `localhost`, 127.0.0.0/8 or ::1, written in full."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False

    @property
    def origin(self) -> str:
        """`scheme://host:port`: what a credential is meant for."""
        return f"{self.scheme}://{self.host}:{self.port}"

    def url(self, path: str, query: Iterable[tuple[str, str]] = ()) -> str:
        """The full URL of a path below the base. Raises ValueError where the path could lead elsewhere."""
        check_path(path)
        words = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query)
        return f"{self.origin}{self.path}{path}" + (f"?{words}" if words else "")


def check_method(method: str) -> None:
    """Raises ValueError for what is not one of HTTP's words for a request like ours."""
    if method not in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        raise ValueError("its method is not one we know")


def check_base(text: str) -> None:
    """Raises ValueError for a user or password in a URL, which any later message might show."""
    if "@" in text:
        raise ValueError("it holds an @: a credential never stands in a URL")


def check_path(path: str) -> None:
    """Raises ValueError unless the path stays what it says, whoever decodes or folds it on the way.

    An empty segment is refused too: an id that came out empty would turn one thing into its whole collection.
    """
    if not _PATH.fullmatch(path):
        raise ValueError("the path is not absolute, or holds a character that must be percent-encoded")
    if "//" in path:
        raise ValueError("the path holds an empty segment")
    for part in re.split(r"[/\\]", unquote(path)):
        if part.split(";", 1)[0] in (".", ".."):
            raise ValueError("the path holds a `.` or `..` segment, which would lead to another path")
