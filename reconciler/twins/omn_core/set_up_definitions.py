"""What a test does to attribute definitions without asking the API: set-up, and deeds of other people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Json
from reconciler.twins.omn_core.call import FIRST_ID
from reconciler.twins.omn_core.domains import Domain, Values, domain_of, values_of
from reconciler.twins.omn_core.pim_things import Definition
from reconciler.twins.omn_core.things import Token


class DefinitionSetUp(Twin):
    """The twin, as far as its attribute definitions are moved by hand. They are named by their tids.

    `values` are the texts by locale of domain values by their tids, in order; None means no domain.
    """

    def add_definition(
        self,
        tid: str,
        type: str = "text",  # noqa: A002 - as the API calls it
        *,
        labels: Mapping[str, str] | None = None,
        multi_valued: bool = False,
        values: Values | None = None,
        allow_new: bool = False,
    ) -> str:
        """Add an attribute definition; its id."""
        with self.lock:
            self.clock.tick()
            domain = a_domain(values, allow_new=allow_new)
            made = Definition(self._next_id(), tid, type, dict(labels or {}), multi_valued, domain)
            self.state.of(Definition)[tid] = made
            return made.id

    def change_definition(
        self,
        tid: str,
        *,
        type: str | None = None,  # noqa: A002 - as the API calls it
        labels: Mapping[str, str] | None = None,
        multi_valued: bool | None = None,
        values: Values | None = None,
        allow_new: bool = False,
    ) -> None:
        """Somebody changes what is given: all labels, or the whole domain. Raises KeyError."""
        with self.lock:
            self.clock.tick()
            old = self.state.of(Definition)[tid]
            self.state.of(Definition)[tid] = replace(
                old,
                type=old.type if type is None else type,
                labels=old.labels if labels is None else dict(labels),
                multi_valued=old.multi_valued if multi_valued is None else multi_valued,
                domain=old.domain if values is None else a_domain(values, allow_new=allow_new),
            )

    def remove_definition(self, tid: str) -> None:
        """Somebody deletes a definition, used or not. Raises KeyError."""
        with self.lock:
            self.clock.tick()
            del self.state.of(Definition)[tid]

    def deny_definition(self, tid: str, user: str | None = None) -> None:
        """Take a user's access to a definition; by default the default token's user. Raises KeyError."""
        with self.lock:
            old = self.state.of(Definition)[tid]
            self.state.of(Definition)[tid] = replace(old, denied=(*old.denied, self._who(user)))

    def definition(self, tid: str) -> Definition:
        """Raises KeyError."""
        with self.lock:
            return self.state.of(Definition)[tid]

    def definitions_without_ids(self) -> list[Json]:
        """Every definition by its tid, without ids: equal for equal worlds."""
        with self.lock:
            return [
                {
                    "tid": one.tid,
                    "type": one.type,
                    "labels": dict(one.labels),
                    "multiValued": one.multi_valued,
                    "domain": plain_domain(one.domain),
                    "denied": sorted(one.denied),
                }
                for _, one in sorted(self.state.of(Definition).items())
            ]

    def _who(self, user: str | None) -> str:
        return user if user is not None else self.state.of(Token)[self.default_key].user

    def _next_id(self) -> str:
        return str(FIRST_ID - 1 + self.counters.next("id"))


def a_domain(values: Values | None, *, allow_new: bool) -> Domain | None:
    return None if values is None else domain_of(values, allowNewValue=str(allow_new).lower())


def plain_domain(domain: Domain | None) -> Json:
    """A domain as it is compared: the order of its values counts, that of their texts does not."""
    if domain is None:
        return None
    values: list[Json] = [[tid, dict(sorted(texts.items()))] for tid, texts in values_of(domain).items()]
    return {"allowNewValue": domain["allowNewValue"], "sortDirection": domain["sortDirection"], "values": values}
