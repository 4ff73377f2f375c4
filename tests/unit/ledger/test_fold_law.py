"""Any sequence of events, with reopenings in between: the fold equals a model one can read at a glance."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from reconciler.ledger import Ledger
from reconciler.model.document import Address
from reconciler.model.outcome import End, Outcome
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from tests.postgresql import needs_server, own_schema
from tests.unit.ledger.samples import Place, begun, done, made, reopened

ADDRESSES = st.sampled_from([Address(t, "Folder", n) for t in ("a", "b") for n in ("x", "y/z")])
IDS = st.sampled_from(["1", "2", "3"])
ENTRIES = st.lists(st.sampled_from(["u", "v", "w"]), unique=True)
FIELDS = st.sampled_from(["members", "labels"])
BONDS = st.builds(
    Bond,
    address=ADDRESSES,
    id=IDS,
    key=st.one_of(st.none(), st.text(), st.lists(st.text())),
    made=st.booleans(),
    label=st.text(),
    protect=st.booleans(),
    digests=st.dictionaries(st.text(), st.text(), max_size=2),
    entries=st.dictionaries(FIELDS, ENTRIES.map(tuple)),
)


class Events(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = self.somewhere()
        self.ledger: Ledger = made(self.path)
        self.bonds: dict[Address, Bond] = {}
        self.open: list[str] = []
        self.completed: set[str] = set()
        self.calls: dict[str, dict[str, End | None]] = {}  # run -> call -> how it ended

    def somewhere(self) -> Place:
        return Path(self.folder.name) / "state" / "ledger.db"

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()

    @initialize()
    def start_the_first(self) -> None:
        self.start()

    @rule()
    def start(self) -> None:
        run = begun(self.ledger, f"p{len(self.calls)}", "a")
        self.open.append(run)
        self.calls[run] = {}

    @rule(status=st.sampled_from(["done", "partly"]))
    def finish(self, status: str) -> None:
        if len(self.open) > 1:
            self.ledger.finish(self.open.pop(0), status)
            self.completed |= {"a"} if status == "done" else set()

    @rule(call=IDS, address=ADDRESSES)
    def intend(self, call: str, address: Address) -> None:
        self.ledger.intend(self.open[-1], call, address, "")
        self.calls[self.open[-1]][call] = None

    @rule(bond=BONDS)
    def bind(self, bond: Bond) -> None:
        self.ledger.bind(self.open[-1], bond)
        self.bonds[bond.address] = bond

    @rule(address=ADDRESSES)
    def release(self, address: Address) -> None:
        self.ledger.release(self.open[-1], address, "left git")
        self.bonds.pop(address, None)

    @rule(call=IDS, address=ADDRESSES, end=st.sampled_from([End.FAILED, End.IN_DOUBT]))
    def fail(self, call: str, address: Address, end: End) -> None:
        self.conclude(address, Outcome(call, end, result={"#id": "9", "#gone": True}))

    @rule(call=IDS, address=ADDRESSES)
    def delete(self, call: str, address: Address) -> None:
        self.conclude(address, done(call, gone=True))
        self.bonds.pop(address, None)

    @rule(call=IDS, address=ADDRESSES, remote_id=IDS)
    def becomes(self, call: str, address: Address, remote_id: str) -> None:
        self.conclude(address, done(call, becomes=remote_id))
        if address in self.bonds:
            self.bonds[address] = replace(self.bonds[address], id=remote_id)

    @rule(call=IDS, address=ADDRESSES, label=st.text())
    def create(self, call: str, address: Address, label: str) -> None:
        self.conclude(address, done(call, id="new", label=label, key=label))
        fresh = Bond(address, "new", key=label, made=True, label=label)
        if (old := self.bonds.get(address)) is not None:
            kept = old.id == "new"
            fresh = replace(
                old,
                id="new",
                key=label,
                made=True,
                label=label or (old.label if kept else ""),
                digests=old.digests if kept else {},
                entries=old.entries if kept else {},
            )
        self.bonds[address] = fresh

    @rule(call=IDS, address=ADDRESSES, field=FIELDS, added=ENTRIES, removed=ENTRIES)
    def entries(self, call: str, address: Address, field: str, added: list[str], removed: list[str]) -> None:
        self.conclude(address, done(call, added=[field, [*added]], removed=[field, [*removed]]))
        if (old := self.bonds.get(address)) is not None:
            both = dict.fromkeys([*old.entries.get(field, ()), *added])
            left = tuple(e for e in both if e not in removed)
            self.bonds[address] = replace(old, entries={**old.entries, field: left})

    @rule()
    def reopen(self) -> None:
        self.ledger.close()
        self.ledger = reopened(self.path)

    @invariant()
    def equals_the_model(self) -> None:
        recorded = self.ledger.recorded()
        assert recorded.bonds == self.bonds
        assert recorded.completed == self.completed
        assert recorded.exists
        unfinished = self.ledger.unfinished(("a",))
        assert [u.run for u in unfinished] == self.open
        for u in unfinished:
            calls = self.calls[u.run]
            assert sorted(u.sent) == sorted(c for c, end in calls.items() if end in (None, End.IN_DOUBT))
            assert {c: o.end for c, o in u.outcomes.items()} == {c: end for c, end in calls.items() if end}
        assert self.ledger.verify() == recorded.head

    def conclude(self, address: Address, outcome: Outcome) -> None:
        self.ledger.conclude(self.open[-1], address, outcome)
        self.calls[self.open[-1]][outcome.call] = outcome.end


TestEvents = Events.TestCase
TestEvents.settings = settings(
    max_examples=30, stateful_step_count=25, deadline=None, derandomize=True, database=None
)


class OnServer(Events):
    """The same on a server, a few times."""

    def somewhere(self) -> Place:
        self.room = ExitStack()
        return self.room.enter_context(own_schema())

    def teardown(self) -> None:
        super().teardown()
        self.room.close()


@needs_server
class TestOnServer(OnServer.TestCase):  # type: ignore[misc, valid-type]  # made by hypothesis
    settings = settings(max_examples=4, stateful_step_count=25, deadline=None, derandomize=True, database=None)
