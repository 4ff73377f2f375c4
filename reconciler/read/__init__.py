"""Asking the APIs what is true now: the collections needed, each with its proof of completeness.

Holds: demands (pure) and their reading (async). Never: a request that is not declared safe, a comparison, a file.
"""

from reconciler.read.demand import demands
from reconciler.read.everything import everything
from reconciler.read.forecast import Forecasts, Reading
from reconciler.read.live import live

__all__ = ["Forecasts", "Reading", "demands", "everything", "live"]
