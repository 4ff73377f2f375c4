"""JobRole: known by the names that users show (OP-R40)."""

from reconciler.providers.omg_platform.named import details, parse, reads

__all__ = ["details", "parse", "reads"]
