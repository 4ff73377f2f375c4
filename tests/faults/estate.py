"""A small organisation over both systems, before and after a change of about thirty calls; and what counts as
its end: the far ends and the ledger, without ids and times."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from reconciler.ledger import Ledger
from reconciler.model.clock import Clock
from reconciler.model.document import DeleteLimit, Desired, Document, Target
from reconciler.model.json import Json, digest
from reconciler.model.operator import Access, Operator
from reconciler.model.recorded import Recorded
from reconciler.twins import OmniTwin, TrackerTwin
from reconciler.workflow import Setup
from tests.world import OMNI, PROVIDERS, TRACKER, catalog, doc

JANE, BOB, MARIA, CHEN = (f"{name}@example.com" for name in ("jane", "bob", "maria", "chen"))
OLD = {"on_remove": "delete", "allow": ["delete"]}


def label(name: str, shown: str, was: str | None = None, **flags: bool) -> Document:
    return doc("Label", name, {"name": shown, **flags}, **({"previous_key": was} if was else {}))


def member(user: str, primary: bool | None = None) -> Json:
    return {"user": user} if primary is None else {"user": user, "isPrimary": primary}


def team(slug: str, name: str, members: Sequence[Json] | None = None, **more: Any) -> Document:
    spec: dict[str, Json] = {"slug": slug, "name": name}
    if members is not None:
        spec["members"] = list(members)
    spec |= more.pop("spec", {})
    return doc("ClientTeam", more.pop("as_", slug), spec, **more)


def before() -> list[Document]:
    """What is live, and ours, when the change begins; besides what the twins' seeded worlds hold."""
    return [
        label("alpha", "Alpha", verified=True),
        label("beta", "Beta"),
        label("gamma", "Gamma"),
        label("delta", "Delta"),
        label("keep", "Keep"),
        doc("Folder", "team", {"path": "Team"}),
        doc("Folder", "team-old", {"path": "Team/Old"}, **OLD),
        doc("Folder", "board", {"path": "Board", "scope": "restricted", "owner": JANE}),
        team("acme", "Acme", [member(JANE, primary=True), member(BOB, primary=False)]),
        team("crew", "Crew", [member(MARIA, primary=True)]),
        team("gone", "Gone", **OLD),
        team("letgo", "Let go", on_remove="release"),
    ]


def after() -> list[Document]:
    """Creates, a swap of names, renames, updates, adoptions, flags, removals, deletes and a release."""
    return [
        label("alpha", "Beta", was="Alpha", verified=True),
        label("beta", "Alpha", was="Beta"),
        label("gamma", "Gamma", verified=True, homepage=True),
        _moved(label("kept", "Kept", was="Keep"), "keep"),
        label("fresh", "Fresh", verified=True),
        label("next", "Next"),
        label("draft", "Draft", verified=True),
        label("reviewed", "Reviewed", was="In Review"),
        doc("Folder", "team", {"path": "Team"}),
        doc("Folder", "team-new", {"path": "Team/New"}),
        doc("Folder", "team-deep", {"path": "Team/New/Deep"}),
        doc("Folder", "campaigns", {"path": "Campaigns", "scope": "organization"}),
        doc("Folder", "campaigns-26", {"path": ["Campaigns", "Q1/2026"]}),
        doc("Folder", "board", {"path": "Board", "scope": "restricted", "owner": JANE}),
        doc("Folder", "minutes", {"path": "Board/Minutes", "scope": "restricted", "owner": JANE}),
        team(
            "acme-global",
            "Acme Global",
            [member(JANE, primary=False), member(MARIA, primary=True), member(CHEN)],
            as_="acme",
            previous_key="acme",
            allow=["rename"],
        ),
        team("crew", "Crew", [member(MARIA, primary=False)]),
        team("spark", "Spark", [member(JANE, primary=True), member(BOB)]),
        team("brand", "Brand", [member(JANE)], allow=["first-removals"]),
        team("brand-safety", "Brand Safety", [member(BOB)], spec={"membersMode": "additive"}),
    ]


def _moved(document: Document, name: str) -> Document:
    """The document, which was called otherwise."""
    return replace(document, previous_name=name)


ESTATES = {"before": before, "after": after}


