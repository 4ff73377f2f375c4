"""The twin of OMG Platform: one module per kind of thing, and what they share (checks, errors, what answers show).

Written from docs/apis/omg-platform.md and the API reference alone. Never imports another room of the project.
"""

from reconciler.twins.omg_platform.twin import OmgTwin

__all__ = ["OmgTwin"]
