"""Whom a reading of people is about, by address (OA-R190)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

from reconciler.model.document import Document
from reconciler.model.json import JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand
from reconciler.model.recorded import Bond

ATTRIBUTES: Final = "attributes"


class People(tuple[JsonObject, ...]):
    """Details that are about one person each. There may be tens of thousands, and they are looked at again with
    each answer."""

    @cached_property
    def texts(self) -> list[str]:
        """For each, what tells the address from others."""
        return [str(d["email"]).casefold() for d in self]

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Their addresses, by these texts."""
        return {text: str(d["email"]) for text, d in zip(self.texts, self, strict=True)}


def details(
    kind: Kind,
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, Collection],  # noqa: ARG001 - the verb's shape
) -> People:
    """Everybody declared, as `{email, attributes, address}`: whether attributes are (OA-R52), by which document.
    And whom the ledger knows under another address than is declared, or whose document has left git (OA-R190)."""
    declared = People(
        {"email": str(d.spec[kind.key]), ATTRIBUTES: ATTRIBUTES in d.spec, "address": str(d.address)}
        for d in documents
    )
    known = set(declared.texts) if bonds else set()
    left: list[JsonObject] = [
        {"email": b.key, ATTRIBUTES: False, "address": str(b.address)}
        for b in bonds
        if isinstance(b.key, str) and b.key.casefold() not in known
    ]
    return People((*declared, *left)) if left else declared


def about(demand: Demand) -> People:
    """The people whom a demand is about."""
    if isinstance(demand.details, People):
        return demand.details
    return People(d for d in demand.details if "email" in d)


def about_everybody(demand: Demand) -> bool:
    """Whether it is about whoever there is."""
    return not isinstance(demand.details, People) and any("everybody" in d for d in demand.details)


def marked(demand: Demand, told: set[str]) -> tuple[JsonObject, ...]:
    """Its details; of each person, with whether nothing but a look at that one alone tells of attributes. `told`:
    those of whom something else did."""
    people = about(demand)
    found = People({**d, "alone": text not in told} for d, text in zip(people, people.texts, strict=True))
    if len(people) == len(demand.details):
        return found
    return (*found, *(d for d in demand.details if "email" not in d))
