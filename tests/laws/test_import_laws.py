"""Whatever is live: what an import writes loads, a plan of it needs no call, and a second import adds nothing.

The manifests are real files, the twins are on sockets, and names and texts are as hostile as a server's can be.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import workflow
from reconciler.load.write import unwritable
from reconciler.model.change import Verb
from reconciler.model.document import Document
from tests.contract.importing import Place, place
from tests.laws.component_worlds import Trees, live_trees
from tests.laws.forests import Forest, forests, path
from tests.laws.lives import PEOPLE, LiveWorld, made, seed, worlds
from tests.world import CMS, CORE, OMNI, TRACKER, TWINS, World, hasty_clock

FEWER = settings(max_examples=max(10, settings().max_examples // 2))
"""Each is a whole project on disk, imported twice."""
SIGNS = [
    "a",
    "B",
    "é",
    " ",
    "  ",
    "\t",
    "\n",
    "\r\n",
    "#",
    ": ",
    "- ",
    "${x}",
    "$",
    "{",
    "]",
    "'",
    '"',
    "~",
    "null",
]
SIGNS += ["yes", "0o7", "1e3", "2024-01-01", "---\n", "...\n", "|\n", "*a", "!b", "%", "@", "`", "\\", "..", "/"]
SIGNS += ["\x1b[31m", "\x00", "\u202e", "\u2028", "\ufeff", "\U0001f600", "日本", "\u0085", "\u00a0", "con", "<p>"]
texts = st.lists(st.sampled_from(SIGNS), max_size=6).map("".join) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=12
)
names = texts.filter(lambda text: text.strip() != "" and "/" not in text)


@dataclass(frozen=True, slots=True)
class Stage:
    """The place, and what every twin holds in the beginning."""

    p: Place
    saved: dict[str, Any]

    def begin(self) -> World:
        """An empty project, and worlds with people in them and nothing else."""
        for name, twin in self.p.twins.items():
            twin.load(self.saved[name])
        manifests = self.p.root / "manifests"
        shutil.rmtree(manifests)
        manifests.mkdir()
        for file in (self.p.root / ".reconciler").glob("ledger*"):
            file.unlink()
        workflow.make_ledger(self.p.root)
        return World(self.p.twins, {}, hasty_clock(), None)

    def names(self) -> dict[str, list[Document]]:
        """Kind -> its documents, as the loader reads them."""
        kinds = ("Label", "UserGroup", "Project", "Component", "Keyword")
        found: dict[str, list[Document]] = {kind: [] for kind in kinds}
        for document in workflow.validate(self.p.options).documents:
            found.setdefault(document.kind, []).append(document)
        return found

    def holds(self, target: str, *words: str) -> None:
        """The law."""
        self.p.run("import", target, *words)
        plan = self.p.plan()
        assert [c.line for c in plan.writes] == []
        assert [h for a in plan.actions for h in a.holds] == []
        assert {a.verb for a in plan.actions} <= {Verb.ADOPT, Verb.OBSERVE}
        before = self.p.files()
        self.p.run("import", target, *words)
        assert "0 manifests written" in self.p.said
        assert self.p.files() == before
        assert not {"\x1b", "\x00", "\u202e", "\x07"} & {*self.p.said, *self.p.told}
        for name in before:
            assert not any(part.startswith(".") or part != part.strip(" .") for part in name.split("/")), name


def writable(text: str) -> bool:
    """Whether a manifest may hold a text."""
    return not unwritable(text)


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    twins = {name: TWINS[name](request.param) for name in (OMNI, TRACKER, CMS, CORE)}
    for address in PEOPLE:
        for name in (OMNI, TRACKER):
            twins[name].add_user(address, address.partition("@")[0])  # type: ignore[attr-defined]
    for name in ("Site", "Shop"):
        twins[CMS].add_space(name)  # type: ignore[attr-defined]
    with place(tmp_path_factory.mktemp("import") / "project", twins) as p:
        yield Stage(p, {name: twin.dump() for name, twin in twins.items()})


@FEWER
@given(worlds, st.lists(names, max_size=3), st.booleans())
def test_labels_folders_and_groups(stage: Stage, live: LiveWorld, groups: Sequence[str], grants: bool) -> None:
    w = stage.begin()
    seed(w, live)
    users: Any = w.omni.edit("GET", "/scim/v2/users?count=100").body
    ids = [u["id"] for u in users["Resources"]]
    for i, name in enumerate(groups):
        w.omni.edit("POST", "/scim/v2/groups", {"displayName": name, "members": [{"value": v} for v in ids[i:]]})
    stage.holds(OMNI, *(["--with", "permissions"] if grants else []))
    declared = stage.names()
    assert len(declared["Label"]) == len(live.labels)
    shown = {str(g.spec["name"]) for g in declared["UserGroup"]}
    assert {n for n in groups if writable(n) and len(n) <= 200} <= shown
    stage.p.run("import", OMNI, "User")
    assert stage.p.plan().writes == ()


@FEWER
@given(worlds, st.lists(st.tuples(names, texts), max_size=3, unique_by=lambda job: job[0]))
def test_teams_and_projects(stage: Stage, live: LiveWorld, jobs: Sequence[tuple[str, str]]) -> None:
    w = stage.begin()
    seed(w, live)
    team = made(w.tracker.edit("POST", "/api/client-teams", {"name": "Jobs", "slug": "jobs"}))
    for number, told in jobs:
        body: Any = {"projectCode": "X", "name": told or "-", "omgJobNumber": number, "clientTeamId": team}
        w.tracker.edit("POST", "/api/projects", {**body, **({"description": told} if told else {})})
    w.tracker.add_project("Somebody's wish")
    stage.holds(TRACKER)
    assert "it has no job number" in stage.p.said
    declared = {d.spec["omgJobNumber"]: d.spec for d in stage.names()["Project"]}
    for number, text in {n: t for n, t in jobs if writable(n) and len(n) <= 100}.items():
        if text and writable(text) and text == text.strip():
            assert declared[number]["name"] == text


@FEWER
@given(
    live_trees(), st.lists(st.tuples(st.sampled_from("uvwxyz"), texts, texts, texts), max_size=4), st.booleans()
)
def test_components(stage: Stage, live: Trees, more: Sequence[tuple[str, str, str, str]], files: bool) -> None:
    w = stage.begin()
    ids: list[int] = []
    for one in live:
        above = ids[one.parent] if one.parent is not None else None
        fields: Any = {"name": one.name, "sequence": one.sequence, "metadata": dict(one.metadata)}
        ids.append(w.cms.add_component(one.space + 1, one.key, parent_id=above, **fields))
        if one.file:
            w.cms.add_file(ids[-1], "a.css", one.key.encode())
    for key, name, content, told in {one[0]: one for one in more}.values():
        held: Any = {"name": name, "content": content, "tags": [told], "metadata": {told: [content, None]}}
        w.cms.add_component(2, key, **held)
    called = more[0][1] if more and more[0][1] else "Site"
    w.cms.add_component(w.cms.add_space(called), "a", content="in another space, maybe of the same name")
    stage.holds(CMS, *(["--with-files"] if files else []))
    found = {str(d.spec["key"]): d.spec for d in stage.names()["Component"]}
    more_keys = {one[0] for one in more} | ({"a"} if writable(called) else set())
    assert found.keys() == {*more_keys, *(one.key for one in live)}
    for key, name, content, _ in {one[0]: one for one in more}.values():
        assert found[key].get("content", "") == content  # in a file, where no manifest can hold it
        assert found[key].get("name", "") == (name if writable(name) else "")


@FEWER
@given(forests(tuple("abc")), st.lists(st.tuples(names, texts), max_size=3))
def test_keywords(stage: Stage, live: Forest, more: Sequence[tuple[str, str]]) -> None:
    w = stage.begin()
    ids: dict[str, str] = {}
    for name in sorted(live, key=lambda n: path(live, n).count("/")):
        one = live[name]
        ids[name] = w.core.add_keyword(one.value, ids[one.parent] if one.parent else "/", labels=dict(one.labels))
    for value, text in more:
        w.core.add_keyword(value, labels={"en_EN": text} if text else {})
    stage.holds(CORE)
    values = {str(d.spec["path"]).split("/")[-1] for d in stage.names()["Keyword"]}
    assert values >= {one.value for one in live.values()}
    assert values >= {value for value, _ in more if value.isprintable() and value == value.strip()}
