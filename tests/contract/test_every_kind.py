"""Every kind of all five systems, every field and every deed: nothing was forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.change import UNKNOWN_PAST
from reconciler.model.faults import ManifestInvalid
from reconciler.model.json import ABSENT
from reconciler.model.kind import Kind
from reconciler.model.plan import Action, Plan, Role
from tests.contract.every_git import Git, applied, brought_about, planned, settled, started, written
from tests.contract.every_kind import PROVIDERS_HERE, TABLES
from tests.contract.every_row import Deed, Row, Sheet, Step, Table, known, masked, of, put
from tests.world import World, catalog, world

PROFILES = ("plain", "adversarial")
ROWS = [pytest.param(t, r, id=f"{t.provider}/{t.kind}/{r.path.replace('/', '.')}") for t in TABLES for r in t.rows]
DEEDS = [pytest.param(t, d, id=f"{t.provider}/{t.kind}/{d.name}") for t in TABLES for d in t.deeds]
PAGES = Path(__file__).parents[2] / "docs" / "apis"
LETTERS = {
    "omni-analytics": "OA",
    "studio-tracker": "ST",
    "omg-platform": "OP",
    "omni-cms": "CM",
    "omn-core": "OC",
}


@pytest.fixture(autouse=True)
def _no_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of these tests lie in no repository: nobody asks git a thousand times for their commit."""
    monkeypatch.setattr("reconciler.load.git.commit", lambda *_: None)


# Each field.


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(("table", "row"), ROWS)
def test_each_field_step_by_step(table: Table, row: Row, profile: str, tmp_path: Path) -> None:
    with started(table, profile, tmp_path) as git:
        more = dict(row.more)
        spec = {**table.spec, **more}
        bare = spec if row.needed or required(table, row.path) else put(table, spec, row.path, row.begins)
        brought_about(git, said(row, bare), *row.beside)
        for number, one in enumerate(row.steps):
            step = one.on(profile)
            more |= step.more
            spec = put(table, {**table.spec, **more}, row.path, step.says)
            take(git, row, step, said(row, spec), f"step {number}: {row.path}: {step.says!r}")


def said(row: Row, spec: Mapping[str, Any]) -> Sheet:
    return Sheet({k: v for k, v in spec.items() if v is not ABSENT}, row.life, row.metadata)


def take(git: Git, row: Row, step: Step, sheet: Sheet, where: str) -> None:
    """One step: its calls, its holds, what it says; applied; nothing is left."""
    meddle(git, row, step)
    plan = planned(git, git.says(sheet, *row.beside))
    action = git.action(plan)
    assert len(plan.writes) == step.calls, (where, [(c.line, c.body) for c in plan.writes], action.holds)
    assert {h.rule for h in action.holds} == rules_of(step), (where, action.holds)
    assert step.note in told(action), where
    if step.calls:
        assert {f.path[0] for f in action.fields} <= {row.top, row.top.removesuffix("Mode"), row.sends}, where
        named(git, row, plan, where)
    if not row.path.endswith("Mode") and row.top != kind_of(git.table).key:
        reasons = {"intent", "unknown"} if step.behind is ABSENT else {"drift"}
        assert {str(f.reason) for f in action.fields} <= reasons, where
    deed = applied(git, plan, refused=bool(step.refused))
    assert len(deed.sent) == step.calls + step.besides, (where, deed.sent)
    if step.refused:
        assert "failed" in deed.ends, where
        return
    assert deed.ends <= {"done"}, (where, deed.report.outcomes)
    settled(git)


def told(action: Action) -> str:
    """All that a plan says of a thing, but for what differs."""
    holds = (f"{h.reason} {h.way_out}" for h in action.holds)
    return " ".join((*action.notes, *action.effects, *holds))


def rules_of(step: Step) -> set[str]:
    named = {step.hold} if isinstance(step.hold, str) else set(step.hold)
    return named - {""}


def meddle(git: Git, row: Row, step: Step) -> None:
    if step.behind is ABSENT:
        return
    if callable(step.behind):
        step.behind(git.w)
        return
    assert git.table.edit is not None
    git.table.edit(git.w, {row.sends or of_schema(git.table, row.top).wire_name: step.behind})


def schema_at(table: Table, path: str) -> tuple[Any, bool]:
    """What the schema says at a path, and whether it has to be there."""
    node: Any = kind_of(table).schema
    needed = False
    for name in path.split("/"):
        node = node.get("items", node)
        needed = name in node.get("required", ())
        node = node["additionalProperties"] if name == "*" else node["properties"][name]
    return node, needed


def required(table: Table, path: str) -> bool:
    return schema_at(table, path)[1]


def kind_of(table: Table) -> Kind:
    return catalog().kind(table.provider, table.kind)


def of_schema(table: Table, field: str) -> Any:
    return kind_of(table).fields[field]


