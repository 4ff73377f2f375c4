"""Scenes of Omni Analytics about what others depend on: environments of a connection, and schedules."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.contract.every_omni_words import ADMIN, CHEN, JANE
from tests.laws.small_scenes import DELETABLE, LOST, Past, Scene, sets, some
from tests.laws.small_trials import Done
from tests.laws.small_twins import Board, Node, Sent, sent
from tests.world import World, doc

# Environments of a connection.


def environments(rng: random.Random, _: World, before: Past) -> list[Document]:
    old: Any = before["envs"].spec["environments"] if "envs" in before else []
    names = list(dict.fromkeys([*(e["connection"] for e in old), *some(rng, ("Dev", "Stage", "Other"), 1)]))
    values = rng.sample(("v1", "v2", "v3", "v4"), 4)
    listed: list[Json] = []
    for n, name in enumerate(names):
        own = [values[n], *([values[3]] if n == 0 and rng.random() < 0.3 else [])]
        listed.append({"connection": name, "values": [*own]})
    return [doc("ConnectionEnvironments", "envs", {"base": "Base", "environments": listed}, **DELETABLE)]


def environment_calls(done: Done, node: Node) -> Iterator[Sent]:
    aims = done.goal.table("environments").values()
    values = {one.values for n in (done.start, done.goal) for one in n.table("environments").values()}
    for own in node.table("environments"):
        for given in (*sorted(values), ("in-between",)):
            yield sent("PUT", f"/v1/connection-environments/{own}", {"userAttributeValues": [*given]})
    for chosen in sets(sorted({one.connection_id for one in aims})):
        body = {"baseConnectionId": next(iter(aims)).base_id, "environmentConnectionIds": ",".join(chosen)}
        yield sent("POST", "/v1/connection-environments", body)


# Schedules.

READERS = (JANE, CHEN, "ext@partner.example.com")


def schedules(rng: random.Random, w: World, before: Past) -> list[Document]:
    found = []
    for name in some(rng, ("daily", "weekly"), 0, 2):
        old = before.get(name)
        spec: dict[str, Json] = {
            "document": "d0c00001", "name": name.title(), "cron": rng.choice(("0 9 ? * MON *", "0 8 * * ? *")),
            "timezone": "UTC", "format": rng.choice(("pdf", "pdf", "csv")), "destination": "email",
            "subject": rng.choice(("Sales", "Stock")), "recipients": [*some(rng, READERS, 1)],
        }  # fmt: skip
        if old is not None and rng.random() < 0.6:
            spec |= {n: old.spec[n] for n in ("cron", "format", "subject")}
        if rng.random() < 0.5:
            spec["paused"] = rng.random() < 0.5
        if rng.random() < 0.4:  # whom the key acts for no read tells: a new one is given to him, too (OA-R75)
            spec["owner"] = rng.choice((ADMIN, JANE) if old is not None else (JANE,))
        found.append(doc("Schedule", name, spec, **DELETABLE))
    return found


def schedule_calls(done: Done, node: Node) -> Iterator[Sent]:
    people = node.table("users")
    aims = [s for own, s in done.goal.table("schedules").items() if s != done.start.table("schedules").get(own)]
    for aim in aims:
        body = {
            "identifier": aim.identifier, "name": aim.name, "schedule": aim.schedule, "timezone": aim.timezone,
            "format": aim.format, "destinationType": aim.destination_type, **aim.settings,
        }  # fmt: skip
        addresses = sorted(people[r].user_name if r in people else READERS[2] for r in aim.recipients)
        yield sent("POST", "/v1/schedules", {**body, "recipients": addresses})
        for own in node.table("schedules"):
            path = f"/v1/schedules/{own}"
            yield sent("PUT", path, {**body, "recipients": addresses})
            yield sent(
                "PUT", path, {"identifier": aim.identifier, "recipients": addresses, "destinationType": "email"}
            )
            for some_of in sets(READERS):
                yield sent("PUT", f"{path}/add-recipients", {"emails": [*some_of]})
                yield sent("PUT", f"{path}/remove-recipients", {"emails": [*some_of]})
            yield sent("PUT", f"{path}/transfer-ownership", {"userId": aim.owner_id})
    for own in node.table("schedules"):
        yield from (sent("PUT", f"/v1/schedules/{own}/{word}") for word in ("pause", "resume"))
        yield sent("DELETE", f"/v1/schedules/{own}")


def schedules_left(board: Board, node: Node, goal: Node) -> int:
    now, then, first = node.table("schedules"), goal.table("schedules"), board.start.table("schedules")
    if first.keys() & then.keys() - now.keys():
        return LOST
    left = abs(len(now.keys() - first.keys()) - len(then.keys() - first.keys()))
    for own in now.keys() & first.keys():
        if own not in then:
            left += 1
            continue
        one, aim = now[own], then[own]
        plain = {"owner_id": "", "disabled_at": None, "recipients": ()}
        said = board.text(replace(one, **plain)) != board.text(replace(aim, **plain))
        left += said or set(one.recipients) != set(aim.recipients)
        left += (one.owner_id != aim.owner_id) + ((one.disabled_at is None) != (aim.disabled_at is None))
    return left


def schedule_cost(before: Node, call: Sent, after: Node) -> int:
    """A PUT that takes somebody out of the list is looked at, as the formula says (OA-C16)."""
    at, _, own = call.path.rpartition("/")
    then = after.table("schedules").get(own)
    if then is None or call.method != "PUT" or not at.endswith("/schedules"):
        return 1
    return 2 if set(before.table("schedules")[own].recipients) - set(then.recipients) else 1


def dashboard(w: World) -> None:
    w.omni.add_document("Board", identifier="d0c00001", tiles=["1"])


SCENES: Iterable[Scene] = (
    Scene(("omni-analytics", "ConnectionEnvironments"), environments, environment_calls),
    Scene(
        ("omni-analytics", "Schedule"),
        schedules,
        schedule_calls,
        far=schedules_left,
        cost=schedule_cost,
        begin=dashboard,
    ),
)
