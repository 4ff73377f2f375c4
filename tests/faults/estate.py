"""A small organisation over both systems, before and after a change of about thirty calls; and what counts as
its end."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reconciler.ledger import Ledger
from reconciler.model.clock import Clock
from reconciler.model.document import DeleteLimit, Desired, Document, Target
from reconciler.model.json import Json, digest
from reconciler.model.operator import Access, Operator
from reconciler.model.record import replace
from reconciler.workflow import Setup
from tests.faults import analytics, kill_cms, kill_core, kill_platform, kill_studio, mixed, people
from tests.world import CMS, CORE, OMNI, PROVIDERS, TRACKER, TWINS, catalog, doc

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


ESTATES = {
    "before": before,
    "after": after,
    "mixed before": mixed.before,
    "mixed": mixed.after,
    "people before": people.before,
    "people": people.after,
    "analytics before": analytics.before,
    "analytics": analytics.after,
    "core before": kill_core.before,
    "core": kill_core.after,
    "studio before": kill_studio.before,
    "studio": kill_studio.after,
    "cms before": kill_cms.before,
    "cms": kill_cms.after,
    "platform known": kill_platform.known,
    "platform before": kill_platform.before,
    "platform": kill_platform.after,
}

OWN: Mapping[str, Sequence[str]] = {TRACKER: ("organisation",), CORE: ("batchSize",)}


def furnish(folder: Path) -> None:
    """The files that the documents name."""
    for name, content in {**mixed.FILES, **people.FILES, **analytics.FILES}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)


def setup_of(
    documents: Sequence[Document],
    urls: Mapping[str, str],
    settings: Mapping[str, Json],
    ledger: Ledger,
    clock: Clock,
    concurrency: int = 8,
    root: Path = Path(),
) -> Setup:
    """As the files and the operator's configuration would give it, for the systems that `urls` leads to."""
    targets = {name: _target(name, settings, concurrency) for name in urls}
    access = {name: _access(name, url) for name, url in urls.items()}
    text = digest([[str(d.address), dict(d.spec), str(d.lifecycle), dict(d.once)] for d in documents])
    desired = Desired(tuple(documents), targets, text, DeleteLimit(100, 100))
    return Setup(desired, catalog(), Operator(access), clock, ledger, rng=random.Random(1), root=root)


def _target(name: str, settings: Mapping[str, Json], concurrency: int) -> Target:
    accounts: Mapping[str, Json] = {CMS: people.ACCOUNT, OMNI: analytics.ACCOUNT}
    own = {"account": accounts[name]} if name in accounts else own_settings(name, settings)
    return Target(name, PROVIDERS[name], own, None, concurrency)


def own_settings(name: str, settings: Mapping[str, Json]) -> dict[str, Json]:
    """Those of the settings that this system knows."""
    return {n: settings[n] for n in OWN.get(name, ()) if n in settings}


def _access(name: str, url: str) -> Access:
    return Access(url, lambda: TWINS[name].default_key, "the test", per_minute=100_000 if name == OMNI else None)


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
