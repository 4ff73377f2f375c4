"""A ledger that can only be read serves whoever reads; whoever writes is told before anything is written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reconciler.ledger import Ledger, find_evidence, find_ledger
from reconciler.ledger.event import Link
from reconciler.ledger.history import walk
from reconciler.model.faults import LedgerUnusable
from reconciler.model.ledger_place import LedgerAccess
from tests.postgresql import needs_server
from tests.unit.ledger.samples import JANE, Dial, Place, begun, made, reopened, some_history
from tests.unit.ledger.servers import granted
from tests.unit.ledger.test_hostile_files import as_nobody

READS = ("GRANT USAGE ON SCHEMA {schema} TO {role}", "GRANT SELECT ON {schema}.events TO {role}")


def read_only(place: Place) -> Ledger:
    found = find_ledger(place, who=JANE, clock=Dial().clock())
    assert found is not None
    return found


def serves_readers_alone(place: Place, head: str, says: str) -> None:
    with read_only(place) as ledger:
        assert says in ledger.denied
        assert ledger.head == ledger.verify() == head
        assert ledger.recorded().bonds
        assert ledger.tenures()["analytics"].returned
        for write in (lambda: ledger.acquire("analytics"), lambda: begun(ledger), ledger.check_writable):
            with pytest.raises(LedgerUnusable, match=says) as fault:
                write()
            assert fault.value.hint
        assert ledger.verify() == head
    evidence = find_evidence(place)
    assert evidence is not None
    *_, last = walk(evidence, Link())
    evidence.close()
    assert (last.hash, evidence.altered) == (head, "")


@needs_server
def test_a_role_with_select_alone(access: LedgerAccess, role: LedgerAccess) -> None:
    with made(access) as ledger:
        head = some_history(ledger)
    granted(role, *READS)

    serves_readers_alone(role, head, "this role may only read")


@needs_server
def test_a_role_whose_transactions_only_read(access: LedgerAccess, role: LedgerAccess) -> None:
    with made(access) as ledger:
        head = some_history(ledger)
    granted(role, *READS, "GRANT INSERT ON {schema}.events TO {role}")
    granted(role, "ALTER ROLE {role} SET default_transaction_read_only = on")

    serves_readers_alone(role, head, "this role may only read")


@needs_server
def test_a_reader_sees_what_others_append(access: LedgerAccess, role: LedgerAccess) -> None:
    with made(access) as writer:
        some_history(writer)
        granted(role, *READS)
        with read_only(role) as reader:
            begun(writer)
            assert reader.head == writer.head


def test_a_file_that_this_user_may_only_read() -> None:
    with as_nobody() as folder:
        path = folder / "ledger.db"
        with made(path) as ledger:
            head = some_history(ledger)
        path.chmod(0o400)

        serves_readers_alone(path, head, "this user may only read it")


def test_a_copy_in_a_folder_in_which_nothing_can_be_made() -> None:
    with as_nobody() as folder:
        path = folder / "copy" / "ledger.db"
        with made(path) as ledger:
            head = some_history(ledger)
        path.chmod(0o400)
        path.parent.chmod(0o500)
        try:
            serves_readers_alone(path, head, "this user may only read it")
            assert [found.name for found in path.parent.iterdir()] == ["ledger.db"]
        finally:
            path.parent.chmod(0o700)


def test_what_a_writer_has_not_moved_into_the_file_yet_is_read_too() -> None:
    with as_nobody() as folder:
        path = folder / "state" / "ledger.db"
        with made(path) as writer:
            head = some_history(writer)
            path.parent.chmod(0o500)
            path.chmod(0o400)
            try:
                serves_readers_alone(path, head, "this user may only read it")
            finally:
                path.parent.chmod(0o700)
                path.chmod(0o600)


def test_a_copy_that_may_be_written_is_written(tmp_path: Path) -> None:
    with made(tmp_path / "ledger.db") as ledger:
        head = some_history(ledger)
    shutil.copy(tmp_path / "ledger.db", tmp_path / "copy.db")

    with reopened(tmp_path / "copy.db") as ledger:
        assert (ledger.denied, ledger.head) == ("", head)
        begun(ledger)
