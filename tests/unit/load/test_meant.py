"""A key that names another document is that one's key."""

from __future__ import annotations

from reconciler.load.meant import with_keys
from tests.world import catalog, doc


def test_the_name_of_a_document_stands_for_its_key() -> None:
    definition = doc("core/AttributeDefinition", "care-note", {"identifier": "care_note", "type": "text"})
    named = doc("core/NodeAttribute", "a", {"node": "S", "definition": "care-note"})
    keyed = doc("core/NodeAttribute", "b", {"node": "S", "definition": "care_note"})
    live = doc("core/NodeAttribute", "c", {"node": "S", "definition": "gender"})

    found = with_keys([definition, named, keyed, live], catalog().kinds)

    assert [d.spec.get("definition") for d in found] == [None, "care_note", "care_note", "gender"]
    assert found[0] is definition
    assert found[2] is keyed
