"""Accounts of Omni-CMS: what is read, what is held, what goes first, a lost answer; no server needed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest

from reconciler.model.call import Request
from reconciler.model.change import Change, Hold, Verb
from reconciler.model.document import Address, Target
from reconciler.model.json import Json
from reconciler.model.live import Collection, Demand, Proof, Resource
from reconciler.model.place import Severity
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.providers.omni_cms import PROVIDER
from reconciler.providers.omni_cms.user import bound, calls, check, parse, reads, review, settled
from reconciler.providers.rest.reads import get
from tests.world import catalog, doc

KIND = catalog().kind("omni-cms", "User")
OWN: Json = {"id": 1, "email": "own@example.com", "active": True, "apiKeyEnabled": True}
JANE: Json = {"id": 2, "email": "jane@example.com", "active": True, "apiKeyEnabled": False}
LISTED: tuple[Request, Json] = (get("cms", "GET /user/all"), {"users": [OWN, JANE]})
SETTINGS = {"account": "Own@example.com"}


def live(*records: Json) -> Collection:
    return parse(KIND, Demand("cms", "User"), ((LISTED[0], {"users": list(records or (OWN, JANE))}),))


def change(verb: Verb, record: Json = None, **words: Any) -> Change:
    found = live(record).resources[0] if record else None
    email = words.pop("email", found.key if found else "new@example.com")
    address = Address("cms", "User", str(email).partition("@")[0])
    own = {"settings": SETTINGS, "key": email, "label": str(email), "live": found, **words}
    own.setdefault(
        "document", None if verb in (Verb.DELETE, Verb.DEACTIVATE) else doc("cms/User", address.name, {})
    )
    return Change(verb, address, **own)


def rules(changes: Sequence[Change]) -> list[str]:
    return [h.rule for c in changes for h in c.holds]


def test_cm_r40_the_list_and_what_it_lacks() -> None:
    demand = Demand("cms", "User", ids=("2", "9"))

    assert [str(r) for r in reads(KIND, demand, ())] == ["GET /user/all"]
    [single] = reads(KIND, demand, (LISTED,))
    assert (str(single), single.may_be_gone) == ("GET /user/9", True)
    found = parse(KIND, demand, (LISTED, (single, None)))
    assert [(r.id, r.key, r.fields["apiKey"]) for r in found.resources] == [
        ("1", "own@example.com", "present"),
        ("2", "jane@example.com", "absent"),
    ]
    assert found.proof.complete


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"users": None},
        {"users": [{"id": "2", "email": "a@example.com", "active": True, "apiKeyEnabled": True}]},
        {"users": [{"id": 2, "active": True, "apiKeyEnabled": True}]},
        {"users": [{"id": 2, "email": "a@example.com", "active": 1, "apiKeyEnabled": True}]},
        {"users": [{"id": 2, "email": "a@example.com", "active": True}]},
    ],
)
def test_cm_r40_an_answer_of_another_shape_is_no_list(body: Json) -> None:
    with pytest.raises(ValueError, match=r"user|usable"):
        parse(KIND, Demand("cms", "User"), ((LISTED[0], body),))


def test_cm_r48_the_rule_of_passwords() -> None:
    rule = KIND.fields["password"].secret_rule
    assert rule is not None
    for good in ("abcd1234", "ab12----", "1a2b????", "éü11 ....", "пароль12", "a1\nb2\n\n\n\n"):
        assert re.search(rule.pattern, good), good
    for bad in ("doHY[af2ODt_", "abc1234", "12345678", "abcdefg1", "a1234567", "", "--------"):
        assert not re.search(rule.pattern, bad), bad
    assert not re.search(rule.pattern, "-" * 60_000), "and it does not take for ever"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, []),
        ({"account": "own@example.com"}, []),
        ({"account": "own"}, ["e-mail"]),
        ({"account": True}, ["e-mail"]),
    ],
)
def test_cm_r51_the_target_may_name_its_account_and_nothing_else(
    settings: dict[str, Json], said: list[str]
) -> None:
    found = PROVIDER.check(Target("cms", "omni-cms", settings))
    assert list(PROVIDER.settings) == ["account"]

    assert len(found) == len(said)
    assert all(word in text for word, text in zip(said, found, strict=True))


def test_cm_r49_what_is_wrong_with_keys_is_told_offline() -> None:
    to: Json = {"toFile": "secrets/a.key"}
    found = check(
        KIND,
        [
            doc("cms/User", "a", {"email": "a@example.com", "apiKey": "present"}),
            doc("cms/User", "b", {"email": "b@example.com"}, once={"rotateKey": "1"}),
            doc("cms/User", "c", {"email": "c@example.com", "keyTo": to}),
            doc("cms/User", "d", {"email": "d@example.com", "apiKey": "present", "keyTo": to}),
        ],
    )

    assert [(p.rule, p.severity) for p in found] == [
        ("CM-R49", Severity.ERROR),
        ("CM-R50", Severity.ERROR),
        ("CM-R49", Severity.WARNING),
        ("CM-R49", Severity.ERROR),
    ]


def test_cm_r51_nobody_knows_whose_key_it_is() -> None:
    going = change(Verb.DELETE, JANE, was_made=True)
    for settings in ({}, {"account": 7}, {"account": "jane@example.com"}, {"account": "x@example.com"}):
        assert rules(review(KIND, [replace(going, settings=settings)], live())) == ["unknown-account"]
    assert rules(review(KIND, [going], live())) == []
    off: Json = {**OWN, "active": False} if isinstance(OWN, dict) else None
    assert rules(review(KIND, [going], live(off, JANE))) == ["unknown-account"]


def test_cm_r51_two_accounts_of_the_own_address_are_both_spared() -> None:
    twin: Json = {"id": 7, "email": "OWN@example.com", "active": True, "apiKeyEnabled": False}
    changes = [change(Verb.DELETE, OWN), change(Verb.DEACTIVATE, twin), change(Verb.DELETE, JANE)]

    assert rules(review(KIND, changes, live(OWN, twin, JANE))) == ["own-account", "own-account"]


def test_cm_r51_what_is_not_to_be_touched_is_not_recorded_as_done() -> None:
    wire: dict[str, Json] = {"active": False, "apiKey": "absent", "email": "own@example.com"}
    one = change(
        Verb.UPDATE, OWN, wire=wire, changed=frozenset({"active", "apiKey"}), digests={"active": "d", "email": "e"}
    )

    [found] = review(KIND, [one], live())

    assert [(h.rule, h.only) for h in found.holds] == [("own-account", "active"), ("own-account", "apiKey")]
    assert (found.changed, found.digests, found.writes) == (frozenset(), {"email": "e"}, False)


def test_cm_r52_somebody_stays_active_whatever_is_lifted() -> None:
    """An own account that is named wrongly is told by nothing here: it counts as one that stays."""
    leaving = change(Verb.DELETE, JANE)
    assert rules(review(KIND, [leaving, change(Verb.DELETE, OWN)], live())) == ["own-account"]


def test_cm_r52_the_last_active_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from reconciler.providers.omni_cms import user_review

    monkeypatch.setattr(user_review, "_own_account", lambda *_: (frozenset(), ""))
    both = [change(Verb.DELETE, OWN), change(Verb.DEACTIVATE, JANE)]
    assert rules(review(KIND, both, live())) == ["last-active", "last-active"]
    assert rules(review(KIND, both[:1], live())) == []
    secret: dict[str, Json] = {"password": {"$secret": {"fromEnv": "PW", "version": 1}}}
    fresh = change(Verb.CREATE, wire=secret)
    assert rules(review(KIND, [*both, fresh], live())) == []
    inactive = replace(fresh, wire={**secret, "active": False})
    assert rules(review(KIND, [*both, inactive], live())) == ["last-active", "last-active"]
    follower = replace(fresh, key="JANE@example.com")
    assert rules(review(KIND, [*both, follower], live())) == ["last-active", "last-active"], "it comes too late"
    held = replace(fresh, holds=(Hold("x", "", ""),))
    assert rules(review(KIND, [*both, held], live())) == ["last-active", "last-active", "x"]


def test_cm_r53_what_is_inactive_already_is_let_go() -> None:
    bob: Json = {"id": 3, "email": "bob@example.com", "active": False, "apiKeyEnabled": False}

    [found] = review(KIND, [change(Verb.DEACTIVATE, bob)], live(OWN, bob))

    assert (found.verb, found.writes) == (Verb.RELEASE, False)


def test_cm_r52_an_activation_that_has_to_wait_for_who_leaves_is_waited_for_by_nobody() -> None:
    """B takes the address that A leaves, and A becomes inactive: nothing turns in a circle."""
    a: Json = {"id": 2, "email": "a@example.com", "active": True, "apiKeyEnabled": False}
    b: Json = {"id": 3, "email": "b@example.com", "active": False, "apiKeyEnabled": False}
    names = frozenset({"email", "active"})
    leaver = change(Verb.RENAME, a, email="c@example.com", wire={"email": "c@example.com", "active": False})
    taker = change(Verb.RENAME, b, email="a@example.com", wire={"email": "a@example.com", "active": True})

    found = {c.id: c for c in calls(KIND, [replace(c, changed=names) for c in (leaver, taker)]) if not c.trigger}

    first, second = found[f"{leaver.address}#update"], found[f"{taker.address}#update"]
    assert not first.waits
    assert set(second.after) == {first.id}


def test_cm_r54_what_a_lost_answer_means() -> None:
    put = Call("1", "cms", "User", Address("cms", "User", "jane"), "PUT", "/user/{id}", Phase.UPDATE, live_id="2")
    hidden: dict[str, Json] = {"password": {"$secret": {"fromEnv": "PW", "version": 2}}}
    sure, unsure = live(), replace(live(), proof=Proof(False, "short"))

    def told(fields: dict[str, Json], of: Collection = sure) -> bool | None:
        return settled(KIND, replace(put, effect=Effect(fields=fields)), of)

    assert told({"active": True}) is True
    assert told({"active": False}) is False
    assert told({"active": True, **hidden}) is False, "a password shows nowhere: it is sent again"
    assert told({"active": True, **hidden}, unsure) is None
    assert told({"apiKey": "present"}) is False
    gone = Collection("User", (), Proof(True, "all"))
    assert settled(KIND, replace(put, phase=Phase.DELETE, effect=Effect(gone=True)), gone) is True


def test_cm_c10_bound_counts_accounts_keys_and_rings() -> None:
    secret: Json = {"$secret": {"fromEnv": "PW", "version": 1}}
    made = change(Verb.CREATE, wire={"password": secret, "apiKey": "present"})
    taken = change(Verb.UPDATE, OWN, wire={"apiKey": "absent"}, changed=frozenset({"apiKey"}))
    renewed = change(Verb.UPDATE, OWN, wire={"apiKey": "present"}, once={"rotateKey": "2"})
    both = change(Verb.UPDATE, JANE, wire={"apiKey": "present", "active": False})
    both = replace(both, changed=frozenset({"apiKey", "active"}))

    each = (made, taken, renewed, both, change(Verb.DEACTIVATE, JANE), change(Verb.DELETE, JANE))
    assert [bound(KIND, [c]) for c in each] == [2, 1, 1, 2, 1, 1]
    for one in each:
        assert len([c for c in calls(KIND, [one]) if not c.trigger]) == bound(KIND, [one])


def test_resources_keep_what_the_list_tells() -> None:
    assert live(JANE).resources == (
        Resource(
            "2",
            "jane@example.com",
            {"email": "jane@example.com", "active": True, "apiKey": "absent"},
            "jane@example.com",
        ),
    )