def setup_of(
    documents: Sequence[Document],
    urls: Mapping[str, str],
    settings: Mapping[str, Json],
    ledger: Ledger,
    clock: Clock,
    concurrency: int = 8,
) -> Setup:
    """As the files and the operator's configuration would give it."""
    targets = {
        OMNI: Target(OMNI, PROVIDERS[OMNI], per_minute=100_000, concurrency=concurrency),
        TRACKER: Target(TRACKER, PROVIDERS[TRACKER], settings, concurrency=concurrency),
    }
    access = {
        OMNI: Access(urls[OMNI], lambda: OmniTwin.default_key, "the test"),
        TRACKER: Access(urls[TRACKER], lambda: TrackerTwin.default_key, "the test"),
    }
    text = digest([[str(d.address), dict(d.spec), str(d.lifecycle)] for d in documents])
    desired = Desired(tuple(documents), targets, text, DeleteLimit(100, 100))
    return Setup(desired, catalog(), Operator(access), clock, ledger, rng=random.Random(1))


def far_ends(omni: OmniTwin, tracker: TrackerTwin) -> dict[str, Any]:
    """What people would see in both products: sorted lists, so that whatever is there twice shows twice."""
    state: Any = omni.dump()["state"]
    people = {i: u["user_name"] for i, u in state["users"].items()}
    paths = {i: _path(state["folders"], i) for i in state["folders"]}
    seen: dict[str, Any] = {
        "labels": sorted([v["name"], v["verified"], v["homepage"]] for v in state["labels"].values()),
        "folders": sorted(
            [paths[i], f["scope"], people[f["owner_id"]], f["slug"], f["labels"]]
            for i, f in state["folders"].items()
        ),
        "documents": sorted(
            [d["name"], paths.get(d["folder_id"], ""), sorted(d["labels"])] for d in state["documents"].values()
        ),
    }
    studio: Any = tracker.dump()["state"]
    emails = {i: u["email"] for i, u in studio["users"].items()}
    seen["teams"] = sorted(
        [t["slug"], t["name"], sorted([emails[u], p] for u, p in t["members"].items())]
        for t in studio["clientTeams"].values()
    )
    slugs = {i: t["slug"] for i, t in studio["clientTeams"].items()}
    seen["projects"] = sorted(
        [p["omg_job_number"], slugs.get(p["client_team_id"], "")] for p in studio["projects"].values()
    )
    return seen


def _path(folders: Mapping[str, Any], one: str) -> str:
    above = folders[one]["parent_id"]
    return (_path(folders, above) if above else "") + ">" + str(folders[one]["name"])


def facts(recorded: Recorded, omni: OmniTwin, tracker: TrackerTwin) -> dict[str, Any]:
    """Every bond, with the name of its live thing in place of the id: `DEAD` where there is none. Left out: where
    it is listed (`by`), of which a later reading may tell more."""
    state: Any = omni.dump()["state"]
    studio: Any = tracker.dump()["state"]
    names = {i: _path(state["folders"], i) for i in state["folders"]}
    names |= {v["name"]: v["name"] for v in state["labels"].values()}
    names |= {i: t["slug"] for i, t in studio["clientTeams"].items()}
    # How many applies in a row sent a field is no fact of the world: a run that is repeated is another apply.
    found = {
        str(a): {**b.to_json(), "id": names.get(b.id, "DEAD"), "sent": {}}
        for a, b in sorted(recorded.bonds.items())
    }
    for bond in found.values():
        del bond["by"]
    return found


def differences(wanted: Any, found: Any, at: str = "") -> list[str]:
    """Where two states differ, in a few words each."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        names = sorted({*wanted, *found})
        return [d for n in names for d in differences(wanted.get(n), found.get(n), f"{at}/{n}")]
    if isinstance(wanted, list) and isinstance(found, list):
        gone, new = [x for x in wanted if x not in found], [x for x in found if x not in wanted]
        if gone or new or len(wanted) != len(found):
            return [f"{at}: lacks {gone}, has {new} more, {len(found)} instead of {len(wanted)}"]
        return []
    return [] if wanted == found else [f"{at}: {found!r} instead of {wanted!r}"]
