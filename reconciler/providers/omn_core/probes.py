"""What safe calls can tell of our assumptions about OMN Core (OC-A1 …).

At most 3 calls here: the locales, the forest, one root by itself; and those of the other modules of probes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from reconciler.model.call import Request
from reconciler.model.doctor import Finding, HealthRead, Heard, Known, Probe, Probes, confirmed, refuted, untold
from reconciler.model.json import Json, JsonObject, pick
from reconciler.providers.omn_core import (
    listing,
    locale,
    probe_classes,
    probe_definitions,
    probe_directories,
    probe_glossaries,
)
from reconciler.providers.probing import rows, settled, some, text


def _locales(known: Known) -> Request:
    return Request(known.target, "POST", locale.PATH, body={"mode": "ALL"}, safe=True)


def _keywords(known: Known, path: str = "/") -> Request:
    body: JsonObject = {"path": path, "level": listing.WHOLE}
    return Request(known.target, "POST", listing.PATH, body=body, safe=True)


def _asks(known: Known, heard: Heard) -> Sequence[Request]:  # noqa: ARG001 - always the same
    return [_locales(known), _keywords(known)]


def _shown(known: Known, heard: Heard, path: str = "/") -> list[JsonObject]:
    return rows(heard, _keywords(known, path), "/kwds/entries") or []


def _branches(known: Known, heard: Heard) -> list[tuple[str, set[str]]]:
    """(name, ids beneath as the forest shows them) of the roots that can be asked for, the fullest first."""
    forest = _shown(known, heard)
    above = {text(r, "/id"): text(r, "/parentId") for r in forest}
    beneath: dict[str, set[str]] = {}
    for one in above:
        beneath.setdefault(_top(one, above), set()).add(one)
    names = {text(r, "/id"): listing.unlocalized(r) or "/" for r in forest if listing.is_root(r)}
    found = [(name, beneath[i] - {i}) for i, name in names.items() if i and "/" not in name]
    return sorted(found, key=lambda at: (-len(at[1]), at[0]))


def _top(one: str, above: dict[str, str]) -> str:
    """The root that a keyword stands under, as far as the forest shows; a circle ends where it began."""
    seen = {one}
    while (parent := above.get(one, "")) and parent not in seen:
        seen.add(parent)
        one = parent
    return one


def _branch_asks(known: Known, heard: Heard) -> Sequence[Request]:
    roots = [_keywords(known, f"/{name}") for name, _ in _branches(known, heard)[:1]]
    return [*_asks(known, heard), *roots]


def _xml(known: Known, heard: Heard) -> Finding:
    asked = [_locales(known), _keywords(known)]
    answers = [answer for r in asked if (answer := heard.of(r)) is not None]
    if any(a.status in (0, 400, 406, 415) for a in answers):
        return refuted(f"a reading call {next(a for a in answers if a.status in (0, 400, 406, 415))}")
    wrong = next((finding for r in asked if (finding := settled(heard, r)) is not None), None)
    return wrong or confirmed("both calls that read answer in XML; of the two that write a read tells nothing")


def _whole(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, _keywords(known))) is not None:
        return finding
    roots = _branches(known, heard)
    if not roots:
        return untold("there is no root to ask for")
    name, expected = roots[0]
    if (finding := settled(heard, _keywords(known, f"/{name}"))) is not None:
        return finding
    branch = {text(r, "/id") for r in _shown(known, heard, f"/{name}")}
    if missing := expected - branch:
        return refuted(f"a root's own list lacks {len(missing)} of {some(len(expected), 'keyword')} beneath it")
    if len(branch) > 1:
        return confirmed(f"a root's own list shows {some(len(branch) - 1, 'keyword')} beneath it")
    return untold("nothing is known of what stands beneath a root")


def _parents(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, _keywords(known))) is not None:
        return finding
    seen = [
        *_shown(known, heard),
        *(r for name, _ in _branches(known, heard)[:1] for r in _shown(known, heard, f"/{name}")),
    ]
    beneath = {text(r, "/id"): r for r in seen if not listing.is_root(r)}
    if not beneath:
        return untold("no keyword below a root is shown")
    good = sum(bool(text(r, "/parentId")) for r in beneath.values())
    words = f"{good} of {some(len(beneath), 'keyword')} below a root with `parentId`"
    return confirmed(words) if good == len(beneath) else refuted(words)


def _siblings(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, _keywords(known))) is not None:
        return finding
    shown = _shown(known, heard)
    places = Counter((text(r, "/parentId"), value) for r in shown if (value := listing.unlocalized(r)) is not None)
    twice = sum(n > 1 for n in places.values())
    if twice:
        return refuted(f"{some(twice, 'value')} that two siblings have")
    return untold(
        f"{some(len(shown), 'keyword')}, no two siblings with one value: whether it could be, no read tells"
    )


def _known_locales(known: Known, heard: Heard) -> Finding:
    for request in (_locales(known), _keywords(known)):
        if (finding := settled(heard, request)) is not None:
            return finding
    tids = {text(r, "/tid") for r in rows(heard, _locales(known), "/locales/entries") or []}
    used: set[Json] = {str(pick(one, "/locale")) for r in _shown(known, heard) for one in listing.labels(r)}
    if not used:
        return untold(f"{some(len(tids), 'locale')}, and no keyword with a label")
    missing = len(used - tids)
    words = (
        f"{some(len(used), 'locale')} in labels, {missing or 'none'} of them missing from the list of {len(tids)}"
    )
    return refuted(words) if missing else confirmed(words)


AFTER_A_WRITE = "it shows only after a write"

PROBES = Probes(
    health=(HealthRead(_locales(Known("")), "it answers, and takes the token"),),
    probes=(
        Probe(
            "OC-A1",
            "XML is accepted and answered by all four calls",
            "the kind stops at a 400, 406 or 415; nothing is done",
            _asks,
            _xml,
        ),
        Probe(
            "OC-A2",
            "level -1 on a root shows its whole branch",
            "a declared one that is missing is sent as a create and refused as duplicate; deletes need OC-R13",
            _branch_asks,
            _whole,
        ),
        Probe(
            "OC-A3",
            "non-roots always carry `parentId`",
            "they are unplaced and reported (OC-R15); nothing is created beside them",
            _branch_asks,
            _parents,
        ),
        Probe(
            "OC-A6",
            "unlocalized values are unique among siblings",
            "siblings of one value are refused (OC-R19); nothing is created without a list",
            _asks,
            _siblings,
        ),
        Probe(
            "OC-A19",
            "`mode: ALL` shows every locale that a label may have",
            "a manifest is refused too early, never too late",
            _asks,
            _known_locales,
        ),
        *probe_definitions.PROBES,
        *probe_classes.PROBES,
        *probe_glossaries.PROBES,
        *probe_directories.PROBES,
    ),
    left={
        **dict.fromkeys(
            ("OC-A4", "OC-A12", "OC-A13", "OC-A20", *probe_definitions.LEFT, *probe_glossaries.LEFT, "OC-A51"),
            AFTER_A_WRITE,
        ),
        "OC-A64": "it would have to know a product with a link",
        "OC-A66": "nothing names two products of one identifier",
    },
)
