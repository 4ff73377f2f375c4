"""What the ledger remembers, whether it is whole, and who holds it, as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.json import Json, JsonObject
from reconciler.model.past import BondStory, Chain, Holding, Touch
from reconciler.model.recorded import Bond
from reconciler.report.escape import json_text
from reconciler.report.history_json import author_row
from reconciler.report.ledger_text import verdict
from reconciler.report.past_words import leaving


def bonds_json(found: Sequence[tuple[Bond, Touch | None]]) -> str:
    """`{bonds: […]}`."""
    rows: list[Json] = [bond_row(bond, since) for bond, since in found]
    return json_text({"bonds": rows}) + "\n"


def story_json(story: BondStory) -> str:
    """The bond, with what happened to it, oldest first."""
    bond = story.bond
    whole: JsonObject = {
        **bond_row(bond, story.since),
        "key": bond.key,
        "digests": dict(bond.digests),
        "entries": {name: list(ids) for name, ids in bond.entries.items()},
        "once": dict(bond.once),
        "lost": list(bond.lost),
        "findable": story.findable,
        "nestedInIt": [str(a) for a in story.inside],
        "touches": [touch_row(t) for t in story.touches],
    }
    return json_text(whole) + "\n"


def bond_row(bond: Bond, since: Touch | None) -> JsonObject:
    return {
        "address": str(bond.address),
        "id": bond.id,
        "label": bond.label,
        "made": bond.made,
        "protect": bond.protect,
        "onRemove": bond.on_remove,
        "leaving": leaving(bond),
        "since": touch_row(since) if since else None,
    }


def touch_row(touch: Touch) -> JsonObject:
    by = author_row(touch.author) if touch.author else None
    return {"time": touch.time, "run": touch.run or None, "what": touch.what or None, "who": by}


def chain_json(chain: Chain) -> str:
    """`holds`, and what it rests on."""
    whole: JsonObject = {
        "holds": chain.holds,
        "verdict": verdict(chain),
        "chain": chain.name,
        "events": chain.count,
        "first": chain.first or None,
        "last": chain.last or None,
        "head": None if chain.broken else chain.head,
        "firstBad": chain.bad or None,
        "altered": chain.altered or None,
        "lastRun": {"run": chain.run, "head": chain.run_head} if chain.run else None,
        "asked": chain.asked or None,
        "askedIsEvent": chain.met or None,
    }
    return json_text(whole) + "\n"


def leases_json(found: Sequence[Holding]) -> str:
    """`{leases: […]}`."""
    rows: list[Json] = [
        {
            "target": one.target,
            "state": one.state,
            "number": one.number,
            "who": author_row(one.author),
            "since": one.since,
            "expires": one.expires,
            "unfinished": list(one.open_runs),
            "endedBy": one.ended_by or None,
        }
        for one in found
    ]
    return json_text({"leases": rows}) + "\n"
