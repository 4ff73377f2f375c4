"""Which live names are proposed in the place of one that leads nowhere."""

from __future__ import annotations

import pytest

from reconciler.diff.nearness import near

PEOPLE = ["jane@example.com", "bob@example.com", "chen@example.com"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ghost@example.com", []),
        ("bbo@example.com", ["bob@example.com"]),
        ("JANE@exmaple.com", ["jane@example.com"]),
        ("jane.smith@example.com", ["jane@example.com"]),
        ("jane@elsewhere.test", []),
        ("bob", []),
    ],
)
def test_people_of_one_domain_are_no_namesakes(name: str, found: list[str]) -> None:
    assert near(name, PEOPLE) == found


def test_other_names_are_near_as_a_whole() -> None:
    assert near("Finanze", ["Finance", "Legal", "Finances"]) == ["Finance", "Finances"]
