"""The twin of OMN Core: one module per kind of thing, and what they share (documents, the tree, errors).

Written from docs/apis/omn-core.md alone. Never imports another room of the project.
"""

from reconciler.twins.omn_core.twin import OmnCoreTwin

__all__ = ["OmnCoreTwin"]
