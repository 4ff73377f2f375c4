"""A plan carried out: preconditions, a ready queue, post-conditions, all of it journaled.

Holds: the run, the settling of calls in doubt, what the ledger is told. Never: a call that is not in the plan.
"""

from reconciler.apply.leases import leased
from reconciler.apply.look import Look
from reconciler.apply.run import Progress, Run, run, silent
from reconciler.apply.settle import settle

__all__ = ["Look", "Progress", "Run", "leased", "run", "settle", "silent"]
