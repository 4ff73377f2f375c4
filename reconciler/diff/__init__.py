"""Desired and live in, changes out. Pure: no files, no network, no clock.

Holds: identity, references, field and set comparison, reasons. Never: a call, a guard on the whole plan.
"""

from reconciler.diff.compare import compare
from reconciler.diff.glance import Glance

__all__ = ["Glance", "compare"]
