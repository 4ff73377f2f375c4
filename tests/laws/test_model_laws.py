"""Random models, repositories, roles and files, live and declared, and people at work in between: apply, then
plan: 0 calls; what nobody declares is left alone (OA-R160 to OA-R187)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.world import OMNI, World, doc, hasty_clock, lasting, world

CONNECTIONS = ("Lake", "Dev")
NAMES = ("Orders", "orders", "Größe (1)")
FILES = ("model", "orders.view", "a/b.topic")
ROLES = ("VIEWER", "QUERY_TOPICS", "RESTRICTED_QUERIER", "MODELER", "NO_ACCESS", "Steward")
ANN = "ann@example.com"
GOING: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete"]}
GIT: Mapping[str, tuple[Json, ...]] = {
    "baseBranch": ("main", "trunk"),
    "modelPath": ("orders", "omni/orders", "/x/y"),
    "requirePullRequest": ("never", "users-only"),
    "branchPerPullRequest": (True, False),
    "gitServiceProvider": ("auto", "github", "gitlab"),
    "webUrl": ("https://example.com/a",),
}

places = st.tuples(st.sampled_from(CONNECTIONS), st.sampled_from(NAMES))
models = st.sets(places, max_size=4)
gits = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in GIT.items()})
repositories = st.dictionaries(places, gits, max_size=2)
roles = st.dictionaries(
    st.tuples(st.sampled_from(["ann", "fin"]), st.sampled_from(CONNECTIONS), st.sampled_from([*NAMES, None])),
    st.sampled_from(ROLES),
    max_size=4,
)
texts = st.dictionaries(
    st.tuples(places, st.sampled_from(FILES)), st.sampled_from(["a: 1\n", "b: ü\n", "c"]), max_size=3
)
worlds = st.tuples(models, repositories, roles, texts)
State = tuple[
    set[tuple[str, str]],
    Mapping[tuple[str, str], Mapping[str, Json]],
    Mapping[tuple[str, str, str | None], str],
    Mapping[tuple[tuple[str, str], str], str],
]


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param, seed=False, twins=[OMNI]) as one:
        one.expect_missing = frozenset({f"{OMNI}/{k}" for k in ("ModelGit", "ModelFile", "ModelRoles")})
        yield one


class Office:
    """The connections, the person and the group of one example; whoever works there by hand."""

    def __init__(self, w: World) -> None:
        w.omni.reset()
        w.clock, w.documents = hasty_clock(), []
        w.ledger = lasting(ephemeral(whoami(), w.clock))
        self.w = w
        w.omni.define_role("Steward", "MODELER")
        self.connections = {name: w.omni.add_connection(name) for name in CONNECTIONS}
        self.schemas = {name: w.omni.add_model(i, "SCHEMA") for name, i in self.connections.items()}
        ann = w.omni.add_user(ANN)
        made: Any = w.omni.edit("POST", "/scim/v2/groups", {"displayName": "fin", "members": []}).body
        self.subjects = {"ann": ann, "fin": str(made["id"])}

    def models(self) -> dict[tuple[str, str], str]:
        """(connection, name) -> id of every live shared model."""
        found: Any = self.w.omni.edit("GET", "/v1/models?modelKind=SHARED&pageSize=50").body
        names = {i: name for name, i in self.connections.items()}
        live = (r for r in found["records"] if not r["deletedAt"])
        return {(names[r["connectionId"]], str(r["name"])): str(r["id"]) for r in live}

    def work(self, state: State) -> None:
        """People make and change what they like; of models they make those that are missing."""
        wanted, repositories, roles, texts = state
        there = self.models()
        for connection, name in sorted({*wanted, *repositories, *(at for at, _ in texts)} - there.keys()):
            own = self.connections[connection]
            self.w.omni.add_model(own, "SHARED", name, base_id=self.schemas[connection])
        there = self.models()
        for at, fields in repositories.items():
            path = f"/v1/models/{there[at]}/git"
            body: Json = {"sshUrl": "git@example.com:theirs.git", **fields}
            assert self.w.omni.edit("POST", path, body).ok or self.w.omni.edit("PATCH", path, body).ok
        for (who, place, called), role in roles.items():
            said = "QUERY_TOPICS" if role == "RESTRICTED_QUERIER" else role
            if called is not None and (place, called) in there:
                on = self.connections[place], there[place, called]
                self.w.omni.add_role(self.subjects[who], said, *on, is_group=who == "fin")
        for (at, file), text in texts.items():
            self.w.omni.add_file(there[at], file, text)

    def documents(self, state: State) -> list[Document]:
        wanted, repositories, roles, texts = state
        every = sorted({*wanted, *repositories, *(at for at, _ in texts)} | {(c, n) for _, c, n in roles if n})
        found = [doc("Model", f"{c}-{NAMES.index(n)}", _of(c, n, modelKind="SHARED")) for c, n in every]
        for (c, n), fields in repositories.items():
            spec = {**_of(c, f"{c}-{NAMES.index(n)}", "model"), "sshUrl": "git@example.com:ours.git", **fields}
            found.append(doc("ModelGit", f"{c}-{NAMES.index(n)}", spec, **GOING))
        subjects: dict[str, Json] = {"ann": {"user": ANN}, "fin": {"group": "fin"}}
        for who, subject in subjects.items():
            entries: list[Json] = [
                {**_of(c, n, "model"), "role": role}
                for (whose, c, n), role in roles.items()
                if whose == who and n is not None
            ]
            entries += [
                {"connection": c, "role": "CONNECTION_ADMIN"}
                for whose, c, n in roles
                if whose == who and n is None
            ]
            spelled = {e["role"] for e in entries if isinstance(e, dict)}
            if entries and not {"QUERY_TOPICS", "RESTRICTED_QUERIER"} <= spelled:
                found.append(doc("ModelRoles", who, {"subject": subject, "roles": entries, "rolesMode": "exact"}))
        for ((c, n), file), text in texts.items():
            spec = {**_of(c, n, "model"), "file": file, "text": text, "commitMessage": "x", "validate": True}
            found.append(doc("ModelFile", f"{c}-{NAMES.index(n)}-{FILES.index(file)}", spec, **GOING))
        return found


def _of(connection: str, name: str, field: str = "name", **more: Json) -> dict[str, Json]:
    return {"connection": connection, field: name, **more}


@given(live=worlds, rounds=st.lists(st.tuples(worlds, worlds), min_size=1, max_size=3))
def test_apply_then_plan_has_no_calls(w: World, live: State, rounds: Sequence[tuple[State, State]]) -> None:
    office = Office(w)
    office.work(live)
    for wanted, meanwhile in rounds:
        before = office.models()
        w.documents = office.documents(wanted)
        plan = w.plan()
        assert len(plan.writes) == plan.bound
        report = w.checked_apply(plan)
        assert {str(o.end) for o in report.outcomes} <= {"done", "held", "unneeded"}, report.outcomes
        left = w.plan()
        assert [one.line for one in left.writes] == []
        held = {(a.address, h.rule) for a in plan.actions for h in a.holds}
        assert {(a.address, h.rule) for a in left.actions for h in a.holds} <= held
        assert before.items() <= office.models().items(), "a model that was there before is no more"
        office.work(meanwhile)
