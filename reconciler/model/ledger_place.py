"""Where a ledger is when it is no file: a schema on a PostgreSQL server, and how the operator lets us in."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Final

from reconciler.model.record import Record, aside

PORT: Final = 5432
SCHEMA: Final = "reconciler"


class Server(Record, frozen=True):
    """One ledger on a server. `host`: a name, an address, or the folder of a Unix socket (it begins with `/`)."""

    host: str
    port: int
    database: str
    schema: str = SCHEMA

    def __str__(self) -> str:
        """As a URL; no user and no password is ever in it."""
        host = f"[{self.host}]" if ":" in self.host else self.host.replace("/", "%2F")
        tail = "" if self.schema == SCHEMA else f"?schema={self.schema}"
        return f"postgresql://{host}:{self.port}/{self.database}{tail}"

    @property
    def is_here(self) -> bool:
        """Whether what is sent there never leaves this machine."""
        if self.host.startswith("/") or self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


@aside("secret")
class LedgerAccess(Record, frozen=True):
    """How the operator lets us in. `secret()` gives the password as a connection is made, and at no other time; it
    raises GuardRefused when the source is empty; None where none is needed. `source` names it for messages.
    `sslmode`: a word of libpq's, None for what is right by itself: verified, except towards this machine."""

    server: Server
    user: str
    secret: Callable[[], str] | None = None
    source: str = ""
    ca_file: str | None = None
    sslmode: str | None = None
