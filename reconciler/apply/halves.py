"""What was deleted to be made anew, and was not made: how to get it back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reconciler.apply.book import Book
from reconciler.apply.judge import creates
from reconciler.model.change import Verb
from reconciler.model.outcome import End, Outcome
from reconciler.model.plan import Phase
from reconciler.model.record import replace

AGAIN: Final = (
    "it was deleted to be made anew, and is gone: put right what is wrong, then "
    "plan and apply again: that makes it"
)


def unmade(book: Book) -> Iterator[Outcome]:
    """The ends of the second halves that did not happen though the first did, with these words."""
    for action in book.plan.actions:
        own = [book.calls[i] for i in action.calls if i in book.outcomes] if action.verb is Verb.REPLACE else []
        if any(c.phase is Phase.DELETE and book.worked(c.id) for c in own):
            for outcome in (book.outcomes[c.id] for c in own if creates(c)):
                if outcome.end in (End.FAILED, End.BLOCKED, End.NOT_SENT):
                    words = "; ".join(filter(None, (outcome.message, AGAIN)))
                    yield replace(outcome, message=words)
