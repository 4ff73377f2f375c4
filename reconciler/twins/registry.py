"""The twins there are, by the name of the provider they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from reconciler.twins.core.twin import Twin
from reconciler.twins.omg_platform import OmgTwin
from reconciler.twins.omn_core import OmnCoreTwin
from reconciler.twins.omni_analytics import OmniTwin
from reconciler.twins.omni_cms import OmniCmsTwin
from reconciler.twins.studio_tracker import TrackerTwin

# A new twin is one package and one word here.
TWINS: Mapping[str, type[Twin]] = MappingProxyType(
    {twin.provider: twin for twin in (OmniTwin, TrackerTwin, OmgTwin, OmnCoreTwin, OmniCmsTwin)}
)
