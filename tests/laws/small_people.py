"""Scenes of Omni Analytics about people: those without an account, those with one, and their roles on models."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.contract.every_omni_words import ADMIN, BOB, CHEN, JANE, TEAM
from tests.laws.small_scenes import Past, Scene, said, sets, some, things
from tests.laws.small_trials import Done
from tests.laws.small_twins import Node, Sent, sent
from tests.world import World, doc

# People without an account.


def mails(rng: random.Random, _: World, __: Past) -> list[Document]:
    found: list[Document] = []
    for one in some(rng, ("ann", "ben", "cat")):
        spec: dict[str, Json] = {"email": f"{one}@partner.example.com"}
        if rng.random() < 0.8:
            spec["attributes"] = {"region": [*some(rng, ("US", "EU"), 1)]}
        found.append(doc("EmailOnlyUser", one, spec))
    return found


def mail_calls(done: Done, _: Node) -> Iterator[Sent]:
    aims = [
        {"email": u.user_name, "userAttributes": dict(u.attributes)}
        for u in done.goal.table("users").values()
        if u.kind == "email_only"
    ]
    yield from (sent("POST", "/v1/users/email-only", one) for one in aims)
    yield from (sent("POST", "/v1/users/email-only/bulk", {"users": [*chosen]}) for chosen in sets(aims))


# People with an account.


def accounts(rng: random.Random, _: World, before: Past) -> list[Document]:
    found: list[Document] = []
    addresses = [f"{n}@example.com" for n in rng.sample(("dora", "emil", "fay", "gus"), 3)]
    for name, address in zip(some(rng, ("p1", "p2", "p3")), addresses, strict=False):
        kept = name in before and rng.random() < 0.5
        spec: dict[str, Json] = {
            "email": before[name].spec["email"] if kept else address,
            "name": rng.choice(("One", "Two")),
        }
        if rng.random() < 0.7:
            spec["attributes"] = {"level": rng.choice((1, 2, None)), "region": [*some(rng, ("US", "EU"))]}
        if spec["email"] not in {d.spec["email"] for d in found}:
            allow = ["delete", "delete-person", "rename", "first-removals", "effects"]
            found.append(said("User", name, spec, before, "email", allow=allow))
    return found


def account_calls(done: Done, node: Node) -> Iterator[Sent]:
    every = [u for n in (done.start, done.goal) for u in n.table("users").values() if u.kind == "standard"]
    aims = [u for u in every if u not in done.start.table("users").values()]
    for aim in aims:
        for values in (None, dict(aim.attributes)):
            given = {"urn:omni:params:1.0:UserAttribute": values} if values else {}
            body = {"userName": aim.user_name, "displayName": aim.display_name, **given}
            yield sent("POST", "/scim/v2/users", body)
            yield from (sent("PUT", f"/scim/v2/users/{own}", body) for own in _standard(node))
    yield from (sent("DELETE", f"/scim/v2/users/{own}") for own in _standard(node))


def _standard(node: Node) -> list[str]:
    return [
        own
        for own, u in node.table("users").items()
        if u.kind == "standard" and u.user_name not in (ADMIN, JANE, BOB, CHEN)
    ]


# Roles on models.


def roles(rng: random.Random, _: World, __: Past) -> list[Document]:
    found: list[Document] = []
    for who in some(rng, (JANE, CHEN, TEAM), 0):
        entries: list[Json] = []
        for model in some(rng, ("Orders", None), 1, 2):
            role = rng.choice(("VIEWER", "QUERIER", "MODELER")) if model else "CONNECTION_ADMIN"
            entries.append({"connection": "Lake", "role": role, **({"model": model} if model else {})})
        subject: dict[str, Json] = {"user": who} if "@" in who else {"group": who}
        found.append(doc("ModelRoles", who.partition("@")[0].lower(), {"subject": subject, "roles": entries}))
    return found


def role_calls(done: Done, _: Node) -> Iterator[Sent]:
    for key, aim in done.goal.table("model_roles").items():
        if done.start.table("model_roles").get(key) == aim:
            continue
        at = "user-groups" if aim.is_group else "users"
        for model in dict.fromkeys((None, aim.model_id)):
            body = {
                "connectionId": aim.connection_id,
                "roleName": aim.role,
                **({"modelId": model} if model else {}),
            }
            yield sent("POST", f"/v1/{at}/{aim.subject}/model-roles", body)


SCENES: Iterable[Scene] = (
    Scene(("omni-analytics", "EmailOnlyUser"), mails, mail_calls),
    Scene(("omni-analytics", "User"), accounts, account_calls, far=things("users")),
    Scene(("omni-analytics", "ModelRoles"), roles, role_calls),
)
