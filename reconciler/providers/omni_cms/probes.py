"""What safe calls can tell of our assumptions about Omni-CMS: one list, one search, a walk of a space (CM-A1 …).

At most 9 calls: the spaces; two pages of the search, and one that begins at the second item; two walks; a
recorded component that the search lacks; a space and a key that are not there.
"""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.call import Request, quoted
from reconciler.model.doctor import Finding, HealthRead, Heard, Known, Probe, Probes, confirmed, refuted, untold
from reconciler.model.json import pick
from reconciler.providers.omni_cms.answers import SPACES
from reconciler.providers.omni_cms.probe_reads import (
    NO_SPACE,
    NOWHERE,
    candidates,
    number_text,
    page_read,
    pages_shown,
    search_asks,
    shifted_asks,
    spaces_read,
    value_at,
    walk_asks,
    walk_read,
    walks_shown,
)
from reconciler.providers.omni_cms.search import LIMIT, ROOT
from reconciler.providers.probing import get, rows, settled, some, text


def _json(known: Known, heard: Heard) -> Finding:
    answer = heard.of(spaces_read(known))
    if answer is not None and not answer.status:
        return refuted("the list of spaces is no JSON")
    return settled(heard, spaces_read(known)) or confirmed("the list of spaces is JSON")


def _finds_all(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, page_read(known, 0))) is not None:
        return finding
    found, walked = pages_shown(known, heard), walks_shown(known, heard)
    beneath = {i: one for i, (above, one) in walked.items() if above}
    if not beneath:
        return untold("no space that was walked holds anything beneath its root")
    missing = beneath.keys() - found.all.keys()
    if missing and not found.whole:
        return untold("the search has more pages than are read here")
    if missing:
        return refuted(f"a walk shows {some(len(beneath), 'component')}, the search lacks {len(missing)} of them")
    unlike = sum(one.get("content") != found.all[i].get("content") for i, one in beneath.items())
    if unlike:
        return refuted(f"the search shows another content than a walk for {some(unlike, 'component')}")
    return confirmed(f"{some(len(beneath), 'component')} of a walk, all found with the same content")


def _counts(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, page_read(known, 0))) is not None:
        return finding
    found = pages_shown(known, heard)
    came, totals = len(found.all), {str(t) for t in found.totals}
    if not found.whole:
        return untold(f"{came} came with {some(len(found.pages), 'page')}, and more follow")
    if totals != {str(came)}:
        return refuted(f"{came} came, and `total` says otherwise")
    if came < 2:
        return untold(f"{some(came, 'component')}: too few to see what `offset` counts")
    if (finding := settled(heard, page_read(known, 1))) is not None:
        return finding
    shifted = [number_text(one.get("id")) for one in rows(heard, page_read(known, 1), "/components") or []]
    same = shifted[: len(found.all)] == [*found.all][1 : len(shifted) + 1]
    seen = f"{came} came as `total` says; from offset 1 on {len(shifted)}"
    return confirmed(f"{seen}, the same in the same order") if same else refuted(f"{seen}, and others")


def _limit(known: Known, heard: Heard) -> Finding:
    answer = heard.of(page_read(known, 0))
    if answer is not None and answer.status == 400:
        return refuted(f"a search with limit {LIMIT} is refused")
    finding = settled(heard, page_read(known, 0))
    return finding or confirmed(f"{LIMIT} asked for, {some(len(pages_shown(known, heard).all), 'component')} came")


def _closest(known: Known, heard: Heard) -> Finding:
    found, walked = pages_shown(known, heard).all, walks_shown(known, heard)
    both = {i: above for i, (above, _) in walked.items() if above and i in found}
    if not both:
        return untold("no component was seen both in a walk and in the search")
    wrong = sum(number_text(value_at(found[i], "/parents/0/id")) != above for i, above in both.items())
    if wrong:
        return refuted(f"{wrong} of {some(len(both), 'component')} name another one first than they lie in")
    return confirmed(f"{some(len(both), 'component')}, each names first what it lies in")


def _root(known: Known, heard: Heard) -> Finding:
    asked = [r for s in candidates(known, heard) if heard.of(r := walk_read(known, s)) is not None]
    if not asked:
        return settled(heard, spaces_read(known)) or untold("there is no space")
    answers = [answer for r in asked if (answer := heard.of(r)) is not None]
    if any(a.status == 404 for a in answers):
        return refuted(f"a space answers that it has no component with the key `{ROOT}`")
    if not all(a.good for a in answers):
        return untold(f"the read of a root {next(a for a in answers if not a.good)}")
    if all(text(a.body, "/key") == ROOT for a in answers):
        return confirmed(f"{some(len(answers), 'space')} with a component of that key")
    return refuted(f"asked for `{ROOT}`, it shows a component of another key")


def _lost(known: Known, heard: Heard) -> list[Request]:
    """The first recorded component that the search does not show, where it has shown all it has."""
    found = pages_shown(known, heard)
    lost = [i for i in known.of("Component") if i not in found.all] if found.whole else []
    return [get(known.target, f"GET /component/{quoted(i)}", may_be_gone=True) for i in lost[:1]]


