"""Changes in, a plan out: guards, the exact calls, their order, what must hold before them. Pure.

Holds: guards, edges, numbering, preconditions, counts. Never: a request, a file, a clock.
"""

from reconciler.plan.build import build

__all__ = ["build"]
