"""A connection that is lost before, at and after a commit: what was told is there or not, and nobody guesses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.ledger import Ledger
from reconciler.model.faults import LedgerUnusable
from reconciler.model.ledger_place import LedgerAccess
from tests.postgresql import needs_server, superuser
from tests.unit.ledger.lines import Line, line_to
from tests.unit.ledger.samples import BOB, begun, made, reopened, tampering

pytestmark = needs_server


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a server to come back, and for a lock not long."""
    monkeypatch.setattr("reconciler.ledger.postgres_connection.PAUSES", (0.0,))
    monkeypatch.setattr("reconciler.ledger.postgres.WAIT_MS", 300)


@pytest.fixture(autouse=True)
def there(access: LedgerAccess) -> None:
    made(access).close()


@pytest.fixture
def through(access: LedgerAccess) -> Iterator[tuple[Line, Ledger]]:
    """A ledger at the other end of a line."""
    with line_to(access) as (line, led), reopened(led) as ledger:
        yield line, ledger


def ended_by_the_server(ledger: Ledger) -> None:
    """What an administrator does, a restart, or a pool that tidies up."""
    pid = ledger._store._connection.info.backend_pid  # type: ignore[attr-defined]
    with superuser() as database:
        database.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])


def told(access: LedgerAccess) -> list[str]:
    with reopened(access, BOB) as other:
        assert other.verify() == other.head
        return [str(e.content["text"]) for e in other.events() if e.type == "note"]


def test_a_connection_lost_while_nothing_was_under_way_is_made_anew(access: LedgerAccess) -> None:
    with reopened(access) as ledger:
        run = begun(ledger)
        ended_by_the_server(ledger)
        assert ledger.head == ledger.verify()  # found by a reading

        ended_by_the_server(ledger)
        ledger.note(run, {"text": "kept"})  # found by a section

    assert told(access) == ["kept"]


def test_a_connection_lost_within_a_section_takes_the_section_with_it(access: LedgerAccess) -> None:
    with reopened(access) as ledger:
        run = begun(ledger)

        def half() -> None:
            with ledger.together():
                ledger.note(run, {"text": "lost"})
                ended_by_the_server(ledger)
                ledger.note(run, {"text": "lost too"})

        with pytest.raises(LedgerUnusable, match="terminat") as fault:
            half()
        assert "run the same command again" in fault.value.hint
        ledger.note(run, {"text": "kept"})

    assert told(access) == ["kept"]


def test_a_section_does_not_go_on_over_another_connection(access: LedgerAccess) -> None:
    """It would be without the lock, and durable by halves."""
    with reopened(access) as ledger:
        run = begun(ledger)

        def goes_on() -> None:
            with ledger.together():
                ledger.note(run, {"text": "lost"})
                ended_by_the_server(ledger)
                for _ in range(2):
                    with pytest.raises(LedgerUnusable):
                        _ = ledger.head
                    with pytest.raises(LedgerUnusable):
                        ledger.note(run, {"text": "lost too"})

        with pytest.raises(LedgerUnusable):
            goes_on()
        ledger.note(run, {"text": "kept"})

    assert told(access) == ["kept"]


def test_a_connection_lost_just_before_the_commit_takes_the_section_with_it(access: LedgerAccess) -> None:
    with reopened(access) as ledger:
        run = begun(ledger)

        def ends() -> None:
            with ledger.together():
                ledger.note(run, {"text": "lost"})
                ended_by_the_server(ledger)

        with pytest.raises(LedgerUnusable, match="lost before the server kept"):
            ends()
        ledger.note(run, {"text": "kept"})

    assert told(access) == ["kept"]


def test_a_commit_whose_answer_is_lost_is_looked_up_and_counts(
    access: LedgerAccess, through: tuple[Line, Ledger]
) -> None:
    line, ledger = through
    run = begun(ledger)
    line.cut = "after"

    ledger.note(run, {"text": "kept"})

    ledger.note(run, {"text": "and on"})
    assert told(access) == ["kept", "and on"]


def test_a_commit_that_never_arrived_is_looked_up_and_does_not_count(
    access: LedgerAccess, through: tuple[Line, Ledger]
) -> None:
    line, ledger = through
    run = begun(ledger)
    line.cut = "before"

    with pytest.raises(LedgerUnusable, match="lost before the server kept"):
        ledger.note(run, {"text": "lost"})

    ledger.note(run, {"text": "kept"})
    assert told(access) == ["kept"]


