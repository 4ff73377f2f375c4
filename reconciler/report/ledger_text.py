"""What the ledger remembers, whether it is whole, and who holds it, as text."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.past import BondStory, Chain, Holding, Touch
from reconciler.model.recorded import Bond
from reconciler.report.escape import safe
from reconciler.report.past_words import leaving, minute, protection, who
from reconciler.report.style import Look, Piece, Sheet, Style

SHOWN_TOUCHES = 40
STATES = {
    "held": "held",
    "returned": "free: it was given back",
    "expired": "free: it has expired",
    "gone": "free: its process has certainly ended",
}


def bonds_text(found: Sequence[tuple[Bond, Touch | None]], style: Style) -> str:
    """A line each: address, id, whether we made it, and by which run."""
    sheet = Sheet(style)
    if not found:
        sheet.line("Nothing is remembered.")
    for bond, since in found:
        words = [f"id {bond.id}", "made" if bond.made else "adopted"]
        words += [f"{since.run or 'a person'} {minute(since.time)}"] if since else []
        words += ["protected"] if bond.protect else []
        label = f' ("{safe(bond.label)}")' if bond.label and bond.label != bond.address.name else ""
        sheet.line(Piece(safe(str(bond.address)), Look.HEAD), f"{label}  {safe('  '.join(words))}", hang=4)
    if found:
        sheet.gap()
        made = sum(bond.made for bond, _ in found)
        sheet.line(f"{len(found)} remembered: {made} made by us, {len(found) - made} adopted")
    return sheet.text()


def story_text(story: BondStory, style: Style) -> str:
    """A bond in words; of values nothing but their digests."""
    sheet, bond = Sheet(style), story.bond
    label = f' ("{safe(bond.label)}")' if bond.label else ""
    sheet.line(Piece(f"{safe(str(bond.address))}{label}", Look.HEAD))
    sheet.gap()
    for name, value in story_facts(story):
        sheet.line(f"{(name + ':').ljust(14)}{safe(value)}", hang=14)
    if bond.digests:
        sheet.title("Applied last, as digests")
        for field, digest in sorted(bond.digests.items()):
            sheet.line(f"{safe(field)}: {safe(digest)}", indent=2)
    if bond.entries:
        sheet.title("Entries that we added")
        for field, ids in sorted(bond.entries.items()):
            sheet.line(f"{safe(field)}: {safe(', '.join(ids)) or 'none'}", indent=2)
    tell_touches(sheet, story.touches)
    return sheet.text()


def tell_touches(sheet: Sheet, touches: Sequence[Touch]) -> None:
    """What happened to an address, the newest last."""
    if touches:
        sheet.title(f"What happened to it ({len(touches)})")
    for touch in touches[-SHOWN_TOUCHES:]:
        by = f" ({who(touch.author)})" if touch.author and not touch.run else ""
        sheet.line(f"{minute(touch.time)}  {safe(touch.run or 'a person')}: {safe(touch.what + by)}", indent=2)
    if (left := len(touches) - SHOWN_TOUCHES) > 0:
        sheet.line(Piece(f"... and {left} before these", Look.QUIET), indent=2)


def story_facts(story: BondStory) -> list[tuple[str, str]]:
    """Name and value of what is known of a bond. Raw."""
    bond, since = story.bond, story.since
    came = "made by us" if bond.made else "adopted: it was there before"
    if since is not None:
        by = f", {who(since.author)}" if since.author else ""
        came += f", in {since.run or 'answer of a person'} at {minute(since.time)} UTC{by}"
    rows = [
        ("id", bond.id),
        ("came to be", came),
        ("protection", protection(bond)),
        ("leaving git", leaving(bond)),
    ]
    rows += [("exact lists", ", ".join(bond.exact_in))] if bond.exact_in else []
    rows += [("tokens", ", ".join(f"{n} = {v}" for n, v in sorted(bond.once.items())))] if bond.once else []
    rows += [("never seen", ", ".join(bond.lost))] if bond.lost else []
    rows += [("found again", "by no read: the ledger alone knows it")] if not story.findable else []
    if story.inside:
        rows.append(("nested in it", ", ".join(map(str, story.inside))))
    return rows


def chain_text(chain: Chain, style: Style) -> str:
    """Whether the record is as it was written."""
    sheet = Sheet(style)
    for name, value in chain_facts(chain):
        sheet.line(f"{(name + ':').ljust(8)}{safe(value)}", hang=8)
    sheet.gap()
    sheet.line(Piece(safe(verdict(chain)), Look.ADD if chain.holds else Look.REMOVE))
    if chain.hint and not chain.holds:
        sheet.line(f"next: {safe(chain.hint)}")
    return sheet.text()


def chain_facts(chain: Chain) -> list[tuple[str, str]]:
    """Name and value of what is known of a chain. Raw."""
    rows = [("chain", chain.name), ("events", str(chain.count))]
    rows += [("first", f"{minute(chain.first)} UTC"), ("last", f"{minute(chain.last)} UTC")] if chain.first else []
    rows += [("head", chain.head)] if chain.head and not chain.broken else []
    return [*rows, *([("run", f"{chain.run} ended last, with head {chain.run_head}")] if chain.run else [])]


def verdict(chain: Chain) -> str:
    """Whether it holds, in a sentence. Raw."""
    if chain.broken:
        good = f"the {chain.count} before it are as they were written" if chain.count else "it is the first"
        return f"BROKEN: {chain.broken}; {good}{_besides(chain)}"
    if chain.asked and not chain.met:
        text = f"every event follows from the one before it, but {chain.asked} is none of them"
        return f"REBUILT OR CUT OFF: {text}{_besides(chain)}"
    if chain.altered:
        return f"ALTERED: every event is as it was written and follows from the one before it{_besides(chain)}"
    if chain.asked:
        return f"It holds; {chain.asked} is event {chain.met} of {chain.count}, of {minute(chain.met_time)} UTC"
    return "It holds: every event is as it was written, and follows from the one before it"


def _besides(chain: Chain) -> str:
    return f"; but what keeps it was altered: {chain.altered}" if chain.altered else ""


def leases_text(found: Sequence[Holding], style: Style) -> str:
    """Who may write to which target."""
    sheet = Sheet(style)
    if not found:
        sheet.line("No lease was ever taken.")
    for one in found:
        state = "free: a person ended it" if one.ended_by else safe(STATES.get(one.state, one.state))
        sheet.line(Piece(safe(one.target), Look.HEAD), f": {state}")
        sheet.line(f"number {one.number}, {safe(who(one.author))}, process {one.author.pid}", indent=2)
        ends = f"{minute(one.expires)}:{safe(one.expires[17:19])}"
        sheet.line(f"since {minute(one.since)} UTC, expires {ends}", indent=2)
        if one.ended_by:
            sheet.line(f"ended by {safe(one.ended_by)}", indent=2)
        if one.state == "held":
            sheet.line("its holder renews it while it works; it ends by itself a minute after that", indent=2)
        if one.open_runs and one.state != "held":
            runs = ", ".join(one.open_runs)
            sheet.line(f"unfinished: {safe(runs)}; `reconciler apply` looks up what became of it", indent=2)
    return sheet.text()
