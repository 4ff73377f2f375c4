"""What a method returned from is on disk, whatever happens next; and it is private."""

from __future__ import annotations

import random
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.model.faults import LedgerUnusable
from tests.unit.ledger.samples import FINANCE, Place, begun, made, reopened, some_history, told


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_file_and_its_folder_belong_to_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / ".reconciler" / "ledger.db"
    with made(path) as ledger:
        some_history(ledger)

        assert mode(path.parent) == 0o700
        assert {f.name: mode(f) for f in path.parent.iterdir()} == {
            "ledger.db": 0o600,
            "ledger.db-wal": 0o600,
            "ledger.db-shm": 0o600,
        }
    assert [f.name for f in path.parent.iterdir()] == ["ledger.db"]


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    made(tmp_path / "ledger.db").close()

    assert mode(tmp_path) == 0o755


def test_a_file_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    made(path).close()
    path.chmod(0o644)

    with reopened(path):
        assert {mode(f) for f in tmp_path.iterdir()} == {0o600}


def test_making_a_ledger_twice_keeps_the_first(place: Place) -> None:
    with made(place) as ledger:
        head = some_history(ledger)

    with made(place) as ledger:
        assert ledger.head == head


def test_every_append_is_synced_once(tmp_path: Path) -> None:
    with made(tmp_path / "ledger.db") as ledger:
        database = ledger._store._connection  # type: ignore[attr-defined]

        assert database.execute("PRAGMA synchronous").fetchone() == (2,)
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_the_database_library_is_loaded_only_when_a_file_is_opened() -> None:
    code = "import sys, reconciler.ledger as l; sys.exit('sqlite3' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


APPENDING = """
import sys
from tests.unit.ledger.samples import FINANCE, begun, done, place_of, reopened
ledger = reopened(place_of(sys.argv[1]))
run = begun(ledger)
for n in range(100_000):
    ledger.intend(run, str(n), FINANCE, "x" * (n * 37 % 9000))
    ledger.conclude(run, FINANCE, done(str(n), id=str(n)))
    print(n, flush=True)
"""


@pytest.mark.parametrize("seed", range(6))
def test_a_process_killed_while_it_appends_loses_nothing_it_was_told_is_done(place: Place, seed: int) -> None:
    made(place).close()
    child = subprocess.Popen([sys.executable, "-c", APPENDING, told(place)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    with child, child.stdout as said:
        for _ in range(random.Random(seed).randrange(1, 120)):
            last = said.readline()
        child.send_signal(signal.SIGKILL)
        last = said.read().split("\n")[-2:][0] or last  # what it still said before it died

    with reopened(place) as ledger:
        assert ledger.verify() == ledger.head
        (cut_short,) = ledger.unfinished(("analytics",))
        known = [str(n) for n in range(int(last) + 1)]
        assert list(cut_short.outcomes)[: len(known)] == known
        assert len(cut_short.outcomes) <= len(known) + 1
        assert cut_short.sent in ((), (str(len(cut_short.outcomes)),))
        assert ledger.recorded().bonds[FINANCE].id == list(cut_short.outcomes)[-1]
        ledger.finish(cut_short.run, "settled")


def test_a_log_torn_anywhere_leaves_a_beginning_of_the_history(tmp_path: Path) -> None:
    """A power loss may leave any part of what was not synced yet; what is left must still be one chain."""
    path, torn = tmp_path / "ledger.db", tmp_path / "torn.db"
    with made(path) as ledger:
        some_history(ledger)
        hashes = [e.hash for e in ledger.events()]
        log = Path(f"{path}-wal").read_bytes()
        base = path.read_bytes()

    chance = random.Random(1)
    for _ in range(40):
        cut = chance.randrange(len(log))
        torn.write_bytes(base)
        noise = chance.randbytes(chance.choice([0, 600]))
        Path(f"{torn}-wal").write_bytes(log[:cut] + noise)
        with reopened(torn) as ledger:
            assert ledger.head in hashes
            assert begun(ledger)
            assert ledger.verify(hashes[0])
        torn.unlink()


def test_an_unfinished_making_leaves_no_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ledger.db"

    def no_links(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    with pytest.raises(LedgerUnusable, match="not supported"):
        made(path)

    assert list(tmp_path.iterdir()) == []


def test_a_copy_of_the_file_alone_is_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with made(path) as ledger:
        head = some_history(ledger)
    shutil.copy(path, tmp_path / "copy.db")

    with reopened(tmp_path / "copy.db") as ledger:
        assert ledger.head == head


def test_what_is_told_together_is_there_as_a_whole_or_not_at_all(place: Place) -> None:
    with made(place) as ledger:
        run = begun(ledger)
        head = ledger.head

        def half() -> None:
            with ledger.together():
                ledger.intend(run, "1", FINANCE, "")
                assert ledger.head != head
                ledger.intend(run, "2", FINANCE, "")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            half()
        assert ledger.head == head
        with reopened(place) as other:
            assert other.head == head

        with ledger.together():
            ledger.intend(run, "1", FINANCE, "")
            with ledger.together():
                ledger.intend(run, "2", FINANCE, "")
        with reopened(place) as other:
            assert other.head == ledger.head != head
        assert ledger.unfinished(("analytics",))[0].sent == ("1", "2")
