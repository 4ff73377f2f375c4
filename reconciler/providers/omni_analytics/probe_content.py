"""What a page of documents, connections and models each, and one thing out of them, tells (OA-A50 to OA-A98)."""

from __future__ import annotations

from reconciler.model.call import Request
from reconciler.model.doctor import Finding, Heard, Known, Probe, confirmed, refuted, untold
from reconciler.model.json import Json, JsonObject, Missing, pick
from reconciler.providers.omni_analytics.connection import NAMES, VALUES
from reconciler.providers.omni_analytics.probe_reads import (
    access_read,
    asks,
    connections_read,
    documents_read,
    git_read,
    labels_read,
    models_read,
    only_page,
    records,
)
from reconciler.providers.probing import filled, rows, settled, some, text

ROLES = frozenset({"NO_ACCESS", "VIEWER", "INTERACTOR", "EXPLORER", "EDITOR", "MANAGER"})
SHOWN = ("/identifier", "/name", "/scope", "/owner/id")
NONE = 404


def there(record: JsonObject, name: str) -> bool:
    """Whether the field is in a record, be it null."""
    return not isinstance(pick(record, f"/{name}"), Missing)


def document_records(known: Known, heard: Heard) -> Finding:
    request = documents_read(known)
    if (finding := settled(heard, request)) is not None:
        return finding
    found = rows(heard, request, "/records")
    if found is None:
        return refuted("the answer holds no such list of objects")
    if not found:
        return untold("no document is listed")
    whole = [d for d in found if filled([d], SHOWN) and there(d, "labels") and _placed(d)]
    seen = f"{some(len(whole), 'document')} of {len(found)} with all of these fields"
    return confirmed(seen) if len(whole) == len(found) else refuted(seen)


def _placed(record: JsonObject) -> bool:
    """Whether it says in which folder it lies; null is the root."""
    return there(record, "folder") and (record["folder"] is None or bool(text(record, "/folder/id")))


def identifiers(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, documents_read(known))) is not None:
        return finding
    for request in access_read(known, heard):
        answer = heard.of(request)
        if answer is not None and answer.status in (400, NONE):
            return refuted(f"the access list of a listed document, asked for by its identifier, {answer}")
        return settled(heard, request) or confirmed("an access list came by a document's identifier")
    return untold("no document is listed")


def label_spelling(known: Known, heard: Heard) -> Finding:
    for request in (documents_read(known), labels_read(known)):
        if (finding := settled(heard, request)) is not None:
            return finding
    labels = {text(one, "/name").casefold() for one in records(heard, labels_read(known))}
    carried = {name for d in records(heard, documents_read(known)) for name in _labels(d)}
    if not carried:
        return untold("no listed document carries a label")
    strange = len(carried - labels)
    seen = f"{some(len(carried), 'label')} on documents, {strange or 'none'} of them not in the list of labels"
    return refuted(seen) if strange else confirmed(seen)


def _labels(document: JsonObject) -> list[str]:
    found = document.get("labels")
    return [_name(one).casefold() for one in found] if isinstance(found, list) else []


def _name(label: Json) -> str:
    """A label as text, or as an object that names it (OA-R107)."""
    return label if isinstance(label, str) else text(label, "/name")


def access_entries(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, documents_read(known))) is not None:
        return finding
    for request in access_read(known, heard):
        return settled(heard, request) or _entries(heard, request)
    return untold("no document is listed")


def _entries(heard: Heard, request: Request) -> Finding:
    found, answer = rows(heard, request, "/principals"), heard.of(request)
    if found is None:
        return refuted("the answer holds no such list of objects")
    bare = sum(not (text(p, "/id") and text(p, "/type") in ("user", "userGroup")) for p in found)
    roles = [text(p, "/role") for p in found]
    strange = sum(role not in ROLES for role in roles)
    seen = f"{some(len(found), 'principal')}, {bare or 'none'} unnamed, {strange or 'none'} with another role"
    if bare or strange:
        return refuted(seen)
    total = pick(answer.body if answer else None, "/pageInfo/totalRecords")
    if only_page(heard, request) and total != len(found):
        return refuted("the only page holds another number of principals than its total says")
    word = next((w for w in ("INTERACTOR", "EXPLORER") if w in roles), "")
    return confirmed(seen + (f"; the word is {word}" if word else "")) if found else untold("nobody is in it")


