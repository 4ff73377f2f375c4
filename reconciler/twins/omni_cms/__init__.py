"""The twin of Omni-CMS: one module per kind of thing, and what they share (checks, errors, the tree).

Written from docs/apis/omni-cms.md alone. Never imports another room of the project.
"""

from reconciler.twins.omni_cms.twin import OmniCmsTwin

__all__ = ["OmniCmsTwin"]