def test_a_commit_that_is_still_on_its_way_is_waited_for_and_never_forks_the_chain(
    access: LedgerAccess, through: tuple[Line, Ledger]
) -> None:
    line, ledger = through
    run = begun(ledger)
    line.cut = "held"

    with pytest.raises(LedgerUnusable, match="lock timeout") as fault:
        ledger.note(run, {"text": "late"})
    assert "in the middle of writing" in fault.value.hint
    with pytest.raises(LedgerUnusable, match="lock timeout"):
        ledger.note(run, {"text": "impatient"})
    line.release()

    ledger.note(run, {"text": "after it"})
    assert told(access) == ["late", "after it"]


def test_a_server_that_is_gone_at_the_commit_leaves_nothing_unsaid(
    access: LedgerAccess, through: tuple[Line, Ledger]
) -> None:
    line, ledger = through
    run = begun(ledger)
    line.cut, line.refusing = "after", True

    with pytest.raises(LedgerUnusable, match="connection") as fault:
        ledger.note(run, {"text": "there, but who knows"})
    assert "see that the server runs" in fault.value.hint

    line.refusing = False
    ledger.note(run, {"text": "after it"})
    assert told(access) == ["there, but who knows", "after it"]


def test_a_server_that_restarts_is_waited_for(
    access: LedgerAccess, through: tuple[Line, Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    line, ledger = through
    run = begun(ledger)
    waited: list[float] = []

    def waiting(seconds: float) -> None:
        waited.append(seconds)
        line.refusing = len(waited) < 4

    monkeypatch.setattr("reconciler.ledger.postgres_connection.PAUSES", (0.0, 0.5, 1.0, 2.0, 4.0))
    monkeypatch.setattr("reconciler.ledger.postgres_connection.time.sleep", waiting)
    line.cut, line.refusing = "before", True

    with pytest.raises(LedgerUnusable, match="lost before the server kept"):
        ledger.note(run, {"text": "lost"})

    assert waited == [0.0, 0.5, 1.0, 2.0]
    ledger.note(run, {"text": "kept"})
    assert told(access) == ["kept"]


def test_another_server_in_its_place_must_hold_the_same_ledger(access: LedgerAccess) -> None:
    with reopened(access) as ledger:
        run = begun(ledger)
        with superuser() as database:
            database.execute(f"DROP SCHEMA {access.server.schema} CASCADE".encode())
        ended_by_the_server(ledger)

        with pytest.raises(LedgerUnusable, match="the ledger is gone") as fault:
            ledger.note(run, {"text": "lost"})
        assert "backup" in fault.value.hint


def test_a_server_that_lost_what_it_had_confirmed_is_not_written_to(access: LedgerAccess) -> None:
    """After a restore, or a copy that had fallen behind taking over."""
    with reopened(access) as ledger:
        run = begun(ledger)
        ledger.note(run, {"text": "confirmed"})
        with tampering(access) as database:
            database.execute("DELETE FROM events WHERE seq = 3")

        with pytest.raises(LedgerUnusable, match="event 4 does not follow") as fault:
            ledger.note(run, {"text": "lost"})
        assert "another history" in fault.value.hint
        ledger.note(run, {"text": "kept"})  # the history was read anew

    assert told(access) == ["kept"]


def test_a_process_that_stopped_within_a_section_holds_nobody_up_for_long(
    access: LedgerAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reconciler.ledger.postgres.IDLE_MS", 50)
    monkeypatch.setattr("reconciler.ledger.postgres.WAIT_MS", 10_000)
    with reopened(access) as stopped, reopened(access, BOB) as other:
        run = begun(stopped)

        def sleeps() -> None:
            with stopped.together():
                stopped.note(run, {"text": "lost"})
                other.note(run, {"text": "kept"})  # waits until the server has ended the section above
                stopped.note(run, {"text": "lost too"})

        with pytest.raises(LedgerUnusable, match="idle-in-transaction") as fault:
            sleeps()
        assert "stopped in the middle of writing" in fault.value.hint

    assert told(access) == ["kept"]


def test_what_somebody_swallowed_is_not_taken_for_kept(access: LedgerAccess) -> None:
    """After an error within a section the server answers COMMIT with ROLLBACK, and calls it a success."""
    with reopened(access) as ledger:
        run = begun(ledger)

        def swallows() -> None:
            with ledger.together():
                ledger.note(run, {"text": "lost"})
                with pytest.raises(LedgerUnusable, match="division by zero"):
                    ledger._store._ask(b"SELECT 1/0")  # type: ignore[attr-defined]

        with pytest.raises(LedgerUnusable, match="undid"):
            swallows()
        ledger.note(run, {"text": "kept"})

    assert told(access) == ["kept"]
