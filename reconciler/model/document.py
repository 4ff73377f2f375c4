"""What the files say should be true: addresses, documents, targets, and all of them together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from reconciler.model.json import NOTHING, Json
from reconciler.model.place import Place, Places, Problem, SpecPath
from reconciler.model.record import Record, field


class Address(NamedTuple):
    """Our name for a thing: `target/Kind/name`. The name of a child holds its parents' names, joined by `/`. A
    tuple, since everything is looked up by it and put in order by it."""

    target: str
    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.target}/{self.kind}/{self.name}"

    @classmethod
    def parse(cls, text: str) -> Address:
        """Raises ValueError unless the text has three parts."""
        target, kind, name = text.split("/", 2)
        if not (target and kind and name):
            raise ValueError(text)
        return cls(target, kind, name)


NEW_KEY: Final = "new-key"
"""The consent that a nested document is not the one that left its list, but another thing."""


class Manage(StrEnum):
    FULL = "full"
    OBSERVE = "observe"
    CREATE_ONLY = "create-only"


class Lifecycle(Record, frozen=True):
    """How far we go with a thing. `on_remove` None: the kind's default. `ignore`: dotted spec fields."""

    manage: Manage = Manage.FULL
    on_remove: str | None = None
    protect: bool = False
    ignore: frozenset[str] = frozenset()
    allow: frozenset[str] = frozenset()


class Nest(Record, frozen=True):
    """Where a document stands inside another. `given`: the fields it has from there. `exact_in`: the exact lists
    that decide what leaving means for it, its own first, each as `<address>.<field>`; none where it says that
    itself."""

    around: Address
    given: frozenset[str] = frozenset()
    exact_in: tuple[str, ...] = ()


class Document(Record, frozen=True):
    """One thing somebody declared. `spec` holds only what was written: presence is scope. `exact`: its lists of
    nested documents from which what leaves is deleted, written or not."""

    address: Address
    provider: str
    spec: Mapping[str, Json]
    place: Place
    places: Places = NOTHING
    previous_name: str | None = None
    previous_key: Json = None
    pinned_id: str | None = None
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    once: Mapping[str, str] = NOTHING
    labels: Mapping[str, str] = NOTHING
    description: str = ""
    nest: Nest | None = None
    exact: frozenset[str] = frozenset()

    @property
    def kind(self) -> str:
        return self.address.kind

    def at(self, *path: str | int) -> Place:
        """The place of a path below the document, else of its nearest ancestor that has one."""
        steps: SpecPath = path
        while steps:
            if steps in self.places:
                return self.places[steps]
            steps = steps[:-1]
        return self.place


class Target(Record, frozen=True):
    """One tenant of one provider, as the project file names it. `settings` are the provider's own words.

    `per_minute`: requests in any 60 s window, None for no limit of ours.
    """

    name: str
    provider: str
    settings: Mapping[str, Json] = NOTHING
    per_minute: int | None = None
    concurrency: int = 8


class DeleteLimit(Record, frozen=True):
    """A plan with more deletes of one kind than this is held. `percent` of the kind's live things."""

    count: int = 10
    percent: int = 30


def everything(address: Address) -> bool:  # noqa: ARG001 - the shape of a selection
    """The selection that leaves nothing out."""
    return True


class Desired(Record, frozen=True):
    """All selected documents of all files, and what they were read from. `digest` binds a saved plan to the files.

    `left_out`: declared or recorded, but not selected. `selects`: whether an address that is declared no more was
    selected. `commit`: what they were read from, as `<sha>` or `<sha>-dirty`; None where git does not know them.
    `declared`: where a selection was made, all documents as they were before it; for guards.
    """

    documents: tuple[Document, ...]
    targets: Mapping[str, Target]
    digest: str
    delete_limit: DeleteLimit = field(default_factory=DeleteLimit)
    commit: str | None = None
    left_out: tuple[Address, ...] = ()
    warnings: tuple[Problem, ...] = ()
    selects: Callable[[Address], bool] = everything
    declared: tuple[Document, ...] = ()

    def of(self, target: str, kind: str) -> Iterator[Document]:
        return (d for d in self.documents if d.address.target == target and d.address.kind == kind)
