"""User, for an import: passwords and keys are nobody's to read."""

from __future__ import annotations

from reconciler.model.drafted import Drafted
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.record import replace
from reconciler.providers.omni_cms.user_check import KEY


def draft(kind: Kind, resource: Resource, drafted: Drafted, listed: Collection) -> Drafted:  # noqa: ARG001 - the verb's shape
    """Whether there is a key is left alone: to declare one takes a place for the next one (CM-R49)."""
    return replace(drafted, spec={n: v for n, v in drafted.spec.items() if n != KEY})
