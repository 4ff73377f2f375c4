"""Whatever an API shows, the program goes on or refuses in words: no crash, no call to another place, no control
character on anybody's terminal, and no write on the word of an answer that makes no sense."""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from reconciler.report.drift import drift_text
from reconciler.report.plan_json import plan_json
from reconciler.report.plan_markdown import plan_markdown
from reconciler.report.plan_text import plan_text
from reconciler.report.report_markdown import report_markdown
from reconciler.report.report_text import report_text
from reconciler.report.style import Style
from reconciler.twins import Answer
from reconciler.twins.core.values import Request
from reconciler.twins.omni_analytics.things import Folder, Label, User, fold
from reconciler.twins.studio_tracker.things import Team
from reconciler.wire.limits import Limits
from tests.faults.cells import ALPHA, BETA, BOARD, CREW, OLD, SHARED
from tests.faults.conftest import LONG
from tests.faults.estate import after, before, label
from tests.faults.stage import Stage, Tried
from tests.world import OMNI, TRACKER, doc

HOSTILE = {
    "escape": "\x1b[2J\x1b[1;31mall good",
    "carriage return": "harmless\rhidden",
    "bell and backspace": "\a\b\b\b",
    "zero": "nul\0nul",
    "bidi": "\u202egnirts\u202c",
    "line separators": "one\u2028two\u2029three\x85four",
    "markup": "</details><script>alert(1)</script>```` ```|[x](http://evil.example.com)",
    "half a surrogate": "half \ud83d",
    "dots": "..",
    "slashes": "../../v1/labels/Alpha?x=1#y%2F%2e",
    "empty": "",
    "blanks": " \t\n ",
    "huge": "Ω" * 200_000,
    "many lines": "line\n" * 5_000,
}
WORLD = (ALPHA, BETA, SHARED, OLD, BOARD, CREW)


def told(tried: Tried) -> str:
    """Everything anybody could be shown of a run. Nothing in it may steer a terminal."""
    texts = [f"{tried.error} {tried.error.hint}"] if tried.error else []
    shown = []
    if tried.plan is not None:
        shown += [
            plan_text(tried.plan, Style(), calls=True),
            plan_markdown(tried.plan),
            drift_text(tried.plan, Style()),
        ]
        json.loads(json.dumps(plan_json(tried.plan)))
    if tried.plan is not None and tried.report is not None:
        shown += [
            report_text(tried.report, tried.plan, Style(), calls=True),
            report_markdown(tried.report, tried.plan),
        ]
    for text in shown:
        bad = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c != "\n"}
        assert not bad, sorted(map(hex, map(ord, bad)))
    return "\n".join([*texts, *shown])


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_undeclared_things_of_any_name_are_in_nobodys_way(stage: Stage, text: str) -> None:
    stage.limits = Limits()  # such answers are large, not endless
    _strange_things(stage, text)

    tried = stage.run(WORLD)

    told(tried)
    assert tried.error is None
    assert set(tried.ends) == {"done"}
    assert stage.left(WORLD) == []


