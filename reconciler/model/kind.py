"""A kind as its schema file tells it: fields, key, pruning, and the endpoints of an ordinary REST resource."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from reconciler.model.json import Json
from reconciler.model.record import Record, aside, field


class Page(StrEnum):
    """How a list is cut into pages. `scim`: startIndex and count; `cursor`: pageInfo.nextCursor."""

    NONE = "none"
    CURSOR = "cursor"
    SCIM = "scim"


class ListCall(Record, frozen=True):
    """`call` is `METHOD path`; `items` a JSON pointer to the array (`""`: the answer itself)."""

    call: str
    items: str
    page: Page = Page.NONE
    query: Mapping[str, str] = field(default_factory=dict)
    by: tuple[str, ...] = ()  # fields of the documents that decide which lists are read
    after: tuple[str, ...] = ()  # kinds whose reading must come first, to know ids for `by`


class WriteCall(Record, frozen=True):
    """`call` is `METHOD path`. `body`: `declared`, `changed`, `none`, or wire name -> field or entry field."""

    call: str
    body: str | Mapping[str, str] = "none"
    query: Mapping[str, str] = field(default_factory=dict)
    answer: str | None = None  # pointer to the object in the answer; None: it holds nothing to check
    id: str = "/id"  # pointer to the new id in a create's answer
    refused: tuple[str, ...] = ()  # set verbs to fall back to when the server refuses (contingent calls)
    verify: str = "answer"  # `answer`: re-read only if the answer is silent; `always`: re-read
    media: str = "json"
    repeat: bool = True  # False: a refusal for haste (429) is not repeated either


class SetCalls(Record, frozen=True):
    """The endpoints of one set-valued field. `whole`: none of its own, the set goes in the object's own body."""

    add: WriteCall | None = None
    change: WriteCall | None = None
    remove: WriteCall | None = None
    whole: bool = False


class Rest(Record, frozen=True):
    """The `x-rest` word: endpoints of an ordinary resource. `id`: pointer to a live record's id."""

    id: str = "/id"
    list: ListCall | None = None
    read: str | None = None  # `GET path/{id}`: asks for one thing a proofless list did not show
    when: tuple[str, ...] = ()  # fields for which each thing that declares one is read singly as well
    fresh: bool = False  # a thing that is overwritten is read singly just before
    create: WriteCall | None = None
    update: WriteCall | None = None
    delete: WriteCall | None = None
    sets: Mapping[str, SetCalls] = field(default_factory=dict)
    contents: Mapping[str, str] = field(default_factory=dict)  # name -> pointer to a count in a live record


class Prune(Record, frozen=True):
    """What leaving git means for a thing we made: the default and what may be asked for instead."""

    default: str = "release"
    allowed: tuple[str, ...] = ("release",)
    keep_last: bool = False  # the last one of its collection is never deleted


class Nested(Record, frozen=True):
    """Documents of a kind that may be written inside another document. `given`: field of theirs -> the field of
    the document around them that it follows from, `AROUND` for that document's name, None where it stays unsaid.
    For the key of a tree the value goes before their own. `short`: a text is one of which only the key is said."""

    kind: str
    given: Mapping[str, str | None] = field(default_factory=dict)
    short: bool = False


AROUND: Final = "."
EXACT: Final = "exact"
"""The mode of a nested list in which what leaves it is deleted, if we made it."""


class SecretRule(Record, frozen=True):
    """What a secret must be like: `pattern` is searched in its value, `says` tells people what that means."""

    pattern: str
    says: str


