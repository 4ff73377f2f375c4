"""Scenes of Omni Analytics in which people and groups are granted something: folders and documents."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.contract.every_omni_words import ADMIN, CHEN, JANE, TEAM
from tests.laws.small_scenes import DELETABLE, Past, Scene, sets, some, things
from tests.laws.small_trials import Done
from tests.laws.small_twins import Board, Node, Sent, sent
from tests.world import World, doc

WHO = (JANE, CHEN, TEAM)
PAIRS = (("VIEWER", False), ("EDITOR", False), ("VIEWER", True))
MODE: dict[str, Any] = {"allow": ["delete", "first-removals", "effects", "last-manager"]}


def _grants(rng: random.Random, who: Sequence[str], least: int = 0) -> list[Json]:
    found: list[Json] = []
    for one in some(rng, who, least):
        role, boost = rng.choice(PAIRS)
        named: dict[str, Json] = {"users" if "@" in one else "groups": [one]}
        found.append({"role": role, "accessBoost": boost, **named})
    return found


def permissions(path: str, container: str, done: Done, node: Node) -> Iterator[Sent]:
    """Every set of people and groups, granted, changed or revoked. In between nobody who has a grant in the end
    loses it, or gets another one than that (OA-R57 to OA-R59)."""
    held = [
        p for n in (done.start, node, done.goal) for p in n.table("permits").values() if p.container == container
    ]
    who = sorted({(p.principal, p.is_group) for p in held})
    pairs = sorted({(p.role, p.access_boost) for p in held})
    aims = _held(container, done.goal)
    for chosen in sets(who):
        names = {
            "userIds": [w for w, group in chosen if not group],
            "userGroupIds": [w for w, group in chosen if group],
        }
        named = {k: v for k, v in names.items() if v}
        if not aims.keys() & {w for w, _ in chosen}:
            yield sent("DELETE", f"{path}/permissions", named)
        for role, boost in pairs:
            if all(aims.get(w, (role, boost)) == (role, boost) for w, _ in chosen):
                body = {"role": role, "accessBoost": boost, **named}
                yield sent("POST", f"{path}/permissions", body)
                yield sent("PATCH", f"{path}/permissions", body)


def _held(container: str, node: Node) -> dict[str, tuple[str, bool]]:
    permits = node.table("permits").values()
    return {p.principal: (p.role, p.access_boost) for p in permits if p.container == container}


def wanted_alone(done: Done, _: Node, call: Sent) -> bool:
    """The same rule for the plan's own calls in any grouping."""
    if not call.path.endswith("/permissions") or call.method == "PUT":
        return True
    body = json.loads(call.content)
    aims = _held(call.path.split("/")[-2], done.goal)
    who = [*body.get("userIds", ()), *body.get("userGroupIds", ())]
    pair = (body.get("role"), body.get("accessBoost", False))
    return all(aims.get(one, pair) == pair for one in who) and not (
        call.method == "DELETE" and aims.keys() & {*who}
    )


def grants_left(
    container: str, node: Node, goal: Node, besides: frozenset[str] = frozenset(), to: str = ""
) -> int:
    """At least so many calls about the grants in one place: one for each role and boost that somebody shall have
    and has not, one if anybody shall have none. `to`: what the place is in the goal."""
    now, then = _held(container, node), _held(to or container, goal)
    wrong = {who for who in {*now, *then} - besides if now.get(who) != then.get(who)}
    return len({then[who] for who in wrong if who in then}) + any(who not in then for who in wrong)


# Folders.


def folders_left(board: Board, node: Node, goal: Node) -> int:
    """Folders made and deleted, and the grants in those that stay or come; of two new ones of a name, none."""
    first, live = board.start.table("folders"), node.table("folders")
    new = {f.name: own for own, f in live.items() if own not in first}
    left = things("folders")(board, node, goal)
    for own, aim in goal.table("folders").items():
        here = own if own in first else new.get(aim.name, "")
        left += grants_left(here, node, goal, to=own) if here in live or own not in first else 0
    return left


def folders(rng: random.Random, _: World, __: Past) -> list[Document]:
    found = []
    chosen = {
        p for path in some(rng, ("Finance", "Finance/Reports", "Legal")) for p in (path.partition("/")[0], path)
    }
    for path in sorted(chosen):
        spec: dict[str, Json] = {"path": path}
        if rng.random() < 0.8:
            spec |= {"permissionsMode": "additive", "permissions": _grants(rng, WHO)}
        found.append(doc("Folder", path.lower().replace("/", "-"), spec, **DELETABLE))
    return found


