"""A plan carried out: preconditions, a ready queue, post-conditions, all of it journaled.

Holds: the run, the settling of calls in doubt, what the ledger is told. Never: a call that is not in the plan.
"""

from reconciler.apply.job import Progress, Run, silent
from reconciler.apply.leases import leased
from reconciler.apply.look import Look
from reconciler.apply.run import run
from reconciler.apply.settle import answer, kept, settle, unanswered
from reconciler.apply.sinks import Sinks

__all__ = ["Look", "Progress", "Run", "Sinks", "answer", "kept", "leased", "run", "settle", "silent", "unanswered"]
