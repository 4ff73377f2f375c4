"""A whole estate in Omni Analytics: its manifests in a project of their own, and the same things in a twin.

Time is simulated: a wait for the rate limit costs nothing, and is counted. Nothing here knows how readings are
made.
"""

from __future__ import annotations

import asyncio
import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from reconciler import providers, workflow
from reconciler.ledger import Ledger, open_ledger, whoami
from reconciler.load.kinds import load_kinds
from reconciler.load.project import load_project
from reconciler.model.catalog import Catalog
from reconciler.model.clock import Clock
from reconciler.model.operator import Access, Operator
from reconciler.model.outcome import Report
from reconciler.model.plan import Plan
from reconciler.twins import OmniTwin, running
from reconciler.wire.clock import real_clock
from reconciler.workflow import Options, Progress, Setup, silent
from reconciler.workflow.setup import selected

TARGET: Final = "analytics"
PROVIDER: Final = "omni-analytics"
MEMBERS: Final = 6
PAUSE: Final = 120.0
"""Seconds between two commands, so that none waits for what another has used up."""
Spec = dict[str, Any]
PROJECT: Final = f"""\
apiVersion: reconciler/v1
kind: Project
targets:
  {TARGET}: {{provider: {PROVIDER}}}
manifests: [manifests/]
guards: {{deletes: {{count: 100, percent: 100}}}}
"""


@cache
def catalog() -> Catalog:
    return providers.catalog(load_kinds().values())


@dataclass(frozen=True, slots=True)
class Shape:
    """How much there is of everything. Every third folder is open to `principals` people and groups, of which two
    are groups; every fourth document to two people."""

    folders: int = 300
    documents: int = 400
    schedules: int = 150
    users: int = 200
    groups: int = 20
    labels: int = 40
    principals: int = 10


LARGE: Final = Shape()


# What everything is called


def person(number: int) -> str:
    return f"person{number:03}@example.com"


def members(shape: Shape, group: int) -> list[str]:
    """Nobody is in two groups."""
    own = range(group * MEMBERS, min((group + 1) * MEMBERS, shape.users))
    return [person(n) for n in own]


def path(number: int) -> str:
    """Ten folders to an area, the area itself being the first of them."""
    area, own = divmod(number, 10)
    return f"Area {area:02}" + (f"/Team {own}" if own else "")


def principals(shape: Shape, folder: int) -> tuple[list[int], list[int]]:
    """The groups and people that a folder is open to; none of the people is in one of the groups."""
    if folder % 3 or shape.principals < 3:
        return [], []
    groups = sorted({folder % shape.groups, (folder + 1) % shape.groups})
    taken = {p for g in groups for p in range(g * MEMBERS, (g + 1) * MEMBERS)}
    free = [n for n in range(shape.users) if n not in taken]
    return groups, [free[(folder * 7 + k) % len(free)] for k in range(shape.principals - 2)]


# Manifests


def manifests(shape: Shape) -> Iterator[Spec]:
    """Every document, as it stands in its file."""
    for n in range(shape.labels):
        yield _one("Label", f"label-{n:03}", {"name": f"Label {n:03}"})
    for n in range(shape.users):
        yield _one("User", f"person-{n:03}", {"email": person(n), "name": f"Person {n}"}, manage="observe")
    for n in range(shape.groups):
        yield _one("UserGroup", f"group-{n:02}", {"name": f"Group {n:02}", "members": members(shape, n)})
    for n in range(shape.folders):
        yield _one("Folder", f"folder-{n:03}", {"path": path(n), **_open_to(shape, n)})
    for n in range(shape.documents if (PROVIDER, "Document") in catalog().kinds else 0):
        yield _one("Document", f"document-{n:03}", document(shape, n))
    for n in range(shape.schedules):
        yield _one("Schedule", f"schedule-{n:03}", schedule(n))


def _one(kind: str, name: str, spec: Spec, **lifecycle: str) -> Spec:
    life = {"lifecycle": lifecycle} if lifecycle else {}
    return {
        "apiVersion": f"{PROVIDER}/v1",
        "kind": kind,
        "metadata": {"name": name, **life},
        "spec": spec,
    }