class FieldAccess(Record, frozen=True):
    """What a field says of who can do what (`x-access`), for each of its entries where it is a set.

    `who`: the fields that name somebody, of which those count that are written; `ITSELF` for the value itself,
    `EVERYBODY`; `subject.user` for a field in another. `role`: what he gets, or `role_from`, the field that says
    it. `on`: the fields that name the object, of which the first one written counts; `THIS` for the thing itself,
    `*` for everything in the target. `kind`: of the thing whose id the value is, where no reference says it.
    `flags`: fields that are told beside the role where they are true. `when`: field -> values of it with which all
    this is so. `member`: whoever has it belongs to that object, as to a group. `reaches`: it is so in what stands
    in the object, too. `inherits`: all this is not the point, but that the thing stands in the one that the value
    names. `place`: the value is no person but where data goes. `opens` False: it is told, and counts as no access.
    """

    who: tuple[str, ...] = ()
    role: str = ""
    role_from: str = ""
    on: tuple[str, ...] = ()
    kind: str = ""
    flags: tuple[str, ...] = ()
    when: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)
    member: bool = False
    reaches: bool = False
    inherits: bool = False
    place: bool = False
    opens: bool = True


ITSELF: Final = "."
THIS: Final = "this"
EVERYBODY: Final = "everybody"


class KindAccess(Record, frozen=True):
    """What a kind is where access is concerned. `person`: its things are people, and their keys addresses.
    `roles`: those on its things in order, the lowest first. `nothing`: roles that give nothing. `alike`: other
    words for a role. `inherits`: a child in its tree has what the one above it gives; `assumed`: the id of that
    assumption, empty where it is documented. `unseen`: what no read shows, a sentence each."""

    person: bool = False
    roles: tuple[str, ...] = ()
    nothing: tuple[str, ...] = ()
    alike: Mapping[str, str] = field(default_factory=dict)
    inherits: bool = False
    assumed: str = ""
    unseen: tuple[str, ...] = ()


class Field(Record, frozen=True):
    """One field of a kind's spec, or of the entries of a set.

    `wire`: JSON pointer into a live record, and (its last step) the name in a body. `normalise`: names of
    normalisers, applied in order. `ref`: the kind this field names. `immutable`: the remedy the refusal prints.
    `local`: for people only, never compared or sent. `inherited`: in a tree, a thing has its parent's value.
    `entries`: for a set of objects, the fields of one entry; `entry_key` names its identity, `entry_keys` are
    names of which each entry has one (where its value is a list, each item is an entry of its own), `entry_parts`
    are names that identify it all together. `mentions`: the value is the key of a thing of this kind, sent as it
    stands; whether anybody declares that thing or not is no matter. `replaces`:
    another value needs another thing: delete, then create, with consent. `effect`: what else happens when it is
    sent. `sink`: pointer to the once-shown value in an answer whose destination this field names.
    `file`: a path in the project; `bytes`: the file itself is the value, else the field that its text is the
    value of. `nested`: its items are documents of their own. `pins`: holds the id of what the field of this name
    beside it refers to. `refused`: why nobody can declare it, and what to do instead. `lookup`: where the key is
    not written, a thing may be found by this. `begins`: the bytes that such a file begins with, as hexadecimal
    digits. `secret_rule`: what the secret must be like that this field refers to, looked at before the first
    write. `merged`: an object of which only the declared names count, and only those that differ are sent.
    `names`: the names in this object are keys of things of this kind, compared and sent as they stand.
    `entry_value`: a set may be written as a mapping, from the entry key to this subfield.
    `access`: a change of it is a change of access; `gives`: of which, as far as it can be spelled out. `output`:
    the API's own, and needed by people once a thing is made: the apply that makes one says it. `change`: what
    another value does, in words, where the rest does not tell it.
    """

    name: str
    type: tuple[str, ...] = ("string",)
    wire: str = ""
    normalise: tuple[str, ...] = ()
    ref: str | None = None
    mentions: str | None = None
    names: str | None = None
    immutable: str | None = None
    unreadable: bool = False
    read_only: bool = False
    write_only: bool = False
    local: bool = False
    access: bool = False
    inherited: bool = False
    nullable: bool = False
    is_set: bool = False
    entry_key: str | None = None
    entry_keys: tuple[str, ...] = ()
    entry_parts: tuple[str, ...] = ()
    entry_value: str = ""
    entries: Mapping[str, Field] = field(default_factory=dict)
    replaces: bool = False
    effect: str = ""
    sink: str = ""
    file: str = ""
    pins: str = ""
    description: str = ""
    nested: Nested | None = None
    refused: str = ""
    lookup: bool = False
    begins: str = ""
    secret_rule: SecretRule | None = None
    output: bool = False
    merged: bool = False
    change: str = ""
    gives: FieldAccess | None = None

    @property
    def wire_name(self) -> str:
        return self.wire.rsplit("/", 1)[-1]

    @property
    def keys(self) -> tuple[str, ...]:
        """The subfields that may identify an entry; none where the entry is its own identity."""
        return self.entry_parts or self.entry_keys or ((self.entry_key,) if self.entry_key else ())

    def key_in(self, entry: Mapping[str, Json]) -> str | None:
        """The subfield that identifies this entry."""
        return next((key for key in self.keys if key in entry), None)