def named(git: Git, row: Row, plan: Plan, where: str) -> None:
    """A change of one field sends this field alone, by its name in the API."""
    field = of_schema(git.table, row.top)
    if field.is_set or field.nested:
        return
    along = git.table.along
    for call in plan.writes:
        if call.method in ("PUT", "PATCH") and isinstance(call.body, dict) and along is not None:
            assert set(call.body) - along == {row.sends or field.wire_name}, where


# Each deed.


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(("table", "deed"), DEEDS)
def test_each_deed(table: Table, deed: Deed, profile: str, tmp_path: Path) -> None:
    with started(table, profile, tmp_path) as git:
        before, now = deed.also
        if deed.first is not None:
            brought_about(git, git.thing(deed.first), *before)
        if deed.meanwhile:
            deed.meanwhile(git.w)
        sheets = [] if deed.now is None else [git.thing(deed.now)]
        if deed.mistake:
            with pytest.raises(ManifestInvalid, match=re.escape(deed.mistake)):
                git.says(*sheets, *now)
            return
        plan = planned(git, git.says(*sheets, *now))
        action = git.action(plan)
        assert {h.rule for h in action.holds} - {UNKNOWN_PAST} == set(of(profile, deed.holds)), action.holds
        assert str(action.verb) == of(profile, deed.verb), (action.verb, [c.line for c in plan.writes])
        done = applied(git, plan)
        calls = list(of(profile, deed.calls))
        assert sorted(done.sent) == sorted(calls), done.sent
        order = [masked(c.line) for c in plan.writes if c.method != "GET" and c.role is not Role.FIND]
        assert order[: len(calls)] == calls[: len(order)]
        if deed.name == "drift":
            assert {str(f.reason) for f in action.fields} <= {"drift"}
        assert deed.note in told(action)
        assert done.ends <= set(of(profile, deed.ends)), done.report.outcomes
        settled(git, of(profile, deed.still))
        live = table.live(git.w)
        assert {of(profile, deed.there)} - {""} <= live
        assert not {of(profile, deed.gone)} - {""} & live


# Nothing is forgotten.


DEEDS_OF_ALL = {
    "create",
    "adopt",
    "adopt changed",
    "rename",
    "rename unsaid",
    "move",
    "drift",
    "release",
    "delete",
}
BELOW = ("items", "properties")


def manageable() -> dict[tuple[str, str], Kind]:
    """Every kind of these systems that manifests can declare: all but sources and refused ones."""
    every = {(k.provider, k.name): k for p in PROVIDERS_HERE for k in catalog().of(p)}
    return {at: kind for at, kind in every.items() if not kind.source and at not in catalog().refused}


def writable(node: Any, before: str = "") -> Iterator[tuple[str, Any, bool]]:
    """Every writable property below a schema, subfields too: its path, its schema, whether it is required."""
    for name, one in node.get("properties", {}).items():
        if one.get("readOnly") or one.get("x-local") or "x-refused" in one:
            continue
        yield before + name, one, name in node.get("required", ())
        yield from writable(one.get("items", one), f"{before}{name}/")
        yield from writable(many(one), f"{before}{name}/*/")


def many(node: Any) -> dict[str, Any]:
    """The schema of the values of an object of many, where they are objects themselves."""
    found = node.get("additionalProperties")
    return found if isinstance(found, dict) else {}


def keys(kind: Kind) -> set[str]:
    return {kind.key}


def test_every_kind_is_in_the_table() -> None:
    assert len(TABLES) == len({t.at for t in TABLES})
    assert {t.at for t in TABLES} == manageable().keys()


@pytest.mark.parametrize("table", TABLES, ids=lambda t: f"{t.provider}/{t.kind}")
def test_every_field_is_in_the_table(table: Table) -> None:
    kind = kind_of(table)
    fields = {path for path, *_ in writable(kind.schema)} - {kind.key}
    rows = [row.path for row in table.rows]

    assert len(rows) == len(set(rows))
    assert fields <= set(rows), fields - set(rows)
    assert {path.partition("/")[0] for path in rows} <= kind.fields.keys()


@pytest.mark.parametrize("table", TABLES, ids=lambda t: f"{t.provider}/{t.kind}")
def test_every_row_goes_all_the_way(table: Table) -> None:
    """Two values, null or the empty list where the schema allows it, nothing at all; and drift, if it shows."""
    kind = kind_of(table)
    for path, schema, needed in writable(kind.schema):
        for row in (r for r in table.rows if r.path == path):
            said = [s.says for s in row.steps]
            values = [v for v in said if v is not None and v is not ABSENT]
            others = (*values, row.begins if row.begins is not ABSENT else values[0])
            assert any(v != values[0] for v in others) or len(schema.get("enum", ())) == 1, path
            assert (None in said) == ("null" in schema["type"]), path
            assert ("array" in schema["type"] and not schema.get("minItems")) <= ([] in values), path
            assert (ABSENT in said) == (not needed and not row.needed), path
            assert row.rule in rules(table.provider), row.rule
            assert drifts(kind, path) <= any(s.behind is not ABSENT for s in row.steps), path


