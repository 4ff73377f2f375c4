"""Random desired documents, such as the loader lets through: some mean live things, some rename or hand on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from reconciler.diff.shelf import key_text
from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.normalise import normal
from reconciler.model.place import Severity
from reconciler.model.record import replace
from tests.laws.lives import FOLDERS, LABELS, NOBODY, PEOPLE, SLUGS, TITLES, chains, seldom, spelled
from tests.world import PROVIDERS, catalog, doc

NAMES = ("one", "two", "three", "four")
OTHER_NAMES = ("five", "six")

IDS = {
    "Folder": tuple(f"00000002-0000-4000-8000-{n:012}" for n in (1, 2, 3)),
    "ClientTeam": ("cmo7team1", "cmo7team2"),
}
"""Ids that the twins give out first. A label's id is its name: nothing to pin."""

flags = st.sampled_from((None, False, True))
common = st.sampled_from((False, True, True, True))
optional = st.booleans()


@st.composite
def lifecycles(draw: st.DrawFn, kind: Kind) -> dict[str, Any]:
    """How far we may go: mostly all the way, with every consent that the kind knows."""
    found: dict[str, Any] = {"manage": draw(st.sampled_from(("full",) * 6 + ("observe", "create-only")))}
    allow = {word for word in ("rename", "first-removals") if draw(common)}
    on_remove = draw(st.sampled_from((None, "release", "delete", "delete")))
    if on_remove is not None:
        found["on_remove"] = on_remove
        allow |= {"delete"} if on_remove == "delete" else set()
    if draw(seldom()):
        ignorable = [n for n, f in kind.fields.items() if n != kind.key and not f.read_only and not f.local]
        found["ignore"] = [f"spec.{draw(st.sampled_from(ignorable))}"]
    if draw(seldom()):
        found["protect"] = True
    found["allow"] = sorted(allow)
    return found


def label_specs(key: str) -> st.SearchStrategy[dict[str, Json]]:
    return st.fixed_dictionaries({"name": st.just(key)}, optional={"verified": optional, "homepage": optional})


@st.composite
def folder_specs(draw: st.DrawFn, chain: tuple[str, ...]) -> dict[str, Json]:
    in_one = "/".join(chain) if all("/" not in name for name in chain) and draw(optional) else list(chain)
    spec: dict[str, Json] = {"path": in_one}  # type: ignore[dict-item]
    scope = draw(st.sampled_from((None, None, "organization", "restricted", "restricted")))
    if scope is not None:
        spec["scope"] = scope
    if scope == "restricted" or draw(optional):
        spec["owner"] = draw(spelled(PEOPLE))
    return spec


@st.composite
def team_specs(draw: st.DrawFn, slug: str) -> dict[str, Json]:
    spec: dict[str, Json] = {"slug": slug, "name": draw(st.sampled_from(TITLES))}
    if draw(common):
        people = draw(st.lists(st.sampled_from(PEOPLE), max_size=3, unique=True))
        members: list[dict[str, Json]] = []
        for person in people:
            flag = draw(flags)
            address = person.upper() if draw(seldom()) else person
            members.append({"user": address} | ({} if flag is None else {"isPrimary": flag}))
        if draw(seldom(8)):
            members.append({"user": NOBODY})
        spec["members"] = members  # type: ignore[assignment]
        mode = draw(st.sampled_from((None, "exact", "additive")))
        if mode is not None:
            spec["membersMode"] = mode
    return spec


KEYS: dict[str, tuple[st.SearchStrategy[Any], Any]] = {
    "Label": (spelled(LABELS), label_specs),
    "Folder": (chains, folder_specs),
    "ClientTeam": (st.sampled_from(SLUGS), team_specs),
}


@st.composite
def documents(draw: st.DrawFn, before: Sequence[Document] = (), *, recased: bool = True) -> list[Document]:
    """Documents of all kinds. With `before`, most of those stay, some with another key, some under another name.
    Without `recased` no rename changes only the case of a name (which the server may refuse, OA-P8)."""
    found = [d for name in ("Label", "Folder", "ClientTeam") for d in draw(of_kind(name, before))]
    found = flags_exchanged(found, draw(st.sampled_from(PEOPLE))) if draw(seldom(3)) else found
    found = found if recased else [_not_recased(d) for d in found]
    return draw(st.permutations(passing(found)))


def _not_recased(document: Document) -> Document:
    kind = kind_named(document.kind)
    before, key = document.previous_key, document.spec[kind.key]
    only_case = before is not None and key_text(kind, before) == key_text(kind, key)
    return replace(document, previous_key=None) if only_case else document


@st.composite
def of_kind(draw: st.DrawFn, name: str, before: Sequence[Document] = ()) -> list[Document]:
    kind = kind_named(name)
    older = {d.address.name: d for d in before if d.kind == name}
    keys, specs = KEYS[name]
    found: list[Document] = []
    previous = draw(former_keys(kind, keys))
    for i, doc_name in enumerate(
        draw(st.lists(st.sampled_from(NAMES), max_size=3 if name != "Label" else 4, unique=True))
    ):
        old = older.get(doc_name)
        if old is not None and draw(common):
            found.append(draw(changed(old, kind, keys)))
            continue
        key = draw(keys)
        metadata = draw(lifecycles(kind))
        if kind.rename in ("yes", "consent") and i < len(previous):
            metadata["previous_key"] = previous[i]
        if name in IDS and draw(seldom(8)):
            metadata["pinned_id"] = draw(st.sampled_from(IDS[name]))
        found.append(doc(name, doc_name, draw(specs(key)), **metadata))
    found = in_a_ring(found, kind) if draw(seldom(3)) else found
    return readdressed(draw, distinct(found, kind), older)