REPLACE: Final = "replace"


@aside("joined")
class Kind(Record, frozen=True):
    """A kind of thing a provider knows. `source`: only read, so that others can refer to it.

    `key`: the field by which a live thing is recognised. `tree`: the key is a chain of names whose prefix names
    the parent. `rename`: `yes`, `consent` (also needs `lifecycle.allow: [rename]`), `REPLACE`
    (another key is another thing: deleted and made anew, with that consent), or the remedy of a refusal.
    `scope`: fields that single a thing out together with the key. `findable` False: no list and no search shows
    it, it is known by its recorded or pinned id alone. `tokens`: the one-shot tokens a document may carry.
    `makes`: the source kind of which creating one brings about a thing with the same key, whose id only a
    reading tells. `remembered`: no list shows all of them, so the ledger keeps the ids that names of them led to.
    `data`: there may be very many, most of which are nobody's configuration: an import shows them only by name.
    `consents`: rules of this kind alone that `lifecycle.allow` may name. `refused`: why no manifest of it is
    taken, and what to do instead. `follows`: kind -> the field of
    this one that says of which of its things the writes have to end first; empty: of all of them.
    `roots`: of a tree, the kind whose things are its roots: a chain of one name is the key of such a thing, and
    comes about with it. `joins`: the kind in whose requests the writes of this one go; `joined`: of such a kind,
    all whose writes go in its requests, itself included, by name.
    """

    provider: str
    name: str
    key: str
    fields: Mapping[str, Field]
    schema: Mapping[str, Json]
    rest: Rest = field(default_factory=Rest)
    prune: Prune = field(default_factory=Prune)
    source: bool = False
    tree: bool = False
    rename: str = "yes"
    title: str = "name"  # the field people know a thing by
    description: str = ""
    abilities: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    findable: bool = True
    tokens: tuple[str, ...] = ()
    makes: str = ""
    remembered: bool = False
    data: bool = False
    consents: tuple[str, ...] = ()
    refused: str = ""
    access: KindAccess = field(default_factory=KindAccess)
    follows: Mapping[str, str] = field(default_factory=dict)
    roots: str = ""
    joins: str = ""
    joined: Mapping[str, Kind] = field(default_factory=dict)

    @property
    def family(self) -> str:
        """The kind in whose requests it is written: its own, unless it joins another."""
        return self.joins or self.name

    @property
    def key_field(self) -> Field:
        return self.fields[self.key]

    @property
    def lookups(self) -> tuple[str, ...]:
        """The fields by which a thing may be found where its key is not written."""
        return tuple(name for name, one in self.fields.items() if one.lookup)

    @property
    def remade(self) -> bool:
        """Whether its things may have to be deleted and made anew, for what cannot be changed."""
        return self.rename == REPLACE or any(one.replaces for one in self.fields.values())

    def default(self, field: str) -> Json:
        """What the API assumes where a field is left out; None where the schema names nothing."""
        properties = self.schema.get("properties")
        one = properties.get(field) if isinstance(properties, dict) else None
        return one.get("default") if isinstance(one, dict) else None
