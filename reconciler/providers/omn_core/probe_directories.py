"""What safe calls can tell of our assumptions about directories (OC-A50).

At most 3 calls: the RNCs, everything in one of them, one of its directories by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reconciler.model.call import Request
from reconciler.model.doctor import Finding, Heard, Known, Probe, confirmed, refuted, untold
from reconciler.model.json import JsonObject
from reconciler.providers.omn_core import directory_list, rnc
from reconciler.providers.probing import rows, settled, some, text


def _rncs(known: Known) -> Request:
    return Request(known.target, "POST", rnc.PATH, safe=True)


def _in(known: Known, word: str, tid: str) -> Request:
    body: JsonObject = {word: tid, "level": directory_list.WHOLE}
    return Request(known.target, "POST", directory_list.PATH, body=body, safe=True)


def _list(known: Known, heard: Heard) -> Request | None:
    """Everything in the first RNC."""
    tids = [t for r in rows(heard, _rncs(known), "/rncs/entries") or [] if (t := text(r, "/tid"))]
    return _in(known, "rncTid", min(tids)) if tids else None


def _branch(known: Known, heard: Heard) -> tuple[str, set[str]]:
    """The directory with the most right beneath it, as the list of its RNC shows them; "" where there is none."""
    listing = _list(known, heard)
    beneath: dict[str, set[str]] = {}
    for one in rows(heard, listing, "/dirs/entries") or [] if listing else []:
        if parent := text(one, "/parent"):
            beneath.setdefault(parent, set()).add(text(one, "/tid"))
    fullest = max(sorted(beneath), key=lambda tid: len(beneath[tid]), default="")
    return fullest, beneath.get(fullest, set())


def _asks(known: Known, heard: Heard) -> Sequence[Request]:
    listing, (tid, _) = _list(known, heard), _branch(known, heard)
    lists = [listing] if listing else []
    return [_rncs(known), *lists, *([_in(known, "dirTid", tid)] if tid else [])]


def _whole(known: Known, heard: Heard) -> Finding:
    for request in _asks(known, heard):
        if (finding := settled(heard, request)) is not None:
            return finding
    tid, expected = _branch(known, heard)
    if not tid:
        return untold("no directory with others in it is shown")
    alone = {text(d, "/tid") for d in rows(heard, _in(known, "dirTid", tid), "/dirs/entries") or []}
    listing = _list(known, heard)
    listed = {text(d, "/tid") for d in rows(heard, listing, "/dirs/entries") or []} if listing else set()
    if hidden := alone - listed:
        return refuted(f"a directory's own list shows {some(len(hidden), 'directory')} that its RNC's lacks")
    if lacking := expected - alone:
        return refuted(f"a directory's own list lacks {len(lacking)} of {len(expected)} beneath it")
    return confirmed(
        f"a directory's own list shows {some(len(alone), 'directory')}, all of them in its RNC's, too"
    )


PROBES: Final = (
    Probe(
        "OC-A50",
        "level -1 shows everything beneath an RNC",
        "what is missing is sent as a create and refused; a delete takes along what nobody saw",
        _asks,
        _whole,
    ),
)
