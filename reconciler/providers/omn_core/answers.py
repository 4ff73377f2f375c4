"""What the answer to many says of each, whatever the kind (OC-R6, OC-R7).

A kind's verbs `verdicts` and `settled` are these two functions, as they are; whatever is peculiar to a kind stands
in `NAMES`: by which attributes an answer names one of its objects. What a rider's own name is, its `args` say
(`{"path": "/Standard/Shoes"}`, for what its body does not say in these words), else its `body`. A name counts only
where it is one that we sent: errors may echo the ids of others, and then stand for what is left over (OC-Q27).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from reconciler.model.catalog import Verdict
from reconciler.model.json import Json, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.plan import Call, Phase
from reconciler.model.record import Record, replace
from reconciler.providers import rest

Name: TypeAlias = "tuple[str, ...]"
"""Attributes of an entry that together name an object; `details/peoTid` is one of a part. `path=before`: what the
entry calls its path is the rider's `before`."""


class Names(Record, frozen=True):
    """How answers name the objects of a kind, the surest first. `live`: what was there before; `new`: what was
    made; `refused`: what could not be made. `types`: their `dataType`, in any case (OC-Q23)."""

    types: tuple[str, ...]
    live: tuple[Name, ...] = (("id",),)
    new: tuple[Name, ...] = ()
    refused: tuple[Name, ...] = ()


_TID: Final = (("tid",),)
_AT_NODE: Final = (("nodePath", "key"), ("nodePath",))
NAMES: Final[Mapping[str, Names]] = {
    "Keyword": Names(("keyword",), new=(("path",), ("path=before",), ("path=between",))),
    "AttributeDefinition": Names(("attrDefinition",), _TID, _TID, _TID),
    "Classification": Names(("classification",), _TID, _TID, _TID),
    "ClassificationNode": Names(("classNode",), (("id",), ("path",)), (("path",),), (("tid",),)),
    "NodeAttribute": Names(
        ("attribute", "attrDefinition"), (("id",), *_AT_NODE), _AT_NODE, (("nodePath", "key"), ("key",))
    ),
    "Glossary": Names(("glossary",)),
    "GlossaryEntry": Names(("glossaryEntry",)),
    "Directory": Names(("dir",), _TID, (("path",),)),
    "Peo": Names(
        ("peo", "peoToProjectLink"),
        (("tid",), ("id",), ("details/peoTid", "details/projectTid"), ("details/peoId", "details/projectId")),
    ),
    "Product": Names(
        ("product", "productToProductLink"),
        (("tid",), ("id",), ("details/productTid", "details/targetProductTid")),
        _TID,
        _TID,
    ),
}
"""Kind -> how answers name its objects; what is not here is told by `id`, where it was live."""
USUAL: Final = Names(())
DENIED: Final = "not available by access rights"
"""How the reference ends each refusal for want of rights. It only ever says that something was not done."""


def verdicts(kind: Kind, carrier: Call, riders: Sequence[Call], body: Json) -> Mapping[str, Verdict]:  # noqa: ARG001 - the verb's shape
    """Entries that name a rider speak of that one; what nobody claims stands for those left over, where that is
    certain. Each rider counts as one of its own kind, so that one answer may speak of several. No text decides
    that anything was done."""
    said = entries(body)
    claimed = _claims(riders, said)
    found = {r.id: verdict(r, said[claimed[r.id]]) for r in riders if r.id in claimed}
    left = [r for r in riders if r.id not in claimed]
    taken = set(claimed.values())
    rest_of_it = [e for n, e in enumerate(said) if n not in taken]
    agrees = all(claimed.get(r.id, n) == n for n, r in enumerate(riders))
    in_order = len(said) == len(riders) and agrees and not any(_of_others(left, e) for e in rest_of_it)
    return found | _left_over(left, rest_of_it, in_order=in_order)


def entries(body: Json) -> list[Json]:
    """What an answer says, object by object; empty where it is no such answer."""
    found = pick(body, "/responses/entries")
    return list(found) if isinstance(found, list) else []


def verdict(rider: Call, entry: Json) -> Verdict:
    """Done is a success without issues. What was made, but not as it was sent, is to be looked at and never to be
    made again; what is gone already is refused, too, so of a refused delete nobody knows yet, unless that was for
    want of rights: these may hide the thing from every reading, and it is there all the same (OC-R6, OC-R28)."""
    if pick(entry, "/status") == "SUCCESS" and not pick(entry, "/issues"):
        return Verdict(True, text(entry))
    made = rider.phase is Phase.CREATE and _worked(entry)
    if rider.phase is Phase.DELETE and DENIED in text(entry).casefold():
        return Verdict(False, text(entry))
    return Verdict(None if made or rider.phase is Phase.DELETE else False, text(entry))


def text(entry: Json) -> str:
    """The server's words: its description, and those of the issues."""
    told = dict.fromkeys(t for t in (pick(entry, "/description"), issues(entry)) if isinstance(t, str) and t)
    return "; ".join(told) or "refused without a word"


def issues(entry: Json) -> str:
    """What the issues of an object, or of a call as a whole, say: each in general, and then in detail."""
    found = pick(entry, "/issues")
    return "; ".join(filter(None, map(_issue, found if isinstance(found, list) else [])))


