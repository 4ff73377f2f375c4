"""What must not be done to the entries that are live: translations that others have a use for, texts that another
one has (OC-R88, OC-R97 to OC-R101)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from reconciler.model.change import ENTRY, Change, Delta, Entry, Hold, Value, Verb
from reconciler.model.json import Json, JsonObject, canonical, digest
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.record import Record, field, replace
from reconciler.providers.omn_core.glossary_review import stuck
from reconciler.providers.omn_core.translations import ALONG, FIELD, delta, links, mark

KEPT: Final = "the server kept it when it was to be deleted"


class _Known(Record):
    """Everything live and meant. `declared`: ids of entries that documents mean; `doomed`: of those that go;
    `claimed`: of translations that go with one of these; `moving`: of those that leave their natural key; `named`:
    natural key -> entries that are no mere translations."""

    by_id: dict[str, Resource] = field(default_factory=dict)
    declared: set[str] = field(default_factory=set)
    doomed: set[str] = field(default_factory=set)
    claimed: set[str] = field(default_factory=set)
    moving: set[str] = field(default_factory=set)
    named: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, changes: Sequence[Change], live: Collection) -> _Known:
        found = cls({r.id: r for r in live.resources})
        for one in live.resources:
            if not _translates(one) or links(one):
                found.named.setdefault(_natural(one.scope, one.fields.get("text")), []).append(one.id)
        for change in (c for c in changes if c.live is not None):
            own = change.live.id if change.live else ""
            if change.document is not None:
                found.declared.add(own)
            if not stuck(change) and change.verb is Verb.DELETE:
                found.doomed.add(own)
            if not stuck(change) and change.changed & {"text", "glossary"}:
                found.moving.add(own)
        return found

    def use(self, source: str, link: Mapping[str, Json], doomed: AbstractSet[str] = frozenset()) -> str:
        """Why the entry that a translation is has to stay, as the end of a sentence; empty where it may go.
        `doomed`: entries that need it no more."""
        one = self.by_id.get(str(link.get("id")))
        if one is None or (one.fields.get("locale"), one.fields.get("text")) != (link["locale"], link["text"]):
            return "no entry of its id has this text"
        if one.id in self.declared:
            return "a document declares it"
        if links(one):
            return "it has translations of its own"
        others = [i for i in _translates(one) if i != source and i not in doomed]
        return f"it is a translation of entry {others[0]} as well" if others else ""


def _translates(one: Resource) -> list[str]:
    found = one.fields.get("translates")
    return [str(i) for i in found] if isinstance(found, list) else []


def _natural(scope: Sequence[Value], text: Json) -> str:
    return canonical([list(scope), text])


def review_entries(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """Translations that have to stay do; no entry gets the text that another one has."""
    known = _Known.of(changes, live)
    return [_reviewed(change, known) for change in changes]


def _reviewed(change: Change, known: _Known) -> Change:
    if change.verb is Verb.DELETE:
        return _with_its_own(change, known)
    if change.document is None or change.verb is Verb.OBSERVE:
        return change
    return _theirs(_with_its_key(_removals(_several(_called_so(change)), known), known), known)


def _called_so(change: Change) -> Change:
    """A mere translation that a pin names has no key to compare, but it has a text: one that is as declared needs
    no other."""
    live = change.live
    if live is None or live.placed or live.fields.get("text") != change.key or "text" not in change.changed:
        return change
    left = replace(
        change,
        changed=change.changed - {"text"},
        fields=tuple(f for f in change.fields if f.path[:1] != ("text",)),
        holds=tuple(h for h in change.holds if h.rule != "rename-unconfirmed"),
    )
    verb = Verb.UPDATE if left.writes else Verb.ADOPT if left.bond is None else Verb.NONE
    return replace(left, verb=verb)


def _with_its_own(change: Change, known: _Known) -> Change:
    """The translations that we added go along, where nothing else has a use for them (OC-R101)."""
    live = change.live
    if live is None:
        return change
    ours = set(change.bond.entries.get(FIELD, ())) if change.bond else set[str]()
    along: list[Json] = []
    notes: list[str] = []
    for link in links(live):
        use = known.use(live.id, link, known.doomed) if link["locale"] in ours else "it was not added by us"
        said, own = f"'{link['text']}' ({link['locale']})", str(link.get("id"))
        notes.append(f"its translation {said} stays: {use}" if use else f"deletes its translation {said} as well")
        if not use and own not in known.claimed:
            known.claimed.add(own)
            along.append([own, *(i for i in _translates(known.by_id[own]) if i != live.id)])
    fields: JsonObject = {**live.fields, ALONG: along}
    return replace(change, live=replace(live, fields=fields), notes=(*change.notes, *notes))


def _several(change: Change) -> Change:
    """Of several live translations into one locale nobody can say which is meant."""
    count = Counter(str(one.get("locale")) for one in links(change.live))
    several = {locale for locale, n in count.items() if n > 1}
    need = delta(change)
    concerned = {str(e.id) for e in (*need.change, *need.remove, *need.kept)} & several
    if _additive(change):
        concerned -= {locale for locale in concerned if _among(change, locale)}
    for locale in sorted(concerned):
        there = [f"'{o['text']}' (id {o.get('id')})" for o in links(change.live) if o["locale"] == locale]
        reason = f"more than one translation into {locale} is live: {', '.join(there)}"
        hold = Hold("ambiguous", reason, "remove all but one in the product", final=True, only=ENTRY)
        change = replace(change, holds=(*change.holds, hold))
    return _without(change, concerned | (several if _additive(change) else set()))


def _additive(change: Change) -> bool:
    return change.document is not None and change.document.spec.get(f"{FIELD}Mode") == "additive"


def _among(change: Change, locale: str) -> bool:
    """Whether one of the live translations into a locale is as declared."""
    need = delta(change)
    wanted = next((e.wire for e in (*need.kept, *need.change) if str(e.id) == locale), None)
    live = [one for one in links(change.live) if one["locale"] == locale]
    return wanted is not None and any(all(one.get(n) == v for n, v in wanted.items()) for one in live)


def _removals(change: Change, known: _Known) -> Change:
    """What something else has a use for stays, and what the server has kept before is not tried for ever (OC-R99,
    OC-R100)."""
    at = {str(one["locale"]): one for one in links(change.live)}
    stays: set[str] = set()
    for entry in delta(change).change:
        told = _declared(entry, at.get(str(entry.id), {}), known)
        if told is not None:
            stays.add(str(entry.id))
            change = replace(change, holds=(*change.holds, told))
    for entry in delta(change).remove:
        link = at.get(str(entry.id), {})
        hold = _kept(change, link) or _in_use(change, link, known)
        if hold is not None:
            stays.add(str(entry.id))
            change = replace(change, holds=(*change.holds, hold))
    return _without(change, stays)


def _declared(entry: Entry, link: JsonObject, known: _Known) -> Hold | None:
    """Two documents must not give one entry two texts."""
    if link.get("id") not in known.declared or entry.wire.get("text", link["text"]) == link["text"]:
        return None
    reason = (
        f"the translation '{link['text']}' ({entry.shown}) is an entry that a document declares with that text"
    )
    return Hold("in-use", reason, "say the same text in both documents", final=True, only=ENTRY)


def _kept(change: Change, link: JsonObject) -> Hold | None:
    locale = str(link.get("locale"))
    if change.bond is None or change.bond.differs.get(mark(locale)) != digest(link):
        return None
    reason = f"the translation '{link['text']}' ({locale}) stays: {KEPT}"
    way_out = "delete it in the product, or list it; listed once and left out again, it is tried once more"
    return Hold("changed-by-server", reason, way_out, only=mark(locale))


def _in_use(change: Change, link: JsonObject, known: _Known) -> Hold | None:
    use = known.use(change.live.id if change.live else "", link)
    if not use:
        return None
    reason = f"the translation '{link['text']}' ({link['locale']}) is an entry that stays: {use}"
    way_out = "list it, or set `translationsMode: additive`"
    return Hold("in-use", reason, way_out, final=True, only=ENTRY)


def _without(change: Change, locales: AbstractSet[str]) -> Change:
    """The change without what it would do to the translations into these locales."""
    need = delta(change)
    if not any(str(e.id) in locales for e in (*need.change, *need.remove)):
        return change
    left = Delta(
        need.add,
        tuple(e for e in need.change if str(e.id) not in locales),
        tuple(e for e in need.remove if str(e.id) not in locales),
        tuple(e for e in need.kept if str(e.id) not in locales),
        (*need.others, *_of(need, locales)),
    )
    fields = tuple(f for f in change.fields if not (f.path[:1] == (FIELD,) and f.path[1] in locales))
    found = replace(change, deltas={**change.deltas, FIELD: left}, fields=fields)
    idle = found.verb is Verb.UPDATE and not found.fields and not found.writes
    return replace(found, verb=Verb.NONE) if idle else found


def _of(need: Delta, locales: AbstractSet[str]) -> Iterator[Entry]:
    return (e for e in (*need.change, *need.remove, *need.kept) if str(e.id) in locales)


def _with_its_key(change: Change, known: _Known) -> Change:
    """Another text or another glossary must not make two entries of one natural key (OC-R88)."""
    if change.live is None or stuck(change) or not change.changed & {"text", "glossary"}:
        return change
    there = known.named.get(_natural(change.scope, change.key), [])
    others = [i for i in there if i != change.live.id and i not in known.moving | known.doomed]
    if not others:
        return change
    reason = f"'{change.key}' is in that glossary already (id {others[0]})"
    way_out = "choose another text, or move or delete the other one first"
    return replace(change, holds=(*change.holds, Hold("name-taken", reason, way_out, final=True)))


def _theirs(change: Change, known: _Known) -> Change:
    """A translation whose text is live as an entry by itself may become a link to that one: it was not made by us,
    and does not go with ours (OC-R101)."""
    scope = [change.live.scope[0] if change.live else change.scope[0]]
    theirs: dict[str, str] = {}
    for entry in delta(change).add:
        there = known.named.get(_natural((*scope, str(entry.id), change.scope[2]), entry.wire.get("text")), [])
        if there:
            theirs[str(entry.id)] = there[0]
            note = (
                f"'{entry.wire['text']}' ({entry.shown}) is an entry by itself (id {there[0]}): it stays with it"
            )
            change = replace(change, notes=(*change.notes, note))
    if not theirs:
        return change
    ours = tuple(i for i in change.entries_ours.get(FIELD, ()) if i not in theirs)
    return replace(change, entries_ours={**change.entries_ours, FIELD: ours})
