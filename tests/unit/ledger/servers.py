"""What the tests of ledgers on a server share: a place far away, refusals, and rights."""

from __future__ import annotations

import pytest

from reconciler.model.faults import LedgerUnusable
from reconciler.model.ledger_place import LedgerAccess, Server
from tests.postgresql import superuser
from tests.unit.ledger.samples import made, reopened

FAR = LedgerAccess(Server("db.example.com", 5432, "reconciler"), "writer", lambda: "s3cret")


def refused(access: LedgerAccess, *, create: bool = False) -> str:
    with pytest.raises(LedgerUnusable) as fault:
        (made if create else reopened)(access)
    text = str(fault.value)
    assert text.startswith(f"{access.server}: ")
    assert fault.value.hint
    assert "\n" not in text
    assert access.secret is None or access.secret() not in text + fault.value.hint
    return text


def granted(role: LedgerAccess, *rights: str) -> None:
    with superuser() as database:
        for right in rights:
            place = {"schema": role.server.schema, "role": role.user, "database": role.server.database}
            database.execute(right.format(**place).encode())