def _unpublished(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, page_read(known, 0))) is not None:
        return finding
    for request in _lost(known, heard):
        answer = heard.of(request)
        if answer is not None and answer.good and pick(answer.body, "/published") is False:
            return refuted("a recorded one that is unpublished answers by its id, and the search lacks it")
    hidden = sum(one.get("published") is False for one in pages_shown(known, heard).all.values())
    if hidden:
        return confirmed(f"the search shows {some(hidden, 'component')} that is not published")
    return untold("no unpublished component was met")


def _names(known: Known, heard: Heard) -> Finding:
    found = rows(heard, spaces_read(known), "/spaces")
    if found is None:
        return settled(heard, spaces_read(known)) or untold("the answer holds no list of spaces")
    names = [text(s, "/name") for s in found]
    twice = len(names) - len(set(names))
    if twice:
        return confirmed(f"{some(len(names), 'space')}, and {twice} of them with the name of another")
    return untold(f"{some(len(names), 'space')}, no name twice: whether it could be, no read tells")


def _dates(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, page_read(known, 0))) is not None:
        return finding
    dates = [text(one, "/date") for one in pages_shown(known, heard).all.values()]
    exact = sum(_milliseconds(d) for d in dates)
    if exact:
        return confirmed(f"{some(exact, 'date')} of {len(dates)} with milliseconds that are not zero")
    return untold(f"{some(len(dates), 'date')}, none with milliseconds that are not zero")


def _milliseconds(date: str) -> bool:
    """Whether an instant says a fraction of a second."""
    digits = date[20:23] if date[19:20] == "." else ""
    return digits.isdigit() and int(digits) > 0


def _absent_asks(known: Known, heard: Heard) -> Sequence[Request]:
    if not (spaces := heard.of(spaces_read(known))) or not spaces.good:
        return [spaces_read(known)]
    nothing = [get(known.target, f"GET /space/{NO_SPACE}")]
    own = [get(known.target, f"GET /component/{quoted(s)}/{NOWHERE}") for s in candidates(known, heard)[:1]]
    return [*nothing, *own]


def _absent(known: Known, heard: Heard) -> Finding:
    asked = [r for r in _absent_asks(known, heard) if r != spaces_read(known)]
    answers = [answer for r in asked if (answer := heard.of(r)) is not None]
    if not answers:
        return untold("it was not asked: the list of spaces gave no answer that can be used")
    if other := [a for a in answers if a.status != 404]:
        return refuted(f"what is not there {other[0]}")
    what = "a space and a key" if len(answers) > 1 else "a space"
    return confirmed(f"{what} that nobody has: 404 (a file: seen whenever one is declared, CM-R16)")


PROBES = Probes(
    health=(HealthRead(get("", SPACES), "it answers, and takes the key"),),
    probes=(
        Probe(
            "CM-A1",
            "bodies are JSON with quoted keys",
            "reads stop at once",
            lambda known, heard: [spaces_read(known)],  # noqa: ARG005
            _json,
        ),
        Probe(
            "CM-A2",
            "a search without terms finds every component, with full content",
            "the spaces are walked instead, and nothing is deleted (CM-R12)",
            walk_asks,
            _finds_all,
        ),
        Probe(
            "CM-A3",
            "`total` counts what the filters select, and `offset` the same items",
            "no proof: components stop after a second try",
            shifted_asks,
            _counts,
        ),
        Probe(
            "CM-A4",
            "a limit of 1000 is accepted, or capped in silence",
            "components stop at a 400",
            search_asks,
            _limit,
        ),
        Probe(
            "CM-A5",
            "`parents` holds the closest parent only, or it first",
            "its parent is not among the found, and the spaces are walked (CM-R12); no wrong move",
            walk_asks,
            _closest,
        ),
        Probe("CM-A6", "the root's key is `root`", "the space is refused", walk_asks, _root),
        Probe(
            "CM-A7",
            "with the key, search and reads show unpublished components",
            "the spaces are walked (CM-R12); a new one answers that its key is taken, and nothing is done",
            lambda known, heard: [*search_asks(known, heard), *_lost(known, heard)],
            _unpublished,
        ),
        Probe(
            "CM-A16",
            "space names are any text, and not unique",
            "a refusal is reported",
            lambda known, heard: [spaces_read(known)],  # noqa: ARG005
            _names,
        ),
        Probe(
            "CM-A18",
            "`date` is stored to the millisecond",
            "reported once as changed by the server (CM-R37)",
            search_asks,
            _dates,
        ),
        Probe(
            "CM-A19",
            "unknown spaces, keys and files answer 404",
            "any other answer is an error, never absence: the kind stops",
            _absent_asks,
            _absent,
        ),
    ),
    left={
        "CM-A10": "it shows only after a create",
        "CM-A14": "it shows only after an upload",
    },
)