def _issue(one: Json) -> str:
    details = pick(one, "/itms")
    each = [pick(d, "/errorMessage") for d in (details if isinstance(details, list) else [])]
    return ": ".join(t for t in (pick(one, "/description"), *each) if isinstance(t, str) and t)


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """Whether a call has happened whose answer was lost, or did not say. A create has if one thing of its key and
    scope is there, which was not before; updates, moves and deletes are absolute (OC-R32)."""
    return rest.settled(kind, call, live)


def _worked(entry: Json) -> bool:
    return pick(entry, "/status") in ("SUCCESS", "WARNING")


def _names(rider: Call, *, worked: bool) -> tuple[Name, ...]:
    """How an entry may speak of it, given what the entry says has become of it."""
    of_kind = NAMES.get(rider.address.kind, USUAL)
    if rider.phase is not Phase.CREATE:
        return of_kind.live
    return of_kind.new if worked else of_kind.refused


Echo: TypeAlias = "tuple[str, bool, Name, tuple[str, ...]]"
"""Kind, whether it worked, and a name with its values."""


def _claims(riders: Sequence[Call], said: Sequence[Json]) -> dict[str, int]:
    """Rider -> the place of what speaks of it, by the surest names first. Where several riders share a name, as
    the attributes of a node do, as many entries that say the same speak of them."""
    claimed: dict[str, int] = {}
    taken: set[int] = set()
    for rank in range(_RANKS):
        asked: dict[Echo, list[Call]] = {}
        for rider in (r for r in riders if r.id not in claimed):
            for echo in _own(rider, rank):
                asked.setdefault(echo, []).append(rider)
        told = _told({(kind, name) for kind, _, name, _ in asked}, said, taken)
        for echo, alike in asked.items():
            open_ones = [r for r in alike if r.id not in claimed]
            places = [n for n in told.get(echo, ()) if n not in taken]
            outcomes = {verdict(r, said[n]).done for r in open_ones for n in places}
            if len(open_ones) == 1 or (len(open_ones) == len(places) and len(outcomes) == 1):
                found = dict(zip((r.id for r in open_ones), places, strict=False))
                claimed |= found
                taken |= set(found.values())
    return claimed


_RANKS: Final = max(len(g) for n in NAMES.values() for g in (n.live, n.new, n.refused))


def _own(rider: Call, rank: int) -> Iterator[Echo]:
    """Its name of this rank, if it has one, where it worked and where it did not."""
    for worked in (True, False):
        for name in _names(rider, worked=worked)[rank : rank + 1]:
            values = tuple(_said_of(rider, word.rpartition("=")[2]) for word in name)
            if all(values):
                yield (rider.address.kind, worked, name, values)


def _said_of(rider: Call, word: str) -> str:
    own = rider.args.get(word, pick(rider.body, f"/{word.removeprefix('details/')}"))
    return own if isinstance(own, str) else ""


def _told(names: set[tuple[str, Name]], said: Sequence[Json], taken: set[int]) -> dict[Echo, list[int]]:
    """Where the entries stand that bear each name."""
    found: dict[Echo, list[int]] = {}
    for n, entry in enumerate(said):
        for kind, name in names if n not in taken else ():
            values = _echoed(entry, name)
            if values and _is_of(entry, kind):
                found.setdefault((kind, _worked(entry), name, values), []).append(n)
    return found


def _echoed(entry: Json, name: Name) -> tuple[str, ...]:
    """The values under a name; none where one of them is missing."""
    found = [pick(entry, f"/{word.partition('=')[0]}") for word in name]
    texts = tuple(v for v in found if isinstance(v, str) and v)
    return texts if len(texts) == len(name) else ()


def _is_of(entry: Json, kind: str) -> bool:
    """Whether an entry may speak of that kind; one that says nothing of it may."""
    said, types = pick(entry, "/dataType"), NAMES.get(kind, USUAL).types
    return not isinstance(said, str) or not types or said.casefold() in {t.casefold() for t in types}


def _of_others(left: Sequence[Call], entry: Json) -> bool:
    """Whether a success bears a name that none of these has, though they would be told by it."""
    return _worked(entry) and any(_echoed(entry, name) for r in left for name in _names(r, worked=True))


def _left_over(left: Sequence[Call], entries: Sequence[Json], *, in_order: bool) -> dict[str, Verdict]:
    """As many errors as objects say that none was done, as many successes that all were; each has its own words
    where all others came in the order sent. Of some of each nobody knows whose they are: errors may come first."""
    texts = "; ".join(dict.fromkeys(map(text, entries)))
    if len(left) != len(entries):
        return {r.id: Verdict(None, texts) for r in left}
    own = {r.id: verdict(r, e) for r, e in zip(left, entries, strict=True)}
    alike = len({pick(e, "/status") == "ERROR" for e in entries}) == 1
    if len(left) == 1 or (alike and in_order) or all(v.done for v in own.values()):
        return own
    if all(v.done is False for v in own.values()):
        return {i: replace(v, message=texts) for i, v in own.items()}
    return {r.id: Verdict(None, texts) for r in left}
