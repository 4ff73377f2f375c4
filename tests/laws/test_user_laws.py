"""Random accounts, live and declared, with people at work in between: apply, then plan: 0 calls; the own account
of the reconciler stays as it is, and nobody's password is set unasked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.world import CMS, World, doc, hasty_clock, lasting, world

OWN = "own@example.com"
PEOPLE = ["ann@example.com", "Ben@example.com", "cy@example.com", "dee@example.com"]
GOING: Mapping[str, Mapping[str, Any]] = {
    "release": {},
    "deactivate": {"on_remove": "deactivate", "allow": ["deactivate"]},
    "delete": {"on_remove": "delete", "allow": ["delete"]},
}
Wish = Mapping[str, Any]

lives = st.dictionaries(st.sampled_from(PEOPLE), st.tuples(st.booleans(), st.booleans()), max_size=3)
wishes = st.fixed_dictionaries(
    {"end": st.sampled_from([*GOING])},
    optional={
        "version": st.integers(1, 3),
        "active": st.booleans(),
        "key": st.sampled_from(["present", "absent"]),
        "token": st.sampled_from(["1", "2"]),
    },
)
manifests = st.dictionaries(st.sampled_from([OWN, *PEOPLE]), wishes, max_size=4)
renames = st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE), max_size=2)
deeds = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(["on", "off", "key", "no key", "gone"])), max_size=2
)


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def u(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    root: Path = tmp_path_factory.mktemp("users")
    for version in range(4):
        (root / f"password-{version}").write_text(f"secret-number-{version}{version}")
    with world(request.param, seed=False, twins=[CMS]) as one:
        one.root = root
        one.expect_missing = frozenset({f"{CMS}/User"})
        one.settings[CMS] = {"account": OWN}
        yield one


def begin(u: World, live: Mapping[str, tuple[bool, bool]]) -> None:
    u.cms.reset()
    u.clock, u.documents = hasty_clock(), []
    u.ledger = lasting(ephemeral(whoami(), u.clock))
    first = accounts(u)
    for one in first:
        assert u.cms.edit("PUT", f"/user/{one}", {"id": one, "email": OWN}, headers=key(u)).ok
    for email, (active, with_key) in live.items():
        u.cms.add_user(email, active=active, key=f"key-of-{email}" if with_key else None)


def key(u: World) -> dict[str, str]:
    return dict(u.cms.default_headers)


def accounts(u: World) -> dict[int, dict[str, Any]]:
    state: Any = u.cms.dump()["state"]
    return {int(i): one for i, one in state["users"].items()}


def document(email: str, name: str, wish: Wish, **more: object) -> Document:
    spec: dict[str, Json] = {"email": email}
    if "version" in wish:
        spec["password"] = {"fromFile": f"password-{wish['version']}", "version": wish["version"]}
    spec |= {"active": wish["active"]} if "active" in wish else {}
    spec |= {"apiKey": wish["key"]} if "key" in wish else {}
    once: dict[str, Any] = {}
    if wish.get("key") == "present":
        spec["keyTo"] = {"toFile": f"keys/{name}"}
        once = {"once": {"rotateKey": wish["token"]}} if "token" in wish else {}
    return doc("cms/User", name, spec, **GOING[wish["end"]], **once, **more)


def documents(wanted: Mapping[str, Wish], before: Mapping[str, str]) -> list[Document]:
    """An account is called like its first address (`before`: address -> that one)."""
    found = []
    for email, wish in sorted(wanted.items()):
        own = before.get(email, email)
        moved = {"previous_key": own} if own != email else {}
        found.append(document(email, own.partition("@")[0].casefold(), wish, **moved))
    return found


def former(wanted: Mapping[str, Wish], renamed: Mapping[str, str]) -> dict[str, str]:
    """New address -> old one, as far as no two documents come from one account."""
    found = {new: old for new, old in sorted(renamed.items()) if new in wanted and old != new}
    if len({*found.values()}) < len(found):
        return {}
    while stuck := [new for new, old in found.items() if old in wanted and old not in found]:
        del found[stuck[0]]
    return found


def disturb(u: World, email: str, what: str) -> None:
    """Somebody changes an account by hand, as far as the product lets them."""
    own = next((i for i, one in accounts(u).items() if one["email"].casefold() == email.casefold()), None)
    call: Mapping[str, tuple[str, str, Json]] = {
        "on": ("PUT", f"/user/{own}", {"id": own, "active": True}),
        "off": ("PUT", f"/user/{own}", {"id": own, "active": False}),
        "key": ("PUT", f"/user/key/{own}", None),
        "no key": ("DELETE", f"/user/key/{own}", None),
        "gone": ("DELETE", f"/user/{own}", None),
    }
    if own is not None:
        method, path, body = call[what]
        assert u.cms.edit(method, path, body, headers=key(u)).ok


@given(live=lives, rounds=st.lists(st.tuples(manifests, renames, deeds), min_size=1, max_size=4))
def test_apply_then_plan_has_no_calls(
    u: World,
    live: Mapping[str, tuple[bool, bool]],
    rounds: Sequence[tuple[Mapping[str, Wish], Mapping[str, str], Sequence[tuple[str, str]]]],
) -> None:
    begin(u, live)
    (own,) = [i for i, one in accounts(u).items() if one["email"] == OWN]
    as_it_was = accounts(u)[own]
    for wanted, renamed, work in rounds:
        u.documents = documents(wanted, former(wanted, renamed))
        bonds, then = u.recorded.bonds, accounts(u)
        plan = u.plan()
        assert len(plan.writes) == plan.bound
        report = u.checked_apply(plan)
        assert {str(o.end) for o in report.outcomes} <= {"done", "held", "unneeded"}, report.outcomes
        left = u.plan()
        assert [one.line for one in left.writes] == []
        held = {(a.address, h.rule) for a in plan.actions for h in a.holds}
        assert {(a.address, h.rule) for a in left.actions for h in a.holds} <= held

        now = accounts(u)
        assert now[own] == as_it_was
        ours = {int(b.id) for b in bonds.values() if b.made}
        named = {int(b.id) for b in u.recorded.bonds.values()} | {int(b.id) for b in bonds.values()}
        assert then.keys() - now.keys() <= ours, "an account of somebody else's is gone"
        for i in then.keys() & now.keys():
            assert i in named or then[i] == now[i], "an account that nobody declares has changed"
            known = {b.id for b in bonds.values() if b.digests}
            assert str(i) in known or then[i]["password"] == now[i]["password"], "a password was set unasked"
        if not held:
            for email, wish in wanted.items():
                shown(now, email, wish)
        for email, what in work:
            disturb(u, email, what)


def shown(now: Mapping[int, Mapping[str, Any]], email: str, wish: Wish) -> None:
    """An account is as declared."""
    (one,) = [o for o in now.values() if o["email"].casefold() == email.casefold()]
    assert one["active"] is wish.get("active", one["active"])
    if "key" in wish:
        assert (one["api_key"] is not None) is (wish["key"] == "present")
