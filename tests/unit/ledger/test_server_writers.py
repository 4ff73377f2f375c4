"""Real processes over one ledger on a server: one chain, whoever is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

from reconciler.ledger import Ledger
from reconciler.model.ledger_place import LedgerAccess
from tests.postgresql import needs_server
from tests.unit.ledger.samples import begun, made, reopened

pytestmark = needs_server
EVENTS = 500

APPENDING = """
import sys
from tests.unit.ledger.samples import begun, place_of, reopened
ledger = reopened(place_of(sys.argv[1]))
run = begun(ledger)
print("ready", flush=True)
sys.stdin.readline()
for n in range(int(sys.argv[2])):
    ledger.note(run, {"text": n})
ledger.close()
"""

STOPPING = """
import sys, time
from tests.unit.ledger.samples import begun, place_of, reopened
ledger = reopened(place_of(sys.argv[1]))
run = begun(ledger)
with ledger.together():
    ledger.note(run, {"text": "lost"})
    print("inside", flush=True)
    time.sleep(60)
"""


def started(code: str, access: LedgerAccess, *words: str) -> subprocess.Popen[str]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen([sys.executable, "-c", code, access.server.schema, *words], text=True, **pipes)  # type: ignore[call-overload, no-any-return]


def notes(ledger: Ledger) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for event in ledger.events():
        if event.type == "note":
            found.setdefault(event.run, []).append(event.content["text"])
    return found


def test_two_processes_that_append_side_by_side_make_one_chain(access: LedgerAccess) -> None:
    made(access).close()
    writers = [started(APPENDING, access, str(EVENTS)) for _ in range(2)]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=100)
    assert [w.returncode for w in writers] == [0, 0]

    with reopened(access) as ledger:
        assert ledger.verify() == ledger.head
        assert list(notes(ledger).values()) == [list(range(EVENTS))] * 2
        runs = [event.run for event in ledger.events() if event.type == "note"]
        assert runs != sorted(runs)  # they did go side by side


def test_a_writer_killed_within_a_section_leaves_nothing_and_holds_nobody_up(access: LedgerAccess) -> None:
    made(access).close()
    writer = started(STOPPING, access)
    assert writer.stdout is not None
    with writer, reopened(access) as ledger:
        assert writer.stdout.readline() == "inside\n"
        head = ledger.head

        writer.send_signal(signal.SIGKILL)
        begin = time.monotonic()
        run = begun(ledger)

        assert time.monotonic() - begin < 10
        assert [e.run for e in ledger.events()][-1] == run
        assert notes(ledger) == {}
        assert ledger.verify(head) == ledger.head
