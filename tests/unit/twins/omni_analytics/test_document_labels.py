"""The labels of one document, over a socket."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.twins import OmniTwin
from tests.unit.twins.omni_analytics.sales import ONE, PAT, PAT_USER, SALES, detail, listed, prepare
from tests.unit.twins.served import Omni, served

LABELS = f"{ONE}/labels"


def with_labels(world: Omni) -> None:
    """The document with `Draft`; `Review` and the verified `Production` besides."""
    prepare(world)
    for name, verified in (("Draft", False), ("Review", False), ("Production", True)):
        world.twin.edit("POST", "/v1/labels", {"name": name, "verified": verified})
    world.twin.edit("PUT", f"{LABELS}/draft")


def titled(text: str, status: int = 400) -> tuple[int, Any]:
    titles = {400: "Bad Request", 403: "Forbidden", 404: "Not Found"}
    return detail(text, status, title=titles[status])


def carried(world: Omni) -> list[str]:
    labels: list[str] = listed(world, "include=labels")[0]["labels"]
    return labels


def usage(world: Omni) -> dict[str, int]:
    return {one["name"]: one["usage_count"] for one in world.ask("GET", "/v1/labels")[1]["labels"]}


def test_many_at_once(omni: Omni) -> None:
    with_labels(omni)

    answer = omni.ask("PATCH", LABELS, {"add": ["production", "Review", "REVIEW"], "remove": ["DRAFT"]})

    assert answer == (200, {"labels": ["Production", "Review"]})
    assert carried(omni) == ["Production", "Review"]
    assert usage(omni) == {"Draft": 0, "Review": 1, "Production": 1}
    assert omni.ask("PATCH", LABELS, {"add": ["review"]}) == (200, {"labels": ["Production", "Review"]})


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({}, titled("Bad Request: At least one label must be specified in add or remove")),
        (
            {"add": ["draft"], "remove": ["Draft"]},
            titled("Bad Request: Labels cannot appear in both add and remove arrays"),
        ),
        ({"add": ["Review"], "remove": ["none"]}, titled('Label "none" not found', 404)),
        ({"add": ["none"]}, titled('Label "none" not found', 404)),
        (
            {"add": ["Production"], "remove": ["review"]},
            titled('Labels not found on this document: "review"', 404),
        ),
        (
            {"remove": ["Review", "production"]},
            titled('Labels not found on this document: "Review", "production"', 404),
        ),
    ],
)
def test_all_or_nothing(omni: Omni, body: object, answer: tuple[int, Any]) -> None:
    with_labels(omni)

    assert omni.ask("PATCH", LABELS, body) == answer
    assert carried(omni) == ["Draft"]


def test_one_by_one(omni: Omni) -> None:
    with_labels(omni)

    assert omni.ask("PUT", f"{LABELS}/REVIEW") == (204, None)
    assert omni.ask("PUT", f"{LABELS}/review") == (204, None)
    assert carried(omni) == ["Draft", "Review"]
    assert omni.ask("DELETE", f"{LABELS}/Draft") == (204, None)
    assert omni.ask("DELETE", f"{LABELS}/Draft") == titled('Label "Draft" not found on this document', 404)
    assert omni.ask("PUT", f"{LABELS}/none") == titled('Label "none" not found', 404)
    assert omni.ask("PUT", f"{LABELS}/x")[0] == 400
    missing = titled('Document with identifier "none" not found', 404)
    assert omni.ask("PUT", "/v1/documents/none/labels/Draft") == missing
    assert omni.ask("PATCH", "/v1/documents/none/labels", {"add": ["Draft"]}) == missing


def test_a_label_in_use_stays_and_a_renamed_one_is_carried(omni: Omni) -> None:
    with_labels(omni)

    assert omni.ask("DELETE", "/v1/labels/Draft")[0] == 409
    omni.ask("PUT", "/v1/labels/Draft", {"name": "Old"})
    assert carried(omni) == ["Old"]
    omni.twin.trash(SALES)
    assert omni.ask("DELETE", "/v1/labels/Old") == (204, None)


def test_only_the_uuid_may_be_taken() -> None:
    with served(OmniTwin(knobs={"OA-P43": "adversarial"})) as omni:
        with_labels(omni)
        by_uuid = "/v1/documents/00000009-0000-4000-8000-000000000001/labels"

        assert omni.ask("PATCH", LABELS, {"add": ["Review"]}) == titled("documentId: Invalid uuid")
        assert omni.ask("PATCH", by_uuid, {"add": ["Review"]}) == (200, {"labels": ["Draft", "Review"]})
        assert omni.ask("DELETE", f"{LABELS}/Review") == (204, None)


def test_who_may(omni: Omni) -> None:
    with_labels(omni)
    may_not = titled("You do not have permission to modify labels on this document.", 403)
    marked = titled("You do not have permission to modify Verified labels on this document", 403)

    assert omni.ask("PATCH", LABELS, {"add": ["Review"]}, **PAT) == may_not
    assert omni.ask("DELETE", f"{LABELS}/Draft", **PAT) == may_not
    omni.twin.edit("POST", f"{ONE}/permissions", {"role": "MANAGER", "userIds": [PAT_USER]})
    assert omni.ask("PATCH", LABELS, {"add": ["Production"]}, **PAT) == marked
    assert omni.ask("PATCH", LABELS, {"add": ["Review"]}, **PAT)[0] == 200
    foreign = omni.ask("PUT", f"{LABELS}/Review?userId=00000001-0000-4000-8000-000000000001", **PAT)
    assert foreign[0] == 403
