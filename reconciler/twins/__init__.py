"""Stateful local twins of the APIs: real HTTP on loopback, with state, faults, a request log, two profiles.

Holds our second reading of the API references, written apart from the providers'. Never imports another room of
the project, not even the nouns. Owns the web framework and the server, and imports them only when a twin is built
into an application or served.
"""

from reconciler.twins.core.clock import Clock
from reconciler.twins.core.faults import Act, Fault
from reconciler.twins.core.hooks import PHASES, Phase
from reconciler.twins.core.knobs import PROFILES, Knob
from reconciler.twins.core.log import LogEntry
from reconciler.twins.core.serving import TwinFailed, running, running_all, serve
from reconciler.twins.core.state import StateInvalid
from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Answer
from reconciler.twins.omg_platform import OmgTwin
from reconciler.twins.omn_core import OmnCoreTwin
from reconciler.twins.omni_analytics import OmniTwin
from reconciler.twins.omni_cms import OmniCmsTwin
from reconciler.twins.registry import TWINS
from reconciler.twins.studio_tracker import TrackerTwin

__all__ = [
    "PHASES",
    "PROFILES",
    "TWINS",
    "Act",
    "Answer",
    "Clock",
    "Fault",
    "Knob",
    "LogEntry",
    "OmgTwin",
    "OmnCoreTwin",
    "OmniCmsTwin",
    "OmniTwin",
    "Phase",
    "StateInvalid",
    "TrackerTwin",
    "Twin",
    "TwinFailed",
    "running",
    "running_all",
    "serve",
]
