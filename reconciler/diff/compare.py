"""All documents against all live things: one change per address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import attrgetter

from reconciler.diff.equal import Equal
from reconciler.diff.fields import Compared, Pair, compare_fields, unresolved
from reconciler.diff.glance import Glance
from reconciler.diff.identity import match_all
from reconciler.diff.index import Index, Miss, labels
from reconciler.diff.match import Match, found_by, key_of, made
from reconciler.diff.mentioned import aside, lost, needed
from reconciler.diff.names import led_to, taken_on_trust
from reconciler.diff.persons import also_known
from reconciler.diff.removals import removals
from reconciler.diff.sets import ComparedSets, compare_sets
from reconciler.diff.tree import parent_of, unlike_above
from reconciler.diff.unsaid import renames_unsaid
from reconciler.diff.unseen import in_doubt, unseen
from reconciler.model.catalog import Catalog
from reconciler.model.change import Change, Changes, Hold, Named, Value, Verb
from reconciler.model.document import Desired, Document, Manage
from reconciler.model.kind import Kind
from reconciler.model.live import Live, Resource
from reconciler.model.normalise import normal, spoken
from reconciler.model.nouns import plural
from reconciler.model.record import replace
from reconciler.model.recorded import Recorded


def compare(
    desired: Desired, live: Live, recorded: Recorded, catalog: Catalog, glance: Glance | None = None
) -> Changes:
    """What differs, address by address, with reasons and with what stands in the way. `glance`: that has looked at
    these documents beside what came."""
    index = Index(desired, live, recorded, catalog, places=dict(glance.places) if glance else {})
    matches = match_all(index)
    equal = Equal(index)
    pairs = ((document, matches[document.address]) for document in desired.documents)
    found = [equal(document, match) or _change(index, document, match) for document, match in pairs]
    moved = frozenset(c.previous for c in found if c.previous is not None)
    found = also_known(index, _reviewed(index, renames_unsaid(index, [*found, *removals(index, moved)])))
    counts = {at: len(c.resources) for at, c in live.collections.items()}
    return Changes(tuple(sorted(found, key=attrgetter("address"))), counts)


def _reviewed(index: Index, changes: list[Change]) -> list[Change]:
    """What only the kinds know of all their changes together."""
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        groups.setdefault((change.address.target, change.address.kind), []).append(change)
    families: dict[tuple[str, str, str], list[Change]] = {}
    for (target, name), group in sorted(groups.items()):
        settings = index.desired.targets[target].settings
        kind = index.catalog.kind(index.desired.targets[target].provider, name)
        review = index.catalog.verbs[(kind.provider, name)].review
        known = [c if c.settings is settings else replace(c, settings=settings) for c in group]
        at = (target, kind.provider, kind.family)
        families.setdefault(at, []).extend(review(kind, known, index.shelf(target, kind).collection))
    return _together(index, families)


def _together(index: Index, families: Mapping[tuple[str, str, str], list[Change]]) -> list[Change]:
    """What the kinds know that others join, of all these changes. `families`: (target, provider, name of that
    kind) -> the changes of all that join it."""
    found: list[Change] = []
    for (target, provider, name), group in families.items():
        lead, own = index.catalog.kind(provider, name), index.catalog.verbs[provider, name].together
        live = {n: index.shelf(target, one).collection for n, one in lead.joined.items()} if own else {}
        found += own(lead, group, live) if own else group
    return found


def _change(index: Index, document: Document, match: Match) -> Change:
    kind = index.kind_of(document)
    bond = match.bond
    verbs = index.catalog.verbs[(document.provider, document.kind)]
    pair = Pair(index, document, kind, verbs.same, match.resource, bond, match.renames)
    out = Compared(holds=list(match.holds))
    compare_fields(pair, out)
    sets = compare_sets(pair, bond.entries if bond else {}, out)
    parent = _parent(index, document, kind, match, out)
    _prove(index, document, kind, match, out)
    if match.resource is not None and document.lifecycle.manage is not Manage.FULL:
        return _hands_off(index, document, kind, match, out)
    once = _tokens(document, match)
    own = document.spec.get(kind.key)
    return Change(
        verb=_verb(index, match, out, sets, once),
        address=document.address,
        document=document,
        live=match.resource,
        key=normal(kind.key_field, own) if kind.tree else key_of(kind, document, match.resource),
        label=_label(kind, document, match),
        fields=tuple(out.fields),
        wire=out.wire,
        changed=frozenset(out.changed),
        deltas=sets.deltas,
        parent=parent,
        was_made=made(bond, match.resource),
        holds=tuple(out.holds),
        notes=(
            *out.notes,
            *_gone(kind, document, match),
            *_lost(kind, match, once),
            *taken_on_trust(index, document, kind, out, sets),
        ),
        digests=out.digests,
        entries_ours=sets.ours,
        by=_by(kind, match.resource, out),
        previous=match.previous,
        scope=index.scope_of(document, kind),
        once=once,
        bond=bond,
        effects=_effects(kind, match, out, sets),
        refers=_refers(index, document, kind, out),
        needs=needed(index, document, kind, match, out, sets),
        aside=aside(index, document, kind, out),
        names=led_to(index, document, kind, out, sets),
    )


def _label(kind: Kind, document: Document, match: Match) -> str:
    if kind.lookups and kind.key not in document.spec:
        return match.resource.label if match.resource is not None else document.address.name
    return labels(document.spec, kind)


def _refers(index: Index, document: Document, kind: Kind, out: Compared) -> dict[str, Named]:
    """What the plain references of a document lead to, by the field."""
    refs = {n: field.ref for n in out.wire if (field := kind.fields[n]).ref}
    return {n: index.named(document, ref, out.wire[n]) for n, ref in refs.items()}


def _gone(kind: Kind, document: Document, match: Match) -> Iterator[str]:
    """Why a thing that was there after the last apply is to be created."""
    ours = document.lifecycle.manage is not Manage.OBSERVE
    if match.bond is not None and match.resource is None and not match.holds and kind.findable and ours:
        yield "the ledger knows it, but it is live no more: made anew"


def _lost(kind: Kind, match: Match, once: Mapping[str, str]) -> Iterator[str]:
    """What was shown once and reached no sink is said until a token has issued another."""
    if match.bond is None or match.resource is None or once:
        return
    words = " or ".join(f"`once: {{{token}: …}}`" for token in kind.tokens) or "making the thing anew"
    for name in match.bond.lost:
        yield f"the value that `{name}` is for was shown once and never seen: {words} issues another"


def _tokens(document: Document, match: Match) -> dict[str, str]:
    """The one-shot tokens that have not acted on this thing yet."""
    acted: Mapping[str, str] = match.bond.once if match.bond and match.resource is not None else {}
    return {token: value for token, value in document.once.items() if acted.get(token) != value}


def _effects(kind: Kind, match: Match, out: Compared, sets: ComparedSets) -> tuple[str, ...]:
    """What the API does besides when it is sent what is to be sent."""
    changed = set(out.wire if match.resource is None else out.changed) | {n for n, d in sets.deltas.items() if d}
    return tuple(kind.fields[n].effect for n in sorted(changed) if kind.fields[n].effect)


def _verb(
    index: Index, match: Match, out: Compared, sets: ComparedSets, once: Mapping[str, str] | None = None
) -> Verb:
    if match.resource is None:
        return Verb.CREATE
    if out.replaces:
        return Verb.REPLACE
    if match.renames:
        return Verb.RENAME
    if match.bond is None and index.recorded.exists:
        return Verb.ADOPT
    if out.fields or out.changed or any(sets.deltas.values()) or once:
        return Verb.UPDATE
    return Verb.MOVE if match.previous is not None else Verb.NONE


def _hands_off(index: Index, document: Document, kind: Kind, match: Match, out: Compared) -> Change:
    """`observe` and `create-only` show what differs and touch nothing."""
    word = f"lifecycle.manage is {document.lifecycle.manage}: not changed"
    return Change(
        verb=Verb.OBSERVE,
        address=document.address,
        document=document,
        live=match.resource,
        key=key_of(kind, document, match.resource),
        label=_label(kind, document, match),
        fields=tuple(out.fields),
        notes=(word,) if out.fields else (),
        previous=match.previous,
        scope=index.scope_of(document, kind),
        bond=match.bond,
    )


def _parent(index: Index, document: Document, kind: Kind, match: Match, out: Compared) -> Value:
    """The parent's id for a tree kind, None at the root; a parent that is nowhere, or unlike its child, holds the
    change. What is live and stays where it is has the parent it has."""
    if match.resource is not None and not match.renames:
        return match.resource.parent
    found = parent_of(index, document, kind)
    if isinstance(found, Miss):
        out.holds.append(unresolved(document, found, kind.key))
        return None
    if match.resource is None:
        out.holds += unlike_above(index, document, kind, found)
    return found


def _prove(index: Index, document: Document, kind: Kind, match: Match, out: Compared) -> None:
    """What a listing does not show is absent only if the listing is proven complete."""
    proof = index.shelf(document.address.target, kind).collection.proof
    if out.replaces and "replace" not in document.lifecycle.allow:
        text = f"a {kind.name} cannot be changed so: it would be deleted and created anew"
        out.holds.append(Hold("replace", text, "add `replace` to lifecycle.allow, or take the change back"))
    if out.replaces:
        out.holds += lost(index, document, kind, out)
    if match.resource is None and not kind.findable:
        out.holds += unseen(index, document, match)
    elif not kind.findable and not document.pinned_id:  # another one may have been made in its place
        out.holds += in_doubt(index, document)
    elif match.resource is None and not match.holds:
        out.holds += in_doubt(index, document)
        out.holds += [unproven(kind, proof.by)] if not proof.complete else []
        out.holds += _unplaced(index, document, kind, out)
    if match.resource is None and document.lifecycle.manage is Manage.OBSERVE:
        text = "lifecycle.manage is observe, and it is not live"
        out.holds.append(Hold("observe", text, "create it by hand, or let it be managed", final=True))


def _unplaced(index: Index, document: Document, kind: Kind, out: Compared) -> list[Hold]:
    """A thing of the same last name whose place in the tree did not show may be the very one (OA-R28)."""
    by = _by(kind, None, out)
    found = [
        r
        for r in index.shelf(document.address.target, kind).unplaced(document.spec.get(kind.key))
        if all(r.fields.get(name, value) == value for name, value in by.items())
    ]
    if not found:
        return []
    reason = f"'{spoken(found[0].key)}' (id {found[0].id}) has this name, and nobody knows what it lies in"
    way_out = f"declare the {plural(kind.name)} above it, so that its place shows"
    return [Hold("unplaced", reason, way_out, final=True)]


def unproven(kind: Kind, by: str) -> Hold:
    """Nothing may be created or deleted on the word of a listing that may be short."""
    return Hold(
        "unproven-listing",
        f"the list of {kind.name} is not proven complete: {by}",
        "plan again; if it stays so, look at the API's answer",
        final=True,
    )


def _by(kind: Kind, live: Resource | None, out: Compared) -> dict[str, str]:
    """What decides in which list the thing is found; where another one takes its place, as it will be created."""
    return found_by(kind, live.fields if live is not None and not out.replaces else {}, out.wire)