def in_a_ring(found: Sequence[Document], kind: Kind) -> list[Document]:
    """Each says that it had the next one's key."""
    keys = [d.spec[kind.key] for d in found]
    if kind.rename not in ("yes", "consent"):
        return [*found]
    return [replace(d, previous_key=key) for d, key in zip(found, [*keys[1:], *keys[:1]], strict=True)]


def flags_exchanged(found: Sequence[Document], person: str) -> list[Document]:
    """Of the first two teams with members one gives a person's primary flag to the other."""
    flags_left = [False, True]
    result = []
    for one in found:
        members: Any = one.spec.get("members")
        if members is not None and flags_left:
            others: list[Json] = [m for m in members if str(m["user"]).casefold() != person.casefold()]
            entry: Json = {"user": person, "isPrimary": flags_left.pop()}
            one = replace(one, spec={**one.spec, "members": [*others, entry]})  # noqa: PLW2901
        result.append(one)
    return result


def former_keys(kind: Kind, keys: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """None, or some: then rings of names are likely."""
    some = st.lists(keys, max_size=4, unique_by=lambda k: key_text(kind, k))
    return st.one_of(st.just([]), some)


@st.composite
def changed(draw: st.DrawFn, old: Document, kind: Kind, keys: st.SearchStrategy[Any]) -> Document:
    """The document a commit later: mostly as it was, or with new values, or with a new key and its old one."""
    deed = draw(st.sampled_from(("keep", "keep", "values", "rename")))
    if deed == "keep":
        return replace(old, previous_name=None)
    _, specs = KEYS[kind.name]
    keeps = deed == "values" or kind.tree  # which cannot be renamed
    key: Any = normal(kind.key_field, old.spec[kind.key]) if kind.tree else old.spec[kind.key]
    new = doc(
        kind.name, old.address.name, draw(specs((tuple(key) if kind.tree else key) if keeps else draw(keys)))
    )
    return replace(new, lifecycle=old.lifecycle, previous_key=old.previous_key if keeps else old.spec[kind.key])


def readdressed(draw: st.DrawFn, found: list[Document], older: dict[str, Document]) -> list[Document]:
    """One document in some takes a new name and says which it had."""
    taken = {d.address.name for d in found}
    result = []
    for one, new in zip(found, (*OTHER_NAMES, *[""] * len(found)), strict=False):
        old = one.address.name
        if new and new not in taken and old in older and draw(seldom(4)):
            one = replace(one, address=one.address._replace(name=new), previous_name=old)  # noqa: PLW2901
        result.append(one)
    return result


def distinct(found: Sequence[Document], kind: Kind) -> list[Document]:
    """Without what the loader refuses: a key, former key or pinned id twice, or a former key that is the key."""
    keys: set[str] = set()
    former: set[str] = set()
    pins: set[str | None] = {None}
    kept = []
    for one in found:
        key, before = one.spec[kind.key], one.previous_key
        if key_text(kind, key) in keys:
            continue
        keys.add(key_text(kind, key))
        if before is not None and (before == key or key_text(kind, before) in former):
            one = replace(one, previous_key=None)  # noqa: PLW2901
        if one.pinned_id in pins:
            one = replace(one, pinned_id=None)  # noqa: PLW2901
        pins.add(one.pinned_id)
        if one.previous_key is not None:
            former.add(key_text(kind, one.previous_key))
        kept.append(one)
    return kept


def passing(found: Sequence[Document]) -> list[Document]:
    """Without the documents that the kinds' own rules refuse offline."""
    kept = list(found)
    for _ in range(len(found) + 1):
        wrong = {str(p.message).split(": ")[0] for p in _errors(kept)}
        if not wrong:
            return kept
        kept = [d for d in kept if str(d.address) not in wrong]
    raise AssertionError("a problem that names no document")


def _errors(found: Sequence[Document]) -> list[Any]:
    problems = []
    for name in ("Label", "Folder", "ClientTeam"):
        own = [d for d in found if d.kind == name]
        kind = kind_named(name)
        problems += catalog().verbs[(kind.provider, name)].check(kind, own)
    return [p for p in problems if p.severity is Severity.ERROR]


def kind_named(name: str) -> Kind:
    provider = PROVIDERS["studio" if name == "ClientTeam" else "analytics"]
    return catalog().kind(provider, name)


def address(kind: str, name: str) -> Address:
    return Address("studio" if kind == "ClientTeam" else "analytics", kind, name)


def pinned_to(found: Sequence[Document], live_ids: set[str]) -> list[Document]:
    """Without pins to what is not live yet: nobody can know the id of a thing to come."""
    return [d if d.pinned_id in live_ids else replace(d, pinned_id=None) for d in found]


def memoryless(found: Sequence[Document]) -> list[Document]:
    """Without a former key that another document has now: only a ledger could tell if such a rename is over."""
    own = {(d.kind, key_text(kind_named(d.kind), d.spec[kind_named(d.kind).key])) for d in found}
    return [
        replace(d, previous_key=None)
        if d.previous_key is not None and (d.kind, key_text(kind_named(d.kind), d.previous_key)) in own
        else d
        for d in found
    ]


__all__ = ["FOLDERS", "address", "documents", "kind_named", "of_kind", "passing"]
