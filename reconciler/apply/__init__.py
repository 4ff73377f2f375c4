"""A plan carried out: preconditions, a ready queue, post-conditions, all of it journaled.

Holds: the run, the settling of calls in doubt, what the ledger is told. Never: a call that is not in the plan.
"""

from reconciler.apply.run import Run, run
from reconciler.apply.settle import settle

__all__ = ["Run", "run", "settle"]
