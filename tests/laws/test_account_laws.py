"""Random users of OMG Platform, wanted and live, and people at work meanwhile: apply, then plan: 0 calls; nobody
is made, deleted or taken for another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from tests.world import PLATFORM, World, check_log, doc, hasty_clock, lasting, world

PEOPLE = ("ann", "bob", "cat")
NAMES = st.sampled_from(["A", "Über"])
IDS = st.sampled_from(["1", "2"])
ROLES = st.sampled_from(["R1", "R2"])

specs = st.fixed_dictionaries(
    {"by": st.sampled_from(["email", "email", "staffId", "id"])},
    optional={
        "firstName": NAMES,
        "lastName": NAMES,
        "owningAgencyId": IDS,
        "jobRoleName": ROLES,
        "avatar": st.sampled_from(["a.jpg", "b.jpg"]),
    },
)
manifests = st.dictionaries(st.sampled_from([*PEOPLE, "nobody"]), specs)
works = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from(
            [("first_name", "A"), ("first_name", "X"), ("owning_agency_id", 2), ("job_role", 1), ("off", 0)]
        ),
    ),
    max_size=3,
)


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def p(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(request.param, seed=False, twins=[PLATFORM]) as one:
        one.root = tmp_path_factory.mktemp("project")
        for name in ("a.jpg", "b.jpg"):
            (one.root / name).write_bytes(b"\xff\xd8\xff" + name.encode())
        yield one


def documents(root: Path, manifest: Mapping[str, Mapping[str, Any]], ids: Mapping[str, str]) -> list[Document]:
    found = []
    for name, wanted in sorted(manifest.items()):
        spec, metadata = {k: v for k, v in wanted.items() if k != "by"}, {}
        if wanted["by"] == "id":
            metadata["pinned_id"] = ids.get(name, "99")
        else:
            spec[wanted["by"]] = f"{name}@example.com" if wanted["by"] == "email" else f"S-{name}"
        if "avatar" in spec:
            data = (root / spec["avatar"]).read_bytes()
            held = {"path": spec["avatar"], "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            spec["avatar"] = {"$file": held}
        found.append(doc("platform/User", name, spec, **metadata))
    return found


def at_work(p: World, ids: Mapping[str, str], done: Sequence[tuple[str, tuple[str, Any]]]) -> None:
    """People change fields, and switch accounts off and on."""
    for name, (word, value) in done:
        if word == "off":
            user = next(u for u in p.platform.users() if str(u.id) == ids[name])
            p.platform.set_active(ids[name], active=not user.active)
        else:
            assert p.platform.edit("PUT", f"/user/{ids[name]}", {word: value}).ok


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(rounds=st.lists(st.tuples(manifests, works), min_size=1, max_size=5))
def test_apply_then_plan_has_no_calls(p: World, rounds: Sequence[tuple[Mapping[str, Any], Any]]) -> None:
    p.platform.reset()
    p.ledger = lasting(ephemeral(whoami(), hasty_clock()))
    agencies, roles = (
        [p.platform.add_agency(f"A{i}") for i in (1, 2)],
        [p.platform.add_job_role(f"R{i}") for i in (1, 2)],
    )
    ids = {
        n: p.platform.add_user(
            f"{n}@example.com", n, "Doe", staffid=f"S-{n}", agency_id=agencies[i % 2], job_role=roles[i % 2]
        )
        for i, n in enumerate(PEOPLE)
    }
    for manifest, done in rounds:
        at_work(p, ids, done)
        p.documents = documents(p.root, manifest, ids)
        plan = p.plan()
        assert len(plan.writes) == plan.bound
        held = {a.address.name for a in plan.actions if a.holds}
        before = {str(u.id): (u.email, u.last_name) for u in p.platform.users()}
        p.platform.log.clear()
        report = p.apply(plan)
        check_log(p, plan, report)
        assert {str(o.end) for o in report.outcomes} <= {"done", "held"}
        left = p.plan()
        assert [c.line for c in left.writes] == []
        assert {a.address.name for a in left.actions if a.holds} <= held
        assert len(p.platform.users()) == len(PEOPLE)
        for name, wanted in manifest.items():
            if name in held or name not in ids:
                continue
            user = next(u for u in p.platform.users() if str(u.id) == ids[name])
            assert user.email == before[ids[name]][0]
            assert user.first_name == wanted.get("firstName", user.first_name)
            assert str(user.owning_agency_id) == wanted.get("owningAgencyId", str(user.owning_agency_id))
            if "jobRoleName" in wanted:
                assert user.job_role is not None
                assert f"R{roles.index(str(user.job_role)) + 1}" == wanted["jobRoleName"]
        assert "nobody" not in manifest or "nobody" in held
