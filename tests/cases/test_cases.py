"""Every YAML file beside this one is a case: what is declared, what the API lists, the calls that follow.

says      what the case shows, in a sentence
desired   document name -> spec
metadata  document name -> metadata, as a manifest has it (may be left out)
live      the records of the kind's list, as the API gives them (of XML: as its provider reads it)
answers   `METHOD /path?some=query {part of a body}` -> the answer, or its records, to any other reading
recorded  document name -> what the ledger knows: id, key, made, onRemove, protect, allow, by, once, added, told,
          applied (field -> value; of a set: entry id -> subfields). Left out altogether, there is no ledger
settings  the target's own words, as the project file has them (may be left out)
now       the day on which live is read (may be left out)
past      `unknown`: the ledger has completed no run here (may be left out)
calls     the writes in their order, `METHOD /path {body}`, with all that goes along in one request
else      the contingent calls, in their order (may be left out)
held      the calls that a hold keeps back (may be left out)
holds     document name -> rule, or rules
verbs     document name -> what the plan calls it (may be left out)
fields    `name: path: before -> after (reason)`, for every field that differs (may be left out)
problems  the messages of the offline check; then nothing else is expected

What a case does not say is kept word for word beside it (tests/kept.py): the whole plan, in plans.txt, and what
becomes of it against far ends of every sort, in runs.txt.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler import diff, plan, read
from reconciler.model.call import Request
from reconciler.model.document import Address, DeleteLimit, Desired, Document, Target
from reconciler.model.entries import entry_digest
from reconciler.model.holding import carriers_named
from reconciler.model.json import Json, JsonObject, Missing, digest, pick
from reconciler.model.kind import Kind, Page
from reconciler.model.live import Collection, Demand, Live, Replies
from reconciler.model.normalise import normal
from reconciler.model.plan import Call, Plan
from reconciler.model.plan_from_json import from_json
from reconciler.model.plan_json import to_json
from reconciler.model.record import replace
from reconciler.model.recorded import Bond, Recorded
from reconciler.model.values import resolved
from tests.cases.far_ends import runs_text
from tests.kept import keep_case, plan_text, sections
from tests.world import PROVIDERS, catalog, doc

HERE = Path(__file__).parent
BASES = {target: f"https://{target}.example.com" for target in PROVIDERS}
FILES = sorted(HERE.rglob("*.yaml"))
WORDS = {
    "says", "desired", "metadata", "live", "answers", "recorded",
    "calls", "else", "held", "holds", "verbs", "fields", "problems", "past", "now", "settings",
}  # fmt: skip
SEARCH = "POST /component/search"
"""A list that is cut into pages which tell how many records there are in all."""
NUMBERED = "GET /v1/schedules"
"""A list whose pages are numbered."""


@dataclass(frozen=True, slots=True)
class Case:
    """One file: the kind is that of its folder."""

    kind: Kind
    words: Mapping[str, Any]

    @property
    def target(self) -> str:
        return next(name for name, provider in PROVIDERS.items() if provider == self.kind.provider)

    def given(self, word: str) -> Mapping[str, Any]:
        return self.words.get(word) or {}


def case_of(path: Path) -> Case:
    words = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    assert set(words) <= WORDS, set(words) - WORDS
    return Case(catalog().kind(path.parts[-3], path.parts[-2]), words)


@pytest.mark.parametrize("path", FILES, ids=[str(f.relative_to(HERE).with_suffix("")) for f in FILES])
def test_case(path: Path) -> None:
    case = case_of(path)
    documents = [document(case, name, spec) for name, spec in case.given("desired").items()]
    verbs = catalog().verbs[(case.kind.provider, case.kind.name)]

    problems = [p.message for p in verbs.check(case.kind, documents) if p.severity == "error"]
    assert problems == case.words.get("problems", [])
    if not problems:
        found, live, known = planned(case, documents)
        assert from_json(to_json(found)) == found
        assert told(found, case) == expected(case)
        keep_case(path, "plans.txt", plan_text(found))
        keep_case(path, "runs.txt", runs_text(found, live, known))


def told(found: Plan, case: Case) -> dict[str, object]:
    """The plan in the words of a case, as far as the case uses them."""
    held = {a.address.name: sorted(h.rule for h in a.holds) for a in found.actions if a.holds}
    said: dict[str, object] = {
        "calls": [line(c, found) for c in found.writes],
        "bound": found.bound,
        "else": [line(c, found) for c in found.contingent],
        "held": [line(c, found) for c in found.held],
        "holds": held,
    }
    if "verbs" in case.words:
        said["verbs"] = {a.address.name: str(a.verb) for a in found.actions}
    if "fields" in case.words:
        said["fields"] = [field_line(a.address.name, f) for a in found.actions for f in a.fields]
    return said


def expected(case: Case) -> dict[str, object]:
    calls = case.words["calls"]
    rules = case.given("holds")
    said: dict[str, object] = {
        "calls": calls,
        "bound": len(calls),
        "else": case.words.get("else", []),
        "held": case.words.get("held", []),
        "holds": {name: sorted([rule] if isinstance(rule, str) else rule) for name, rule in rules.items()},
    }
    return said | {word: case.words[word] for word in ("verbs", "fields") if word in case.words}


def line(call: Call, found: Plan) -> str:
    """`PUT /v1/labels/production {"verified": true}`; of what goes along, whatever is held only where all is."""
    body = call.body
    if carriers := carriers_named(call):
        riders = {i: [r.body for r in found.riders(i) if call.held or not r.held] for i in carriers}
        body = resolved(body, {}, riders)
    return call.line + (f" {json.dumps(body, ensure_ascii=False)}" if body is not None else "")


def field_line(name: str, change: Any) -> str:
    before, after = ("nothing" if isinstance(v, Missing) else json.dumps(v) for v in (change.before, change.after))
    return f"{name}: {'/'.join(change.path)}: {before} -> {after} ({change.reason})"


# What a manifest and a ledger would give.


def document(case: Case, name: str, spec: Mapping[str, Json]) -> Document:
    metadata = dict(case.given("metadata").get(name, {}))
    previously, life = metadata.pop("previously", {}), dict(metadata.pop("lifecycle", {}))
    if "onRemove" in life:
        life["on_remove"] = life.pop("onRemove")
    more = {"previous_key": previously.get("key"), "previous_name": previously.get("name"), **life}
    more["pinned_id"], more["once"] = metadata.pop("id", None), metadata.pop("once", None)
    assert not metadata, metadata
    return doc(f"{case.target}/{case.kind.name}", name, spec, **{k: v for k, v in more.items() if v is not None})


def recorded(case: Case) -> Recorded:
    bonds = [bond(case, name, known) for name, known in case.given("recorded").items()]
    past = frozenset() if case.words.get("past") == "unknown" else frozenset({case.target})
    return Recorded({b.address: b for b in bonds}, exists="recorded" in case.words, completed=past)


def bond(case: Case, name: str, known: Mapping[str, Any]) -> Bond:
    known = dict(known)
    applied: Mapping[str, Any] = known.pop("applied", {})
    found = Bond(
        address=Address(case.target, case.kind.name, name),
        id=str(known.pop("id")),
        key=known.pop("key", None),
        made=known.pop("made", True),
        on_remove=known.pop("onRemove", "release"),
        protect=known.pop("protect", False),
        allow=tuple(known.pop("allow", ())),
        digests=dict(d for field, value in applied.items() for d in digests(case.kind, field, value)),
        entries={f: tuple(ids) for f, ids in known.pop("added", {}).items()},
        by=known.pop("by", {}),
        once=known.pop("once", {}),
        told=known.pop("told", {}),
    )
    assert not known, known
    return found


def digests(kind: Kind, name: str, value: Any) -> Iterator[tuple[str, str]]:
    """What the ledger keeps of a value, so that three sides can be compared without keeping the value itself."""
    field = kind.fields[name]
    if not field.is_set:
        yield name, digest(normal(field, value))
        return
    yield name, digest("managed")
    for entry_id, subfields in value.items():
        keys: JsonObject = dict.fromkeys(field.entry_parts or (str(field.entry_key),), entry_id)
        yield f"{name}/{entry_id}", entry_digest(field, {**keys, **subfields})


# What the API would answer.


def planned(case: Case, documents: list[Document]) -> tuple[Plan, Live, Recorded]:
    """The way of every plan, with a case in the place of the wire; with what is live, and recorded."""
    targets = {case.target: Target(case.target, case.kind.provider, case.given("settings"))}
    desired = Desired(tuple(documents), targets, "files", DeleteLimit(100, 100))
    known = recorded(case)
    collections: dict[str, Collection] = {}
    demands: dict[tuple[str, str], Demand] = {}
    wanted_all = read.demands(desired, known, catalog())
    for wanted in sorted(wanted_all, key=lambda w: (bool(w.supposed), len(before(w.kind)))):
        wanted.come_true(collections)
        if wanted.idle:
            continue
        others = {n: c for n, c in collections.items() if n in before(wanted.kind)}
        details = catalog().verbs[(case.kind.provider, wanted.kind.name)].details
        asked = details(wanted.kind, wanted.documents, wanted.bonds, wanted.known(others))
        demands[(case.target, wanted.kind.name)] = demand = replace(wanted.demand(collections), details=asked)
        collections[wanted.kind.name] = replace(collected(case, wanted.kind, demand), read_at=now(case))
    live = Live({(case.target, name): c for name, c in collections.items()}, (), demands)
    changes = diff.compare(desired, live, known, catalog())
    return plan.build(changes, desired, live, known, catalog(), BASES, "test", "now"), live, known


def now(case: Case) -> float:
    day = case.words.get("now")
    return datetime.fromisoformat(f"{day}T12:00:00Z").timestamp() if day else 0.0


def before(kind: Kind) -> set[str]:
    """The kinds that are read before this one."""
    after = kind.rest.list.after if kind.rest.list else ()
    return {n for name in after for n in (name, *before(catalog().kind(kind.provider, name)))}


def collected(case: Case, kind: Kind, demand: Demand) -> Collection:
    verbs = catalog().verbs[(kind.provider, kind.name)]
    replies: Replies = ()
    while batch := verbs.reads(kind, demand, replies):
        replies += tuple((request, answer(case, kind, request)) for request in batch)
    return verbs.parse(kind, demand, replies)


def answer(case: Case, kind: Kind, request: Request) -> Json:
    """What the case answers, else the list of its kind; a single thing that no list shows is not there."""
    kinds = (*catalog().of(kind.provider), case.kind)  # of those that one list shows, that of the case
    lists = {k.rest.list.call: k for k in kinds if k.rest.list}
    whose = lists.get(f"{request.method} {request.path}")
    for key, body in case.given("answers").items():
        if speaks_of(key, request):
            return listed(whose or kind, body) if isinstance(body, list) else body
    if whose is case.kind:
        return listed(whose, case.words.get("live") or [])
    assert request.may_be_gone, f"the case has no answer to {request}"
    return None


def speaks_of(key: str, request: Request) -> bool:
    """Whether an answer is the one to this request: its query, and its body, may hold more than the key says."""
    method, address, *body = key.split(" ", 2)
    path, _, query = address.partition("?")
    asked = {f"{name}={value}" for name, value in request.query}
    sent = request.body if isinstance(request.body, dict) else {}
    same = (request.method, request.path) == (method, path) and set(filter(None, query.split("&"))) <= asked
    return same and (not body or json.loads(body[0]).items() <= sent.items())


def listed(kind: Kind, records: list[Json]) -> Json:
    """All records on one page, in the envelope of the kind's list."""
    listing = kind.rest.list
    if listing is None or not listing.items:
        return records
    outer, _, inner = listing.items.strip("/").partition("/")
    body: JsonObject = {outer: {inner: records} if inner else records}
    if listing.page is Page.CURSOR or listing.call == NUMBERED:
        body["pageInfo"] = {"hasNextPage": False, "nextCursor": None, "totalRecords": len(records)}
    if listing.page is Page.SCIM:
        body |= {"totalResults": len(records), "itemsPerPage": len(records), "startIndex": 1}
    if listing.call == SEARCH:
        body |= {"total": len(records), "more": False}
    assert pick(body, listing.items) is records
    return body


def test_there_are_cases_of_every_managed_kind() -> None:
    managed = {(k.provider, k.name) for p in PROVIDERS.values() for k in catalog().of(p) if not k.source}

    for provider, name in managed:
        assert len([f for f in FILES if f.parts[-3:-1] == (provider, name)]) >= 8, name


def test_every_case_says_what_it_shows() -> None:
    sentences = [case_of(f).words["says"] for f in FILES]

    assert all(s.endswith(".") for s in sentences)
    assert len(set(sentences)) == len(sentences)


def test_nothing_is_kept_of_a_case_that_is_no_more() -> None:
    there = {f.parent / f.stem for f in FILES}

    for file in HERE.rglob("*/*/*.txt"):
        assert {file.parent / name for name in sections(file)} <= there, file
