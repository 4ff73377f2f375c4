"""What an answer says of those that went along: a persist speaks of classifications alone (OC-R78)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from reconciler.model.catalog import Verdict
from reconciler.model.json import Json, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.plan import Call, Phase
from reconciler.model.shows import find, shows
from reconciler.providers import rest
from reconciler.providers.omn_core import answers
from reconciler.providers.omn_core.classes_body import GOES_WITH

PERSIST: Final = "/pim/classes/persist"
OF: Final = "of"
"""In `args` of a rider: the classification it belongs to; of what goes along with a delete, the id of that."""


def verdicts(kind: Kind, carrier: Call, riders: Sequence[Call], body: Json) -> Mapping[str, Verdict]:
    """A success of a classification is one of all that went with it, to be proven by the list; of anything else
    just a look tells, with the server's words."""
    if carrier.path != PERSIST:
        return _of_actions(kind, carrier, riders, body)
    names = list(dict.fromkeys(str(r.args.get(OF)) for r in riders))
    said = answers.entries(body)
    own = {name: entry for entry in said if (name := pick(entry, "/tid")) in names}
    left = [name for name in names if name not in own]
    others = [entry for entry in said if pick(entry, "/tid") not in names]
    told = {str(name): _verdict(entry) for name, entry in own.items()}
    told |= dict.fromkeys(left, _of_the_rest(left, others))
    return {r.id: told[str(r.args.get(OF))] for r in riders}


def _verdict(entry: Json) -> Verdict:
    done = pick(entry, "/status") == "SUCCESS" and not pick(entry, "/issues")
    return Verdict(True if done else None, answers.text(entry))


def _of_the_rest(left: Sequence[str], others: Sequence[Json]) -> Verdict:
    """What is said of nobody by name counts for those nobody spoke of; that all were done, only if it says so of
    as many."""
    found = [_verdict(entry) for entry in others]
    texts = "; ".join(dict.fromkeys(v.message for v in found))
    return Verdict(True if len(left) == len(found) and all(v.done for v in found) else None, texts)


def _of_actions(kind: Kind, carrier: Call, riders: Sequence[Call], body: Json) -> Mapping[str, Verdict]:
    """What goes along with a delete is gone if that is."""
    acting = [r for r in riders if not _goes_along(r)]
    found = dict(answers.verdicts(kind, carrier, acting, body))
    of = {str(r.live_id): found[r.id] for r in acting if r.id in found}
    return found | {r.id: of.get(str(r.args.get(OF)), Verdict(None)) for r in riders if _goes_along(r)}


def _goes_along(rider: Call) -> bool:
    return isinstance(rider.body, dict) and GOES_WITH in rider.body


def made(kind: Kind, call: Call, live: Collection) -> list[Resource]:
    """What has its key: ours, even where it is not as it was sent (OC-R79)."""
    return find(kind, live, call.effect.key, call.effect.scope)


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """Done is what live shows whole. Where labels show nowhere nobody knows, and it counts as not done, since what
    is sent twice is as if it was sent once; but a node or attribute that is there was made whole (OC-R79)."""
    if call.phase is Phase.DELETE:
        return rest.settled(kind, call, live)
    if call.phase is Phase.CREATE:
        found = made(kind, call, live)
        if len(found) != 1:
            return None if found or not live.proof.complete else False
        seen = shows(kind, call.effect, found[0])
        return seen is True or (seen is None and call.address.kind != "Classification")
    return rest.settled(kind, call, live) is True