def drifts(kind: Kind, path: str) -> bool:
    """Whether others can change it so that it shows: it is read, and is no identity and no word about how."""
    top, _, below = path.partition("/")
    whole = kind.fields[top]
    field = whole.entries.get(below, whole)
    fixed = whole.immutable or whole.replaces or top in (*kind.scope, kind.key)
    steers = field.pins or field.lookup or field.sink or fixed or field.nested
    hidden = (
        whole.unreadable or field.unreadable or field.write_only or (field.local and not path.endswith("Mode"))
    )
    return not (steers or hidden or below in kind.fields[top].keys or nests(kind, path))


def nests(kind: Kind, path: str) -> bool:
    """Whether it says how what is nested is meant."""
    one = kind.fields.get(path.removesuffix("Mode"))
    return one is not None and one.nested is not None


@pytest.mark.parametrize("table", TABLES, ids=lambda t: f"{t.provider}/{t.kind}")
def test_what_may_not_be_cleared_left_out_or_declared_is_a_mistake_in_the_files(
    table: Table, tmp_path: Path
) -> None:
    with world("plain", twins=[]) as w:
        w.root = tmp_path
        for path, schema, needed in writable(kind_of(table).schema):
            row = next((r for r in table.rows if r.path == path), None)
            spec = {**table.spec, **(row.more if row else {})}
            assert mistaken(w, table, put(table, spec, path, None)) != ("null" in schema["type"]), path
            if needed or (row is not None and row.needed):
                assert mistaken(w, table, put(table, spec, path, ABSENT)), path
            if "array" in schema["type"] and schema.get("minItems"):
                assert mistaken(w, table, put(table, spec, path, [])), path
        for path, schema in forbidden(kind_of(table).schema):
            assert mistaken(w, table, put(table, table.spec, path, schema["examples"][0])), path


@pytest.mark.parametrize("table", TABLES, ids=lambda t: f"{t.provider}/{t.kind}")
def test_removals_and_tokens_are_those_of_the_kind_and_removals_need_consent(table: Table, tmp_path: Path) -> None:
    kind = kind_of(table)
    with world("plain", twins=[]) as w:
        w.root = tmp_path
        for word in ("archive", "deactivate", "delete"):
            allowed = word in kind.prune.allowed
            assert mistaken(w, table, table.spec, life={"onRemove": word}) == (word != kind.prune.default)
            assert mistaken(w, table, table.spec, life={"onRemove": word, "allow": [word]}) != allowed
        for token in ("reissue", "changeRequest", "supersede", "rotateKey", "other"):
            assert token in kind.tokens or mistaken(w, table, table.spec, metadata={"once": {token: "1"}})


def mistaken(w: World, table: Table, spec: Mapping[str, Any], **words: Any) -> bool:
    """Whether the loader refuses this spec, or with it these metadata."""
    try:
        written(w, table, Sheet({k: v for k, v in spec.items() if v is not ABSENT}, **words))
    except ManifestInvalid:
        return True
    return False


def forbidden(node: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every property that only the API writes, or that is refused."""
    for name, one in node.get("properties", {}).items():
        if one.get("readOnly") or "x-refused" in one:
            yield before + name, one
        yield from forbidden(one.get("items", one), f"{before}{name}/")


def test_no_manifest_of_a_source_or_of_a_refused_kind_is_taken(tmp_path: Path) -> None:
    sources = [k for p in PROVIDERS_HERE for k in catalog().of(p) if k.source]
    refused = [k for (p, _), k in catalog().refused.items() if p in PROVIDERS_HERE]
    with world("plain", twins=[]) as w:
        w.root = tmp_path
        for kind in (*sources, *refused):
            table = next(t for t in TABLES if t.provider == kind.provider)
            example = kind.schema.get("examples", [{}])
            assert isinstance(example, list)
            with pytest.raises(ManifestInvalid, match=r"cannot be (managed|declared)"):
                written(w, table, Sheet(known(w, example[0]), kind=kind.name))


@pytest.mark.parametrize("table", TABLES, ids=lambda t: f"{t.provider}/{t.kind}")
def test_every_deed_is_in_the_table(table: Table) -> None:
    kind = kind_of(table)
    names = [d.name for d in table.deeds]
    sets = {name: kind.rest.sets.get(name) for name, field in kind.fields.items() if field.is_set and field.keys}
    verbs = {
        f"{name} {verb}"
        for name, calls in sets.items()
        for verb in ("add", "change", "remove")
        if calls is not None and getattr(calls, verb)
    }
    needed = (
        DEEDS_OF_ALL | {*kind.prune.allowed, *kind.consents} | {f"once {token}" for token in kind.tokens} | verbs
    )

    assert len(names) == len(set(names))
    assert needed <= set(names), needed - set(names)
    assert {d.rule for d in table.deeds} <= rules(table.provider)


@cache
def rules(provider: str) -> set[str]:
    """The rules of a page of docs/apis."""
    text = (PAGES / f"{provider}.md").read_text("utf-8")
    return set(re.findall(rf"^\| \*\*({LETTERS[provider]}-[RC]\d+)\*\*", text, re.MULTILINE))
