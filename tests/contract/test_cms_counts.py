"""The number of calls, reckoned from the numbers of things alone, against the twin's log (CM-C1 to CM-C11)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from math import ceil
from typing import Any

import pytest

from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.contract.components import DELETABLE, component, records
from tests.contract.spaces import space
from tests.contract.users import GOING, OWN, user
from tests.world import World

ANCHOR = component("anchor", space="Zoo")


def granted(w: World) -> int:
    """The size of a page."""
    return 50 if w.cms.knobs.hard("CM-P1") else 1000


def asked(w: World, *documents: Document) -> list[str]:
    """What a plan reads. It never writes."""
    w.documents = [*documents]
    w.cms.log.clear()
    plan = w.plan()
    seen = [e.call for e in w.cms.log]
    assert len(plan.reads) == len(seen)
    assert [e.call for e in w.cms.log if e.write] == []
    return seen


# Reads.

SIZES = [0, 1, 3, 10, 48, 49, 50, 51, 60, 100, 101, 998, 999, 1000, 1001]
"""Also around the borders of pages: of 50, and of 1000 with the root."""


@pytest.mark.parametrize("count", SIZES)
def test_cm_c1_components_are_read_in_pages(c: World, count: int) -> None:
    for i in range(count):
        c.cms.add_component(1, f"n{i:04}")
    hard = c.cms.knobs.hard("CM-P2")
    selected = count + (0 if hard else 1)
    unseen = int(hard and count == 0)  # the root, that nothing names

    seen = asked(c, component("n0000"), component("new"))

    assert len(seen) == 1 + ceil(max(selected, 1) / granted(c)) + unseen


@pytest.mark.parametrize("count", [1, 3, 10, 60])
@pytest.mark.parametrize("declared", [1, 60])
def test_cm_c1_neither_spaces_nor_depth_nor_documents_count(c: World, count: int, declared: int) -> None:
    spaces = {"Site": 1, **{f"S{i}": c.cms.add_space(f"S{i}") for i in range(count - 1)}}
    for i in range(60):
        c.cms.add_component([*spaces.values()][i % count], f"n{i:02}", parent_id=_deepest(c, i, count))
    selected = 60 + (0 if c.cms.knobs.hard("CM-P2") else count)

    documents = [
        component(f"n{i:02}", space=[*spaces][i % count], as_=f"d{i}") for i in range(max(count, declared))
    ]

    assert len(asked(c, *documents)) == 1 + ceil(selected / granted(c))


def _deepest(c: World, i: int, count: int) -> int | None:
    """Every space is one chain."""
    above = [n for n, r in records(c).items() if r["key"] == f"n{i - count:02}"]
    return above[0] if above else None


@pytest.mark.parametrize(("files", "gone"), [(0, 0), (1, 0), (0, 1), (3, 2), (10, 10)])
def test_cm_c1_each_declared_file_and_each_missing_component_is_one_look(c: World, files: int, gone: int) -> None:
    documents = [component(f"f{i}", file="absent") for i in range(files)]
    documents += [component(f"g{i}") for i in range(gone)]
    c.converge(component("anchor"), *documents)
    for one in list(records(c).values()):
        if str(one["key"]).startswith("g"):
            c.cms.edit("DELETE", f"/component/{one['id']}")

    seen = asked(c, component("anchor"), *documents)

    assert len(seen) == 1 + 1 + files + gone


@pytest.mark.parametrize("count", [0, 1, 3, 10, 60])
def test_cm_c9_accounts_are_one_read(u: World, count: int) -> None:
    for i in range(count):
        u.cms.add_user(f"n{i}@example.com")

    seen = asked(u, *(user(f"n{i}@example.com") for i in range(count)))

    assert seen == ["GET /user/all"] * min(count, 1)


@pytest.mark.parametrize("files", [0, 1, 3])
def test_cm_c1_a_whole_instance_is_three_calls_and_the_files(u: World, files: int) -> None:
    """`R = 1 + pages + [users] + F`, spaces, components and accounts together."""
    zoo = u.cms.add_space("Zoo")
    for i in range(10):
        u.cms.add_component(zoo, f"n{i}")
    pages = [component(f"n{i}", space="Zoo", **({"file": "absent"} if i < files else {})) for i in range(10)]

    seen = asked(u, space("Zoo"), *pages, user(OWN), user("jane@example.com"))

    assert len(seen) == 1 + 1 + 1 + files
    assert {line for line in seen if "file" not in line} == {
        "GET /space/all",
        "POST /component/search",
        "GET /user/all",
    }


@pytest.mark.parametrize(("spaces", "chains", "deep"), [(1, 1, 3), (1, 2, 7), (2, 1, 8), (1, 3, 14), (3, 2, 16)])
def test_cm_c2_a_walk_is_one_call_for_each_space_and_each_branch_of_seven(
    c: World, spaces: int, chains: int, deep: int
) -> None:
    """`1 + S + n7 + n14 + …`, and the page of the search that was disproved."""
    names = {"Site": 1, **{f"S{i}": c.cms.add_space(f"S{i}") for i in range(spaces - 1)}}
    for own in names.values():
        for chain in range(chains):
            above = None
            for level in range(deep):
                above = c.cms.add_component(own, f"c{chain}-{level}", parent_id=above)
    c.cms.knobs.set("search-needs-terms", "adversarial")

    seen = asked(c, *(component("c0-0", space=name, as_=f"of-{name}") for name in names))

    lower = sum(deep >= level for level in (7, 14, 21))
    assert len(seen) == 1 + 1 + spaces * (1 + chains * lower)


# Writes.


@dataclass(frozen=True, slots=True)
class Mix:
    """How many things of each sort change, under the letters of the formula; `moves` and `rings` are in U too."""

    creates: int = 0
    updates: int = 0
    moves: int = 0
    sequences: int = 0
    deletes: int = 0
    rings: int = 0
    uploads: int = 0
    files_gone: int = 0
    spaces_made: int = 0
    spaces_filled: int = 0
    spaces_renamed: int = 0
    spaces_gone: int = 0
    users_made: int = 0
    users_changed: int = 0
    users_gone: int = 0
    keys_made: int = 0
    keys_gone: int = 0

    @property
    def writes(self) -> int:
        """`Sc + Su + Sd + C + U + [Q > 0] + D + Z + Fu + Fd + Uc + Uu + Ud + Kg + Kd`."""
        spaces = self.spaces_made + self.spaces_renamed + self.spaces_gone
        changed = self.updates + self.moves + 2 * self.rings
        objects = self.creates + self.spaces_filled + changed + min(self.sequences, 1) + self.deletes + self.rings
        people = self.users_made + self.users_changed + self.users_gone + self.keys_made + self.keys_gone
        return spaces + objects + self.uploads + self.files_gone + people

    def nameless(self, w: World) -> int:
        """`g`: the creates whose answers name no id."""
        made = self.creates + self.spaces_filled + self.spaces_made + self.users_made
        return made if w.cms.knobs.hard("CM-P4") else 0


MIXES = {
    "nothing": Mix(),
    **{f"{n} creates": Mix(creates=n) for n in (1, 3, 10, 60)},
    **{f"{n} updates": Mix(updates=n) for n in (1, 10, 30)},
    **{f"{n} moves": Mix(moves=n) for n in (1, 3, 30)},
    **{f"{n} sequences": Mix(sequences=n) for n in (1, 3, 60)},
    **{f"{n} deletes": Mix(deletes=n) for n in (1, 10, 50)},
    **{f"{n} rings": Mix(rings=n) for n in (1, 3)},
    "files": Mix(uploads=3, files_gone=2),
    "spaces": Mix(spaces_made=3, spaces_filled=2, spaces_renamed=2, spaces_gone=2),
    "users": Mix(users_made=3, users_changed=2, users_gone=2, keys_made=2, keys_gone=2),
    "a bit of all": Mix(*[1] * 17),
    "some of all": Mix(3, 2, 2, 4, 3, 2, 2, 1, 2, 1, 1, 1, 2, 2, 1, 2, 1),
}


@dataclass(frozen=True, slots=True)
class Story:
    """The documents of a mix before and after its changes."""

    root: Any
    mix: Mix

    def before(self) -> Iterator[Document]:
        m = self.mix
        yield ANCHOR
        yield from (_in(f"u{i}", name="a") for i in range(m.updates))
        yield from (_in(f"m{i}") for i in range(m.moves))
        yield from (_in(f"q{i}", sequence=i) for i in range(m.sequences))
        yield from (_in(f"d{i}", **DELETABLE) for i in range(m.deletes))
        yield from (_in(f"r{i}{side}") for i in range(m.rings) for side in "ab")
        yield from (_in(f"f{i}") for i in range(m.uploads))
        yield from (_in(f"x{i}", file=self._file(f"x{i}")) for i in range(m.files_gone))
        yield from (space(f"Old{i}", f"renamed{i}") for i in range(m.spaces_renamed))
        yield from (space(f"Gone{i}", f"gone{i}", **GOING) for i in range(m.spaces_gone))
        yield from (user(f"uu{i}@example.com", version=1) for i in range(m.users_changed))
        yield from (user(f"ud{i}@example.com", version=1, **GOING) for i in range(m.users_gone))
        yield from (user(f"kg{i}@example.com", version=1) for i in range(m.keys_made))
        yield from (user(f"kd{i}@example.com", version=1, key="present") for i in range(m.keys_gone))

    def after(self) -> Iterator[Document]:
        m = self.mix
        yield ANCHOR
        yield from (_in(f"c{i}") for i in range(m.creates))
        yield from (_in(f"u{i}", name="b", content="c", tags=["t"], sequence=7) for i in range(m.updates))
        yield from (_in(f"m{i}", "anchor", name="b") for i in range(m.moves))
        yield from (_in(f"q{i}", sequence=1000 + i) for i in range(m.sequences))
        for i in range(m.rings):
            yield _in(f"r{i}b", as_=f"r{i}a", previous_key=f"r{i}a")
            yield _in(f"r{i}a", as_=f"r{i}b", previous_key=f"r{i}b")
        yield from (_in(f"f{i}", file=self._file(f"f{i}")) for i in range(m.uploads))
        yield from (_in(f"x{i}", file="absent") for i in range(m.files_gone))
        yield from (space(f"Made{i}", f"made{i}") for i in range(m.spaces_made))
        yield from (component("first", space=f"Made{i}", as_=f"first{i}") for i in range(m.spaces_filled))
        yield from (space(f"New{i}", f"renamed{i}", previous_key=f"Old{i}") for i in range(m.spaces_renamed))
        yield from (user(f"uc{i}@example.com", version=1) for i in range(m.users_made))
        for i in range(m.users_changed):
            yield user(f"vv{i}@example.com", f"uu{i}", version=2, active=False, previous_key=f"uu{i}@example.com")
        yield from (user(f"kg{i}@example.com", version=1, key="present") for i in range(m.keys_made))
        yield from (user(f"kd{i}@example.com", version=1, key="absent") for i in range(m.keys_gone))

    def _file(self, name: str) -> Json:
        content = name.encode()
        (self.root / f"{name}.txt").write_bytes(content)
        return {
            "$file": {"path": f"{name}.txt", "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        }


def _in(key: str, parent: str | None = None, /, **words: object) -> Document:
    return component(key, parent, **{"space": "Zoo", **words})


def test_every_number_of_a_mix_is_in_some_story() -> None:
    assert {f.name for f in fields(Mix) if not any(getattr(m, f.name) > 1 for m in MIXES.values())} == set()


@pytest.mark.parametrize("name", MIXES)
def test_cm_c4_the_writes_are_the_formula(u: World, name: str) -> None:
    mix = MIXES[name]
    story = Story(u.root, mix)
    u.cms.add_space("Zoo")
    u.converge(*story.before())

    plan = u.plan(*story.after())
    report = u.checked_apply(plan)

    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}
    assert len([e for e in u.cms.log if e.write]) == mix.writes
    assert plan.bound == mix.writes + mix.spaces_filled
    assert len(report.requests.get("calls", ())) == mix.writes + mix.spaces_filled + mix.nameless(u)
    assert u.plan().calls == (), "in sync: 0"