def connection_records(known: Known, heard: Heard) -> Finding:
    request = connections_read(known)
    if (finding := settled(heard, request)) is not None:
        return finding
    found = rows(heard, request, "/connections")
    if found is None:
        return refuted("the answer holds no such list of objects")
    if not found:
        return untold("there is no connection")
    bare = len(found) - filled(found, ("/id", "/name", "/dialect"))
    if bare:
        return refuted(f"{some(bare, 'connection')} of {len(found)} without id, name or dialect")
    spelled = [at.removeprefix("/") for at in NAMES if any(there(c, at.removeprefix("/")) for c in found)]
    if not spelled or not any(there(c, VALUES.removeprefix("/")) for c in found):
        return untold(f"{some(len(found), 'connection')}, and none shows an environment attribute")
    return confirmed(f"{some(len(found), 'connection')}; the attribute is `{'` and `'.join(spelled)}`")


def models_of_a_kind(known: Known, heard: Heard) -> Finding:
    request = models_read(known)
    if (finding := settled(heard, request)) is not None:
        return finding
    found = rows(heard, request, "/records")
    if found is None:
        return refuted("the answer holds no such list of objects")
    if not found:
        return untold("there is no shared model")
    others = sum(text(m, "/modelKind") != "SHARED" for m in found)
    bare = len(found) - filled(found, ("/id", "/connectionId"))
    seen = (
        f"{some(len(found), 'model')}, {others or 'none'} of another kind, {bare or 'none'} without id and place"
    )
    return refuted(seen) if others or bare else confirmed(seen)


def repositories(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, models_read(known))) is not None:
        return finding
    for request in git_read(known, heard):
        answer = heard.of(request)
        if answer is not None and answer.status == NONE:
            return confirmed("a listed model answered 404, so it has none; nothing contradicts that")
        if (finding := settled(heard, request)) is not None:
            return finding
        good = bool(text(answer.body if answer else None, "/sshUrl"))
        return confirmed("a listed model showed its repository") if good else refuted("a 2xx without an `sshUrl`")
    return untold("there is no shared model")


PROBES = (
    Probe(
        "OA-A50",
        "a document's record shows identifier, name, scope, owner, folder and, asked for, labels",
        "what is missing is compared with what was sent last (OA-R103)",
        asks(documents_read),
        document_records,
    ),
    Probe(
        "OA-A51",
        "the identifier is taken wherever a document's id is asked for",
        "400 or 404, reported; of writes only a write can tell",
        lambda known, heard: [documents_read(known), *access_read(known, heard)],
        identifiers,
    ),
    Probe(
        "OA-A59",
        "labels in a record are spelled as in the list of labels, but for case",
        "such a label is no declared one: it counts as undeclared (OA-R107)",
        asks(documents_read, labels_read),
        label_spelling,
    ),
    Probe(
        "OA-A95",
        "an access list shows each principal's type, id and role, in the words that we know",
        "an unknown role differs, and is changed; a list cut short leaves `permissions` alone (OA-R108)",
        lambda known, heard: [documents_read(known), *access_read(known, heard)],
        access_entries,
    ),
    Probe(
        "OA-A96",
        "a connection shows its environment attribute in one of the two spellings of OA-R132",
        "the attribute is compared with what was sent last",
        asks(connections_read),
        connection_records,
    ),
    Probe(
        "OA-A97",
        "`modelKind` lists models of that kind alone, each with its id and its connection",
        "one of another kind is told apart by its own `modelKind`; without an id the kind stops",
        asks(models_read),
        models_of_a_kind,
    ),
    Probe(
        "OA-A98",
        "a 404 about the repository of a listed model means that it has none, else `sshUrl` shows",
        "the create is answered 409, reported; without `sshUrl` the kind stops",
        lambda known, heard: [models_read(known), *git_read(known, heard)],
        repositories,
    ),
)