def _strange_things(stage: Stage, text: str) -> None:
    state = stage.omni.state
    admin = next(iter(state.of(User)))
    now = stage.omni.clock.now()
    if text:
        state.of(Label)[fold(text)] = Label(text, verified=False, homepage=False, created_by=admin)
    state.of(Folder)["strange"] = Folder("strange", text, "strange", None, "organization", admin, now, now)
    state.of(User)["strange"] = User("strange", text or "x", text, now, now)
    if text:
        stage.tracker.state.of(Team)["strange"] = Team("strange", stage.tracker.org_id, text, text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_ours_may_drift_to_any_value(stage: Stage, text: str) -> None:
    """Names, slugs and mails of our own things, changed behind our back: shown harmlessly, repaired or refused."""
    stage.run(WORLD)
    stage.limits = Limits()
    _drift(stage, text)

    tried = stage.run(WORLD)

    told(tried)
    assert tried.error is None or tried.error.hint
    again = stage.run(WORLD)
    told(again)
    assert again.error is None or again.error.hint


def _drift(stage: Stage, text: str) -> None:
    teams, folders = stage.tracker.state.of(Team), stage.omni.state.of(Folder)
    for key, one in list(teams.items()):
        if one.slug == "crew":
            teams[key] = replace(one, name=text)
    for key, folder in list(folders.items()):
        if folder.name in ("Old", "Board"):
            folders[key] = replace(folder, name=text)
    labels = stage.omni.state.of(Label)
    if text and "beta" in labels:
        labels[fold(text)] = replace(labels.pop("beta"), name=text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_ids_of_any_form_lead_to_no_other_place(stage: Stage, text: str) -> None:
    """A team and a folder of ours have got such an id; what is to be done to them never hits anything else."""
    stage.run((SHARED, OLD, CREW))
    teams, folders = stage.tracker.state.of(Team), stage.omni.state.of(Folder)
    team = next(t for t in teams.values() if t.slug == "crew")
    teams[text] = replace(teams.pop(team.id), id=text, name="The Crew")
    old = next(f for f in folders.values() if f.name == "Old")
    folders[text] = replace(folders.pop(old.id), id=text)
    for twin in stage.twins.values():
        twin.log.clear()

    tried = stage.run((SHARED, CREW))

    told(tried)
    for twin in stage.twins.values():
        for entry in twin.log.writes():
            assert entry.path.startswith((f"{twin.base_path}/v1/folders", f"{twin.base_path}/api/client-teams/"))
    assert tried.error is None or tried.error.hint


# Answers that make no sense

NONSENSE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1e300,
    "",
    "x",
    [],
    {},
    [None],
    {"id": None},
    [[]],
    {"a": {"b": []}},
)


def mutated(value: Any, rng: random.Random) -> Any:
    """The value with a few of its parts replaced, left out, doubled or reordered."""
    if rng.random() < 0.03:
        return rng.choice(NONSENSE)
    if isinstance(value, dict):
        return {k: mutated(v, rng) for k, v in value.items() if rng.random() > 0.03}
    if isinstance(value, list):
        items = [mutated(v, rng) for v in value for _ in range(rng.choice([1, 1, 1, 1, 1, 1, 0, 2]))]
        if rng.random() < 0.1:
            rng.shuffle(items)
        return items
    return value


@contextmanager
def spoilt(stage: Stage, spoil: Callable[[Request, Any], Any]) -> Iterator[None]:
    """Both twins answer with what `spoil(request, body)` makes of their bodies."""
    for twin in stage.twins.values():
        honest = twin.perform

        def perform(request: Request, honest: Callable[[Request], Answer] = honest) -> Answer:
            answer = honest(request)
            return answer if answer.body is None else replace(answer, body=spoil(request, answer.body))

        setattr(twin, "perform", perform)  # noqa: B010 - a method of one object
    try:
        yield
    finally:
        for twin in stage.twins.values():
            del twin.__dict__["perform"]


@pytest.mark.parametrize("nonsense", NONSENSE, ids=repr)
def test_a_list_that_is_none(stage: Stage, nonsense: Any) -> None:
    """In place of every answer, and of every list in an answer: nothing is written, and the words say where."""
    stage.run(WORLD)
    for twin in stage.twins.values():
        twin.log.clear()

    def hollow(request: Request, body: Any) -> Any:
        if not isinstance(body, dict):
            return nonsense
        return {k: nonsense if isinstance(v, list | dict) else v for k, v in body.items()}

    for spoil in (lambda _, __: nonsense, hollow):
        with spoilt(stage, spoil):
            tried = stage.run((*WORLD, label("fresh", "Fresh"), doc("Folder", "new", {"path": "New"})))
        told(tried)
        assert tried.error is not None
        assert tried.error.hint
        assert [e.call for t in stage.twins.values() for e in t.log.writes()] == []
    assert stage.left(WORLD) == []


@pytest.mark.parametrize("writes", [False, True], ids=["readings", "all answers"])
@pytest.mark.parametrize("block", range(100 if LONG else 1))
def test_garbled_answers(stage: Stage, block: int, writes: bool) -> None:
    """Never an error of another type than ours; and honest answers afterwards end it."""
    stage.run(before())
    ours = stage.ledger
    worlds = stage.omni.dump(), stage.tracker.dump()
    for seed in range(block * 10, block * 10 + 10):
        for twin, state in zip((stage.omni, stage.tracker), worlds, strict=True):
            twin.load(state)
            twin.log.clear()
        stage.ledger = _copy(ours)
        rng = random.Random(seed)

        def garble(request: Request, body: Any, rng: random.Random = rng) -> Any:
            return body if request.method != "GET" and not writes else mutated(body, rng)

        with spoilt(stage, garble):
            tried = stage.run(after())
        told(tried)
        _no_foreign_deletes(stage)
        assert stage.run(after()).error is None, f"seed {seed}"


def _copy(ledger: Any) -> Any:
    """Another ledger with the same history."""
    from reconciler.ledger import Ledger
    from reconciler.ledger.store import Memory
    from tests.world import hasty_clock, lasting

    store = Memory()
    store._events = list(ledger._store._events)
    return lasting(Ledger(store, ledger._who, hasty_clock()))


def _no_foreign_deletes(stage: Stage) -> None:
    """Whatever an answer said: only what the manifests give up is deleted, and only what is ours."""
    deleted = [e for t in stage.twins.values() for e in t.log.writes() if e.method == "DELETE" and e.changed]
    names = {"/labels/Delta", "/members"}
    for entry in deleted:
        known = any(n in entry.path for n in names) or "/folders/" in entry.path or "/client-teams/" in entry.path
        assert known, entry.call
    live = stage.seen()["live"]
    assert {"Draft", "Q1 2024"} <= {x[0] for x in live[f"{OMNI}/labels"]}
    folders, teams = ({x[0] for x in live[name]} for name in (f"{OMNI}/folders", f"{TRACKER}/clientTeams"))
    assert {">Finance", ">Finance>Reports", ">Marketing", ">Team", ">Board"} <= folders
    assert {"brand", "brand-safety", "retail-media", "letgo", "crew"} <= teams
