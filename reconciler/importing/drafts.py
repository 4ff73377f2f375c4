"""One live thing -> its draft, or the reason why there can be none."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.importing.inquiries import observed_only
from reconciler.importing.invert import inverted, required
from reconciler.importing.names import Names, slug
from reconciler.model.catalog import Verbs
from reconciler.model.document import Address, Manage
from reconciler.model.drafted import Drafted
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.normalise import spoken
from reconciler.model.record import Record, field, replace


class Found(Record, frozen=True):
    """A live thing that no document declares. `twins`: ids of the others with its key. `lost`: field -> why it
    cannot be declared, as earlier attempts have shown."""

    kind: Kind
    resource: Resource
    twins: tuple[str, ...] = ()
    lost: Mapping[str, str] = field(default_factory=dict)

    @property
    def at(self) -> tuple[str, str]:
        return self.kind.name, self.resource.id


class Draft(Record, frozen=True):
    """A manifest to be, or why there is none (`drafted.refusal`). `pin`: the id, where the key is not enough, or
    the manifest would not do to make such a thing."""

    address: Address
    found: Found
    drafted: Drafted
    pin: str | None = None

    @property
    def title(self) -> str:
        """What people know the thing by."""
        return self.found.resource.label or spoken(self.found.resource.key)


def draft_of(target: str, found: Found, verbs: Verbs, names: Names, listed: Collection) -> Draft:
    """The draft of one thing. `listed`: the collection it came with."""
    draft = _possible(target, found, verbs, names, listed)
    drafted = draft.drafted
    return replace(draft, drafted=replace(drafted, refusal=drafted.refusal or _lacking(found.kind, drafted)))


def declarable(target: str, found: Found, verbs: Verbs, names: Names, listed: Collection) -> bool:
    """Whether a manifest could ever mean this thing, as far as a list shows; what the list leaves out is not held
    against it."""
    return not _possible(target, found, verbs, names, listed).drafted.refusal


def _possible(target: str, found: Found, verbs: Verbs, names: Names, listed: Collection) -> Draft:
    """The draft, whether or not it says all that a manifest must."""
    kind, one = found.kind, found.resource
    backwards = inverted(kind, one, names)
    lost = {**backwards.lost, **found.lost}
    spec = {n: v for n, v in backwards.spec.items() if n not in found.lost}
    manage = Manage.OBSERVE if observed_only(kind) else Manage.FULL
    drafted = Drafted(spec, tuple(backwards.notes), manage, lost=lost, refusal=_unplaced(one))
    address = Address(target, kind.name, names.documents.get(found.at, "-"))
    if not drafted.refusal:
        drafted = _with_secrets(kind, address, drafted)
        drafted = verbs.draft(kind, one, drafted, listed) if verbs.draft else drafted
        drafted = replace(drafted, spec={n: drafted.spec[n] for n in kind.fields if n in drafted.spec})
    return Draft(address, found, drafted, one.id if found.twins or drafted.pin else None)


def _unplaced(one: Resource) -> str:
    return "" if one.placed else "where it lies could not be read, so nothing tells it from others of its name"


def _lacking(kind: Kind, drafted: Drafted) -> str:
    """Why it would be no valid manifest: a field is missing that every manifest has."""
    missing = sorted(required(kind) - drafted.spec.keys())
    if not missing:
        return ""
    why = (drafted.lost.get(name, "no read returns it") for name in missing)
    return "; ".join(f"`{name}`: {reason}" for name, reason in zip(missing, why, strict=True))


def _with_secrets(kind: Kind, address: Address, drafted: Drafted) -> Drafted:
    """A place for each secret that a manifest must name; it is not sent until somebody says so."""
    held = [f.name for f in kind.fields.values() if f.write_only and f.name in required(kind)]
    spec: JsonObject = dict(drafted.spec)
    for name in held:
        variable = "_".join(slug(part) for part in (address.target, address.name.replace("/", "_"), name))
        variable = "".join(c if c.isalnum() else "_" for c in variable.upper())
        reference: dict[str, Json] = {"fromEnv": variable, "version": 1}
        spec[name] = reference
        text = f"{name}: no read returns it. Set {variable}, then take spec.{name} out of `ignore` to send it."
        drafted = replace(drafted, notes=(*drafted.notes, text), ignore=(*drafted.ignore, name))
    return replace(drafted, spec=spec)
