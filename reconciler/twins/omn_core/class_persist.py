"""Creating and updating classifications, with their nodes and the nodes' attributes, many in one call."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused
from reconciler.twins.omn_core.answers import (
    ERROR,
    SUCCESS,
    WARNING,
    NotDone,
    accident,
    answer_all,
    check_break,
    marred,
    said,
)
from reconciler.twins.omn_core.call import Accident, Call, OmnRoute, Takes, text
from reconciler.twins.omn_core.class_nodes import ClassNodes
from reconciler.twins.omn_core.classes import INFORMATION, ROOT
from reconciler.twins.omn_core.labels import merged_labels, sent_labels, unknown_locale
from reconciler.twins.omn_core.pim_things import Classification

DATA_TYPE = "classification"
CREATED = "The classification has been created successfully"
SAVED = "The classification has been saved successfully"
MISSING = "Classification attributes missing: 'tid' or 'id' attribute must be"


def persist(call: Call) -> Answer:
    """The classifications in turn, then the nodes in turn, each of which speaks through its classification."""
    if not call.has("classes") and not call.has("nodes"):
        raise Refused(400, "Malformed request body")
    classes, nodes = (call.entries(name) if call.has(name) else [] for name in ("classes", "nodes"))
    saves = _Persist(call)
    for done, (given, is_node) in enumerate([*((one, False) for one in classes), *((one, True) for one in nodes)]):
        check_break(call, done)
        if is_node:
            saves.node(given)
        else:
            saves.classification(given)
    check_break(call, len(classes) + len(nodes))
    return answer_all(call, [one.answer() for one in saves.outcomes], "OC-P30", INFORMATION)


@dataclass(slots=True)
class _Outcome:
    """What became of one classification, and of its nodes."""

    action: str
    tid: str | None
    refused: str = ""
    wrong: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    mishap: Accident | None = None

    def answer(self) -> Json:
        if self.refused or self.wrong:
            text = self.refused or "|".join(dict.fromkeys(self.wrong))
            return said(ERROR, text, self.action, DATA_TYPE, tid=self.tid)
        if self.dropped:
            return said(WARNING, "|".join([SAVED, *self.dropped]), self.action, DATA_TYPE, tid=self.tid)
        done = CREATED if self.action == "create" else SAVED
        return marred(said(SUCCESS, done, self.action, DATA_TYPE, tid=self.tid), self.mishap)


class _Persist:
    """One call. `outcomes` are in the order of its classifications."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.table = call.table(Classification)
        self.outcomes: list[_Outcome] = []
        self._latest: dict[str, _Outcome] = {}
        self._nodes = ClassNodes(call)
        self._names = {(loc, label): one.tid for one in self.table.values() for loc, label in one.labels.items()}

    def classification(self, given: JsonObject) -> None:
        tid = text(given, "tid")
        outcome = _Outcome("update" if tid in self.table else "create", tid)
        self.outcomes.append(outcome)
        try:
            self._save(given, outcome)
        except NotDone as refused:
            outcome.refused = refused.description
        if outcome.tid is not None:
            self._latest[outcome.tid] = outcome

    def _save(self, given: JsonObject, outcome: _Outcome) -> None:
        old = self._addressed(text(given, "id"), outcome)
        if old is not None and self.call.caller.user in old.denied:
            raise NotDone("The classification is not available by access rights")
        tid = outcome.tid or ""
        labels = self._free(tid, given, outcome)
        outcome.mishap = accident(self.call, tid)
        self.call.moment()
        merged = merged_labels(self.call, old.labels if old is not None else {}, labels)
        made = replace(old, labels=merged) if old is not None else self._made(tid, merged)
        self.table[tid] = made
        self._names |= dict.fromkeys(merged.items(), tid)

    def _addressed(self, key: str | None, outcome: _Outcome) -> Classification | None:
        """The classification to update; None for a new one. Raises NotDone."""
        if outcome.tid:
            return self.table.get(outcome.tid)
        if key is None:
            raise NotDone(MISSING)
        found = next((one for one in self.table.values() if one.id == key), None)
        if found is None:
            raise NotDone(f"There is no classification with the given identity '{key}'")
        outcome.tid, outcome.action = found.tid, "update"
        return found

    def _made(self, tid: str, labels: dict[str, str]) -> Classification:
        made = Classification(self.call.new_id(), tid, labels)
        self.call.made(made.id)
        return made

    def _free(self, tid: str, given: JsonObject, outcome: _Outcome) -> dict[str, str]:
        """The labels sent, without those of unknown locales and those that another classification has."""
        labels = sent_labels(self.call, given)
        outcome.dropped += [unknown_locale(loc) for loc in labels.unknown]
        free: dict[str, str] = {}
        for loc, label in labels.texts.items():
            holder = self._names.get((loc, label), tid)
            if holder != tid and self.table[holder].labels.get(loc) == label:
                outcome.dropped.append(_taken(label))
            else:
                free[loc] = label
        return free

    def node(self, given: JsonObject) -> None:
        tid = text(given, "class") or ""
        outcome = self._latest.get(tid) or self._of_stored(tid)
        if outcome.refused or (outcome.wrong and self.call.hard("OC-P50")):
            return
        try:
            outcome.dropped += self._nodes.save(self.table[tid], given)
        except NotDone as refused:
            outcome.wrong.append(refused.description)

    def _of_stored(self, tid: str) -> _Outcome:
        """A classification that only nodes of the call speak of."""
        found = self.table.get(tid)
        unknown = "" if found else f"There is no classification with the given identity '{tid}'"
        outcome = _Outcome("update" if found else "create", found.tid if found else None, unknown)
        self.outcomes.append(outcome)
        self._latest[tid] = outcome
        return outcome


def _taken(label: str) -> str:
    return f"Unable to create new classification. Classification with name {label} already exist."


KIND: Kind[OmnRoute] = Kind(
    routes=(OmnRoute(method="POST", path=f"{ROOT}/persist", answer=persist, takes=Takes.DOCUMENT),),
    questions=(Knob("OC-P50", "a node that fails beside its classification", "the next go on", "no more of it"),),
)
