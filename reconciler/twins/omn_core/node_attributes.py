"""The attributes at the nodes: found, checked and saved, whichever call they came by; and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reconciler.twins.core.values import Json, JsonObject
from reconciler.twins.omn_core.answers import NotDone
from reconciler.twins.omn_core.call import Call, text
from reconciler.twins.omn_core.domains import saved_domain, shown_domain
from reconciler.twins.omn_core.pim_things import Attribute, Definition

# What can be said of every attribute, and what is meant where nothing is said.
WORDS = {"level": "p", "inheritance": "visible", "restriction": "optional", "localized": "false"}


class NodeAttributes:
    """A view of the table of attributes, which it changes along with itself."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self._table = call.table(Attribute)
        self._at: dict[str, dict[str, Attribute]] = {}
        for attribute in self._table.values():
            self._at.setdefault(attribute.node_id, {}).setdefault(attribute.key, attribute)

    def get(self, key: str) -> Attribute | None:
        """By its id."""
        return self._table.get(key)

    def find(self, node_id: str, key: str) -> Attribute | None:
        return self._at.get(node_id, {}).get(key)

    def at(self, node_id: str) -> list[Attribute]:
        """In order of creation."""
        return list(self._at.get(node_id, {}).values())

    def checked(self, given: JsonObject, node_id: str, old: Attribute | None) -> Attribute:
        """The attribute as it would be saved; a new one has no id yet. Raises NotDone."""
        key = old.key if old is not None else text(given, "key") or ""
        if key not in self.call.table(Definition):
            raise NotDone(f"Attribute definition: '{key}' cannot be found")
        begin = old or Attribute("", node_id, key)
        words = {name: self._word(given, name, begin) for name in WORDS}
        default = given.get("defaultVal")
        chosen = text(default, "tid") if isinstance(default, dict) else None
        return replace(
            begin,
            level=words["level"],
            inheritance=words["inheritance"],
            restriction=words["restriction"],
            localized=words["localized"] == "true",
            domain=saved_domain(self.call, begin.domain, given),
            default=chosen or begin.default,
        )

    def put(self, attribute: Attribute) -> Attribute:
        """Save one that was checked; a new one gets its id."""
        made = attribute
        if not attribute.id:
            made = replace(attribute, id=self.call.new_id())
            self.call.made(made.id)
        self._table[made.id] = made
        self._at.setdefault(made.node_id, {})[made.key] = made
        return made

    def drop(self, attribute: Attribute) -> None:
        del self._table[attribute.id]
        self._at.get(attribute.node_id, {}).pop(attribute.key, None)

    def _word(self, given: JsonObject, name: str, begin: Attribute) -> str:
        sent = text(given, name)
        if sent:
            return sent
        return WORDS[name] if self.call.hard("OC-P29") else str(getattr(begin, name)).lower()


def seen_attributes(call: Call, attributes: Iterable[Attribute]) -> list[Attribute]:
    """Those of them that a list shows to the caller."""
    hidden, user = call.traffic.hidden(), call.caller.user
    return [one for one in attributes if one.id not in hidden and user not in one.denied]


def shown_attribute(attribute: Attribute, *, values: bool, full: bool = False) -> dict[str, Json]:
    """Without its id; `values` with its domain, if it has one."""
    domain = attribute.domain
    return {
        "inheritance": attribute.inheritance,
        "key": attribute.key,
        "level": attribute.level,
        "localized": str(attribute.localized).lower(),
        "restriction": attribute.restriction,
        **({"domainVals": shown_domain(domain, full=full)} if values and domain is not None else {}),
    }
