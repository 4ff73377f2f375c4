"""The past in words: how a run ended, who it was, when, and what a person told the ledger. Raw texts."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reconciler.model.outcome import IN_DOUBT, NOTHING_SENT, SETTLED, End
from reconciler.model.past import AT_WORK, HELD, UNFINISHED, Author, Deed, PastRun
from reconciler.model.recorded import Bond

STATUS: Mapping[str, str] = {
    "done": "done",
    "partial": "partly",
    NOTHING_SENT: "nothing sent",
    SETTLED: "cut short",
    IN_DOUBT: "in doubt",
    UNFINISHED: "unfinished",
    AT_WORK: "at work",
    HELD: "held",
}
"""What a list of runs calls how they ended."""

ENDED: Mapping[str, str] = {
    "done": "it did all it was to do",
    "partial": "not everything was done",
    NOTHING_SENT: "nothing was sent",
    SETTLED: "it was cut short; what it had begun was looked up afterwards",
    IN_DOUBT: "calls are in doubt: `reconciler apply` looks up what became of them",
    UNFINISHED: "it never said how it ended, and holds its targets no more: it was cut short; "
    "`reconciler apply` looks up what became of it and goes on",
    AT_WORK: "it is at work just now: it holds its targets (`reconciler lease show`)",
    HELD: "all it was to do is held, and nothing was done: `reconciler plan` says each way out",
}

ORDER = (End.DONE, End.FAILED, End.IN_DOUBT, End.STALE, End.BLOCKED, End.NOT_SENT, End.HELD)

UNREADABLE = "an unreadable moment"
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")


def minute(time: str) -> str:
    """`2026-06-01 10:00`, of a UTC moment; empty stays empty. What is none is not repeated: a ledger can be made
    up."""
    if not time or not _MOMENT.match(time):
        return time and UNREADABLE
    return time[:16].replace("T", " ")


def who(author: Author) -> str:
    """`runner@host (claims octocat, GitHub Actions)`."""
    return f"{author} (claims {author.claimed})" if author.claimed else str(author)


def short_id(plan_id: str) -> str:
    """The first twelve characters of a plan's digest."""
    return plan_id.removeprefix("sha256:")[:12]


def short_commit(commit: str | None) -> str:
    """The first seven characters, and `-dirty` where the files were not as committed."""
    if not commit:
        return "no commit"
    sha, _, dirty = commit.partition("-")
    return sha[:7] + (f"-{dirty}" if dirty else "")


def tally(run: PastRun) -> str:
    """`12 done, 1 failed, 2 sent without an answer, 3 recorded, 1 lifted`."""
    words = [f"{run.counts[end]} {end}" for end in ORDER if run.counts.get(end)]
    if run.open and not run.counts.get(End.IN_DOUBT):
        words.append(f"{run.open} sent without an answer")
    words += [f"{run.kept} recorded"] if run.kept else []
    words += [f"{len(run.lifted)} lifted"] if run.lifted else []
    return ", ".join(words) or "no calls"


def looked_up_first(run: str) -> str:
    """What is to be known of a run that was cut short, in a line."""
    return f"{run} did not finish; `reconciler apply` looks it up first"


def took(seconds: float | None) -> str:
    if seconds is None:
        return "unknown: it has no end of its own"
    whole = max(0, round(seconds))
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{seconds:.1f} s"


def deed_words(deed: Deed) -> str:
    """What a person said, as a sentence part."""
    match deed.what:
        case "made":
            return f"answered: {deed.about} was made, id {deed.detail}"
        case "not made":
            return f"answered: {deed.about} was not made, or is gone"
        case "forget":
            lifted = f"; lifted: {deed.override}" if deed.override else ""
            return f"forgot {deed.about}, id {deed.detail}{lifted}"
        case "move":
            return f"moved {deed.about} to {deed.detail}"
        case "lease":
            return f"ended the lease of {deed.about}, held by {deed.detail}"
    return f"{deed.what} {deed.about}"


def leaving(bond: Bond) -> str:
    """What it will mean that the document leaves git."""
    if bond.on_remove == "release":
        return "it is let go, and stays on the server as it is"
    if not bond.made:
        return f"{bond.on_remove} is asked for, and held as not-ours: it was adopted, not created here"
    if bond.protect:
        return f"{bond.on_remove} is asked for, and held as protected"
    return f"{bond.on_remove}"


def protection(bond: Bond) -> str:
    if not bond.protect:
        return "none"
    return "protected: to lift it, put `protect: false` into the document, apply, then remove it"