def folder_calls(done: Done, node: Node) -> Iterator[Sent]:
    live = node.table("folders")
    for own in live:
        yield from permissions(f"/v1/folders/{own}", own, done, node) if _concerned(done, own) else ()
        yield sent("DELETE", f"/v1/folders/{own}")
    for name in sorted({f.name for f in done.goal.table("folders").values()}):
        for parent in (None, *live):
            yield sent("POST", "/v1/folders", {"name": name, **({"parentFolderId": parent} if parent else {})})


def _concerned(done: Done, container: str) -> bool:
    """Whether any grant there comes, goes or changes."""
    held = [
        {k: p for k, p in n.table("permits").items() if p.container == container} for n in (done.start, done.goal)
    ]
    return held[0] != held[1] or container not in done.start.table("folders")


# Documents.


def papers(rng: random.Random, w: World, before: Past) -> list[Document]:
    fields: dict[str, Any] = {
        "folder": rng.choice(("Finance", "Other", None)),
        "owner": rng.choice((ADMIN, JANE, CHEN)),
        "labels": [*some(rng, ("Hot", "Cold", "Draft"))],
        "name": rng.choice(("One", "Two")),
    }
    chosen = {n: fields[n] for n in some(rng, tuple(fields), 0, 3)}
    if rng.random() < 0.7:
        whom = [p for p in WHO if p != chosen.get("owner")]
        chosen |= {"permissions": _grants(rng, whom), "permissionsMode": rng.choice(("exact", "additive"))}
    one = doc("Document", "sales", {"identifier": "sales", **chosen}, **{**DELETABLE, **MODE})
    other: list[Json] = [*some(rng, ("Hot", "Cold"))]
    return [
        one,
        *(
            [doc("Document", "stock", {"identifier": "stock", "labels": other}, **MODE)]
            if rng.random() < 0.3
            else []
        ),
    ]


def paper_calls(done: Done, node: Node) -> Iterator[Sent]:
    for own, aim in done.goal.table("documents").items():
        old, path = done.start.table("documents")[own], f"/v1/documents/{own}"
        if aim == old and not _concerned(done, own):
            continue
        folders = node.table("folders")
        places = [f"/{folders[f].name.lower()}" if f in folders else None for f in (old.folder_id, aim.folder_id)]
        for place in dict.fromkeys(places):
            for scope in (None, aim.scope):
                body = {"folderPath": place, **({"scope": scope} if scope else {})}
                yield sent("PUT", f"{path}/move", body)
        if aim.owner_id != old.owner_id:
            yield from (
                sent("PUT", f"{path}/transfer-ownership", {"userId": u}) for u in (old.owner_id, aim.owner_id)
            )
        yield from permissions(path, own, done, node)
        yield sent("PATCH", path, {"name": aim.name})
        names = {k: one.name for k, one in node.table("labels").items()}
        touched = sorted(set(old.labels) ^ set(aim.labels))
        for chosen in sets(touched):
            add, remove = (
                [names[k] for k in chosen if k in aim.labels],
                [names[k] for k in chosen if k in old.labels],
            )
            yield sent("PATCH", f"{path}/labels", {"add": add, "remove": remove})
        for key in touched:
            yield from (sent(m, f"{path}/labels/{quote(names[key], safe='')}") for m in ("PUT", "DELETE"))


def papers_left(_: Board, node: Node, goal: Node) -> int:
    """Owner, place, name, labels and grants are calls apart; the grants of owners go with them."""
    left = 0
    for own, aim in goal.table("documents").items():
        now = node.table("documents")[own]
        owners = frozenset((now.owner_id, aim.owner_id))
        left += grants_left(own, node, goal, owners) + (now.owner_id != aim.owner_id) + (now.name != aim.name)
        left += ((now.folder_id, now.scope) != (aim.folder_id, aim.scope)) + (
            now.labels != aim.labels and set(now.labels) != set(aim.labels)
        )
    return left


SCENES: Iterable[Scene] = (
    Scene(("omni-analytics", "Folder"), folders, folder_calls, far=folders_left, allowed=wanted_alone),
    Scene(("omni-analytics", "Document"), papers, paper_calls, far=papers_left, allowed=wanted_alone),
)
