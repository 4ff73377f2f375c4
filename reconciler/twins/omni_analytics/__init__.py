"""The twin of Omni Analytics: one module per kind of thing, and what they share (checks, errors, paging).

Written from docs/apis/omni-analytics.md alone. Never imports another room of the project.
"""

from reconciler.twins.omni_analytics.twin import OmniTwin

__all__ = ["OmniTwin"]