def _open_to(shape: Shape, folder: int) -> Spec:
    groups, people = principals(shape, folder)
    if not groups:
        return {}
    named = [
        {"role": "VIEWER", "groups": [f"group-{g:02}" for g in groups]},
        {"role": "EDITOR", "users": [person(p) for p in people]},
    ]
    return {"permissionsMode": "additive", "permissions": named}


def identifier(number: int) -> str:
    """As a twin counts them."""
    return f"d0c{number + 1:05d}"


def document(shape: Shape, number: int) -> Spec:
    """In one of the folders, with one label; every fourth open to two people and nobody else."""
    readers = [person((number + k) % shape.users) for k in (1, 2)]
    return {
        "identifier": identifier(number),
        "folder": f"folder-{number % shape.folders:03}",
        "labels": [f"label-{number % shape.labels:03}"],
        **({} if number % 4 else {"permissions": [{"role": "VIEWER", "users": readers}]}),
    }


def schedule(number: int) -> Spec:
    """Three to a document."""
    return {
        "document": identifier(number // 3),
        "name": f"Delivery {number:03}",
        "cron": f"0 {number % 24} ? * MON *",
        "timezone": "UTC",
        "format": "pdf",
        "destination": "email",
        "subject": "Weekly",
        "recipients": [f"reader{number:03}@example.com"],
    }


# The same in a twin


def furnish(twin: OmniTwin, shape: Shape) -> None:
    """Everything that the manifests declare, made behind everybody's back."""
    people = [twin.add_user(person(n), f"Person {n}") for n in range(shape.users)]
    for n in range(shape.labels):
        _made(twin, "/v1/labels", {"name": f"Label {n:03}"})
    by_address = {person(n): one for n, one in enumerate(people)}
    groups = []
    for n in range(shape.groups):
        body = {"displayName": f"Group {n:02}", "members": [{"value": by_address[a]} for a in members(shape, n)]}
        groups.append(_made(twin, "/scim/v2/groups", body)["id"])
    folders: list[str] = []
    for n in range(shape.folders):
        above = {"parentFolderId": folders[n - n % 10]} if n % 10 else {}
        folders.append(_made(twin, "/v1/folders", {"name": path(n).split("/")[-1], **above})["id"])
        named, who = principals(shape, n)
        if named:
            at = f"/v1/folders/{folders[n]}/permissions"
            _made(twin, at, {"role": "VIEWER", "accessBoost": False, "userGroupIds": [groups[g] for g in named]})
            _made(twin, at, {"role": "EDITOR", "accessBoost": False, "userIds": [people[p] for p in who]})
    for n in range(shape.documents):
        place, owner, label = folders[n % shape.folders], people[n % shape.users], f"Label {n % shape.labels:03}"
        one = twin.add_document(f"Document {n:03}", folder_id=place, owner_id=owner, labels=[label])
        assert one == identifier(n)
        for grant in document(shape, n).get("permissions", ()):
            let_in = [by_address[str(a)] for a in grant["users"]]
            granted: dict[str, Any] = {"role": grant["role"], "accessBoost": False, "userIds": let_in}
            _made(twin, f"/v1/documents/{one}/permissions", granted)
    for n in range(shape.schedules):
        _made(twin, "/v1/schedules", _posted(schedule(n)))


def _posted(spec: Spec) -> Spec:
    renamed = {"document": "identifier", "cron": "schedule", "destination": "destinationType"}
    return {renamed.get(name, name): value for name, value in spec.items()}


def _made(twin: OmniTwin, at: str, body: Spec) -> Any:
    answer = twin.edit("POST", at, body)
    assert answer.status in (200, 201), (at, answer.body)
    return answer.body


# Both together


@dataclass(slots=True)
class Estate:
    """A project folder under git, a twin that holds the same, a ledger, and a clock that everybody shares."""

    shape: Shape
    root: Path
    twin: OmniTwin
    url: str
    ledger: Ledger
    clock: Clock
    documents: dict[tuple[str, str], Spec] = field(default_factory=dict)

    @property
    def has_documents(self) -> bool:
        return any(kind == "Document" for kind, _ in self.documents)

    def began(self) -> float:
        """When the next plan or apply will begin."""
        return self.clock.now() + PAUSE

    def touch(self, *changed: tuple[str, str, Spec]) -> None:
        """Change fields of documents (kind, name, fields), and write the files."""
        for kind, name, fields in changed:
            one = self.documents[kind, name]
            self.documents[kind, name] = {**one, "spec": {**one["spec"], **fields}}
        self.write()

    def write(self) -> None:
        folder = self.root / "manifests"
        folder.mkdir(exist_ok=True)
        by_kind: dict[str, list[Spec]] = {}
        for (kind, _), one in self.documents.items():
            by_kind.setdefault(kind, []).append(one)
        dump = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
        for kind, found in by_kind.items():
            text = yaml.dump_all(found, Dumper=dump, sort_keys=False, allow_unicode=True)
            (folder / f"{kind.lower()}s.yaml").write_text(text, encoding="utf-8")

    def commit(self) -> None:
        """The state from which changes are counted."""
        self._git("add", "--all")
        self._git("commit", "--quiet", "--allow-empty", "--message", "state")

    def _git(self, *words: str) -> None:
        who = ("-c", "user.name=Jane", "-c", "user.email=jane@example.com", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", str(self.root), *who, *words], check=True, capture_output=True)

    def setup(self, options: Options | None = None, *, ledger: bool = True) -> Setup:
        """What a command would work with. `ledger` False: as in a fresh checkout."""
        known = catalog()
        project = load_project(self.root, known.providers)
        book = self.ledger if ledger else None
        bonds = tuple(book.recorded().bonds) if book else ()
        desired = selected(options or Options(), project, known, bonds)
        operator = Operator({TARGET: Access(self.url, lambda: self.twin.default_key, "the benchmark")})
        rng = random.Random(1)  # noqa: S311 - pauses between tries, and no secret
        return Setup(desired, known, operator, self.clock, book, rng=rng, root=self.root)

    async def _pass(self) -> None:
        await self.clock.sleep(PAUSE)

    def plan(self, options: Options | None = None, progress: Progress = silent, *, ledger: bool = True) -> Plan:
        """A plan, some time after whatever was asked before; the twin's log holds its requests alone."""
        asyncio.run(self._pass())
        self.twin.log.clear()
        return asyncio.run(workflow.make_plan(self.setup(options, ledger=ledger), progress))

    def apply(self, plan: Plan, options: Options | None = None) -> Report:
        asyncio.run(self._pass())
        self.twin.log.clear()
        return asyncio.run(workflow.apply_plan(self.setup(options), plan))


def simulated_clock() -> Clock:
    """Nothing takes time but waiting."""
    at = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal at
        await asyncio.sleep(0.02 if seconds > 1 else 0)  # what is under way ends before time goes on
        at += max(0.0, seconds)

    return Clock(lambda: at, lambda: 1_780_000_000 + at, sleep)


@contextmanager
def estate(root: Path, shape: Shape = LARGE, profile: str = "plain") -> Iterator[Estate]:
    """An estate in an empty folder. All of it is adopted, so that the ledger knows it."""
    clock = simulated_clock()
    twin = OmniTwin(profile, rate_limit=60)
    twin.rate.now = clock.now
    furnish(twin, shape)
    (root / "reconciler.yaml").write_text(PROJECT, encoding="utf-8")
    (root / ".gitignore").write_text(".reconciler/\n", encoding="utf-8")
    (root / ".reconciler").mkdir()
    place = root / ".reconciler" / "ledger.db"
    with (
        running(twin) as url,
        open_ledger(place, create=True, who=whoami(), clock=real_clock()) as ledger,
    ):
        found = Estate(shape, root, twin, url, ledger, clock)
        found.documents = {(d["kind"], d["metadata"]["name"]): d for d in manifests(shape)}
        found.write()
        found._git("init", "--quiet")  # noqa: SLF001 - its own making
        found.commit()
        yield found
