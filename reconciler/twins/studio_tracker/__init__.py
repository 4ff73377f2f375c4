"""The twin of Studio Tracker: one module per kind of thing, and what they share (checks, errors).

Written from docs/apis/studio-tracker.md alone. Never imports another room of the project.
"""

from reconciler.twins.studio_tracker.twin import TrackerTwin

__all__ = ["TrackerTwin"]
