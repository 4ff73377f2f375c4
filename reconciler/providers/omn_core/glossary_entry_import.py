"""GlossaryEntry, for an import: the list shows them all, translations too."""

from __future__ import annotations

from collections import Counter

from reconciler.model.drafted import Drafted
from reconciler.model.json import Json, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.record import replace
from reconciler.providers.omn_core.translations import FIELD, links


def draft(kind: Kind, resource: Resource, drafted: Drafted, listed: Collection) -> Drafted:  # noqa: ARG001 - the verb's shape
    """What only translates another entry stands in that one's manifest. Several translations into one locale have
    no place in one: these are left to whoever made them (OC-R88, OC-R97)."""
    if resource.fields.get("translates") and not links(resource):
        return replace(drafted, refusal="it is a translation, and stands in the manifest of what it translates")
    count = Counter(str(one.get("locale")) for one in links(resource))
    several = {locale for locale, n in count.items() if n > 1}
    spec, lost = dict(drafted.spec), dict(drafted.lost)
    there = spec.get(FIELD)
    kept: list[Json] = [
        one for one in (there if isinstance(there, list) else []) if pick(one, "/locale") not in several
    ]
    spec.pop(FIELD, None)
    if kept:
        spec[FIELD] = kept
    if several:
        spec[f"{FIELD}Mode"] = "additive"
        lost[FIELD] = f"several translations into {', '.join(sorted(several))}"
    return replace(drafted, spec=spec, lost=lost)
