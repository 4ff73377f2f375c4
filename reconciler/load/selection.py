"""`--only` and `--exclude`: a part of what is desired, and what was left out of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from reconciler.load.aside import by_keys
from reconciler.load.nearest import did_you_mean
from reconciler.model.document import Address, Desired, Document
from reconciler.model.faults import UsageWrong
from reconciler.model.kind import Kind
from reconciler.model.place import Problem, Severity
from reconciler.model.record import Record, replace

PREFIXES: Final = ("kind", "label", "path", "field")


class Pattern(Record, frozen=True):
    """One word of a selection. `by`: what it looks at, one of PREFIXES or `address`."""

    text: str
    by: str
    value: str

    @classmethod
    def parse(cls, text: str) -> Pattern:
        """`analytics/Label/*`, `kind:Label`, `label:team=finance`, `path:manifests/x/*`, `field:Folder.owner`.
        Raises UsageWrong."""
        prefix, colon, value = text.partition(":")
        if colon and prefix in PREFIXES and value:
            return cls(text, prefix, value)
        if text.count("/") >= 2 and all(text.split("/", 2)):
            return cls(text, "address", text)
        if text.count("/") == 1 and text.endswith("/*") and text != "/*":
            raise UsageWrong(f"'{text[:80]}' selects nothing that is known here", hint=f"write '{text[:80]}/*'")
        forms = "`target/Kind/name` with `*` for any part, `kind:Kind`, `label:name=value`, `path:manifests/x/*`"
        raise UsageWrong(f"'{text[:80]}' selects nothing that is known here", hint=f"write {forms}")

    def matches(self, address: Address, document: Document | None) -> bool:
        """Whether the address is meant. Without its document, labels and path are unknown: then it is not."""
        if self.by == "kind":
            return fnmatchcase(address.kind, self.value)
        if self.by == "field":
            return document is not None and self.field_of(document) is not None
        if self.by == "address":
            parts = zip((address.target, address.kind, address.name), self.value.split("/", 2), strict=True)
            return all(fnmatchcase(part, pattern) for part, pattern in parts)
        if document is None:
            return False
        if self.by == "path":
            return fnmatchcase(document.place.file, self.value) or document.place.file.startswith(
                self.value.rstrip("/") + "/"
            )
        name, _, value = self.value.partition("=")
        return name in document.labels and (not value or fnmatchcase(document.labels[name], value))

    def field_of(self, document: Document) -> str | None:
        """The declared field that is meant, of a document of that kind."""
        kind, _, name = self.value.partition(".")
        return name if self.by == "field" and fnmatchcase(document.kind, kind) and name in document.spec else None

    @property
    def needs_document(self) -> bool:
        return self.by in {"label", "path"}

    def examples(self, documents: Iterable[Document], known: Iterable[Address]) -> Iterator[str]:
        """What could have been written instead."""
        for document in documents:
            if self.by == "path":
                yield f"path:{document.place.file}"
            if self.by == "field":
                yield from (f"field:{document.kind}.{name}" for name in document.spec)
            yield from (f"label:{n}={v}" for n, v in document.labels.items() if self.by == "label")
            yield from self._of_address(document.address)
        for address in known:
            yield from self._of_address(address)

    def _of_address(self, address: Address) -> Iterator[str]:
        if self.by == "kind":
            yield f"kind:{address.kind}"
        elif self.by == "address":
            yield str(address)


def select(
    desired: Desired,
    *,
    only: Sequence[str] = (),
    exclude: Sequence[str] = (),
    changed: Collection[Address] | None = None,
    known: Collection[Address] = (),
    kinds: Mapping[tuple[str, str], Kind] | None = None,
) -> Desired:
    """The documents that match any of `only` (none given: all) and none of `exclude`, and are in `changed` if that
    is given. A field that is excluded is ignored in what is live already, and not read for.

    `kinds`: of all documents, so that those that were selected can refer to others all the same.
    `known`: recorded addresses, declared or not; a pattern may mean one that is declared no more. Whether such an
    address was selected is answered by `selects`, and never yes on a guess: its labels and its file are gone, so
    neither a choice nor an exclusion by label or path ever takes it along. One that was not selected is listed in
    `left_out`. Raises UsageWrong for a pattern that matches nothing.
    """
    wanted, unwanted = [Pattern.parse(t) for t in only], [Pattern.parse(t) for t in exclude]
    if any(p.by == "field" for p in wanted):
        raise UsageWrong("a field cannot be selected alone", hint="leave it out with --exclude field:Kind.name")
    meant = [*known, *(changed or ())]
    for pattern in (*wanted, *unwanted):
        _matches_something(pattern, desired.documents, meant)

    def chosen(address: Address, document: Document | None) -> bool:
        if changed is not None and address not in changed:
            return False
        if wanted and not any(p.matches(address, document) for p in wanted):
            return False
        unsure = document is None and any(p.needs_document for p in unwanted)
        return not unsure and not any(p.matches(address, document) for p in unwanted)

    fields, unwanted = [p for p in unwanted if p.by == "field"], [p for p in unwanted if p.by != "field"]
    kept = tuple(_without(d, fields) for d in desired.documents if chosen(d.address, d))
    left = {d.address for d in desired.documents} - {d.address for d in kept}
    kept = by_keys(kept, desired.documents, kinds) if left and kinds else kept
    gone = set(known) - {d.address for d in desired.documents} - {_former(d) for d in kept}
    left |= {a for a in gone if a.target in desired.targets and not chosen(a, None)}
    left_out = tuple(sorted({*desired.left_out, *left}))
    warnings = (*desired.warnings, *_said(kept, fields))
    selects = _both(desired.selects, chosen)
    whole = desired.declared or desired.documents
    return replace(desired, documents=kept, left_out=left_out, selects=selects, warnings=warnings, declared=whole)


def _without(document: Document, fields: Sequence[Pattern]) -> Document:
    """The document with these fields ignored."""
    names = {f"spec.{name}" for p in fields if (name := p.field_of(document)) is not None}
    life = document.lifecycle
    return replace(document, lifecycle=replace(life, ignore=life.ignore | names)) if names else document


def _said(kept: Sequence[Document], fields: Sequence[Pattern]) -> Iterator[Problem]:
    """How many documents go without a field."""
    for pattern in fields:
        concerned = [d for d in kept if pattern.field_of(d) is not None]
        if concerned:
            text = f"{pattern.value} is left out, here and in {len(concerned) - 1} documents more"
            yield Problem(concerned[0].place, text, "", Severity.WARNING, "selection")


def _former(document: Document) -> Address | None:
    """The address a document had before; what is recorded there goes with the document."""
    return document.address._replace(name=document.previous_name) if document.previous_name else None


def _both(
    before: Callable[[Address], bool], chosen: Callable[[Address, Document | None], bool]
) -> Callable[[Address], bool]:
    return lambda address: before(address) and chosen(address, None)


def _matches_something(pattern: Pattern, documents: Sequence[Document], known: Sequence[Address]) -> None:
    if any(pattern.matches(d.address, d) for d in documents) or any(pattern.matches(a, None) for a in known):
        return
    hint = did_you_mean(pattern.text, dict.fromkeys(pattern.examples(documents, known)), "")
    raise UsageWrong(f"'{pattern.text[:80]}' matches no document", hint=hint)
