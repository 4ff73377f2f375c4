"""What a person tells the ledger outside any run: noted with who and why, and never edited afterwards."""

from __future__ import annotations

from reconciler.ledger.event import Draft, Type
from reconciler.ledger.history import History
from reconciler.ledger.leases import Tenure
from reconciler.ledger.who import Who, certainly_there
from reconciler.model.document import Address
from reconciler.model.faults import GuardRefused, UsageWrong
from reconciler.model.json import JsonObject
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.version import __version__

IN_RUN = "`reconciler apply` looks up what became of it; then say this again"


class Deeds:
    """All methods take a section in which nobody else appends, and raise GuardRefused while a run holds the
    target, or one that did not finish is yet to tell of the address; UsageWrong; LedgerUnusable."""

    def __init__(self, history: History, who: Who) -> None:
        self._history, self._who = history, who

    def forget(self, address: Address, reason: str, override: str = "") -> str:
        """The address leads to nothing from now on, the thing stays as it is. `override`: `protected`, where the
        bond says so. Returns the head hash."""
        with self._history.writing():
            bond = self._bond(address)
            if bond.protect and override != "protected":
                raise GuardRefused(
                    f"{address} is protected: forgotten, nothing would keep it from being let go",
                    hint="add --override protected with a --reason, if that is what you want",
                )
            said: JsonObject = {"deed": "forget", "detail": bond.id, "override": override}
            self._note(address, said, reason)
            body: JsonObject = {"why": "a person said to forget it"}
            return self._history.add(Draft(Type.RELEASE, "", address.target, str(address), body)).hash

    def move(self, old: Address, new: Address, reason: str) -> str:
        """What `old` leads to is `new` from now on. Returns the head hash."""
        with self._history.writing():
            bond = self._bond(old)
            if (old.target, old.kind) != (new.target, new.kind):
                raise UsageWrong(f"{new} is not of the target and kind of {old}", hint="only the name can change")
            if new == old or new in self._history.bonds.current or new in self._history.bonds.doubts:
                raise UsageWrong(f"{new} is taken", hint=f"`reconciler ledger show {new}` says by what")
            self._free(new)
            self._note(old, {"deed": "move", "detail": str(new)}, reason)
            moved = replace(bond, address=new)
            body: JsonObject = {"bond": moved.to_json(), "previous": str(old)}
            return self._history.add(Draft(Type.BIND, "", new.target, str(new), body)).hash

    def end_lease(self, target: str, reason: str) -> Tenure:
        """Whoever holds the target writes no more: the lease counts as returned. Returns what it was."""
        with self._history.writing():
            tenure, now = self._history.leases.current.get(target), self._history.now()
            if tenure is None or tenure.returned or now >= tenure.expires:
                raise UsageWrong(f"nobody holds a lease of {target}", hint="`reconciler lease show` lists them")
            body: JsonObject = {
                "number": tenure.number,
                "by": self._who.to_json(),
                "holder": tenure.who.to_json(),
                "reason": reason,
                "tool": __version__,
            }
            self._history.add(Draft(Type.LEASE_RETURNED, target=target, body=body))
            return tenure

    def _bond(self, address: Address) -> Bond:
        bonds = self._history.bonds
        if address in bonds.doubts:
            raise UsageWrong(f"{address} is in doubt", hint="`reconciler resume` takes the answer")
        if address not in bonds.current:
            hint = "`reconciler ledger list` shows what it knows"
            raise UsageWrong(f"the ledger knows nothing of {address}", hint=hint)
        self._free(address)
        return bonds.current[address]

    def _free(self, address: Address) -> None:
        """Raises GuardRefused while a run may still tell the ledger of this address."""
        self._history.leases.next_number(address.target, self._who, self._history.now())
        for one in self._history.runs.unfinished((address.target,)):
            if _is_about(one.plan, str(address)):
                raise GuardRefused(f"{one.run} did not finish, and is about {address} too", hint=IN_RUN)

    def lives_here(self, target: str) -> bool:
        """Whether the process that holds this target certainly lives, on this machine."""
        tenure = self._history.leases.current.get(target)
        return tenure is not None and not tenure.returned and certainly_there(tenure.who, self._who)

    def _note(self, about: Address, said: JsonObject, reason: str) -> None:
        told: JsonObject = {**said, "about": str(about), "reason": reason, "who": self._who.to_json()}
        self._history.add(Draft(Type.NOTE, body={**told, "tool": __version__}))


def _is_about(plan: JsonObject, address: str) -> bool:
    """Whether a run of this plan may still tell of an address: it has calls for it, or for what leaves it. What
    the plan only looked at, no run tells anything of."""
    own = [a for a in _objects(plan, "actions") if address in (a.get("address"), a.get("previous"))]
    return any(a.get("calls") for a in own) or any(c.get("address") == address for c in _objects(plan, "calls"))


def _objects(plan: JsonObject, name: str) -> list[JsonObject]:
    found = plan.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
